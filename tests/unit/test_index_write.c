#include "model_fixture.h"

#include "lzi_itk_index.h"
#include "lzi_trailer.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static lzi_arena *arena;

static void
teardown(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

/* The model's shards in the test's directory. */
static bool
write_shards(const char *directory)
{
    lzi_diag diag = {0};
    arena = arena == NULL ? lzi_arena_new() : arena;
    lzi_model model = fixture_model(arena);
    return lzi_shards_write(&model, directory, &diag) && diag.errors == 0;
}

static const char *
joined(lzi_list list)
{
    const char *text = "";
    lzi_slice item;
    while (lzi_list_next(&list, &item)) {
        text = lzi_arena_format(arena, "%s%s%.*s", text,
                                text[0] == '\0' ? "" : " ", (int)item.size,
                                item.data);
    }
    return text;
}

TEST
a_shard_for_each_owner_of_modules(void)
{
    arena = lzi_arena_new();
    lzi_diag diag = {0};
    lzi_model model = fixture_model(arena);
    *(lzi_distribution *)LZI_PUSH(arena, &model.distributions) =
        (lzi_distribution){"pkg-meta", "1.0", NULL};
    ASSERT(lzi_shards_write(&model, test_path("out"), &diag));
    ASSERT_EQ(0, access(test_path("out/pkg-a.lzi"), R_OK));
    ASSERT_EQ(0, access(test_path("out/pkg-b.lzi"), R_OK));
    ASSERT_NEQ(0, access(test_path("out/pkg-meta.lzi"), R_OK));
    lzi_strings names;
    ASSERT(lzi_directory_list(&names, arena, test_path("out"), &diag));
    ASSERT_EQm("no temporary file is left", 2, names.count);
    PASS();
}

TEST
identical_models_give_identical_bytes(void)
{
    ASSERT(write_shards(test_path("one")));
    ASSERT(write_shards(test_path("two")));
    static const char *const names[] = {"pkg-a.lzi", "pkg-b.lzi"};
    for (size_t i = 0; i < 2; i++) {
        char path[64];
        snprintf(path, sizeof(path), "one/%s", names[i]);
        lzi_slice one = fixture_read(arena, test_path(path));
        snprintf(path, sizeof(path), "two/%s", names[i]);
        lzi_slice two = fixture_read(arena, test_path(path));
        ASSERT(one.size > 0);
        ASSERT_EQ(one.size, two.size);
        ASSERT_MEM_EQ(one.data, two.data, one.size);
    }
    PASS();
}

TEST
image_is_compact(void)
{
    ASSERT(write_shards(test_path("out")));
    lzi_slice file = fixture_read(arena, test_path("out/pkg-a.lzi"));
    const uint8_t *end =
        (const uint8_t *)file.data + file.size - LZI_TRAILER_SIZE;
    lzi_trailer trailer;
    ASSERT_EQ(LZI_OK, lzi_trailer_decode(&trailer, end, NULL));
    ASSERT_EQ(LZI_PAGE_SIZE, trailer.page_size);
    ASSERT_EQ(file.size - LZI_TRAILER_SIZE, trailer.body_size);
    for (size_t page = 0; page < 2; page++) { /* both meta pages */
        const char *meta = file.data + page * LZI_PAGE_SIZE + 16;
        uint64_t map_size, last_page;
        memcpy(&map_size, meta + 16, 8);
        memcpy(&last_page, meta + 24 + 2 * 48, 8);
        ASSERT_EQm("map size is file size", trailer.body_size, map_size);
        if (page == 1) {
            ASSERT_EQ(trailer.body_size, (last_page + 1) * LZI_PAGE_SIZE);
        }
    }
    PASS();
}

TEST
meta_tells_package_and_distribution(void)
{
    lzi_reader *reader;
    ASSERT(write_shards(test_path("out")));
    ASSERT_EQ(LZI_OK,
              lzi_reader_open(&reader, test_path("out/pkg-a.lzi"), NULL));
    const lzi_meta *meta = lzi_reader_meta(reader);
    bool good = lzi_slice_equal(meta->package, lzi_slice_of("pkg")) &&
                lzi_slice_equal(meta->profile, lzi_slice_of("itk")) &&
                lzi_slice_equal(meta->distribution, lzi_slice_of("pkg-a")) &&
                lzi_slice_equal(meta->version, lzi_slice_of("1.0"));
    lzi_reader_close(reader);
    ASSERT(good);
    PASS();
}

/* A record, copied, of the shard pkg-a or pkg-b. */
static lzi_slice
record(const char *shard, char table, const char *name)
{
    lzi_reader *reader;
    lzi_slice value = {NULL, 0};
    char path[64];
    snprintf(path, sizeof(path), "out/%s.lzi", shard);
    if (lzi_reader_open(&reader, test_path(path), NULL) == LZI_OK) {
        if (lzi_reader_get(&value, reader, table, lzi_slice_of(name)) ==
            LZI_OK) {
            value.data = lzi_arena_copy(arena, value.data, value.size);
        }
        lzi_reader_close(reader);
    }
    return value;
}

TEST
contents_tell_modules_and_startups(void)
{
    lzi_contents contents;
    ASSERT(write_shards(test_path("out")));
    ASSERT_EQ(LZI_OK, lzi_contents_decode(
                          &contents, record("pkg-a", LZI_TABLE_CONTENTS, "")));
    ASSERT_STR_EQ("AAA BBB", joined(contents.modules));
    ASSERT_STR_EQ("AAA", joined(contents.startups));
    ASSERT(contents.module_sum == lzi_name_hash(lzi_slice_of("AAA")) +
                                      lzi_name_hash(lzi_slice_of("BBB")));
    PASS();
}

TEST
name_merges_its_tuples(void)
{
    ASSERT(write_shards(test_path("out")));
    lzi_slice value = record("pkg-a", LZI_TABLE_NAME, "Image");
    lzi_cursor cursor = lzi_cursor_of(value);
    lzi_candidate candidate;
    ASSERT_EQ(2, lzi_read_count(&cursor));
    ASSERT_EQ(LZI_OK, lzi_candidate_decode(&candidate, &cursor));
    ASSERT(lzi_slice_equal(candidate.module, lzi_slice_of("AAA")));
    ASSERT_EQ(LZI_NAME_IN_MODULE | LZI_NAME_TEMPLATE, candidate.flags);
    ASSERT(lzi_slice_equal(candidate.cpp, lzi_slice_of("ns::Image")));
    ASSERT_STR_EQm("module order, each once", "a2Python a1Python",
                   joined(candidate.units));
    ASSERT_EQ(LZI_OK, lzi_candidate_decode(&candidate, &cursor));
    ASSERT(lzi_slice_equal(candidate.module, lzi_slice_of("BBB")));
    ASSERT_EQ(LZI_NAME_TEMPLATE, candidate.flags);
    ASSERT(!cursor.bad && cursor.at == cursor.end);

    cursor = lzi_cursor_of(record("pkg-a", LZI_TABLE_NAME, "plain_filter"));
    ASSERT_EQ(1, lzi_read_count(&cursor));
    ASSERT_EQ(LZI_OK, lzi_candidate_decode(&candidate, &cursor));
    ASSERT_EQ(LZI_NAME_FUNCTION, candidate.flags);
    ASSERT_EQ(0, candidate.cpp.size);
    ASSERT(record("pkg-a", LZI_TABLE_NAME, "nowhere").data == NULL);
    PASS();
}

TEST
module_lists_names_and_units(void)
{
    lzi_module module;
    ASSERT(write_shards(test_path("out")));
    ASSERT_EQ(LZI_OK, lzi_module_decode(
                          &module, record("pkg-a", LZI_TABLE_MODULE, "AAA")));
    ASSERT_STR_EQ("Image Plain plain_filter", joined(module.names));
    ASSERT_STR_EQ("a2Python a1Python", joined(module.units));
    ASSERT_FALSE(module.has_body);
    ASSERT_EQ(1, module.functions);
    ASSERT_EQ(1, module.factories);
    lzi_factory factory;
    lzi_factory_next(&factory, &module.factory_cursor);
    ASSERT(lzi_slice_equal(factory.prefix, lzi_slice_of("PNG")));
    ASSERT(lzi_slice_equal(factory.unit, lzi_slice_of("a2Python")));
    ASSERT_EQ(LZI_OK, lzi_module_decode(
                          &module, record("pkg-b", LZI_TABLE_MODULE, "CCC")));
    ASSERT(module.has_body);
    ASSERT_STR_EQ("cPython", joined(module.units));
    ASSERT_STR_EQ("BBB", joined(module.depends));
    PASS();
}

TEST
unit_ranges_lead_to_its_tuples(void)
{
    static const char *const swigs[] = {"ImageA", "ImageC", "Plain"};
    lzi_unit unit;
    ASSERT(write_shards(test_path("out")));
    lzi_slice tuples = record("pkg-a", LZI_TABLE_TUPLE, "AAA");
    ASSERT_EQ(LZI_OK, lzi_unit_decode(
                          &unit, record("pkg-a", LZI_TABLE_UNIT, "a1Python")));
    ASSERT_EQm("first, then third and fourth", 2, unit.ranges);
    size_t seen = 0;
    for (uint32_t i = 0; i < unit.ranges; i++) {
        lzi_tuple_range range;
        lzi_tuple_range_next(&range, &unit.range_cursor);
        ASSERT_EQ(i == 0 ? 0 : 2, range.first);
        lzi_cursor cursor = lzi_cursor_of(tuples);
        (void)lzi_read_bytes(&cursor, range.offset);
        for (uint32_t k = 0; k < range.count; k++) {
            lzi_tuple tuple;
            ASSERT_EQ(LZI_OK, lzi_tuple_next(&tuple, &cursor));
            ASSERT(lzi_slice_equal(tuple.swig, lzi_slice_of(swigs[seen++])));
        }
    }
    ASSERT_EQ(3, seen);
    PASS();
}

TEST
body_is_a_unit(void)
{
    lzi_unit unit;
    ASSERT(write_shards(test_path("out")));
    ASSERT_EQ(LZI_OK, lzi_unit_decode(&unit, record("pkg-b", LZI_TABLE_UNIT,
                                                    "CCCPython")));
    ASSERT_STR_EQ("cPython", joined(unit.imports));
    ASSERT_EQ(0, unit.ranges);
    PASS();
}

TEST
files_and_eager_names_go_where_they_belong(void)
{
    lzi_file file;
    ASSERT(write_shards(test_path("out")));
    ASSERT_EQ(LZI_OK,
              lzi_file_decode(&file, lzi_slice_of("__init__.py"),
                              record("pkg-a", LZI_TABLE_FILE, "__init__.py")));
    ASSERT_EQ(10, file.size);
    ASSERT(file.hash == 0x1122334455667788u);
    ASSERT(record("pkg-a", LZI_TABLE_FILE, "cPython.py").data == NULL);
    ASSERT(record("pkg-b", LZI_TABLE_FILE, "cPython.py").data != NULL);
    ASSERT(record("pkg-a", LZI_TABLE_EAGER, "imread").data != NULL);
    ASSERT(record("pkg-b", LZI_TABLE_EAGER, "imread").data == NULL);
    PASS();
}

TEST
groups_go_with_the_package_init(void)
{
    lzi_list groups;
    ASSERT(write_shards(test_path("out")));
    ASSERT(record("pkg-b", LZI_TABLE_GROUP, "AAA").data == NULL);
    ASSERT_EQ(LZI_OK, lzi_groups_decode(
                          &groups, record("pkg-a", LZI_TABLE_GROUP, "AAA")));
    ASSERT_STR_EQ("IO", joined(groups));
    ASSERT_EQ(LZI_OK, lzi_groups_decode(
                          &groups, record("pkg-a", LZI_TABLE_GROUP, "Gone")));
    ASSERT_STR_EQ("Fifth", joined(groups));
    PASS();
}

/* Its two halves are values of several pages each. */
TEST
big_values_survive(void)
{
    enum { TUPLES = 20000 };
    lzi_diag diag = {0};
    arena = lzi_arena_new();
    lzi_model model = fixture_model(arena);
    for (size_t i = 0; i < TUPLES; i++) {
        const char *name = lzi_arena_format(arena, "Name%zu", i);
        fixture_tuple(&model, 1, name, name, "some parameters, 17", true, 3);
    }
    ASSERT(lzi_shards_write(&model, test_path("out"), &diag));
    lzi_slice value = record("pkg-a", LZI_TABLE_TUPLE, "BBB");
    lzi_cursor cursor = lzi_cursor_of(value);
    ASSERT_EQ(TUPLES + 1, lzi_read_count(&cursor));
    lzi_tuple tuple;
    for (size_t i = 0; i <= TUPLES; i++) {
        ASSERT_EQ(LZI_OK, lzi_tuple_next(&tuple, &cursor));
    }
    ASSERT(lzi_slice_equal(tuple.swig, lzi_slice_of("Name19999")));
    ASSERT(cursor.at == cursor.end);
    PASS();
}

TEST
long_name_is_an_error(void)
{
    char name[LZI_NAME_MAX + 2];
    lzi_diag diag = {0};
    arena = lzi_arena_new();
    lzi_model model = fixture_model(arena);
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    lzi_model_function *first =
        &fixture_itk(&model)->modules.items[0].functions.items[0];
    first->name = name + 1;
    ASSERTm("the longest", lzi_shards_write(&model, test_path("out"), &diag));
    first->name = name;
    ASSERT_FALSE(lzi_shards_write(&model, test_path("two"), &diag));
    ASSERT_EQ(1, diag.errors);
    ASSERT_NEQ(0, access(test_path("two/pkg-a.lzi"), F_OK));
    PASS();
}

TEST
failure_leaves_nothing(void)
{
    lzi_strings names;
    lzi_diag diag = {0};
    arena = lzi_arena_new();
    lzi_model model = fixture_model(arena);
    ASSERT_EQ(0, mkdir(test_path("out"), 0777));
    ASSERT_EQ(0, mkdir(test_path("out/pkg-a.lzi"), 0777));
    ASSERT_FALSE(lzi_shards_write(&model, test_path("out"), &diag));
    ASSERT_EQ(1, diag.errors);
    ASSERT(lzi_directory_list(&names, arena, test_path("out"), &diag));
    ASSERT_EQ(1, names.count);
    PASS();
}

TEST
distribution_must_be_a_file_name(void)
{
    static const char *const bad[] = {"../x", "a/b", "", ".hidden", "a b"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        lzi_diag diag = {0};
        lzi_arena *own = lzi_arena_new();
        lzi_model model = fixture_model(own);
        model.distributions.items[0].name = bad[i];
        bool written = lzi_shards_write(&model, test_path("out"), &diag);
        lzi_arena_free(own);
        ASSERT_FALSEm(bad[i], written);
        ASSERT_EQ(1, diag.errors);
    }
    PASS();
}

SUITE(index_write)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(a_shard_for_each_owner_of_modules);
    RUN_TEST(identical_models_give_identical_bytes);
    RUN_TEST(image_is_compact);
    RUN_TEST(meta_tells_package_and_distribution);
    RUN_TEST(contents_tell_modules_and_startups);
    RUN_TEST(name_merges_its_tuples);
    RUN_TEST(module_lists_names_and_units);
    RUN_TEST(unit_ranges_lead_to_its_tuples);
    RUN_TEST(body_is_a_unit);
    RUN_TEST(files_and_eager_names_go_where_they_belong);
    RUN_TEST(groups_go_with_the_package_init);
    RUN_TEST(big_values_survive);
    RUN_TEST(long_name_is_an_error);
    RUN_TEST(failure_leaves_nothing);
    RUN_TEST(distribution_must_be_a_file_name);
}
