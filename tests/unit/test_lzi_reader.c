#include "model_fixture.h"

#include "lzi_itk_record.h"
#include "lzi_reader.h"
#include "scan/shard_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static lzi_arena *arena;
static lzi_reader *reader;

static void
teardown(void *context)
{
    (void)context;
    lzi_reader_close(reader);
    lzi_arena_free(arena);
    reader = NULL;
    arena = NULL;
}

/* The shard pkg-a of the model, at "a.lzi". */
static bool
write_sample(void)
{
    lzi_diag diag = {0};
    arena = lzi_arena_new();
    lzi_model model = fixture_model(arena);
    return lzi_shard_write(&model, 0, test_path("a.lzi"), &diag);
}

static lzi_status
open_as(const char *name, lzi_slice data, lzi_error *error)
{
    if (!fixture_write(test_path(name), data)) {
        return LZI_E_IO;
    }
    lzi_status status = lzi_reader_open(&reader, test_path(name), error);
    lzi_reader_close(reader);
    reader = NULL;
    return status;
}

TEST
opens_what_was_written(void)
{
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    ASSERT_STR_EQ(test_path("a.lzi"), lzi_reader_path(reader));
    lzi_slice file = fixture_read(arena, test_path("a.lzi"));
    ASSERT_EQ(file.size, lzi_reader_size(reader));
    ASSERT(lzi_slice_equal(lzi_reader_meta(reader)->distribution,
                           lzi_slice_of("pkg-a")));
    lzi_reader_close(NULL);
    PASS();
}

/* Kilobytes of a mapped file that are resident; < 0: nobody knows. */
static long
resident(const char *name)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[4096];
    bool mapped = false;
    unsigned long start, end;
    long sum = maps == NULL ? -1 : 0, part;
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2) {
            mapped = strstr(line, name) != NULL;
        }
        else if (mapped && sscanf(line, "Rss: %ld kB", &part) == 1) {
            sum += part;
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return sum;
}

TEST
forgets_pages(void)
{
    lzi_slice value;
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    if (resident("a.lzi") < 0) {
        SKIPm("no /proc/self/smaps");
    }
    ASSERT_EQ(LZI_OK, lzi_reader_get(&value, reader, LZI_TABLE_MODULE,
                                     lzi_slice_of("AAA")));
    ASSERT_LT(0, resident("a.lzi"));
    char *before =
        lzi_arena_format(arena, "%.*s", (int)value.size, value.data);
    lzi_reader_forget(reader);
    ASSERT_EQ(0, resident("a.lzi"));
    ASSERT_EQm("slices stay good", 0,
               strncmp(before, value.data, strlen(before)));
    ASSERT_LT(0, resident("a.lzi"));
    PASS();
}

TEST
gets_by_whole_name(void)
{
    static const char *const missing[] = {"", "A", "AA", "AAAA", "aaa", "CCC"};
    lzi_slice value = {NULL, 7};
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++) {
        ASSERT_EQm(missing[i], LZI_NOT_FOUND,
                   lzi_reader_get(&value, reader, LZI_TABLE_MODULE,
                                  lzi_slice_of(missing[i])));
    }
    ASSERT_EQm("untouched", 7, value.size);
    ASSERT_EQ(LZI_OK, lzi_reader_get(&value, reader, LZI_TABLE_MODULE,
                                     lzi_slice_of("AAA")));
    ASSERT_LT(7, value.size);
    ASSERT_EQ(LZI_NOT_FOUND, lzi_reader_get(&value, reader, LZI_TABLE_UNIT,
                                            lzi_slice_of("AAA")));
    PASS();
}

TEST
names_too_long_are_not_found(void)
{
    char name[10000];
    lzi_slice value;
    memset(name, 'A', sizeof(name));
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    static const size_t sizes[] = {LZI_NAME_MAX, LZI_NAME_MAX + 1, 511,
                                   sizeof(name)};
    for (size_t i = 0; i < 4; i++) {
        ASSERT_EQ(LZI_NOT_FOUND,
                  lzi_reader_get(&value, reader, LZI_TABLE_MODULE,
                                 (lzi_slice){name, sizes[i]}));
    }
    PASS();
}

TEST
filter_lets_names_through(void)
{
    size_t wrong = 0;
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    ASSERT(lzi_reader_may_have(reader, lzi_name_hash(lzi_slice_of("Image"))));
    ASSERT(lzi_reader_may_have(reader,
                               lzi_name_hash(lzi_slice_of("plain_filter"))));
    ASSERTm("eager names", lzi_reader_may_have(
                               reader, lzi_name_hash(lzi_slice_of("imread"))));
    ASSERTm("modules",
            lzi_reader_may_have(reader, lzi_name_hash(lzi_slice_of("BBB"))));
    for (uint64_t i = 0; i < 1000; i++) {
        lzi_slice name = {(const char *)&i, sizeof(i)};
        wrong += lzi_reader_may_have(reader, lzi_name_hash(name));
    }
    ASSERT_LT(wrong, 50);
    PASS();
}

