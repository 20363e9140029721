/* lzi_reader.h: read-only access to one shard (see FORMAT.md).
 *
 * Threads, fork, memory: lazyindex.h says it. */
#ifndef LZI_READER_H
#define LZI_READER_H

#include "lzi_record.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lzi_reader lzi_reader;

/** Open a shard: checks trailer, length, digest and the structure of the
 * LMDB image, then maps the file.
 *
 * @param[out] out   Owned by caller (close with lzi_reader_close()); NULL
 *                   unless LZI_OK.
 * @param[in] path   File; copied.
 * @param[out] error Filled unless LZI_OK; may be NULL.
 * @return LZI_OK, LZI_E_IO, LZI_E_NOMEM, LZI_E_FORMAT, LZI_E_VERSION,
 *         LZI_E_STORE. */
LZI_API lzi_status lzi_reader_open(lzi_reader **out, const char *path,
                                   lzi_error *error);

/** Close; accepts NULL, keeps errno. */
LZI_API void lzi_reader_close(lzi_reader *reader);

/** Unmap the pages that were read so far: the kernel maps those around them,
 * too, megabytes of a file that was just written. Slices stay good: what is
 * asked for comes back. For the end of a start; costs microseconds. */
LZI_API void lzi_reader_forget(const lzi_reader *reader);

/** @return Borrowed; as given to lzi_reader_open(). */
LZI_API const char *lzi_reader_path(const lzi_reader *reader);

/** @return Borrowed; decoded at open. */
LZI_API const lzi_meta *lzi_reader_meta(const lzi_reader *reader);

/** @return Size of the file, in bytes. */
LZI_API uint64_t lzi_reader_size(const lzi_reader *reader);

/** Find a record.
 *
 * @param[out] out Its value, borrowed; untouched unless LZI_OK.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_STORE. */
LZI_API lzi_status lzi_reader_get(lzi_slice *out, const lzi_reader *reader,
                                  char table, lzi_slice name);

/** Whether the name of an attribute may be in the shard, in one of the tables
 * for which lzi_table_is_filtered() holds.
 *
 * @param hash lzi_name_hash() of it.
 * @return false is certain, true is wrong once in about 70 times. */
LZI_API bool lzi_reader_may_have(const lzi_reader *reader, uint64_t hash);

/** Called for each record; both slices are borrowed from the shard.
 *
 * @return LZI_OK: go on. Anything else ends the walk. */
typedef lzi_status lzi_visit(void *context, lzi_slice name, lzi_slice value);

/** Walk a table in the order of its names (bytes).
 *
 * @return LZI_OK; what @p visit returned; LZI_E_NOMEM, LZI_E_STORE. */
LZI_API lzi_status lzi_reader_each(const lzi_reader *reader, char table,
                                   lzi_visit *visit, void *context);

#ifdef __cplusplus
}
#endif

#endif
