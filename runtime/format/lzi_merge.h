/* lzi_merge.h: the shards of a package, read as one index.
 *
 * Threads, fork, memory: lazyindex.h says it. */
#ifndef LZI_MERGE_H
#define LZI_MERGE_H

#include "lzi_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lzi_index lzi_index;

/** Open every *.lzi in a directory.
 *
 * @param[out] out   Owned by caller (close with lzi_index_close()); NULL
 *                   unless LZI_OK.
 * @param[out] error Filled unless LZI_OK; names the file; may be NULL.
 * @return LZI_OK; LZI_NOT_FOUND: no shard there; LZI_E_FORMAT: also where
 *         shards belong to different packages; LZI_E_IO, LZI_E_NOMEM,
 *         LZI_E_VERSION, LZI_E_STORE. */
LZI_API lzi_status lzi_index_open(lzi_index **out, const char *directory,
                                  lzi_error *error);

/** Close all shards; accepts NULL. */
LZI_API void lzi_index_close(lzi_index *index);

/** @return How many shards there are; at least one. */
LZI_API size_t lzi_index_count(const lzi_index *index);

/** @param i Below lzi_index_count().
 * @return Borrowed; sorted by file name. */
LZI_API const lzi_reader *lzi_index_reader(const lzi_index *index, size_t i);

/** Note that a part of the package is left out, because its files are gone.
 * What the records say is not changed by it: who reads them asks whether they
 * speak of such a part.
 *
 * @param part Borrowed from a shard of the index.
 * @return LZI_OK, LZI_E_NOMEM. */
LZI_API lzi_status lzi_index_hide(lzi_index *index, lzi_slice part);

/** @return Whether that was noted. */
LZI_API bool lzi_index_hides(const lzi_index *index, lzi_slice part);

/** Find a record in whichever shard has it.
 *
 * @param[out] out    Its value, borrowed; untouched unless LZI_OK.
 * @param[out] reader The shard; untouched likewise; may be NULL.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_STORE. */
LZI_API lzi_status lzi_index_get(lzi_slice *out, const lzi_reader **reader,
                                 const lzi_index *index, char table,
                                 lzi_slice name);

/* -- Names of attributes -------------------------------------------------- */

/** The name of an attribute that is looked up, in any number of tables: its
 * hash is taken, and the filters of the shards are asked, once for all. */
typedef struct {
    lzi_slice name;  /**< Borrowed. */
    uint64_t hash;   /**< lzi_name_hash() */
    uint64_t shards; /**< Those that may have it: bit i is for the i-th, the
                          last bit for all that follow, too. 0: none has. */
} lzi_lookup;

/** @param name Borrowed for as long as the lookup is used.
 * @return Good for this index only. */
LZI_API lzi_lookup lzi_index_lookup(const lzi_index *index, lzi_slice name);

/** The next shard that may have the name.
 *
 * @param[in,out] i Where to go on from; 0 at first.
 * @return Borrowed; NULL: there are no more. */
LZI_API const lzi_reader *lzi_lookup_next(const lzi_lookup *lookup,
                                          const lzi_index *index, size_t *i);

/** lzi_index_get() of a table for which lzi_table_is_filtered() holds.
 *
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_STORE. */
LZI_API lzi_status lzi_index_find(lzi_slice *out, const lzi_reader **reader,
                                  const lzi_index *index, char table,
                                  const lzi_lookup *lookup);

#ifdef __cplusplus
}
#endif

#endif
