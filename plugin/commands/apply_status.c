#include "commands.h"

#include "apply_internal.h"
#include "embedded_runtime.h"
#include "lzi_reader.h"
#include "scan/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reasons shown; the others are counted. */
#define SHOWN 10

typedef struct {
    lzi_target *target;
    lzi_strings reasons;
    lzi_strings modules; /* of all shards */
    lzi_file_text text;  /* buffer */
} survey;

/* -- Finding out why it is not current ------------------------------------ */

__attribute__((format(printf, 2, 3))) static void
add_reason(survey *self, const char *format, ...)
{
    lzi_arena *arena = self->target->arena;
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    lzi_strings_add(arena, &self->reasons,
                    lzi_arena_copy(arena, text, strlen(text)));
}

/* The file's bytes, in the buffer. @return false: missing or unreadable,
 * which is a reason. */
static bool
read_for(survey *self, const char *what, const char *path, const char *name)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) {
            return lzi_target_fail(self->target, "open", path);
        }
        add_reason(self, "%s: %s is gone", what, name);
        return false;
    }
    return lzi_file_read(&self->text, path, &self->target->diag);
}

static void
compare_file(survey *self, const char *what, const char *directory,
             const char *name, lzi_slice expected)
{
    const char *path = lzi_target_path(self->target, directory, name);
    if (read_for(self, what, path, name) &&
        !lzi_slice_equal((lzi_slice){self->text.data, self->text.size},
                         expected)) {
        add_reason(self, "%s: %s is not the one of this lazyindex", what,
                   name);
    }
}

typedef struct {
    survey *all;
    const char *shard;
} shard_survey;

/* An input of the scan: is it what it was? */
static lzi_status
survey_input(void *context, lzi_slice name, lzi_slice value)
{
    const shard_survey *shard = context;
    const lzi_target *target = shard->all->target;
    const char *file = lzi_arena_copy(target->arena, name.data, name.size);
    lzi_file recorded;
    lzi_status status = lzi_file_decode(&recorded, name, value);
    if (status != LZI_OK) {
        return status;
    }
    const char *path = strcmp(file, "__init__.py") == 0
                           ? target->stock
                           : lzi_target_path(target, target->directory, file);
    lzi_file_text *text = &shard->all->text;
    if (read_for(shard->all, shard->shard, path, file) &&
        (text->size != recorded.size ||
         lzi_name_hash((lzi_slice){text->data, text->size}) !=
             recorded.hash)) {
        add_reason(shard->all, "%s: %s changed", shard->shard, file);
    }
    return LZI_OK;
}

static void
survey_shard(survey *self, const char *name)
{
    lzi_arena *arena = self->target->arena;
    shard_survey shard = {
        self, lzi_arena_copy(arena, name, strlen(name) - strlen(LZI_SUFFIX))};
    const char *path = lzi_target_path(self->target, self->target->own, name);
    lzi_reader *reader;
    lzi_error error;
    lzi_status status = lzi_reader_open(&reader, path, &error);
    if (status != LZI_OK) {
        add_reason(self, "%s: %s", shard.shard, error.text);
        return;
    }
    const lzi_profile *profile =
        lzi_profile_named(lzi_reader_meta(reader)->profile);
    lzi_list modules;
    lzi_slice module;
    status =
        profile == NULL ? LZI_E_FORMAT : profile->modules_in(&modules, reader);
    while (status == LZI_OK && lzi_list_next(&modules, &module)) {
        lzi_strings_add(arena, &self->modules,
                        lzi_arena_copy(arena, module.data, module.size));
    }
    if (status == LZI_OK) {
        status = lzi_reader_each(reader, LZI_TABLE_FILE, survey_input, &shard);
    }
    if (status != LZI_OK) {
        add_reason(self, "%s: %s", shard.shard, lzi_status_text(status));
    }
    lzi_reader_close(reader);
}

