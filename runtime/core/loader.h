/* loader.h: loaders of modules that a profile makes in ways of its own. */
#ifndef LZI_LOADER_H
#define LZI_LOADER_H

#include "core/package.h"

typedef struct loader_object loader_object;

/** A way to make a module. */
typedef struct {
    /** The module object; NULL: an ordinary one will do. @return new */
    PyObject *(*create)(loader_object *self, PyObject *spec);
    int (*execute)(loader_object *self, PyObject *module);
} loading_way;

struct loader_object {
    PyObject_HEAD
    package_object *package;
    PyObject *name; /* what it is about, as loading_spec() was told */
    const loading_way *way;
    bool has_file;
};

extern PyType_Spec loader_spec;

/** The spec of a module that is made in a way of ours.
 *
 * @param name For loader_object.name.
 * @param file From the package's directory; size 0: there is none.
 * @param must_exist None for a file that is not there: the import system's
 *                   own finders know what to say, or find it elsewhere.
 * @return new */
PyObject *loading_spec(package_object *package, PyObject *fullname,
                       const loading_way *way, lzi_slice name, lzi_slice file,
                       bool must_exist);

/** CPython's own loader of extensions, for a spec of ours with a file.
 * @return new */
PyObject *extension_loader(PyObject *spec);

#endif
