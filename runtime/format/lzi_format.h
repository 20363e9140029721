/* lzi_format.h: the values in a shard, and how to read them (see FORMAT.md).
 *
 * Threads, fork, memory: lazyindex.h says it. */
#ifndef LZI_FORMAT_H
#define LZI_FORMAT_H

#include "lzi_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LZI_FORMAT_VERSION 2u
#define LZI_PAGE_SIZE 4096u
#define LZI_SUFFIX ".lzi"
#define LZI_SIZE_MAX (UINT64_C(1) << 31) /**< Size of a shard, in bytes. */
#define LZI_NAME_MAX 255u /**< Longest name used as a key, in bytes. */
#define LZI_KEY_MAX 256u  /**< A name and the letter of its table. */

/* -- Bytes ---------------------------------------------------------------- */

/** Bytes that belong to somebody else; not NUL-terminated. */
typedef struct {
    const char *data;
    size_t size; /**< bytes */
} lzi_slice;

/** @param text NUL-terminated; borrowed.
 * @return Of its bytes, without the NUL. */
LZI_API lzi_slice lzi_slice_of(const char *text);

/** @return Whether they have the same bytes. */
LZI_API bool lzi_slice_equal(lzi_slice a, lzi_slice b);

/** Order by bytes, which for UTF-8 is the order of code points.
 *
 * @return Below, equal to or above 0: a is before, the same as or behind b. */
LZI_API int lzi_slice_compare(lzi_slice a, lzi_slice b);

/** @return Whether Python can have a string of it. */
LZI_API bool lzi_is_utf8(lzi_slice text);

/** @return Whether a path stays inside the directory it is relative to,
 *         whatever is there: no component is empty, "." or "..", and there is
 *         no NUL. */
LZI_API bool lzi_is_inside(lzi_slice path);

/** @return The same for the name of a file in that directory: no slash,
 *         either. */
LZI_API bool lzi_is_file_name(lzi_slice name);

/** @return XXH3-64 of a name; for lzi_reader_may_have(). */
LZI_API uint64_t lzi_name_hash(lzi_slice name);

/* -- Values --------------------------------------------------------------- */

/** A place in a value. A read past the end, or of a wrong encoding, sets
 * `bad`, returns zero or an empty slice, and so does every later read: check
 * `bad`, or lzi_cursor_end(), once, at the end. */
typedef struct {
    const uint8_t *at, *end;
    bool bad;
} lzi_cursor;

/** @param value Borrowed for as long as the cursor is used.
 * @return At its start. */
LZI_API lzi_cursor lzi_cursor_of(lzi_slice value);

/** @return The next number; 0: bad. */
LZI_API uint64_t lzi_read_varint(lzi_cursor *cursor);

/** @return The next number, which must be below 2^31; 0: bad. */
LZI_API uint32_t lzi_read_count(lzi_cursor *cursor);

/** @return The next 8 bytes, as a number; 0: bad. */
LZI_API uint64_t lzi_read_fixed64(lzi_cursor *cursor);

/** @return The next string, borrowed from the value; empty: bad. */
LZI_API lzi_slice lzi_read_string(lzi_cursor *cursor);

/** @return The next @p size bytes, borrowed from the value; empty: bad. */
LZI_API lzi_slice lzi_read_bytes(lzi_cursor *cursor, size_t size);

/** Whether all of a value was read, and well: it ends exactly where its last
 * field does.
 *
 * @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_cursor_end(const lzi_cursor *cursor);

/** A list of strings inside a value. A copy can be walked again. */
typedef struct {
    uint32_t count; /**< How many are left. */
    lzi_cursor cursor;
} lzi_list;

/** Read a list and step over it.
 *
 * @return Borrowed from the value; its strings have been checked. Empty: also
 *         where the cursor is bad. */
LZI_API lzi_list lzi_read_list(lzi_cursor *cursor);

/** Take the next string.
 *
 * @param[out] out Borrowed from the value; untouched at the end.
 * @return false at the end. */
LZI_API bool lzi_list_next(lzi_list *list, lzi_slice *out);

#ifdef __cplusplus
}
#endif

#endif
