/* lzi_merge.h: the shards of a package, read as one index.
 *
 * Threads, fork, memory: as lzi_reader.h. */
#ifndef LZI_MERGE_H
#define LZI_MERGE_H

#include "lzi_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lzi_index lzi_index;

/** Open every *.lzi in a directory.
 *
 * @param[out] out Owned by caller (close with lzi_index_close()).
 * @return LZI_OK; LZI_NOT_FOUND: no shard there; LZI_E_FORMAT: also when
 *         shards belong to different packages; or what lzi_reader_open()
 * returns. @p error names the file. */
lzi_status lzi_index_open(lzi_index **out, const char *directory,
                          lzi_error *error);

void lzi_index_close(lzi_index *index); /* accepts NULL */

size_t lzi_index_count(const lzi_index *index);
/** Borrowed; @p i below lzi_index_count(); sorted by file name. */
const lzi_reader *lzi_index_reader(const lzi_index *index, size_t i);

/** Leave a module's names out of all answers about names, because its files
 * are gone. @param[in] module Borrowed from a shard of the index. */
lzi_status lzi_index_hide(lzi_index *index, lzi_slice module);
bool lzi_index_hides(const lzi_index *index, lzi_slice module);

/** Find a record in whichever shard has it.
 *
 * @param[out] reader The shard; may be NULL. */
lzi_status lzi_index_get(lzi_slice *out, const lzi_reader **reader,
                         const lzi_index *index, char table, lzi_slice name);

/** Whether a module that has a public name is its owner rather than another
 * candidate, by the rule of lzi_index_owner(). */
bool lzi_owner_precedes(lzi_slice module, bool in_module,
                        const lzi_candidate *other);

/** Who provides a public name, by the rule of ITK's package: the last
 * module, sorted by bytes, that has it with class_in_module True; else the
 * first module that has it at all.
 *
 * @param[out] out     Borrowed; untouched unless LZI_OK.
 * @param[out] reader  Shard of the owner; may be NULL.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_FORMAT, LZI_E_STORE. */
lzi_status lzi_index_owner(lzi_candidate *out, const lzi_reader **reader,
                           const lzi_index *index, lzi_slice name);

typedef lzi_status lzi_visit_candidate(void *context,
                                       const lzi_candidate *candidate,
                                       const lzi_reader *reader);

/** All modules that have a public name, in no particular order. */
lzi_status lzi_index_candidates(const lzi_index *index, lzi_slice name,
                                lzi_visit_candidate *visit, void *context);

/** The candidate of one module. @return as lzi_index_owner(). */
lzi_status lzi_index_candidate(lzi_candidate *out, const lzi_index *index,
                               lzi_slice module, lzi_slice name);

/** Sum of lzi_name_hash() over the modules of all shards: differs from the
 * sum over the tables in Configuration/ when a module is missing on either
 * side, or described twice. */
uint64_t lzi_index_module_sum(const lzi_index *index);

#ifdef __cplusplus
}
#endif

#endif
