/* SWIG proxies that need not be any. */
#include "fuzz.h"

#include "itk/swig_proxy.h"

static void
check_strings(const lzi_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++) {
        FUZZ_CHECK(strings->items[i] != NULL && strings->items[i][0] != '\0');
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    lzi_arena *arena = lzi_arena_new();
    lzi_string_map names = lzi_map_new(arena);
    lzi_diag diag = {0};
    lzi_proxy proxy = {0};
    bool good = lzi_proxy_scan(&proxy, &names, text, size, "fuzzed", &diag);
    FUZZ_CHECK(good == (diag.errors == 0));
    check_strings(&proxy.imports);
    check_strings(&proxy.stars);
    check_strings(&proxy.assigned);
    check_strings(&proxy.imported);
    check_strings(&proxy.returns);
    uint64_t end = 0;
    for (size_t i = 0; i < proxy.definitions.count; i++) {
        const lzi_definition *definition = &proxy.definitions.items[i];
        FUZZ_CHECK(definition->offset >= end && definition->length > 0 &&
                   definition->offset + definition->length <= size);
        end = definition->offset + definition->length;
    }
    lzi_arena_free(arena);
    free(text);
    return 0;
}
