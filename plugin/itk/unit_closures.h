/* unit_closures.h: what each unit of a package needs, in the order in which
 * it is loaded, for programs to read. */
#ifndef LZI_UNIT_CLOSURES_H
#define LZI_UNIT_CLOSURES_H

#include "base/diag.h"
#include "lzi_itk_index.h"

#include <stdio.h>

/** Print a line for each unit: all that it needs, and itself at the end, in
 * load order, with blanks between. One that lacks something is reported, and
 * has no line.
 * @return false: an error was reported. */
bool lzi_print_closures(FILE *out, const lzi_index *index, lzi_diag *diag);

#endif
