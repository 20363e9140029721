#include "commands.h"

#include "index_write.h"

#include <stdlib.h>

int
lzi_command_build(const char *package_dir, const char *out_dir)
{
    lzi_diag diag = {0};
    lzi_model model;
    lzi_arena *arena = lzi_arena_new();
    bool done = lzi_model_scan(&model, arena, package_dir, &diag) &&
                lzi_shards_write(&model, out_dir, &diag);
    lzi_arena_free(arena);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
