#include "commands.h"

#include "scan/verify.h"
#include "shard_source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool
verify_package(const char *directory, lzi_diag *diag)
{
    bool good = true;
    lzi_index *index = lzi_source_open_applied(directory, diag);
    if (index == NULL) {
        return false;
    }
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        good &= lzi_verify_shard(lzi_index_reader(index, i), index, directory,
                                 diag);
    }
    lzi_index_close(index);
    if (!good) {
        lzi_source_advise(diag, directory);
    }
    return good;
}

/* The shard of an index that is the given file; NULL: none. */
static const lzi_reader *
find_shard(const lzi_index *index, const char *file)
{
    const char *wanted = strrchr(file, '/') + 1;
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        const lzi_reader *reader = lzi_index_reader(index, i);
        if (strcmp(strrchr(lzi_reader_path(reader), '/') + 1, wanted) == 0) {
            return reader;
        }
    }
    return NULL;
}

/* One shard of a package. */
static bool
verify_applied(const char *file, const char *directory, lzi_diag *diag)
{
    /* By itself first: what is wrong with the others is not the question
     * before this one is known to open. */
    lzi_reader *alone = lzi_source_open_file(file, diag);
    if (alone == NULL) {
        return false;
    }
    lzi_reader_close(alone);
    lzi_index *index = lzi_source_open_applied(directory, diag);
    if (index == NULL) {
        return false;
    }
    const lzi_reader *reader = find_shard(index, file);
    bool good = false;
    if (reader == NULL) {
        lzi_diag_at(diag, LZI_ERROR, file, 0,
                    "no shard of '%s': its name must end in %s", directory,
                    LZI_SUFFIX);
    }
    else {
        good = lzi_verify_shard(reader, index, directory, diag);
        if (!good) {
            lzi_source_advise(diag, directory);
        }
    }
    lzi_index_close(index);
    return good;
}

static bool
verify_alone(const char *file, lzi_diag *diag)
{
    lzi_reader *reader = lzi_source_open_file(file, diag);
    if (reader == NULL) {
        return false;
    }
    bool good = lzi_verify_shard(reader, NULL, NULL, diag);
    lzi_reader_close(reader);
    if (!good) {
        lzi_source_advise(diag, NULL);
    }
    return good;
}

int
lzi_command_verify(const char *file_or_package_dir)
{
    lzi_diag diag = {0};
    struct stat info;
    bool good;
    if (stat(file_or_package_dir, &info) == 0 && S_ISDIR(info.st_mode)) {
        good = verify_package(file_or_package_dir, &diag);
    }
    else {
        lzi_arena *arena = lzi_arena_new();
        const char *directory =
            lzi_source_package_of(arena, file_or_package_dir);
        good = directory == NULL
                   ? verify_alone(file_or_package_dir, &diag)
                   : verify_applied(file_or_package_dir, directory, &diag);
        lzi_arena_free(arena);
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
