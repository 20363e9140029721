/* swig_casts.h: which casts there are to each of SWIG's types.
 *
 * Threads: under the GIL. Memory: owned by the process; zeroed, it is empty.
 */
#ifndef LZI_SWIG_CASTS_H
#define LZI_SWIG_CASTS_H

#include "itk/swig_runtime.h"

#include <stdbool.h>

typedef struct {
    struct swig_cast_entry *slots; /* private */
    size_t size, capacity;         /* entries; a power of two, or 0 */
} swig_casts;

/** Whether a type has a cast from another one, by name. */
bool swig_casts_have(const swig_casts *self, const swig_type *type,
                     const char *name);

/** Note a cast. @return false: out of memory */
bool swig_casts_add(swig_casts *self, const swig_type *type,
                    const swig_cast *cast);

/** Note the casts of all types of a table that are in their lists.
 * @return false: out of memory */
bool swig_casts_add_all(swig_casts *self, const swig_table *table);

#endif
