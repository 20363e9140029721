#include "rivals_fixture.h"

#include "lzi_itk_record.h"
#include "lzi_merge.h"

#include <errno.h>
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
    PASS();
}

/* More shards than a lookup has bits: the last one is for all that follow. */
TEST
lookups_ask_each_filter(void)
{
    enum { SHARDS = 70 };
    const char *modules[SHARDS];
    bool flags[SHARDS] = {false};
    arena = lzi_arena_new();
    for (int i = 0; i < SHARDS; i++) {
        modules[i] = lzi_arena_format(arena, "M%02d", i);
    }
    ASSERT(write_out(modules, flags, SHARDS));
    ASSERT_EQ(LZI_OK, open_out(NULL));
    ASSERT_EQ(SHARDS, lzi_index_count(merged));
    for (size_t i = 0; i < SHARDS; i++) {
        lzi_slice value;
        const lzi_reader *reader = NULL;
        size_t shard = SHARDS - 1 - i, met = 0, at = 0;
        lzi_lookup lookup = lzi_index_lookup(merged, lzi_slice_of(modules[i]));
        ASSERT((lookup.shards >> (shard < 63 ? shard : 63) & 1) != 0);
        ASSERT_EQ(LZI_OK, lzi_index_find(&value, &reader, merged,
                                         LZI_TABLE_MODULE, &lookup));
        ASSERT(reader == lzi_index_reader(merged, shard));
        while (lzi_lookup_next(&lookup, merged, &at) != NULL) {
            met++;
        }
        ASSERTm("filters are good for something", met < 16);
    }
    lzi_lookup none = lzi_index_lookup(merged, lzi_slice_of("a"));
    lzi_slice value;
    ASSERT_EQ(LZI_NOT_FOUND,
              lzi_index_find(&value, NULL, merged, LZI_TABLE_MODULE, &none));
    PASS();
}

TEST
only_visible_shards_count(void)
{
    static const char *const modules[] = {"AAA"};
    static const bool flags[] = {true};
    ASSERT(write_out(modules, flags, 1));
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
    ASSERT(write_out(modules, flags, 2));
    ASSERT(fixture_write(test_path("out/zzAAA.lzi"), lzi_slice_of("text")));
    ASSERT_EQ(LZI_E_FORMAT, open_out(&error));
    ASSERT_CONTAINS("out/zzAAA.lzi: ", error.text);
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
    ASSERT(write_out(modules, flags, 1));
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
    RUN_TEST(records_are_found_in_their_shard);
    RUN_TEST(lookups_ask_each_filter);
    RUN_TEST(only_visible_shards_count);
    RUN_TEST(no_shards);
    RUN_TEST(one_bad_shard_spoils_the_index);
    RUN_TEST(shards_of_two_packages_do_not_mix);
}
