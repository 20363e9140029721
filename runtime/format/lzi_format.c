#include "lzi_format.h"

#include <stdlib.h>
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

lzi_slice
lzi_slice_of(const char *text)
{
    return (lzi_slice){text, strlen(text)};
}

bool
lzi_slice_equal(lzi_slice a, lzi_slice b)
{
    return a.size == b.size &&
           (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int
lzi_slice_compare(lzi_slice a, lzi_slice b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

/* Bytes of a character that begins like this; 0: none does. @p low and
 * @p high: what its second byte can be. */
static size_t
utf8_size(uint8_t first, uint8_t *low, uint8_t *high)
{
    *low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    *high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return first < 0x80   ? 1
           : first < 0xc2 ? 0
           : first < 0xe0 ? 2
           : first < 0xf0 ? 3
           : first < 0xf5 ? 4
                          : 0;
}

bool
lzi_is_utf8(lzi_slice text)
{
    for (size_t at = 0; at < text.size;) {
        uint8_t low, high;
        size_t size = utf8_size((uint8_t)text.data[at], &low, &high);
        if (size == 0 || size > text.size - at) {
            return false;
        }
        for (size_t i = 1; i < size; i++) {
            uint8_t byte = (uint8_t)text.data[at + i];
            if (byte < low || byte > high) {
                return false;
            }
            low = 0x80;
            high = 0xbf;
        }
        at += size;
    }
    return true;
}

bool
lzi_is_inside(lzi_slice path)
{
    size_t start = 0;
    for (size_t at = 0; at <= path.size; at++) {
        if (at < path.size && path.data[at] == '\0') {
            return false;
        }
        if (at < path.size && path.data[at] != '/') {
            continue;
        }
        lzi_slice part = {path.data + start, at - start};
        if (part.size == 0 || lzi_slice_equal(part, lzi_slice_of(".")) ||
            lzi_slice_equal(part, lzi_slice_of(".."))) {
            return false;
        }
        start = at + 1;
    }
    return true;
}

bool
lzi_is_file_name(lzi_slice name)
{
    return lzi_is_inside(name) && memchr(name.data, '/', name.size) == NULL;
}

/* -- Trailer -------------------------------------------------------------- */

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
                        "format version %u, this reader knows %u",
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

/* -- Reading values ------------------------------------------------------- */

lzi_cursor
lzi_cursor_of(lzi_slice value)
{
    const uint8_t *at = (const uint8_t *)value.data;
    if (at == NULL) {
        return (lzi_cursor){NULL, NULL, false};
    }
    return (lzi_cursor){at, at + value.size, false};
}

uint64_t
lzi_read_varint(lzi_cursor *cursor)
{
    uint64_t value = 0;
    for (unsigned shift = 0; !cursor->bad && shift < 64; shift += 7) {
        if (cursor->at == cursor->end) {
            break;
        }
        uint8_t byte = *cursor->at++;
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    cursor->bad = true;
    return 0;
}

uint32_t
lzi_read_count(lzi_cursor *cursor)
{
    uint64_t value = lzi_read_varint(cursor);
    if (value > INT32_MAX) {
        cursor->bad = true;
        return 0;
    }
    return (uint32_t)value;
}

lzi_slice
lzi_read_bytes(lzi_cursor *cursor, size_t size)
{
    if (cursor->bad || size > (size_t)(cursor->end - cursor->at)) {
        cursor->bad = true;
        return (lzi_slice){"", 0};
    }
    lzi_slice bytes = {(const char *)cursor->at, size};
    cursor->at += size;
    return bytes;
}

lzi_slice
lzi_read_string(lzi_cursor *cursor)
{
    return lzi_read_bytes(cursor, lzi_read_count(cursor));
}

lzi_status
lzi_cursor_end(const lzi_cursor *cursor)
{
    return cursor->bad || cursor->at != cursor->end ? LZI_E_FORMAT : LZI_OK;
}

lzi_list
lzi_read_list(lzi_cursor *cursor)
{
    uint32_t count = lzi_read_count(cursor);
    lzi_list list = {count, *cursor};
    for (uint32_t i = 0; i < count && !cursor->bad; i++) {
        (void)lzi_read_string(cursor);
    }
    if (cursor->bad) {
        list.count = 0;
    }
    return list;
}

bool
lzi_list_next(lzi_list *list, lzi_slice *out)
{
    if (list->count == 0) {
        return false;
    }
    list->count--;
    *out = lzi_read_string(&list->cursor);
    return true;
}

/* -- Writing values ------------------------------------------------------- */

void
lzi_buffer_free(lzi_buffer *buffer)
{
    if (buffer != NULL) {
        free(buffer->data);
        *buffer = (lzi_buffer){0};
    }
}

void
lzi_put_bytes(lzi_buffer *buffer, const void *data, size_t size)
{
    if (buffer->failed || size == 0) {
        return;
    }
    if (size > buffer->capacity - buffer->size) {
        size_t capacity = buffer->capacity == 0 ? 256 : buffer->capacity;
        while (capacity - buffer->size < size) {
            if (capacity > SIZE_MAX / 2) {
                buffer->failed = true;
                return;
            }
            capacity *= 2;
        }
        uint8_t *grown = realloc(buffer->data, capacity);
        if (grown == NULL) {
            buffer->failed = true;
            return;
        }
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}

void
lzi_put_varint(lzi_buffer *buffer, uint64_t value)
{
    uint8_t bytes[10];
    size_t size = 0;
    while (value >= 0x80) {
        bytes[size++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    bytes[size++] = (uint8_t)value;
    lzi_put_bytes(buffer, bytes, size);
}

void
lzi_put_string(lzi_buffer *buffer, lzi_slice text)
{
    lzi_put_varint(buffer, text.size);
    lzi_put_bytes(buffer, text.data, text.size);
}

/* -- Name filter ---------------------------------------------------------- */

uint64_t
lzi_name_hash(lzi_slice name)
{
    return XXH3_64bits(name.data, name.size);
}

size_t
lzi_filter_size(size_t names)
{
    size_t size = 8;
    while (size < names * 2) { /* 16 bits a name */
        size *= 2;
    }
    return size;
}

/* Two bits, chosen by the two halves of the hash. */
static void
filter_bits(size_t size, uint64_t hash, size_t bits[2])
{
    bits[0] = (size_t)hash & (size * 8 - 1);
    bits[1] = (size_t)(hash >> 32) & (size * 8 - 1);
}

void
lzi_filter_add(uint8_t *filter, size_t size, uint64_t hash)
{
    size_t bits[2];
    filter_bits(size, hash, bits);
    for (size_t i = 0; i < 2; i++) {
        filter[bits[i] / 8] |= (uint8_t)(1u << bits[i] % 8);
    }
}

bool
lzi_filter_has(const uint8_t *filter, size_t size, uint64_t hash)
{
    size_t bits[2];
    filter_bits(size, hash, bits);
    return (filter[bits[0] / 8] >> bits[0] % 8 & 1) != 0 &&
           (filter[bits[1] / 8] >> bits[1] % 8 & 1) != 0;
}
