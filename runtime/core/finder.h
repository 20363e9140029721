/* finder.h: package objects, which are finders on sys.meta_path. */
#ifndef LZI_FINDER_H
#define LZI_FINDER_H

#include "core/package.h"

extern PyType_Spec package_spec;

/** A package that is being imported from a directory, with its index open.
 * @return new */
package_object *package_new(module_state *state, PyObject *module,
                            PyObject *directory);

#endif
