#include "harness.h"

#include "lzi_trailer.h"

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
        2,    0,    0,    0,                            /* version */
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
    forge(bytes, 8, 1);
    ASSERT_EQ(LZI_E_VERSION, lzi_trailer_decode(&back, bytes, &error));
    ASSERT_STR_EQ("format version 1, this LazyIndex reads 2", error.text);
    forge(bytes, 8, 3);
    ASSERT_EQ(LZI_E_VERSION, lzi_trailer_decode(&back, bytes, &error));
    forge(bytes, 12, 0x20);
    ASSERT_EQ(LZI_E_VERSION, lzi_trailer_decode(&back, bytes, &error));
    ASSERT_CONTAINS("64-bit little-endian", error.text);
    forge(bytes, 28, 1);
    ASSERT_EQ(LZI_E_FORMAT, lzi_trailer_decode(&back, bytes, &error));
    PASS();
}

SUITE(lzi_trailer)
{
    RUN_TEST(trailer_has_its_documented_bytes);
    RUN_TEST(every_flipped_bit_of_a_trailer_is_found);
    RUN_TEST(other_versions_and_machines_are_told_apart);
}