typedef struct {
    size_t count, stop_at;
    char names[256];
} walk;

static lzi_status
note_name(void *context, lzi_slice name, lzi_slice value)
{
    walk *seen = context;
    (void)value;
    strncat(seen->names, name.data, name.size);
    strcat(seen->names, " ");
    return ++seen->count == seen->stop_at ? LZI_E_NOMEM : LZI_OK;
}

TEST
walks_a_table_in_order(void)
{
    walk seen = {0};
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    ASSERT_EQ(LZI_OK,
              lzi_reader_each(reader, LZI_TABLE_UNIT, note_name, &seen));
    ASSERT_STR_EQ("a1Python a2Python bPython ", seen.names);
    seen = (walk){.stop_at = 2};
    ASSERT_EQ(LZI_E_NOMEM,
              lzi_reader_each(reader, LZI_TABLE_UNIT, note_name, &seen));
    ASSERT_EQ(2, seen.count);
    seen = (walk){0};
    ASSERT_EQm("before the first table", LZI_OK,
               lzi_reader_each(reader, '!', note_name, &seen));
    ASSERT_EQm("after the last", LZI_OK,
               lzi_reader_each(reader, (char)0xff, note_name, &seen));
    ASSERT_EQ(0, seen.count);
    PASS();
}

TEST
missing_file_keeps_errno(void)
{
    lzi_error error;
    ASSERT_EQ(LZI_E_IO, lzi_reader_open(&reader, test_path("no"), &error));
    ASSERT(reader == NULL);
    ASSERT_EQ(ENOENT, error.sys_errno);
    ASSERT_CONTAINS("No such file", error.text);
    PASS();
}

TEST
other_kinds_of_files_are_refused(void)
{
    ASSERT_EQ(0, mkdir(test_path("directory"), 0777));
    ASSERT_EQ(LZI_E_FORMAT,
              lzi_reader_open(&reader, test_path("directory"), NULL));
    ASSERT_EQ(0, mkfifo(test_path("fifo"), 0666));
    ASSERT_EQm("does not wait for a writer", LZI_E_FORMAT,
               lzi_reader_open(&reader, test_path("fifo"), NULL));
    ASSERT_EQ(LZI_E_FORMAT, lzi_reader_open(&reader, "/dev/null", NULL));
    PASS();
}

/* Every length from nothing to one byte too few, and one too many. */
TEST
truncation_is_found(void)
{
    ASSERT(write_sample());
    lzi_slice file = fixture_read(arena, test_path("a.lzi"));
    static const size_t steps[] = {1, 63, 64, 65, 4095, 4096, 4097};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        size_t cut = steps[i];
        ASSERT_EQ(
            LZI_E_FORMAT,
            open_as("cut.lzi", (lzi_slice){file.data, file.size - cut}, NULL));
        ASSERT_EQ(LZI_E_FORMAT,
                  open_as("cut.lzi",
                          (lzi_slice){file.data + cut, file.size - cut},
                          NULL));
    }
    ASSERT_EQ(LZI_E_FORMAT, open_as("cut.lzi", (lzi_slice){"", 0}, NULL));
    char *longer = lzi_arena_alloc(arena, file.size + 1);
    memcpy(longer, file.data, file.size);
    ASSERT_EQ(LZI_E_FORMAT,
              open_as("cut.lzi", (lzi_slice){longer, file.size + 1}, NULL));
    PASS();
}

/* A page that is missing from the middle leaves a good trailer. */
TEST
missing_page_is_found(void)
{
    lzi_error error;
    ASSERT(write_sample());
    lzi_slice file = fixture_read(arena, test_path("a.lzi"));
    size_t left = file.size - LZI_PAGE_SIZE;
    char *shorter = lzi_arena_alloc(arena, left);
    memcpy(shorter, file.data, 4096);
    memcpy(shorter + 4096, file.data + 8192, left - 4096);
    ASSERT_EQ(LZI_E_FORMAT,
              open_as("short.lzi", (lzi_slice){shorter, left}, &error));
    ASSERT_CONTAINS("length", error.text);
    PASS();
}

TEST
flipped_bits_are_found(void)
{
    ASSERT(write_sample());
    lzi_slice file = fixture_read(arena, test_path("a.lzi"));
    char *copy = lzi_arena_copy(arena, file.data, file.size);
    for (size_t at = 0; at < file.size; at += 61) {
        copy[at] ^= (char)(1 << at % 8);
        ASSERT_EQ(LZI_E_FORMAT,
                  open_as("bad.lzi", (lzi_slice){copy, file.size}, NULL));
        copy[at] ^= (char)(1 << at % 8);
    }
    ASSERT_EQ(LZI_OK, open_as("good.lzi", (lzi_slice){copy, file.size}, NULL));
    PASS();
}

