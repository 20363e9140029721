/* lzi_set.h: a set of names, which keeps their order.
 *
 * Threads: one at a time may change a set.
 * Fork:    no state but the set.
 * Memory:  names are borrowed, and must stay as long as the set; zeroed, a
 *          set is empty and owns nothing (free with lzi_set_free()). */
#ifndef LZI_SET_H
#define LZI_SET_H

#include "lzi_format.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    lzi_slice *names; /**< In the order in which they came. */
    size_t count;
    size_t capacity; /* private, with what follows: a power of two, or 0 */
    uint32_t *slots; /* twice as many; index in `names` + 1, or 0 */
} lzi_set;

/** Add a name, unless the set has it.
 *
 * @param[out] added Whether it is new; may be NULL.
 * @return LZI_OK; LZI_E_NOMEM, with the set as it was. */
lzi_status lzi_set_add(lzi_set *set, lzi_slice name, bool *added);

bool lzi_set_has(const lzi_set *set, lzi_slice name);

/** Leave it empty. */
void lzi_set_free(lzi_set *set);

#ifdef __cplusplus
}
#endif

#endif
