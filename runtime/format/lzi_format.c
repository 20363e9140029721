#include "lzi_format.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

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

uint64_t
lzi_read_fixed64(lzi_cursor *cursor)
{
    lzi_slice bytes = lzi_read_bytes(cursor, 8);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        value |= (uint64_t)(uint8_t)bytes.data[i] << (8 * i);
    }
    return value;
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

uint64_t
lzi_name_hash(lzi_slice name)
{
    return XXH3_64bits(name.data, name.size);
}
