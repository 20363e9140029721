#include "rivals_fixture.h"

#include "lzi_itk_index.h"

static lzi_arena *arena;
static lzi_index *merged;

static void
teardown(void *context)
{
    (void)context;
    lzi_index_close(merged);
    lzi_arena_free(arena);
    merged = NULL;
    arena = NULL;
}

static bool
write_out(const char *const *modules, const bool *flags, size_t count)
{
    arena = arena == NULL ? lzi_arena_new() : arena;
    return write_rivals(arena, modules, flags, count);
}

static bool
is(lzi_slice slice, const char *text)
{
    return lzi_slice_equal(slice, lzi_slice_of(text));
}

static lzi_status
open_out(lzi_error *error)
{
    return lzi_index_open(&merged, test_path("out"), error);
}

static const char *
owner_of(const char *name)
{
    lzi_candidate owner;
    const lzi_reader *reader;
    lzi_slice value;
    lzi_lookup lookup = lzi_index_lookup(merged, lzi_slice_of(name));
    if (lzi_index_owner(&owner, &reader, merged, &lookup) != LZI_OK ||
        lzi_reader_get(&value, reader, LZI_TABLE_MODULE, owner.module) !=
            LZI_OK) {
        return NULL;
    }
    return lzi_arena_copy(arena, owner.module.data, owner.module.size);
}

/* Every combination of True and False over four modules, by the closed form
 * of the rule. */
TEST
owner_is_last_true_else_first(void)
{
    static const char *const modules[] = {"AAA", "BBB", "Zed", "aaa"};
    for (unsigned mask = 0; mask < 16; mask++) {
        bool flags[4];
        const char *expected = modules[0];
        for (unsigned i = 0; i < 4; i++) {
            flags[i] = (mask >> i & 1) != 0;
            expected = flags[i] ? modules[i] : expected;
        }
        ASSERT(write_out(modules, flags, 4));
        ASSERT_EQ(LZI_OK, open_out(NULL));
        const char *owner = owner_of("Name");
        lzi_index_close(merged);
        merged = NULL;
        ASSERT_STR_EQ(expected, owner);
    }
    PASS();
}

static lzi_status
count_candidate(void *context, const lzi_candidate *candidate,
                const lzi_reader *reader)
{
    size_t *count = context;
    lzi_slice value;
    ++*count;
    return lzi_reader_get(&value, reader, LZI_TABLE_MODULE, candidate->module);
}

TEST
candidates_come_from_all_shards(void)
{
    static const char *const modules[] = {"AAA", "BBB", "CCC"};
    static const bool flags[] = {true, false, true};
    size_t count = 0;
    lzi_candidate candidate;
    const lzi_reader *reader = NULL;
    ASSERT(write_out(modules, flags, 3));
    ASSERT_EQ(LZI_OK, open_out(NULL));
    ASSERT_EQ(3, lzi_index_count(merged));
    lzi_lookup name = lzi_index_lookup(merged, lzi_slice_of("Name"));
    lzi_lookup none = lzi_index_lookup(merged, lzi_slice_of("None"));
    ASSERT_EQ(7, name.shards);
    ASSERT_EQ(LZI_OK,
              lzi_index_candidates(merged, &name, count_candidate, &count));
    ASSERT_EQ(3, count);
    ASSERT_EQ(LZI_OK,
              lzi_index_candidates(merged, &none, count_candidate, &count));
    ASSERT_EQ(3, count);
    ASSERT_EQ(LZI_OK, lzi_index_candidate(&candidate, &reader, merged,
                                          lzi_slice_of("BBB"), &name));
    ASSERT(is(candidate.module, "BBB"));
    ASSERT(is(lzi_reader_meta(reader)->distribution, "zyBBB"));
    ASSERT_EQ(LZI_NAME_TEMPLATE, candidate.flags);
    ASSERT_EQ(LZI_NOT_FOUND, lzi_index_candidate(&candidate, NULL, merged,
                                                 lzi_slice_of("DDD"), &name));
    PASS();
}

TEST
hidden_modules_have_no_names(void)
{
    static const char *const modules[] = {"AAA", "BBB", "CCC"};
    static const bool flags[] = {false, true, false};
    size_t count = 0;
    ASSERT(write_out(modules, flags, 3));
    ASSERT_EQ(LZI_OK, open_out(NULL));
    ASSERT_STR_EQ("BBB", owner_of("Name"));
    ASSERT_EQ(LZI_OK, lzi_index_hide(merged, lzi_slice_of("BBB")));
    ASSERT(lzi_index_hides(merged, lzi_slice_of("BBB")));
    ASSERT_FALSE(lzi_index_hides(merged, lzi_slice_of("BB")));
    ASSERT_STR_EQ("AAA", owner_of("Name"));
    lzi_lookup name = lzi_index_lookup(merged, lzi_slice_of("Name"));
    ASSERT_EQ(LZI_OK,
              lzi_index_candidates(merged, &name, count_candidate, &count));
    ASSERT_EQ(2, count);
    PASS();
}

TEST
sum_is_over_all_shards(void)
{
    static const char *const modules[] = {"AAA", "BBB", "CCC"};
    static const bool flags[] = {true, false, true};
    uint64_t sum = 0, told = 0;
    ASSERT(write_out(modules, flags, 3));
    ASSERT_EQ(LZI_OK, open_out(NULL));
    for (size_t i = 0; i < 3; i++) {
        sum += lzi_name_hash(lzi_slice_of(modules[i]));
    }
    ASSERT_EQ(LZI_OK, lzi_itk_module_sum(&told, merged));
    ASSERT(sum == told);
    PASS();
}

SUITE(lzi_itk_index)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(owner_is_last_true_else_first);
    RUN_TEST(candidates_come_from_all_shards);
    RUN_TEST(hidden_modules_have_no_names);
    RUN_TEST(sum_is_over_all_shards);
}
