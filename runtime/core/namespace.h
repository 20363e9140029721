/* namespace.h: the hooks that make a module object lazy. */
#ifndef LZI_NAMESPACE_H
#define LZI_NAMESPACE_H

#include "core/package.h"

extern PyType_Spec namespace_spec;

/** Give a module object `__getattr__`, `__dir__` and pickling by name.
 * @param name NULL: it is the package. */
int namespace_attach(package_object *package, PyObject *module,
                     PyObject *module_name);

/** Take them away again; an error that is set stays. */
void namespace_detach(PyObject *module);

/** Give a module object other hooks; they get a namespace_object as self. */
int namespace_bind(package_object *package, PyObject *module,
                   PyObject *module_name, PyMethodDef *methods);

/** Run a hook's body. A module only borrows its hooks while it calls them,
 * and a reload during a load, by another thread or a callback, takes them
 * away: hold on to what is served. */
PyObject *namespace_call(PyObject *op, PyObject *name,
                         PyObject *body(namespace_object *, PyObject *));

/** Import a submodule of the package. @return new */
PyObject *load_submodule(package_object *package, lzi_slice name);

/** All names of the package that the index knows: a sorted list. @return new
 */
PyObject *package_names(package_object *package);

#endif