/* Modules that were added after the shards were written. */
static bool
survey_modules(survey *self)
{
    lzi_target *target = self->target;
    unsigned errors = target->diag.errors;
    const lzi_profile *profile =
        lzi_profile_of_directory(target->directory, &target->diag);
    lzi_strings there;
    if (profile == NULL) {
        return target->diag.errors == errors;
    }
    if (!profile->list_modules(&there, target->arena, target->directory,
                               &target->diag)) {
        return false;
    }
    for (size_t i = 0; i < there.count; i++) {
        if (!lzi_strings_have(&self->modules, there.items[i])) {
            add_reason(self, "%s: no shard has this module", there.items[i]);
        }
    }
    return true;
}

static bool
survey_records(survey *self, lzi_slice init)
{
    lzi_target *target = self->target;
    lzi_record_plans plans = {0};
    switch (lzi_target_presence_or_link(target, target->stock)) {
    case LZI_FILE_ABSENT:
        add_reason(self,
                   LZI_OUR_DIRECTORY "/" LZI_STOCK_NAME " is gone; to repair: "
                                     "reinstall the package");
        return true;
    case LZI_FILE_BAD:
        return false;
    case LZI_FILE_PRESENT:
        break;
    }
    if (!lzi_records_plan(target, &plans, target->own, target->stock, init)) {
        return false;
    }
    for (size_t i = 0; i < plans.count; i++) {
        add_reason(self, "%s: RECORD does not list %s as it is",
                   plans.items[i].name, plans.items[i].differing);
    }
    return true;
}

static bool
survey_package(survey *self, lzi_init_kind kind)
{
    lzi_target *target = self->target;
    lzi_strings shards;
    if (kind != LZI_INIT_OURS) {
        add_reason(self, "__init__.py was replaced");
        return true;
    }
    const lzi_slice init = lzi_target_package_init(target, target->stock);
    if (init.data == NULL) {
        return false;
    }
    if (!lzi_target_list(target, &shards, target->own, "", LZI_SUFFIX)) {
        return false;
    }
    for (size_t i = 0; i < shards.count; i++) {
        survey_shard(self, shards.items[i]);
    }
    if (shards.count == 0) {
        add_reason(self, LZI_OUR_DIRECTORY " has no shard");
    }
    else if (!survey_modules(self)) {
        return false;
    }
    compare_file(self, "package", target->directory, "__init__.py", init);
    compare_file(self, "runtime", target->own, LZI_FALLBACK_NAME,
                 lzi_embedded_fallback());
    compare_file(self, "runtime", target->own, LZI_EXTENSION_NAME,
                 lzi_embedded_extension());
    return survey_records(self, init);
}

/* -- Telling -------------------------------------------------------------- */

static void
tell(const survey *self)
{
    const lzi_target *target = self->target;
    size_t count = self->reasons.count;
    if (count == 0) {
        printf("%s: applied and current\n", target->directory);
        return;
    }
    printf("%s: applied, not current; to renew: lazyindex apply %s\n",
           target->directory, target->directory);
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        printf("  %s\n", self->reasons.items[i]);
    }
    if (count > SHOWN) {
        printf("  and %zu more\n", count - SHOWN);
    }
}

int
lzi_command_status(const char *package_dir)
{
    lzi_target target;
    survey self = {.target = &target};
    if (!lzi_target_open(&target, package_dir, false)) {
        return lzi_target_close(&target);
    }
    lzi_init_kind kind = lzi_target_init_kind(&target, target.init);
    lzi_presence own = kind == LZI_INIT_BAD
                           ? LZI_FILE_BAD
                           : lzi_target_presence(&target, target.own, S_IFDIR);
    bool current = false;
    if (kind == LZI_INIT_ABSENT && own == LZI_FILE_ABSENT) {
        lzi_target_no_package(&target);
    }
    else if (kind == LZI_INIT_STOCK && own == LZI_FILE_ABSENT) {
        printf("%s: not applied; to make it lazy: lazyindex apply %s\n",
               target.directory, target.directory);
    }
    else if (own != LZI_FILE_BAD && survey_package(&self, kind)) {
        tell(&self);
        current = self.reasons.count == 0;
    }
    lzi_file_free(&self.text);
    int code = lzi_target_close(&target);
    return current ? code : EXIT_FAILURE;
}
