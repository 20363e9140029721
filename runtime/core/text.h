/* text.h: strings, modules and attributes between Python and the index.
 *
 * References are new unless said otherwise. Threads: under the GIL. */
#ifndef LZI_TEXT_H
#define LZI_TEXT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "lzi_format.h"

/** The UTF-8 of a str; borrowed from it. Size 0 and an error set: failed. */
lzi_slice slice_of_str(PyObject *text);

/** The same of a name that somebody looks up. Empty where it has lone
 * surrogates: nobody has such a name. @return -1: error set, not a str. */
int slice_of_name(PyObject *name, lzi_slice *out);

/** The same of a key of somebody's dict. Empty: no str, or no UTF-8. */
int slice_of_key(PyObject *key, lzi_slice *out);

PyObject *str_of_slice(lzi_slice slice);

/** The strings of a list record, as a Python list. */
PyObject *list_of_strings(lzi_list strings);

/** Append one, or all, to a Python list. @return -1: error set */
int append_string(PyObject *list, lzi_slice item);
int append_strings(PyObject *list, lzi_list strings);

/** Borrowed. @return NULL: error set, not a module. */
PyObject *module_dict(PyObject *module);

/** An item of a dict. (PyDict_GetItemString() hides what goes wrong.)
 * @return borrowed; NULL without an error: there is none. */
PyObject *get_item(PyObject *dict, const char *key);

/** An attribute. @return new; NULL without an error: there is none. */
PyObject *get_attribute_if_any(PyObject *object, const char *name);

/** `from name import attribute`; without one, the module itself. */
PyObject *import_member(PyObject *name, lzi_slice attribute);

/** Import a module for what that does. @param full Stolen; NULL: an error is
 * set. @return -1: error set */
int import_named(PyObject *full);

/** Whether no thread is importing a module any more. @return -1: error set */
int is_module_ready(PyObject *module);

/** A module of sys.modules that is ready.
 * @return new; NULL without an error: there is none. */
PyObject *find_ready_module(PyObject *full);

#endif
