#include "model_fixture.h"

#include "lzi_itk_index.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* A model of modules with one unit each, all providing "Name"; flags[i] tells
 * whether the i-th does so with class_in_module True. Each module is in a
 * distribution, and so a shard, of its own. */
static bool
write_rivals(const char *const *modules, const bool *flags, size_t count)
{
    lzi_diag diag = {0};
    arena = arena == NULL ? lzi_arena_new() : arena;
    lzi_model model = {.arena = arena, .directory = "pkg", .package = "pkg"};
    for (size_t i = 0; i < count; i++) {
        /* Shards sort the other way round than modules. */
        *(lzi_distribution *)LZI_PUSH(arena, &model.distributions) =
            (lzi_distribution){
                lzi_arena_format(arena, "%c%s", (char)('z' - i), modules[i]),
                "1", NULL};
        lzi_model_module *module = fixture_module(&model, modules[i], NULL, i);
        *(size_t *)LZI_PUSH(arena, &module->units) = i;
        fixture_unit(&model, lzi_arena_format(arena, "%sUnit", modules[i]), i,
                     NULL, NULL);
        fixture_tuple(&model, i, "Name", "Swig", "int", flags[i], i);
    }
    return lzi_shards_write(&model, test_path("out"), &diag);
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
    if (lzi_index_owner(&owner, &reader, merged, lzi_slice_of(name)) !=
            LZI_OK ||
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
        ASSERT(write_rivals(modules, flags, 4));
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
    ASSERT(write_rivals(modules, flags, 3));
    ASSERT_EQ(LZI_OK, open_out(NULL));
    ASSERT_EQ(3, lzi_index_count(merged));
    ASSERT_EQ(LZI_OK, lzi_index_candidates(merged, lzi_slice_of("Name"),
                                           count_candidate, &count));
    ASSERT_EQ(3, count);
    ASSERT_EQ(LZI_OK, lzi_index_candidates(merged, lzi_slice_of("None"),
                                           count_candidate, &count));
    ASSERT_EQ(3, count);
    ASSERT_EQ(LZI_OK,
              lzi_index_candidate(&candidate, merged, lzi_slice_of("BBB"),
                                  lzi_slice_of("Name")));
    ASSERT(is(candidate.module, "BBB"));
    ASSERT_EQ(LZI_NAME_TEMPLATE, candidate.flags);
    ASSERT_EQ(LZI_NOT_FOUND,
              lzi_index_candidate(&candidate, merged, lzi_slice_of("DDD"),
                                  lzi_slice_of("Name")));
    PASS();
}

TEST
hidden_modules_have_no_names(void)
{
    static const char *const modules[] = {"AAA", "BBB", "CCC"};
    static const bool flags[] = {false, true, false};
    size_t count = 0;
    ASSERT(write_rivals(modules, flags, 3));
    ASSERT_EQ(LZI_OK, open_out(NULL));
    ASSERT_STR_EQ("BBB", owner_of("Name"));
    ASSERT_EQ(LZI_OK, lzi_index_hide(merged, lzi_slice_of("BBB")));
    ASSERT(lzi_index_hides(merged, lzi_slice_of("BBB")));
    ASSERT_FALSE(lzi_index_hides(merged, lzi_slice_of("BB")));
    ASSERT_STR_EQ("AAA", owner_of("Name"));
    ASSERT_EQ(LZI_OK, lzi_index_candidates(merged, lzi_slice_of("Name"),
                                           count_candidate, &count));
    ASSERT_EQ(2, count);
    PASS();
}

TEST
records_are_found_in_their_shard(void)
{
    lzi_diag diag = {0};
    lzi_slice value;
    const lzi_reader *reader = NULL;
    arena = lzi_arena_new();
    lzi_model model = fixture_model(arena);
    ASSERT(lzi_shards_write(&model, test_path("out"), &diag));
    ASSERT_EQ(LZI_OK, open_out(NULL));
    ASSERT_EQ(LZI_OK, lzi_index_get(&value, &reader, merged, LZI_TABLE_MODULE,
                                    lzi_slice_of("CCC")));
    ASSERT(is(lzi_reader_meta(reader)->distribution, "pkg-b"));
    ASSERT(reader == lzi_index_reader(merged, 1));
    ASSERT_EQ(LZI_NOT_FOUND,
              lzi_index_get(&value, NULL, merged, LZI_TABLE_MODULE,
                            lzi_slice_of("DDD")));
    uint64_t sum = 0;
    static const char *const names[] = {"AAA", "BBB", "CCC"};
    for (size_t i = 0; i < 3; i++) {
        sum += lzi_name_hash(lzi_slice_of(names[i]));
    }
    ASSERT(sum == lzi_index_module_sum(merged));
    PASS();
}

TEST
only_visible_shards_count(void)
{
    static const char *const modules[] = {"AAA"};
    static const bool flags[] = {true};
    ASSERT(write_rivals(modules, flags, 1));
    static const char *const others[] = {"out/.hidden.lzi", "out/x.lzi.tmp",
                                         "out/.lzi", "out/README"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ASSERT(fixture_write(test_path(others[i]), lzi_slice_of("text")));
    }
    ASSERT_EQ(LZI_OK, open_out(NULL));
    ASSERT_EQ(1, lzi_index_count(merged));
    PASS();
}

TEST
no_shards(void)
{
    lzi_error error;
    ASSERT_EQ(LZI_E_IO, open_out(&error));
    ASSERT_EQ(ENOENT, error.sys_errno);
    ASSERT_EQ(0, mkdir(test_path("out"), 0777));
    ASSERT_EQ(LZI_NOT_FOUND, open_out(&error));
    ASSERT(merged == NULL);
    lzi_index_close(NULL);
    PASS();
}

TEST
one_bad_shard_spoils_the_index(void)
{
    static const char *const modules[] = {"AAA", "BBB"};
    static const bool flags[] = {true, true};
    lzi_error error;
    ASSERT(write_rivals(modules, flags, 2));
    ASSERT(fixture_write(test_path("out/zAAA.lzi"), lzi_slice_of("text")));
    ASSERT_EQ(LZI_E_FORMAT, open_out(&error));
    ASSERT_CONTAINS("out/zAAA.lzi: ", error.text);
    ASSERT(merged == NULL);
    PASS();
}

TEST
shards_of_two_packages_do_not_mix(void)
{
    static const char *const modules[] = {"AAA"};
    static const bool flags[] = {true};
    lzi_error error;
    lzi_diag diag = {0};
    ASSERT(write_rivals(modules, flags, 1));
    lzi_model model = fixture_model(arena);
    model.package = "other";
    ASSERT(lzi_shards_write(&model, test_path("out"), &diag));
    ASSERT_EQ(LZI_E_FORMAT, open_out(&error));
    ASSERT_CONTAINS("another package", error.text);
    PASS();
}

SUITE(lzi_merge)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(owner_is_last_true_else_first);
    RUN_TEST(candidates_come_from_all_shards);
    RUN_TEST(hidden_modules_have_no_names);
    RUN_TEST(records_are_found_in_their_shard);
    RUN_TEST(only_visible_shards_count);
    RUN_TEST(no_shards);
    RUN_TEST(one_bad_shard_spoils_the_index);
    RUN_TEST(shards_of_two_packages_do_not_mix);
}
