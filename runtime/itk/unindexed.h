/* unindexed.h: modules that no shard describes. */
#ifndef LZI_UNINDEXED_H
#define LZI_UNINDEXED_H

#include "itk/itk.h"

/** Read the tables of modules (list of str) that no shard describes. */
int unindexed_survey(package_object *self, PyObject *modules);
/** Public names of such a module. @return borrowed dict; NULL without an
 * error: not such a module */
PyObject *unindexed_names(package_object *self, PyObject *module);
/** The same by a slice. @return 1: it is such a module; -1: error set */
int is_unindexed(package_object *self, lzi_slice module);
/** Load such a module. @return new: dict of its public objects */
PyObject *unindexed_objects(package_object *self, PyObject *module);
/** Which of such modules provides a name.
 * @return new; NULL without an error: none, or the index knows better */
PyObject *unindexed_owner(package_object *self, PyObject *name,
                          const lzi_lookup *text);
/** Those that have a name. @return new list */
PyObject *unindexed_with_name(package_object *self, PyObject *name);

#endif
