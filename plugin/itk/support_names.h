/* support_names.h: the names a package's own __init__.py binds by importing.
 *
 * Follows, without running anything, module-level imports of __init__.py and
 * star-imports of modules in the same site directory (itkConfig.py,
 * itk/support/extras.py), their `__all__` included. */
#ifndef LZI_SUPPORT_NAMES_H
#define LZI_SUPPORT_NAMES_H

#include "scan/package_model.h"

/** Fill model->eager, sorted by name.
 *
 * A name that __init__.py also defines or assigns itself is left out, where
 * that comes after the import. What goes wrong is reported. */
void lzi_support_names(lzi_model *model, lzi_diag *diag);

#endif
