#include "commands.h"

#include "archive/dist_info.h"
#include "scan/index_write.h"
#include "scan/package_scan.h"
#include "scan/plan_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const lzi_build_request *request;
    const lzi_model *model;
    lzi_arena *arena;
    lzi_diag *diag;
} build;

/* -- Depfile -------------------------------------------------------------- */

static void
put_path(lzi_buffer *out, const char *path)
{
    for (; *path != '\0'; path++) {
        if (*path == ' ' || *path == '#') {
            lzi_put_bytes(out, "\\", 1);
        }
        else if (*path == '$') {
            lzi_put_bytes(out, "$", 1);
        }
        lzi_put_bytes(out, path, 1);
    }
}

static bool
write_buffer(const build *self, lzi_buffer *buffer, const char *path)
{
    bool done = false;
    if (buffer->failed) {
        lzi_diag_at(self->diag, LZI_ERROR, NULL, 0, "cannot write '%s': %s",
                    path, strerror(ENOMEM));
    }
    else {
        done =
            lzi_file_replace(path, buffer->data, buffer->size, 0, self->diag);
    }
    lzi_buffer_free(buffer);
    return done;
}

static bool
write_depfile(const build *self)
{
    static const char next[] = " \\\n  ";
    const lzi_model *model = self->model;
    lzi_buffer rule = {0};
    put_path(&rule, self->request->stamp);
    lzi_put_bytes(&rule, ":", 1);
    for (size_t i = 0; i < model->inputs.count; i++) {
        lzi_put_bytes(&rule, next, sizeof(next) - 1);
        put_path(&rule,
                 lzi_input_path(self->arena, model->directory,
                                model->inputs.items[i].path, self->diag));
    }
    lzi_put_bytes(&rule, "\n", 1);
    return write_buffer(self, &rule, self->request->depfile);
}

/* -- Stamp ---------------------------------------------------------------- */

static bool
is_written(const lzi_model *model, const char *shard)
{
    for (size_t i = 0; i < model->distributions.count; i++) {
        if (strcmp(model->distributions.items[i].name, shard) == 0) {
            return true;
        }
    }
    return false;
}

/* Shards of the run before that this one does not write. Those of other
 * projects in the same directory are none of ours. */
static void
remove_former(const build *self)
{
    lzi_file_text text = {0};
    if (access(self->request->stamp, F_OK) != 0 ||
        !lzi_file_read(&text, self->request->stamp, self->diag)) {
        lzi_file_free(&text);
        return;
    }
    for (char *at = text.data, *line; (line = strsep(&at, "\n")) != NULL;) {
        if (lzi_is_distribution_name(line) && !is_written(self->model, line)) {
            unlink(lzi_arena_format(self->arena, "%s/%s" LZI_SUFFIX,
                                    self->request->out_dir, line));
        }
    }
    lzi_file_free(&text);
}

static bool
write_stamp(const build *self)
{
    const lzi_model *model = self->model;
    lzi_buffer names = {0};
    remove_former(self);
    for (size_t i = 0; i < model->distributions.count; i++) {
        const char *name = model->distributions.items[i].name;
        lzi_put_bytes(&names, name, strlen(name));
        lzi_put_bytes(&names, "\n", 1);
    }
    return write_buffer(self, &names, self->request->stamp);
}

int
lzi_command_build(const lzi_build_request *request)
{
    lzi_diag diag = {0};
    lzi_model model;
    lzi_build_plan plan;
    lzi_arena *arena = lzi_arena_new();
    build self = {request, &model, arena, &diag};
    bool planned = request->modules != NULL;
    bool done = (!planned ||
                 lzi_build_plan_read(&plan, arena, request->modules, &diag)) &&
                lzi_scan(&model, arena, request->package_dir,
                         planned ? &plan : NULL, &diag) &&
                (!planned || lzi_model_check_inputs(&model, &diag)) &&
                lzi_shards_write(&model, request->out_dir, &diag) &&
                (request->depfile == NULL || write_depfile(&self)) &&
                (request->stamp == NULL || write_stamp(&self));
    lzi_arena_free(arena);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
