/* itk_registry.h: ITK's registries of template instantiations. */
#ifndef LZI_ITK_REGISTRY_H
#define LZI_ITK_REGISTRY_H

#include "itk/itk.h"

/** Register the tuples of units that were just imported (list of str). */
int itk_register_units(package_object *self, PyObject *units);
/** Put the instantiations of a template that units of a module registered in
 * table order, behind all others. */
int itk_order_template(package_object *self, lzi_slice name, lzi_slice module);
/** The same for all instantiations of a module in the two registries. */
int itk_order_names(package_object *self, lzi_slice module);
/* A registry or a template's table, as the dictionary that ITK has there: what
 * somebody looks for or puts into one of ours (itk_views.c) is loaded. */

int itk_set_item(package_object *self, PyObject *dict, PyObject *key,
                 PyObject *value);
int itk_move_to_end(package_object *self, PyObject *dict, PyObject *key);
/** Set all items of a dict. */
int itk_set_items(package_object *self, PyObject *dict, PyObject *from);

/** The itkTemplate of a C++ name, made if need be. */
PyObject *itk_ensure_template(package_object *self, lzi_slice cpp);
/** The object of a name: of a class, its units must be loaded. */
PyObject *itk_find_class(package_object *self, lzi_slice name,
                         const lzi_candidate *candidate);

#endif
