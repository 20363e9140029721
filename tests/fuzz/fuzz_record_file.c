/* RECORD files that need not be any: who owns what, and the rewriting. */
#include "fuzz.h"

#include "scan/distributions.h"
#include "archive/record_file.h"

static const lzi_record_entry common[] = {
    {"itk/_lazyindex/_lazyindex.abi3.so", "sha256=abc", 1000},
    {"itk/_lazyindex/_lazyindex_stock.py", "sha256=def", 2000}};
static const lzi_record_entry shards[] = {
    {"itk/_lazyindex/itk-core.lzi", "sha256=ghi", 3000}};

static const lzi_record_wanted applied = {
    .package = "itk",
    .applied = true,
    .stock = {"itk/__init__.py", "sha256=stock", 10},
    .init = {"itk/__init__.py", "sha256=init", 20},
    .common = common,
    .common_count = 2};
static const lzi_record_wanted reverted = {
    .package = "itk",
    .stock = {"itk/__init__.py", "sha256=stock", 10},
    .init = {"itk/__init__.py", "sha256=init", 20}};

/* Lines of ours take the line end of the first: with two kinds of them, that
 * can change. */
static bool
has_one_line_end(lzi_slice record)
{
    size_t lines = 0, returns = 0, all = 0;
    for (size_t i = 0; i < record.size; i++) {
        bool after = i > 0 && record.data[i - 1] == '\r';
        lines += record.data[i] == '\n';
        returns += record.data[i] == '\n' && after;
        all += record.data[i] == '\r';
    }
    return all == returns && (returns == 0 || returns == lines);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    lzi_arena *arena = lzi_arena_new();
    lzi_installed installed = {.arena = arena, .files = lzi_map_new(arena)};
    lzi_installed_add(&installed, 0, "itk", text, size);
    lzi_slice record = {text, size};
    lzi_slice once = lzi_record_rewrite(arena, record, &applied, shards, 1);
    lzi_slice back = lzi_record_rewrite(arena, record, &reverted, NULL, 0);
    if (has_one_line_end(record)) {
        lzi_slice again = lzi_record_rewrite(arena, once, &applied, shards, 1);
        FUZZ_CHECK(lzi_slice_equal(once, again));
        again = lzi_record_rewrite(arena, back, &reverted, NULL, 0);
        FUZZ_CHECK(lzi_slice_equal(back, again));
        /* From a RECORD without lines of ours there is a way back to it. */
        once = lzi_record_rewrite(arena, back, &applied, shards, 1);
        again = lzi_record_rewrite(arena, once, &reverted, NULL, 0);
        FUZZ_CHECK(lzi_slice_equal(back, again));
    }
    lzi_arena_free(arena);
    free(text);
    return 0;
}
