#include "harness.h"

#include "lzi_format.h"

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

/* -- Trailer ------------------------------------------------------------ */

static const lzi_trailer sample = {
    .body_size = 0x123456789A000,
    .page_size = LZI_PAGE_SIZE,
    .digest = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
};

TEST
trailer_has_its_documented_bytes(void)
{
    static const uint8_t start[32] = {
        0x89, 'L',  'Z',  'I',  '\r', '\n', 0x1a, '\n', /* magic */
        1,    0,    0,    0,                            /* version */
        0x40, 0,    1,    2,                            /* machine mark */
        0,    0xA0, 0x89, 0x67, 0x45, 0x23, 1,    0,    /* size */
        0,    0x10, 0,    0,                            /* page size */
        0,    0,    0,    0,
    };
    uint8_t bytes[LZI_TRAILER_SIZE];
    lzi_trailer_encode(bytes, &sample);
    ASSERT_MEM_EQ(start, bytes, sizeof(start));
    ASSERT_MEM_EQ(sample.digest, bytes + 32, 16);
    for (size_t i = 56; i < LZI_TRAILER_SIZE; i++) {
        ASSERT_EQ(0, bytes[i]);
    }
    lzi_trailer back;
    ASSERT_EQ(LZI_OK, lzi_trailer_decode(&back, bytes, NULL));
    ASSERT(back.body_size == sample.body_size);
    ASSERT_EQ(sample.page_size, back.page_size);
    ASSERT_MEM_EQ(sample.digest, back.digest, 16);
    PASS();
}

TEST
every_flipped_bit_of_a_trailer_is_found(void)
{
    uint8_t bytes[LZI_TRAILER_SIZE];
    lzi_trailer_encode(bytes, &sample);
    for (size_t bit = 0; bit < 8 * sizeof(bytes); bit++) {
        lzi_trailer back;
        lzi_error error;
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ASSERT_EQ(LZI_E_FORMAT, lzi_trailer_decode(&back, bytes, &error));
        ASSERT_EQ(LZI_E_FORMAT, error.status);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    PASS();
}

/* Change bytes of a trailer and make its hash right again. */
static void
forge(uint8_t bytes[LZI_TRAILER_SIZE], size_t at, uint8_t value)
{
    lzi_trailer_encode(bytes, &sample);
    bytes[at] = value;
    uint64_t hash = lzi_name_hash((lzi_slice){(const char *)bytes, 48});
    for (size_t i = 0; i < 8; i++) {
        bytes[48 + i] = (uint8_t)(hash >> (8 * i));
    }
}

TEST
other_versions_and_machines_are_told_apart(void)
{
    uint8_t bytes[LZI_TRAILER_SIZE];
    lzi_trailer back;
    lzi_error error;
    forge(bytes, 8, 2);
    ASSERT_EQ(LZI_E_VERSION, lzi_trailer_decode(&back, bytes, &error));
    ASSERT_CONTAINS("format version 2", error.text);
    forge(bytes, 12, 0x20);
    ASSERT_EQ(LZI_E_VERSION, lzi_trailer_decode(&back, bytes, &error));
    ASSERT_CONTAINS("64-bit little-endian", error.text);
    forge(bytes, 28, 1);
    ASSERT_EQ(LZI_E_FORMAT, lzi_trailer_decode(&back, bytes, &error));
    PASS();
}

/* -- Filter ------------------------------------------------------------- */

TEST
filter_sizes_are_powers_of_two(void)
{
    ASSERT_EQ(8, lzi_filter_size(0));
    ASSERT_EQ(8, lzi_filter_size(4));
    ASSERT_EQ(16, lzi_filter_size(5));
    ASSERT_EQ(2048, lzi_filter_size(1024));
    ASSERT_EQ(4096, lzi_filter_size(1025));
    PASS();
}

TEST
filter_has_what_was_added(void)
{
    enum { NAMES = 1000, PROBES = 100000 };
    uint8_t filter[2048] = {0};
    size_t size = lzi_filter_size(NAMES), wrong = 0;
    ASSERT_EQ(sizeof(filter), size);
    for (uint64_t i = 0; i < NAMES; i++) {
        lzi_slice name = {(const char *)&i, sizeof(i)};
        lzi_filter_add(filter, size, lzi_name_hash(name));
    }
    for (uint64_t i = 0; i < PROBES; i++) {
        lzi_slice name = {(const char *)&i, sizeof(i)};
        bool has = lzi_filter_has(filter, size, lzi_name_hash(name));
        if (i < NAMES) {
            ASSERT(has);
        }
        else {
            wrong += has;
        }
    }
    ASSERT_LTEm("about one in 70", wrong, PROBES / 50);
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
    RUN_TEST(trailer_has_its_documented_bytes);
    RUN_TEST(every_flipped_bit_of_a_trailer_is_found);
    RUN_TEST(other_versions_and_machines_are_told_apart);
    RUN_TEST(filter_sizes_are_powers_of_two);
    RUN_TEST(filter_has_what_was_added);
    RUN_TEST(name_hash_is_xxh3);
}
