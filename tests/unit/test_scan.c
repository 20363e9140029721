#include "harness.h"

#include "scan/index_write.h"
#include "scan/scan.h"
#include "scan/verify.h"
#include "stderr_capture.h"

#include <string.h>

/* A profile that has nothing of its own: what all have is enough for a
 * shard. */
static bool
has_modules(const lzi_model *model, size_t distribution)
{
    return distribution == model->init_distribution;
}

static void
write_records(lzi_shard_writer *shard)
{
    lzi_shard_put(shard, "value");
    lzi_shard_add(shard, 'x', "mine");
}

static const lzi_profile_table tables[] = {{.table = '\0'}};

static const lzi_profile other = {
    .name = "other",
    .mark = "a mark",
    .has_modules = has_modules,
    .write = write_records,
    .tables = tables,
};

static lzi_arena *arena;
static lzi_reader *reader;
static stderr_capture capture;

static void
tear_down(void *context)
{
    (void)context;
    lzi_reader_close(reader);
    reader = NULL;
    lzi_arena_free(arena);
    arena = NULL;
}

/* @return whether the shard of the other profile is open. */
static bool
open_other(void)
{
    lzi_diag diag = {0};
    arena = lzi_arena_new();
    lzi_model model = {.arena = arena,
                       .profile = &other,
                       .directory = "pkg",
                       .package = "pkg"};
    *(lzi_distribution *)LZI_PUSH(arena, &model.distributions) =
        (lzi_distribution){"pkg-a", "1.0", NULL};
    *(lzi_model_eager *)LZI_PUSH(arena, &model.eager) =
        (lzi_model_eager){"read", "pkg.io", "read"};
    *(lzi_model_input *)LZI_PUSH(arena, &model.inputs) =
        (lzi_model_input){"__init__.py", 10, 1, 0};
    return lzi_shards_write(&model, test_path("out"), &diag) &&
           lzi_reader_open(&reader, test_path("out/pkg-a.lzi"), NULL) ==
               LZI_OK;
}

TEST
a_profile_adds_records_to_those_of_all(void)
{
    static const struct {
        char table;
        const char *name;
    } expected[] = {{LZI_TABLE_EAGER, "read"},
                    {LZI_TABLE_FILE, "__init__.py"},
                    {'x', "mine"}};
    ASSERT(open_other());
    const lzi_meta *meta = lzi_reader_meta(reader);
    ASSERT(lzi_slice_equal(meta->profile, lzi_slice_of("other")));
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        lzi_slice value;
        ASSERT_EQm(expected[i].name, LZI_OK,
                   lzi_reader_get(&value, reader, expected[i].table,
                                  lzi_slice_of(expected[i].name)));
    }
    PASS();
}

TEST
an_unknown_profile_is_told_once(void)
{
    lzi_diag diag = {0};
    ASSERT(open_other());
    capture_begin(&capture);
    bool good = lzi_verify_shard(reader, NULL, NULL, &diag);
    capture_end(&capture);
    ASSERT_FALSE(good);
    ASSERT_EQ(1, diag.errors);
    ASSERT_CONTAINS("pkg-a.lzi: error: of the profile 'other', which this "
                    "lazyindex does not know",
                    capture.text);
    PASS();
}

TEST
profiles_have_all_that_the_tool_asks_for(void)
{
    for (size_t i = 0; lzi_profiles[i] != NULL; i++) {
        const lzi_profile *profile = lzi_profiles[i];
        ASSERT(lzi_profile_named(lzi_slice_of(profile->name)) == profile);
        ASSERTm(profile->name, profile->mark != NULL);
        ASSERTm(profile->name, profile->plan_words != NULL);
        ASSERTm(profile->name, profile->recognises != NULL);
        ASSERTm(profile->name, profile->package_of != NULL);
        ASSERTm(profile->name, profile->list_modules != NULL);
        ASSERTm(profile->name, profile->scan != NULL);
        ASSERTm(profile->name, profile->has_modules != NULL);
        ASSERTm(profile->name, profile->modules_in != NULL);
        ASSERTm(profile->name, profile->write != NULL);
        ASSERTm(profile->name, profile->check_shard != NULL);
        ASSERTm(profile->name, profile->explain != NULL);
        ASSERTm(profile->name, profile->name_tables != NULL);
        ASSERTm(profile->name, profile->is_public != NULL);
        for (const lzi_profile_table *table = profile->tables;
             table->table != '\0'; table++) {
            ASSERTm(table->name, table->dump != NULL);
            ASSERTm(table->name, table->check != NULL);
            ASSERTm(table->name, strchr("@%Ef", table->table) == NULL);
        }
    }
    ASSERT(lzi_profile_named(lzi_slice_of("other")) == NULL);
    PASS();
}

SUITE(scan)
{
    SET_TEARDOWN(tear_down, NULL);
    RUN_TEST(a_profile_adds_records_to_those_of_all);
    RUN_TEST(an_unknown_profile_is_told_once);
    RUN_TEST(profiles_have_all_that_the_tool_asks_for);
}
