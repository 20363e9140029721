#include "lzi_trailer.h"

#include "lzi_fail.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* LMDB's image is that of the host, for its writer and for its readers. */
#if SIZE_MAX != UINT64_MAX || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#    error "shards can be used on 64-bit little-endian machines only"
#endif

/* The first byte is not ASCII, so that nobody takes the file for text. */
static const char MAGIC[8] = {'\x89', 'L', 'Z', 'I', '\r', '\n', '\x1a', '\n'};

enum {
    OFFSET_MAGIC = 0,
    OFFSET_VERSION = 8,   /* u32 */
    OFFSET_MACHINE = 12,  /* u32: MACHINE_MARK as the writer stores it */
    OFFSET_BODY = 16,     /* u64 */
    OFFSET_PAGE = 24,     /* u32 */
    OFFSET_ZERO = 28,     /* 4 bytes */
    OFFSET_DIGEST = 32,   /* 16 bytes */
    OFFSET_CHECK = 48,    /* u64: XXH3-64 of bytes 0..47 */
    OFFSET_ZERO_END = 56, /* 8 bytes */
};

/* 64-bit little-endian writers store these bytes as 40 00 01 02. */
#define MACHINE_MARK 0x02010040u

static void
store_le(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t
load_le(const uint8_t *at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

void
lzi_trailer_encode(uint8_t out[LZI_TRAILER_SIZE], const lzi_trailer *trailer)
{
    memset(out, 0, LZI_TRAILER_SIZE);
    memcpy(out + OFFSET_MAGIC, MAGIC, sizeof(MAGIC));
    store_le(out + OFFSET_VERSION, LZI_FORMAT_VERSION, 4);
    store_le(out + OFFSET_MACHINE, MACHINE_MARK, 4);
    store_le(out + OFFSET_BODY, trailer->body_size, 8);
    store_le(out + OFFSET_PAGE, trailer->page_size, 4);
    memcpy(out + OFFSET_DIGEST, trailer->digest, sizeof(trailer->digest));
    store_le(out + OFFSET_CHECK, XXH3_64bits(out, OFFSET_CHECK), 8);
}

lzi_status
lzi_trailer_decode(lzi_trailer *out, const uint8_t data[LZI_TRAILER_SIZE],
                   lzi_error *error)
{
    if (memcmp(data + OFFSET_MAGIC, MAGIC, sizeof(MAGIC)) != 0) {
        return lzi_fail(error, LZI_E_FORMAT, "not a LazyIndex shard");
    }
    if (load_le(data + OFFSET_CHECK, 8) != XXH3_64bits(data, OFFSET_CHECK)) {
        return lzi_fail(error, LZI_E_FORMAT, "damaged trailer");
    }
    uint64_t version = load_le(data + OFFSET_VERSION, 4);
    if (version != LZI_FORMAT_VERSION) {
        return lzi_fail(error, LZI_E_VERSION,
                        "format version %u, this LazyIndex reads %u",
                        (unsigned)version, LZI_FORMAT_VERSION);
    }
    if (load_le(data + OFFSET_MACHINE, 4) != MACHINE_MARK) {
        return lzi_fail(error, LZI_E_VERSION,
                        "not written for 64-bit little-endian machines");
    }
    if (load_le(data + OFFSET_ZERO, 4) != 0 ||
        load_le(data + OFFSET_ZERO_END, 8) != 0) {
        return lzi_fail(error, LZI_E_FORMAT, "damaged trailer");
    }
    out->body_size = load_le(data + OFFSET_BODY, 8);
    out->page_size = (uint32_t)load_le(data + OFFSET_PAGE, 4);
    memcpy(out->digest, data + OFFSET_DIGEST, sizeof(out->digest));
    return LZI_OK;
}
