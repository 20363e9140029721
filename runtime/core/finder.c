/* finder.c: a package object, which is a finder on sys.meta_path: how it is
 * opened, finds and ends. */
#include "core/finder.h"

#include "core/collector.h"
#include "core/import_guard.h"
#include "core/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- Opening -------------------------------------------------------------- */

/* @return -1: error set, the path is too long */
static int
path_in(char *out, size_t size, const char *directory, const char *name)
{
    if (snprintf(out, size, "%s/%s", directory, name) < (int)size) {
        return 0;
    }
    PyErr_SetString(PyExc_ImportError, "path too long");
    return -1;
}

static int
open_shards(package_object *self, const char *path)
{
    lzi_error error;
    lzi_status status = lzi_index_open(&self->index, path, &error);
    if (status == LZI_E_NOMEM) {
        PyErr_NoMemory();
        return -1;
    }
    if (status != LZI_OK) {
        /* Not as it is: a path in it may be cut, or not be UTF-8. */
        PyErr_Format(self->module_state->format_error, "%s", error.text);
        return -1;
    }
    return 0;
}

/* The profile that the shards name. */
static int
find_profile(package_object *self, const char *path)
{
    const lzi_meta *meta = lzi_reader_meta(lzi_index_reader(self->index, 0));
    if (lzi_slice_equal(meta->package, slice_of_str(self->name))) {
        for (size_t i = 0; lzi_profiles[i] != NULL; i++) {
            lzi_slice name = lzi_slice_of(lzi_profiles[i]->name);
            if (lzi_slice_equal(meta->profile, name)) {
                self->profile = lzi_profiles[i];
                self->state = calloc(1, self->profile->state_size);
                return self->state == NULL ? (PyErr_NoMemory(), -1) : 0;
            }
        }
    }
    PyErr_Format(self->module_state->format_error,
                 "%s has shards of another package or profile", path);
    return -1;
}

/* What the package itself has, its helpers among it, is in the shard that
 * describes its __init__. Without that one, names would be missing. */
static int
check_init(package_object *self, const char *path)
{
    lzi_slice value;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_FILE,
                      lzi_slice_of("__init__.py"));
    if (status == LZI_NOT_FOUND) {
        PyErr_Format(self->module_state->format_error,
                     "no shard in %s describes the package's own __init__",
                     path);
        return -1;
    }
    return status == LZI_OK ? 0 : raise_status(self, status, "a file");
}

static int
open_index(package_object *self, const char *directory)
{
    char path[4096];
    if (path_in(path, sizeof(path), directory, "_lazyindex") < 0 ||
        open_shards(self, path) < 0 || find_profile(self, path) < 0 ||
        check_init(self, path) < 0 ||
        self->profile->open(self, directory) < 0) {
        return -1;
    }
    for (size_t i = 0; i < lzi_index_count(self->index); i++) {
        lzi_reader_forget(lzi_index_reader(self->index, i));
    }
    return 0;
}

package_object *
package_new(module_state *state, PyObject *module, PyObject *directory)
{
    allocfunc alloc =
        (allocfunc)PyType_GetSlot(state->package_type, Py_tp_alloc);
    package_object *self = (package_object *)alloc(state->package_type, 0);
    PyObject *bytes = NULL;
    int rc = -1;
    if (self == NULL) {
        return NULL;
    }
    self->module_state = state;
    self->module = Py_NewRef(module);
    self->directory = Py_NewRef(directory);
    self->name = PyModule_GetNameObject(module);
    if (self->name == NULL) {
        goto done;
    }
    self->units = PyDict_New();
    if (self->units == NULL) {
        goto done;
    }
    bytes = PyUnicode_EncodeFSDefault(directory);
    if (bytes == NULL) {
        goto done;
    }
    rc = open_index(self, PyBytes_AsString(bytes));
done:
    Py_XDECREF(bytes);
    if (rc < 0) {
        Py_CLEAR(self);
    }
    return self;
}

/* -- Finder --------------------------------------------------------------- */

static PyObject *
find_spec(PyObject *op, PyObject *arguments)
{
    package_object *self = (package_object *)op;
    PyObject *fullname, *path = NULL, *target = NULL;
    if (!PyArg_ParseTuple(arguments, "U|OO:find_spec", &fullname, &path,
                          &target)) {
        return NULL;
    }
    lzi_slice full, package;
    if (slice_of_name(fullname, &full) < 0 ||
        slice_of_name(self->name, &package) < 0) {
        return NULL;
    }
    PyObject *guard = guard_spec(fullname);
    if (guard != NULL || PyErr_Occurred()) {
        return guard;
    }
    if (full.size <= package.size + 1 || full.data[package.size] != '.' ||
        memcmp(full.data, package.data, package.size) != 0) {
        return Py_NewRef(Py_None);
    }
    if (gc_note_load(self->module_state) < 0) {
        return NULL;
    }
    lzi_slice tail = {full.data + package.size + 1,
                      full.size - package.size - 1};
    return self->profile->find_spec(self, fullname, tail);
}

/* -- The type ------------------------------------------------------------- */

static int
package_traverse(PyObject *op, visitproc visit, void *arg)
{
    package_object *self = (package_object *)op;
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->module);
    Py_VISIT(self->units);
    Py_VISIT(self->names);
    Py_VISIT(self->name_set);
    return self->state == NULL ? 0 : self->profile->traverse(self, visit, arg);
}

static int
package_clear(PyObject *op)
{
    package_object *self = (package_object *)op;
    Py_CLEAR(self->module);
    Py_CLEAR(self->units);
    Py_CLEAR(self->names);
    Py_CLEAR(self->name_set);
    if (self->state != NULL) {
        self->profile->clear(self);
    }
    return 0;
}

static void
package_dealloc(PyObject *op)
{
    package_object *self = (package_object *)op;
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    package_clear(op);
    free(self->state);
    Py_CLEAR(self->name);
    Py_CLEAR(self->directory);
    lzi_index_close(self->index);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(op);
    Py_DECREF(type);
}

static PyMethodDef package_methods[] = {
    {"find_spec", find_spec, METH_VARARGS,
     PyDoc_STR("find_spec(fullname, path=None, target=None)\n\n"
               "Spec of a module of the package that is made in a way of its "
               "own; else None.")},
    {NULL, NULL, 0, NULL}};

static PyType_Slot package_slots[] = {
    {Py_tp_doc, "Finder and index of a package made lazy by LazyIndex."},
    {Py_tp_dealloc, package_dealloc},
    {Py_tp_traverse, package_traverse},
    {Py_tp_clear, package_clear},
    {Py_tp_methods, package_methods},
    {0, NULL}};

PyType_Spec package_spec = {.name = "_lazyindex.Package",
                            .basicsize = sizeof(package_object),
                            .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
                                     Py_TPFLAGS_IMMUTABLETYPE |
                                     Py_TPFLAGS_DISALLOW_INSTANTIATION,
                            .slots = package_slots};
