#include "harness.h"

#include "lzi_buffer.h"

#include <string.h>

static lzi_buffer buffer;

static void
teardown(void *context)
{
    (void)context;
    lzi_buffer_free(&buffer);
}

static lzi_cursor
cursor_of(const char *bytes, size_t size)
{
    return lzi_cursor_of((lzi_slice){bytes, size});
}

/* -- Slices ------------------------------------------------------------- */

TEST
slices_compare_by_bytes(void)
{
    static const char *const ordered[] = {"",  "A", "AB",       "B",
                                          "a", "b", "\xc3\xa9", "\xff"};
    const size_t count = sizeof(ordered) / sizeof(ordered[0]);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            lzi_slice a = lzi_slice_of(ordered[i]),
                      b = lzi_slice_of(ordered[k]);
            int order = lzi_slice_compare(a, b);
            ASSERT_EQ((i > k) - (i < k), (order > 0) - (order < 0));
            ASSERT_EQ(i == k, lzi_slice_equal(a, b));
        }
    }
    ASSERT(lzi_slice_equal((lzi_slice){NULL, 0}, lzi_slice_of("")));
    PASS();
}

/* -- Varints ------------------------------------------------------------ */

TEST
varints_have_their_documented_bytes(void)
{
    static const struct {
        uint64_t value;
        const char *bytes;
        size_t size;
    } cases[] = {
        {0, "\0", 1},
        {1, "\x01", 1},
        {127, "\x7f", 1},
        {128, "\x80\x01", 2},
        {300, "\xac\x02", 2},
        {UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buffer.size = 0;
        lzi_put_varint(&buffer, cases[i].value);
        ASSERT_EQ(cases[i].size, buffer.size);
        ASSERT_MEM_EQ(cases[i].bytes, buffer.data, buffer.size);
        lzi_cursor cursor = cursor_of(cases[i].bytes, cases[i].size);
        ASSERT(cases[i].value == lzi_read_varint(&cursor));
        ASSERT(!cursor.bad && cursor.at == cursor.end);
    }
    PASS();
}

TEST
varints_at_every_power_of_two(void)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        for (uint64_t delta = 0; delta < 2; delta++) {
            uint64_t value = ((uint64_t)1 << bit) - delta;
            buffer.size = 0;
            lzi_put_varint(&buffer, value);
            lzi_cursor cursor =
                cursor_of((const char *)buffer.data, buffer.size);
            ASSERT(value == lzi_read_varint(&cursor));
            ASSERT_FALSE(cursor.bad);
        }
    }
    PASS();
}

TEST
bad_varints_are_refused(void)
{
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {"", 0},                                          /* nothing */
        {"\x80", 1},                                      /* cut off */
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10}, /* 2^64 */
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81", 10}, /* goes on */
        {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        lzi_cursor cursor = cursor_of(cases[i].bytes, cases[i].size);
        ASSERT_EQ(0, lzi_read_varint(&cursor));
        ASSERT(cursor.bad);
    }
    PASS();
}

TEST
counts_end_at_2_to_the_31(void)
{
    lzi_put_varint(&buffer, INT32_MAX);
    lzi_put_varint(&buffer, (uint64_t)INT32_MAX + 1);
    lzi_cursor cursor = cursor_of((const char *)buffer.data, buffer.size);
    ASSERT_EQ(INT32_MAX, lzi_read_count(&cursor));
    ASSERT_FALSE(cursor.bad);
    ASSERT_EQ(0, lzi_read_count(&cursor));
    ASSERT(cursor.bad);
    PASS();
}

/* -- Strings and lists -------------------------------------------------- */

TEST
strings_keep_every_byte(void)
{
    lzi_put_string(&buffer, (lzi_slice){"a\0b\xff", 4});
    lzi_put_string(&buffer, lzi_slice_of(""));
    lzi_cursor cursor = cursor_of((const char *)buffer.data, buffer.size);
    lzi_slice text = lzi_read_string(&cursor);
    ASSERT_EQ(4, text.size);
    ASSERT_MEM_EQ("a\0b\xff", text.data, 4);
    ASSERT_EQ(0, lzi_read_string(&cursor).size);
    ASSERT(!cursor.bad && cursor.at == cursor.end);
    PASS();
}

TEST
string_longer_than_the_value_is_refused(void)
{
    lzi_cursor cursor = cursor_of("\x05hell", 5);
    ASSERT_EQ(0, lzi_read_string(&cursor).size);
    ASSERT(cursor.bad);
    ASSERT_EQm("and so is all after it", 0, lzi_read_bytes(&cursor, 1).size);
    ASSERT_EQ(0, lzi_read_varint(&cursor));
    PASS();
}

