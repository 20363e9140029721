/* units.h: which units a name needs, in which order. */
#ifndef LZI_UNITS_H
#define LZI_UNITS_H

#include "core/package.h"

/** Import units (list of str) and all they need, dependencies first.
 * @param what For whom; only told. */
int load_units(package_object *self, lzi_slice what, PyObject *units);

/** A unit's module, imported if need be. @return new */
PyObject *unit_module(package_object *self, lzi_slice unit);

/** Import one unit of the package. */
int import_unit(package_object *self, PyObject *unit);

#endif