/* Well-formed files that are no shards: the digest is right, META is not. */
TEST
records_at_open_are_checked(void)
{
    lzi_diag diag = {0};
    char filter[16] = {0};
    lzi_slice meta;
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    ASSERT_EQ(LZI_OK,
              lzi_reader_get(&meta, reader, LZI_TABLE_META, lzi_slice_of("")));
    const struct {
        lzi_slice filter, meta;
        lzi_status status;
    } cases[] = {
        {{filter, 16}, {meta.data, meta.size}, LZI_OK},
        {{filter, 8}, {meta.data, meta.size}, LZI_OK},
        {{filter, 4}, {meta.data, meta.size}, LZI_E_FORMAT},
        {{filter, 12}, {meta.data, meta.size}, LZI_E_FORMAT},
        {{filter, 0}, {meta.data, meta.size}, LZI_E_FORMAT},
        {{filter, 16}, {meta.data, meta.size - 1}, LZI_E_FORMAT},
        {{filter, 16}, {meta.data, 0}, LZI_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        lzi_reader *other;
        lzi_shard_record items[] = {{{"%", 1}, cases[i].filter},
                                    {{"@", 1}, cases[i].meta}};
        lzi_shard_records records = {items, 2, 2};
        ASSERT(lzi_shard_file_write(&records, test_path("b.lzi"), &diag));
        lzi_status status = lzi_reader_open(&other, test_path("b.lzi"), NULL);
        lzi_reader_close(other);
        ASSERT_EQ(cases[i].status, status);
    }
    lzi_shard_records none = {0};
    ASSERT(lzi_shard_file_write(&none, test_path("c.lzi"), &diag));
    lzi_reader *other;
    ASSERT_EQ(LZI_E_FORMAT, lzi_reader_open(&other, test_path("c.lzi"), NULL));
    PASS();
}

/* What apply does while other processes run. */
TEST
survives_replacement_of_its_file(void)
{
    lzi_slice value;
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    ASSERT(fixture_write(test_path("a.lzi"), lzi_slice_of("something else")));
    ASSERT_EQ(LZI_OK, lzi_reader_get(&value, reader, LZI_TABLE_MODULE,
                                     lzi_slice_of("BBB")));
    PASS();
}

TEST
works_in_a_child_process(void)
{
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    pid_t child = fork();
    if (child == 0) {
        lzi_slice value;
        _exit(lzi_reader_get(&value, reader, LZI_TABLE_MODULE,
                             lzi_slice_of("AAA")) == LZI_OK
                  ? 0
                  : 1);
    }
    int status = -1;
    ASSERT_EQ(child, waitpid(child, &status, 0));
    ASSERT_EQ(0, status);
    PASS();
}

TEST
leaves_no_file_beside_it(void)
{
    lzi_strings names;
    lzi_diag diag = {0};
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    ASSERT(lzi_directory_list(&names, arena, test_directory(), &diag));
    ASSERT_EQ(1, names.count);
    PASS();
}

/* As pip replaces and removes files. */
TEST
goes_on_with_the_old_file(void)
{
    lzi_slice value;
    walk seen = {0};
    ASSERT(write_sample());
    ASSERT_EQ(LZI_OK, lzi_reader_open(&reader, test_path("a.lzi"), NULL));
    ASSERT(fixture_write(test_path("b.lzi"), (lzi_slice){"nothing", 7}));
    ASSERT_EQ(0, rename(test_path("b.lzi"), test_path("a.lzi")));
    ASSERT_EQ(0, unlink(test_path("a.lzi")));
    ASSERT_EQ(LZI_OK, lzi_reader_get(&value, reader, LZI_TABLE_MODULE,
                                     lzi_slice_of("AAA")));
    ASSERT_EQ(LZI_OK,
              lzi_reader_each(reader, LZI_TABLE_UNIT, note_name, &seen));
    ASSERT_STR_EQ("a1Python a2Python bPython ", seen.names);
    PASS();
}

SUITE(lzi_reader)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(opens_what_was_written);
    RUN_TEST(forgets_pages);
    RUN_TEST(gets_by_whole_name);
    RUN_TEST(names_too_long_are_not_found);
    RUN_TEST(filter_lets_names_through);
    RUN_TEST(walks_a_table_in_order);
    RUN_TEST(goes_on_with_the_old_file);
    RUN_TEST(missing_file_keeps_errno);
    RUN_TEST(other_kinds_of_files_are_refused);
    RUN_TEST(truncation_is_found);
    RUN_TEST(missing_page_is_found);
    RUN_TEST(flipped_bits_are_found);
    RUN_TEST(records_at_open_are_checked);
    RUN_TEST(survives_replacement_of_its_file);
    RUN_TEST(works_in_a_child_process);
    RUN_TEST(leaves_no_file_beside_it);
}