TEST
list_is_stepped_over_and_read(void)
{
    lzi_cursor cursor = cursor_of("\x02\x01x\x02yz\x07", 7);
    lzi_list list = lzi_read_list(&cursor);
    ASSERT_EQ(7, lzi_read_varint(&cursor));
    ASSERT_EQ(2, list.count);
    lzi_slice item;
    ASSERT(lzi_list_next(&list, &item));
    ASSERT(lzi_slice_equal(item, lzi_slice_of("x")));
    ASSERT(lzi_list_next(&list, &item));
    ASSERT(lzi_slice_equal(item, lzi_slice_of("yz")));
    ASSERT_FALSE(lzi_list_next(&list, &item));
    PASS();
}

TEST
bad_list_has_no_elements(void)
{
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {"\x03\x01x\x01y", 5},       /* one too few */
        {"\x01\x09x", 3},            /* an element too long */
        {"\xff\xff\xff\xff\x07", 5}, /* as many as can be, and none there */
        {"\xff\xff\xff\xff\xff\x01", 6}, /* more than can be */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        lzi_cursor cursor = cursor_of(cases[i].bytes, cases[i].size);
        lzi_list list = lzi_read_list(&cursor);
        lzi_slice item;
        ASSERT(cursor.bad);
        ASSERT_FALSE(lzi_list_next(&list, &item));
    }
    PASS();
}

TEST
cursor_of_nothing(void)
{
    lzi_cursor cursor = lzi_cursor_of((lzi_slice){NULL, 0});
    ASSERT(cursor.at == cursor.end);
    (void)lzi_read_varint(&cursor);
    ASSERT(cursor.bad);
    PASS();
}

/* The format depends on this function: a known value of XXH3-64. */
TEST
name_hash_is_xxh3(void)
{
    ASSERT(lzi_name_hash(lzi_slice_of("")) == 0x2D06800538D394C2u);
    PASS();
}

TEST
paths_that_stay_inside(void)
{
    static const struct {
        lzi_slice path;
        bool inside, name;
    } cases[] = {
        {{"a", 1}, true, true},        {{"a/b", 3}, true, false},
        {{"...", 3}, true, true},      {{"a/..b/.c", 8}, true, false},
        {{"", 0}, false, false},       {{".", 1}, false, false},
        {{"..", 2}, false, false},     {{"/a", 2}, false, false},
        {{"a/", 2}, false, false},     {{"a//b", 4}, false, false},
        {{"a/../b", 6}, false, false}, {{"a/.", 3}, false, false},
        {{"a\0b", 3}, false, false},   {{"\0", 1}, false, false},
        {{"../a", 4}, false, false},   {{"a/..", 4}, false, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ASSERT_EQm(cases[i].path.data, cases[i].inside,
                   lzi_is_inside(cases[i].path));
        ASSERT_EQm(cases[i].path.data, cases[i].name,
                   lzi_is_file_name(cases[i].path));
    }
    PASS();
}

TEST
utf8_as_python_has_it(void)
{
    static const char *const good[] = {"",
                                       "a\x7f",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "x\xc3\xa4y"};
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xc2\x7f",
                                      "\xc2\xc0",
                                      "\xe0\x9f\xbf",
                                      "\xe1\x80",
                                      "\xed\xa0\x80",
                                      "\xef\xbf\xc0",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xf1\x80\x80x"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ASSERTm(good[i], lzi_is_utf8(lzi_slice_of(good[i])));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ASSERT_FALSEm(bad[i], lzi_is_utf8(lzi_slice_of(bad[i])));
    }
    ASSERT(lzi_is_utf8((lzi_slice){"a\0b", 3}));
    PASS();
}

SUITE(lzi_format)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(slices_compare_by_bytes);
    RUN_TEST(utf8_as_python_has_it);
    RUN_TEST(paths_that_stay_inside);
    RUN_TEST(varints_have_their_documented_bytes);
    RUN_TEST(varints_at_every_power_of_two);
    RUN_TEST(bad_varints_are_refused);
    RUN_TEST(counts_end_at_2_to_the_31);
    RUN_TEST(strings_keep_every_byte);
    RUN_TEST(string_longer_than_the_value_is_refused);
    RUN_TEST(list_is_stepped_over_and_read);
    RUN_TEST(bad_list_has_no_elements);
    RUN_TEST(cursor_of_nothing);
    RUN_TEST(name_hash_is_xxh3);
}
