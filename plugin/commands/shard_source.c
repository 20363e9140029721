#include "shard_source.h"

#include "base/file_io.h"
#include "base/our_files.h"
#include "scan/index_write.h"
#include "scan/package_scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *
lzi_source_package_of(lzi_arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (slash == NULL) {
        return NULL;
    }
    const char *directory =
        lzi_arena_copy(arena, file, (size_t)(slash - file));
    slash = strrchr(directory, '/');
    const char *last = slash == NULL ? directory : slash + 1;
    if (strcmp(last, LZI_OUR_DIRECTORY) != 0) {
        return NULL;
    }
    return slash == NULL
               ? "."
               : lzi_arena_copy(arena, directory, (size_t)(slash - directory));
}

void
lzi_source_advise(lzi_diag *diag, const char *directory)
{
    if (directory == NULL) {
        lzi_diag_at(diag, LZI_NOTE, NULL, 0,
                    "to write the shard again, run 'lazyindex build "
                    "PACKAGE_DIR -o OUT_DIR'");
    }
    else {
        lzi_diag_at(diag, LZI_NOTE, NULL, 0,
                    "to make the index again, run 'lazyindex apply %s'",
                    directory);
    }
}

lzi_reader *
lzi_source_open_file(const char *file, lzi_diag *diag)
{
    lzi_reader *reader;
    lzi_error error;
    lzi_status status = lzi_reader_open(&reader, file, &error);
    if (status == LZI_OK) {
        return reader;
    }
    lzi_diag_at(diag, LZI_ERROR, file, 0, "%s", error.text);
    if (status == LZI_E_FORMAT || status == LZI_E_VERSION) {
        lzi_arena *arena = lzi_arena_new();
        lzi_source_advise(diag, lzi_source_package_of(arena, file));
        lzi_arena_free(arena);
    }
    return NULL;
}

static const char *
applied_directory(lzi_arena *arena, const char *directory)
{
    return lzi_arena_format(arena, "%s/%s", directory, LZI_OUR_DIRECTORY);
}

bool
lzi_source_is_applied(const char *directory)
{
    lzi_arena *arena = lzi_arena_new();
    struct stat info;
    /* What cannot be looked at is opened, which says why not. */
    bool applied = stat(applied_directory(arena, directory), &info) == 0 ||
                   (errno != ENOENT && errno != ENOTDIR);
    lzi_arena_free(arena);
    return applied;
}

lzi_index *
lzi_source_open_applied(const char *directory, lzi_diag *diag)
{
    struct stat info;
    if (stat(directory, &info) != 0) {
        lzi_diag_at(diag, LZI_ERROR, directory, 0, "cannot read: %s",
                    strerror(errno));
        return NULL;
    }
    if (!lzi_source_is_applied(directory)) {
        lzi_diag_at(diag, LZI_ERROR, directory, 0,
                    "has no index: run 'lazyindex apply %s'", directory);
        return NULL;
    }
    lzi_arena *arena = lzi_arena_new();
    lzi_index *index;
    lzi_error error;
    lzi_status status =
        lzi_index_open(&index, applied_directory(arena, directory), &error);
    if (status != LZI_OK) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0, "%s", error.text);
        if (status != LZI_E_IO) { /* which other shards would not mend */
            lzi_source_advise(diag, directory);
        }
    }
    lzi_arena_free(arena);
    return index;
}

/* The shards in a directory of ours, which they leave: an open one needs its
 * name no more. */
static lzi_index *
take_shards(const char *directory, lzi_arena *arena, lzi_diag *diag)
{
    lzi_index *index;
    lzi_error error;
    if (lzi_index_open(&index, directory, &error) != LZI_OK) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0, "%s", error.text);
    }
    lzi_strings names;
    if (lzi_directory_list(&names, arena, directory, diag)) {
        for (size_t i = 0; i < names.count; i++) {
            unlink(
                lzi_arena_format(arena, "%s/%s", directory, names.items[i]));
        }
    }
    return index;
}

lzi_index *
lzi_source_open_fresh(const char *directory, lzi_diag *diag)
{
    lzi_index *index = NULL;
    lzi_arena *arena = lzi_arena_new();
    const char *parent = getenv("TMPDIR");
    lzi_model model;
    if (!lzi_scan(&model, arena, directory, NULL, diag)) {
        goto done;
    }
    if (parent == NULL || parent[0] == '\0') {
        parent = "/tmp";
    }
    char *temporary = lzi_arena_format(arena, "%s/lazyindex.XXXXXX", parent);
    if (mkdtemp(temporary) == NULL) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0,
                    "cannot create a directory in '%s': %s", parent,
                    strerror(errno));
        goto done;
    }
    bool written = lzi_shards_write(&model, temporary, diag);
    index = take_shards(temporary, arena, diag);
    if (!written) {
        lzi_index_close(index);
        index = NULL;
    }
    rmdir(temporary);
done:
    lzi_arena_free(arena);
    return index;
}
