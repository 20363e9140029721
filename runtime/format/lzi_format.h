/* lzi_format.h: how bytes are laid out in a shard (see FORMAT.md).
 *
 * Trailer of the file, and the encoding of values: varints, strings, lists.
 *
 * Threads: no shared state. Fork: no constraint.
 * Memory:  slices are borrowed from whatever they were read from; an
 *          lzi_buffer owns its bytes (free with lzi_buffer_free()). */
#ifndef LZI_FORMAT_H
#define LZI_FORMAT_H

#include "lzi_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LZI_FORMAT_VERSION 1u
#define LZI_PAGE_SIZE 4096u
#define LZI_TRAILER_SIZE 64u
#define LZI_SUFFIX ".lzi"
#define LZI_SIZE_MAX (UINT64_C(1) << 31) /**< Size of a shard, in bytes. */
#define LZI_NAME_MAX 255u /**< Longest name used as a key, in bytes. */
#define LZI_KEY_MAX 256u  /**< A name and the letter of its table. */

/** Bytes that belong to somebody else; not NUL-terminated. */
typedef struct {
    const char *data;
    size_t size; /**< bytes */
} lzi_slice;

lzi_slice lzi_slice_of(const char *text); /* text: NUL-terminated */
bool lzi_slice_equal(lzi_slice a, lzi_slice b);
/** Order by bytes, which for UTF-8 is code point order. */
int lzi_slice_compare(lzi_slice a, lzi_slice b);

/** Whether Python can have a string of it. */
bool lzi_is_utf8(lzi_slice text);

/** Whether a path stays inside the directory it is relative to, whatever is
 * there: no component is empty, "." or "..", and there is no NUL. */
bool lzi_is_inside(lzi_slice path);
/** The same for the name of a file in that directory: no slash either. */
bool lzi_is_file_name(lzi_slice name);

/* -- Trailer -------------------------------------------------------------- */

typedef struct {
    uint64_t body_size; /**< Bytes of the LMDB image before the trailer. */
    uint32_t page_size; /**< Of the LMDB image. */
    uint8_t digest[16]; /**< XXH3-128 of the image, canonical form. */
} lzi_trailer;

void lzi_trailer_encode(uint8_t out[LZI_TRAILER_SIZE],
                        const lzi_trailer *trailer);

/** Decode and check a trailer.
 *
 * @return LZI_OK; LZI_E_FORMAT: no shard, or the trailer is damaged;
 *         LZI_E_VERSION: another format version, word size or byte order. */
lzi_status lzi_trailer_decode(lzi_trailer *out,
                              const uint8_t data[LZI_TRAILER_SIZE],
                              lzi_error *error);

/* -- Reading values ------------------------------------------------------- */

/** A position in a value. A read past the end, or of a wrong encoding, sets
 * `bad`, returns zero or an empty slice, and so does every later read:
 * check `bad` once, at the end. */
typedef struct {
    const uint8_t *at, *end;
    bool bad;
} lzi_cursor;

lzi_cursor lzi_cursor_of(lzi_slice value);
uint64_t lzi_read_varint(lzi_cursor *cursor);
/** A varint that must be below 2^31; for counts and indices. */
uint32_t lzi_read_count(lzi_cursor *cursor);
lzi_slice lzi_read_string(lzi_cursor *cursor);
/** The next @p size bytes. */
lzi_slice lzi_read_bytes(lzi_cursor *cursor, size_t size);

/** Whether all of a value was read, and well: it ends exactly where its last
 * field does. @return LZI_OK or LZI_E_FORMAT. */
lzi_status lzi_cursor_end(const lzi_cursor *cursor);

/** A list of strings inside a value; iterate with lzi_list_next(). */
typedef struct {
    uint32_t count;
    lzi_cursor cursor;
} lzi_list;

/** Read a list and step over it. Its elements have been checked. */
lzi_list lzi_read_list(lzi_cursor *cursor);
/** Take the next string. @return false at the end. */
bool lzi_list_next(lzi_list *list, lzi_slice *out);

/* -- Writing values ------------------------------------------------------- */

/** Bytes that grow. Zero-initialise. `failed` is set when memory ran out;
 * later writes do nothing: check it once, at the end. */
typedef struct {
    uint8_t *data;
    size_t size, capacity;
    bool failed;
} lzi_buffer;

void lzi_buffer_free(lzi_buffer *buffer); /* leaves it empty; NULL is fine */
void lzi_put_bytes(lzi_buffer *buffer, const void *data, size_t size);
void lzi_put_varint(lzi_buffer *buffer, uint64_t value);
void lzi_put_string(lzi_buffer *buffer, lzi_slice text);

/* -- Name filter ---------------------------------------------------------- */

/* A Bloom filter over the names of a shard, so that a miss costs
 * nanoseconds. Two bits a name out of a power of two of bits >= 16 a name. */

uint64_t lzi_name_hash(lzi_slice name); /* XXH3-64 */
/** Bytes of a filter for @p names names: a power of two, at least 8. */
size_t lzi_filter_size(size_t names);
void lzi_filter_add(uint8_t *filter, size_t size, uint64_t hash);
bool lzi_filter_has(const uint8_t *filter, size_t size, uint64_t hash);

#ifdef __cplusplus
}
#endif

#endif
