/* rivals_fixture.h: shards whose modules all provide one name. */
#ifndef RIVALS_FIXTURE_H
#define RIVALS_FIXTURE_H

#include "model_fixture.h"

/* A model of modules with one unit each, all providing "Name"; flags[i] tells
 * whether the i-th does so with class_in_module True. Each module is in a
 * distribution, and so a shard, of its own. */
static inline bool
write_rivals(lzi_arena *arena, const char *const *modules, const bool *flags,
             size_t count)
{
    lzi_diag diag = {0};
    lzi_model model = fixture_empty(arena);
    for (size_t i = 0; i < count; i++) {
        /* Shards sort the other way round than modules. */
        *(lzi_distribution *)LZI_PUSH(arena, &model.distributions) =
            (lzi_distribution){
                lzi_arena_format(arena, "%c%c%s", (char)('z' - i / 26),
                                 (char)('z' - i % 26), modules[i]),
                "1", NULL};
        lzi_model_module *module = fixture_module(&model, modules[i], NULL, i);
        *(size_t *)LZI_PUSH(arena, &module->units) = i;
        fixture_unit(&model, lzi_arena_format(arena, "%sUnit", modules[i]), i,
                     NULL, NULL);
        fixture_tuple(&model, i, "Name", "Swig", "int", flags[i], i);
    }
    return lzi_shards_write(&model, test_path("out"), &diag);
}

#endif
