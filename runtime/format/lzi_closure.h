/* lzi_closure.h: all that a unit needs, in the order in which to load it.
 *
 * A unit is whatever is loaded as a whole, and names what it needs: what it
 * imports, and what else has to be there. The order is that of a walk depth
 * first: a unit comes behind all that it needs, its imports before the rest,
 * each in the order of its record. In a circle, the unit that was met first
 * comes last.
 *
 *     lzi_closure *closure = lzi_closure_new(find_needs, NULL, index);
 *     lzi_status status = closure == NULL ? LZI_E_NOMEM
 *                                         : lzi_closure_add(closure, unit);
 *     for (size_t i = 0; status == LZI_OK && i < lzi_closure_count(closure);
 *          i++) {
 *         load(lzi_closure_unit(closure, i));
 *     }
 *     lzi_closure_free(closure);
 *
 * Depth is bounded by memory only: there is no recursion.
 *
 * Threads, fork, memory: lazyindex.h says it. */
#ifndef LZI_CLOSURE_H
#define LZI_CLOSURE_H

#include "lzi_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a unit needs. */
typedef struct {
    lzi_list imports; /**< Without these, it cannot be loaded. */
    lzi_list soft;    /**< These, too, as far as the index has them. */
} lzi_needs;

/** Find what a unit needs.
 *
 * @param[out] out Borrowed, for as long as the closure is used.
 * @return LZI_OK; LZI_NOT_FOUND: the index does not have the unit; anything
 *         else ends the walk. */
typedef lzi_status lzi_find_needs(void *context, lzi_slice unit,
                                  lzi_needs *out);

/** @return Whether a unit, and all that it needs, is loaded. */
typedef bool lzi_is_loaded(void *context, lzi_slice unit);

typedef struct lzi_closure lzi_closure;

/** @param is_loaded NULL: nothing is.
 * @param context   Borrowed; handed to both.
 * @return Owned by caller (free with lzi_closure_free()); NULL: out of
 *         memory. */
LZI_API lzi_closure *lzi_closure_new(lzi_find_needs *find,
                                     lzi_is_loaded *is_loaded, void *context);

/** Put a unit, and all that it needs, behind what is there, but for what is
 * there or loaded.
 *
 * @param unit Borrowed, for as long as the closure is used.
 * @return LZI_OK; LZI_NOT_FOUND: the index has not the unit, or not one that
 *         is imported; LZI_E_NOMEM; what @p find returned. But for LZI_OK,
 *         the closure is good for lzi_closure_culprit() only. */
LZI_API lzi_status lzi_closure_add(lzi_closure *closure, lzi_slice unit);

/** @return How many units there are to load. */
LZI_API size_t lzi_closure_count(const lzi_closure *closure);

/** @param i Below lzi_closure_count().
 * @return Borrowed, from the index or from who added it. */
LZI_API lzi_slice lzi_closure_unit(const lzi_closure *closure, size_t i);

/** @return The unit at which lzi_closure_add() failed; borrowed likewise. */
LZI_API lzi_slice lzi_closure_culprit(const lzi_closure *closure);

/** Accepts NULL. */
LZI_API void lzi_closure_free(lzi_closure *closure);

#ifdef __cplusplus
}
#endif

#endif
