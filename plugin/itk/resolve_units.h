/* resolve_units.h: which unit defines what the tables of a module declare. */
#ifndef LZI_RESOLVE_UNITS_H
#define LZI_RESOLVE_UNITS_H

#include "itk_model.h"

/** Set `unit` of every tuple, factory and function.
 *
 * A tuple or factory without a unit is an error at the line of its table. A
 * class that several units of a module define (std::list<> in itk-ultrasound)
 * is that of the last, which is what the module's name has in stock.
 * @return false: reported. */
bool lzi_resolve_units(lzi_itk_model *itk, lzi_diag *diag);

#endif
