/* resolve_units.h: which unit defines what the tables of a module declare. */
#ifndef LZI_RESOLVE_UNITS_H
#define LZI_RESOLVE_UNITS_H

#include "package_model.h"

/** Set `unit` of every tuple, factory and function.
 *
 * A tuple or factory without a unit, or a tuple with several, is an error at
 * the line of its table.
 * @return false: reported. */
bool lzi_resolve_units(lzi_model *model, lzi_diag *diag);

#endif
