/* aggregator.h: `itk.ITKCommonPython`, which gathers a module's units. */
#ifndef LZI_AGGREGATOR_H
#define LZI_AGGREGATOR_H

#include "core/loader.h"
#include "itk/itk.h"

extern const loading_way aggregator_way; /* one without a body */
extern const loading_way body_way;       /* one whose body is free */

/** Whether it is a unit that stands for the body of an aggregator which needs
 * neither library nor units to be executed. */
bool aggregator_is_free(package_object *self, lzi_slice unit);

#endif
