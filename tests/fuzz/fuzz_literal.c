/* Configuration tables and snake-case lists that need not be any. */
#include "fuzz.h"

#include "itk/itk_tables.h"
#include "python/py_literal.h"

static size_t
count_items(const lzi_literal *literal, unsigned depth)
{
    size_t count = 1;
    FUZZ_CHECK(depth <= LZI_PY_DEPTH + 1);
    if (literal->kind == LZI_LITERAL_STRING) {
        FUZZ_CHECK(literal->text != NULL);
        count += strlen(literal->text);
    }
    for (size_t i = 0; i < literal->count; i++) {
        count += count_items(&literal->items[i], depth + 1);
    }
    return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    lzi_arena *arena = lzi_arena_new();
    lzi_diag diag = {0};
    lzi_assignments assignments = {0};
    bool good =
        lzi_literal_parse(&assignments, arena, text, size, "fuzzed", &diag);
    FUZZ_CHECK(good == (diag.errors == 0));
    size_t items = 0;
    for (size_t i = 0; i < assignments.count; i++) {
        FUZZ_CHECK(assignments.items[i].name != NULL);
        items += count_items(&assignments.items[i].value, 0);
    }
    /* A string may be longer than its source: \u0800 has six bytes, of
     * which three are left; nothing becomes longer. */
    FUZZ_CHECK(items <= 2 * size + 2);
    lzi_model_module module = {.name = "Fuzzed"};
    (void)lzi_table_read(&module, arena, text, size, "fuzzed", &diag);
    (void)lzi_functions_read(&module, arena, text, size, "fuzzed", &diag);
    lzi_arena_free(arena);
    free(text);
    return 0;
}
