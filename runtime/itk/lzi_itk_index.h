/* lzi_itk_index.h: an index of the profile "itk": who provides a public name.
 *
 * Threads, fork, memory: lazyindex.h says it. */
#ifndef LZI_ITK_INDEX_H
#define LZI_ITK_INDEX_H

#include "lzi_closure.h"
#include "lzi_itk_record.h"
#include "lzi_merge.h"

#ifdef __cplusplus
extern "C" {
#endif

/** @return Whether a module that has a public name is its owner rather than
 *         another candidate, by the rule of lzi_index_owner(). */
LZI_API bool lzi_owner_precedes(lzi_slice module, bool in_module,
                                const lzi_candidate *other);

/** Who provides a public name, by the rule of ITK's package: the last
 * module, sorted by bytes, that has it with class_in_module True; else the
 * first module that has it at all.
 *
 * @param[out] out    Borrowed; untouched unless LZI_OK.
 * @param[out] reader Shard of the owner; untouched likewise; may be NULL.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_FORMAT, LZI_E_STORE. */
LZI_API lzi_status lzi_index_owner(lzi_candidate *out,
                                   const lzi_reader **reader,
                                   const lzi_index *index,
                                   const lzi_lookup *name);

/** Called for each module; all is borrowed from the shard.
 *
 * @return LZI_OK: go on. Anything else ends the walk. */
typedef lzi_status lzi_visit_candidate(void *context,
                                       const lzi_candidate *candidate,
                                       const lzi_reader *reader);

/** All modules that have a public name and are not hidden, in no particular
 * order.
 *
 * @return LZI_OK, also where there are none; what @p visit returned;
 *         LZI_E_FORMAT, LZI_E_STORE. */
LZI_API lzi_status lzi_index_candidates(const lzi_index *index,
                                        const lzi_lookup *name,
                                        lzi_visit_candidate *visit,
                                        void *context);

/** The candidate of one module.
 *
 * @param[out] out    Borrowed; untouched unless LZI_OK.
 * @param[out] reader Its shard; untouched likewise; may be NULL.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_FORMAT, LZI_E_STORE. */
LZI_API lzi_status lzi_index_candidate(lzi_candidate *out,
                                       const lzi_reader **reader,
                                       const lzi_index *index,
                                       lzi_slice module,
                                       const lzi_lookup *name);

/** What a unit needs, for lzi_closure_new().
 *
 * @param index A const lzi_index.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_FORMAT, LZI_E_STORE. */
LZI_API lzi_status lzi_itk_unit_needs(void *index, lzi_slice unit,
                                      lzi_needs *out);

/** What has to be there for all of a module: those it depends on, as far as
 * they are there.
 *
 * @param index A const lzi_index.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_FORMAT, LZI_E_STORE. */
LZI_API lzi_status lzi_itk_module_needs(void *index, lzi_slice module,
                                        lzi_needs *out);

/** What a shard has.
 *
 * @param[out] out Borrowed; means something only with LZI_OK.
 * @return LZI_OK; LZI_E_FORMAT: also where that record is missing;
 *         LZI_E_STORE. */
LZI_API lzi_status lzi_itk_contents(lzi_contents *out,
                                    const lzi_reader *reader);

/** Add up the sums of the modules of all shards: differs from the sum over the
 * tables in Configuration/ when a module is missing on either side, or
 * described twice.
 *
 * @return LZI_OK, LZI_E_FORMAT, LZI_E_STORE. */
LZI_API lzi_status lzi_itk_module_sum(uint64_t *out, const lzi_index *index);

#ifdef __cplusplus
}
#endif

#endif
