/* itk_units.h: what a unit needs, and how units come into the package. */
#ifndef LZI_ITK_UNITS_H
#define LZI_ITK_UNITS_H

#include "itk/itk.h"

/* For the profile's table (core/profile.h). */
lzi_status itk_needs(package_object *self, lzi_slice unit, lzi_needs *out);
lzi_slice itk_module_of_unit(package_object *self, lzi_slice unit);
/** Import units, tell ImportCallback of their modules, and register their
 * templates. */
int itk_import_units(package_object *self, PyObject *units);

#endif
