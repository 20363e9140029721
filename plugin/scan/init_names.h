/* init_names.h: the names a package's stock __init__.py binds by importing.
 *
 * Follows, without running anything, module-level imports of __init__.py and
 * star-imports of modules in the same site directory (pkg/helpers/extras.py),
 * their `__all__` included. */
#ifndef LZI_INIT_NAMES_H
#define LZI_INIT_NAMES_H

#include "model.h"

/** Fill model->eager, sorted by name.
 *
 * A name that __init__.py also defines or assigns itself is left out, where
 * that comes after the import. What goes wrong is reported.
 *
 * @param[in] packages Subpackages whose modules __init__.py imports, which
 *     binds their names as well; NULL at the end. */
void lzi_init_names(lzi_model *model, const char *const *packages,
                    lzi_diag *diag);

#endif
