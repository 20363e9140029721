/* itk_loading.h: how names, modules and everything are loaded. */
#ifndef LZI_ITK_LOADING_H
#define LZI_ITK_LOADING_H

#include "itk/itk.h"

/** Load a public name for a candidate: units, factories, object. What fails
 * tells where the name comes from. */
PyObject *itk_load_name(package_object *self, lzi_slice name,
                        const lzi_candidate *candidate,
                        const lzi_reader *reader);
/** Register the factories that are due, then load_units(). */
int itk_load(package_object *self, lzi_slice what, PyObject *units);
/** The units of a candidate, the same way. */
int itk_load_units(package_object *self, lzi_slice name,
                   const lzi_candidate *candidate, const lzi_reader *reader);
/** Load all units of modules (list of str). */
int itk_load_all_units(package_object *self, PyObject *modules);
/** Load all of a module and of the modules below it.
 * @param values dict to fill with their public names, or NULL. */
int itk_load_module(package_object *self, lzi_slice module, PyObject *values);
/** Load and bind everything: force_load(). */
int itk_load_everything(package_object *self);
/** What itkTemplate._LoadModules does, by unit: load_owners(template, own).
 */
PyObject *itk_load_owners(PyObject *op, PyObject *arguments);

/** Load a module that no shard describes, then register the factories that
 * are due. @return new: dict of its public objects */
PyObject *itk_load_unindexed(package_object *self, PyObject *module);
/** The object of a name of such a module. @param module NULL: of whichever is
 * its owner. @return NULL without an error: of none, or the index knows better
 */
PyObject *itk_get_unindexed(package_object *self, PyObject *module,
                            PyObject *name, const lzi_lookup *text);

#endif
