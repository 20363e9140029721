/* itk_factories.h: which object factories of C++ are due. */
#ifndef LZI_ITK_FACTORIES_H
#define LZI_ITK_FACTORIES_H

#include "itk/itk.h"

/** Note that names of a module are in use: ITK would have loaded it and all
 * modules below. Makes factories due; loads nothing. */
int itk_use_module(package_object *self, lzi_slice module);
/** The same for the factories that a module itself needs: all of some groups.
 */
int itk_use_groups(package_object *self, lzi_slice module);
/** Load and register the factories that are due. */
int itk_register_due(package_object *self);

#endif
