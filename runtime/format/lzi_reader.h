/* lzi_reader.h: read-only access to one shard (see FORMAT.md).
 *
 * Threads: immutable after open, but for LMDB's scratch: one thread at a
 *          time may call (in the extension, the one that holds the GIL).
 * Fork:    a reader stays usable in the child: the file is opened without
 *          LMDB's lock file and never written, so nothing is tied to a
 *          process.
 * Memory:  slices point into the map and die with the reader. */
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
 * @param[out] out   Owned by caller (close with lzi_reader_close()).
 * @param[in] path   File; copied.
 * @param[out] error Filled on failure; may be NULL.
 * @return LZI_OK; LZI_E_IO, LZI_E_FORMAT, LZI_E_VERSION, LZI_E_NOMEM or
 *         LZI_E_STORE, with @p out NULL. */
lzi_status lzi_reader_open(lzi_reader **out, const char *path,
                           lzi_error *error);

/** Close; accepts NULL, keeps errno. */
void lzi_reader_close(lzi_reader *reader);

/** Unmap the pages that were read so far: the kernel maps those around them,
 * too, megabytes of a file that was just written. Slices stay good: what is
 * asked for comes back. For the end of a start; costs microseconds. */
void lzi_reader_forget(const lzi_reader *reader);

/** Borrowed; as given to lzi_reader_open(). */
const char *lzi_reader_path(const lzi_reader *reader);

/** Borrowed; decoded at open. */
const lzi_meta *lzi_reader_meta(const lzi_reader *reader);

/** Size of the file, in bytes. */
uint64_t lzi_reader_size(const lzi_reader *reader);

/** Find a record.
 *
 * @param[out] out  Borrowed; untouched unless LZI_OK.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_STORE. */
lzi_status lzi_reader_get(lzi_slice *out, const lzi_reader *reader, char table,
                          lzi_slice name);

/** Whether a name, eager name or module may be in the shard: false is certain,
 * true is wrong once in about 70 times. @param hash lzi_name_hash() of the
 * name. */
bool lzi_reader_may_have(const lzi_reader *reader, uint64_t hash);

/** Called for each record. Anything but LZI_OK ends the walk. */
typedef lzi_status lzi_visit(void *context, lzi_slice name, lzi_slice value);

/** Walk a table in the order of its keys (bytes).
 *
 * @return LZI_OK, what @p visit returned, or LZI_E_STORE. */
lzi_status lzi_reader_each(const lzi_reader *reader, char table,
                           lzi_visit *visit, void *context);

#ifdef __cplusplus
}
#endif

#endif
