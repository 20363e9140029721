/* soft_edges.h: units a unit needs but does not import.
 *
 * SWIG wants a proxy class registered for each type that C++ returns, and
 * itkTemplate wants the class of each template parameter. Most are reached
 * by the imports written in the proxy; the rest are soft edges. */
#ifndef LZI_SOFT_EDGES_H
#define LZI_SOFT_EDGES_H

#include "itk_model.h"

/** Fill `soft` of every unit; imports, definitions, returns and the units of
 * tuples have to be there. Follows direct needs only: what a soft unit needs
 * in turn is in its own list. */
void lzi_soft_edges(lzi_itk_model *itk);

#endif
