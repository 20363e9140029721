/* aggregator.c: `itk.ITKCommonPython`, the module that gathers the units of a
 * module.
 *
 * The real ones import the aggregators of all modules below and all units of
 * their own: everything. Ours do the latter when a name is asked for. Those
 * with a body, definitions of their own, are executed; one that is free, for
 * it uses no name of a unit, is executed without importing them. */
#include "itk/aggregator.h"

#include "core/collector.h"
#include "core/namespace.h"
#include "core/source_runner.h"
#include "core/units.h"

#include <string.h>

static const char ENDING[] = "Python";

bool
aggregator_is_free(package_object *self, lzi_slice unit_name)
{
    const size_t ending = sizeof(ENDING) - 1;
    lzi_unit unit;
    lzi_module module;
    lzi_slice none;
    if (unit_name.size <= ending) {
        return false;
    }
    lzi_slice name = {unit_name.data, unit_name.size - ending};
    if (!package_has(self, LZI_TABLE_MODULE, name) ||
        !package_has(self, LZI_TABLE_UNIT, unit_name)) {
        return false;
    }
    if (find_unit(self, unit_name, &unit) < 0 ||
        find_module(self, name, &module) < 0) {
        if (PyErr_ExceptionMatches(self->module_state->format_error)) {
            PyErr_Clear(); /* told to whoever loads it */
        }
        return false;
    }
    return module.has_body && !lzi_list_next(&unit.imports, &none);
}

/* -- Names of units ------------------------------------------------------- */

static int
copy_public(PyObject *from, PyObject *target)
{
    PyObject *source = module_dict(from); /* borrowed */
    PyObject *copy = source == NULL ? NULL : PyDict_Copy(source);
    PyObject *key, *value;
    Py_ssize_t at = 0;
    int rc = copy == NULL ? -1 : 0;
    /* Of the copy: a key of the user's may be a str with code of its own. */
    while (rc == 0 && PyDict_Next(copy, &at, &key, &value)) {
        lzi_slice name;
        rc = slice_of_key(key, &name);
        if (rc == 0 && name.size > 0 && name.data[0] != '_') {
            rc = PyDict_SetItem(target, key, value);
        }
    }
    Py_XDECREF(copy);
    return rc;
}

/* What a body defines stands behind its imports. */
static int
fill_aggregator(namespace_object *self, PyObject *dict)
{
    lzi_module module;
    lzi_slice unit;
    if (find_module(self->package, slice_of_str(self->module_name), &module) <
        0) {
        return -1;
    }
    PyObject *names = PyDict_New();
    int rc = names == NULL ? -1 : 0;
    while (rc == 0 && lzi_list_next(&module.units, &unit)) {
        PyObject *loaded = unit_module(self->package, unit);
        rc = loaded == NULL ? -1 : copy_public(loaded, names);
        Py_XDECREF(loaded);
    }
    if (rc == 0) {
        rc = PyDict_Merge(dict, names, !module.has_body);
    }
    Py_XDECREF(names);
    return rc;
}

/* `_ITKCommonPython`, as an aggregator's attribute. */
static PyObject *
library_attribute(PyObject *module_name)
{
    return PyUnicode_FromFormat("_%U%s", module_name, ENDING);
}

/* The aggregator imports its library, too. */
static int
bind_library(namespace_object *self, PyObject *dict, PyObject *name)
{
    PyObject *attribute = library_attribute(self->module_name);
    int rc = attribute == NULL ? -1 : 0;
    if (rc == 0 && PyUnicode_Compare(attribute, name) == 0) {
        PyObject *full =
            PyUnicode_FromFormat("%U.%U", self->package->name, name);
        PyObject *library = full == NULL ? NULL : PyImport_Import(full);
        rc = library == NULL ? -1 : PyDict_SetItem(dict, name, library);
        Py_XDECREF(library);
        Py_XDECREF(full);
    }
    Py_XDECREF(attribute);
    return rc;
}

static PyObject *
get_aggregated(namespace_object *self, PyObject *name)
{
    lzi_slice text;
    PyObject *dict = module_dict(self->module), *value = NULL;
    if (dict == NULL || slice_of_name(name, &text) < 0) {
        return NULL;
    }
    bool public = lzi_slice_equal(text, lzi_slice_of("__all__")) ||
                  (text.size > 0 && text.data[0] != '_');
    gc_pause(self->package->module_state);
    int rc =
        public ? fill_aggregator(self, dict) : bind_library(self, dict, name);
    gc_resume(self->package->module_state);
    if (rc < 0) {
        return NULL;
    }
    value = PyDict_GetItemWithError(dict, name);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_Format(PyExc_AttributeError,
                     "module '%U.%UPython' has no attribute '%U'",
                     self->package->name, self->module_name, name);
    }
    return Py_XNewRef(value);
}

static PyObject *
aggregator_getattr(PyObject *op, PyObject *name)
{
    return namespace_call(op, name, get_aggregated);
}

static PyMethodDef aggregator_methods[] = {
    {"__getattr__", aggregator_getattr, METH_O,
     PyDoc_STR("__getattr__(name)\n\nImport the module's units.")},
    {NULL, NULL, 0, NULL}};

static int
aggregator_execute(loader_object *loader, PyObject *module)
{
    PyObject *swig = PyDict_New();
    int rc = swig == NULL ? -1 : PyObject_SetAttrString(module, "swig", swig);
    Py_XDECREF(swig);
    return rc < 0 ? -1
                  : namespace_bind(loader->package, module, loader->name,
                                   aggregator_methods);
}

const loading_way aggregator_way = {NULL, aggregator_execute};

/* -- Bodies --------------------------------------------------------------- */

/* An empty module, in the place of one that a body would import. */
static PyObject *
make_stand_in(PyObject *name, PyObject *attribute)
{
    PyObject *all = PyTuple_New(0);
    PyObject *module = all == NULL ? NULL : PyModule_NewObject(name);
    if (module != NULL &&
        (PyObject_SetAttrString(module, "__all__", all) < 0 ||
         PyObject_SetAttr(module, attribute, Py_None) < 0)) {
        Py_CLEAR(module);
    }
    Py_XDECREF(all);
    return module;
}

/* @return 1: it is `_ElastixPython`, in `itk.ElastixPython`; 0; -1 */
static int
is_library_of(PyObject *globals, PyObject *what)
{
    PyObject *own = get_item(globals, "__name__"); /* borrowed */
    lzi_slice full, name;
    if (own == NULL || slice_of_key(own, &full) < 0 ||
        slice_of_key(what, &name) < 0) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return name.size > 1 && name.size <= full.size &&
           full.data[full.size - name.size] == '.' &&
           memcmp(full.data + full.size - name.size + 1, name.data + 1,
                  name.size - 1) == 0;
}

/* The module that a body's import statement is for, if it can wait:
 * `from . import _ElastixPython`, `from itk.<unit> import *`.
 * @return NULL without an error: it is for something else */
static PyObject *
deferrable_module(package_object *self, PyObject *globals, PyObject *from,
                  PyObject *what)
{
    lzi_slice text, package;
    if (slice_of_name(from, &text) < 0 ||
        slice_of_name(self->name, &package) < 0) {
        return NULL;
    }
    if (text.size == 0) {
        return is_library_of(globals, what) > 0
                   ? PyUnicode_FromFormat("%U.%U", self->name, what)
                   : NULL;
    }
    bool is_unit = PyUnicode_CompareWithASCIIString(what, "*") == 0 &&
                   text.size > package.size + 1 &&
                   package_has(self, LZI_TABLE_UNIT,
                               (lzi_slice){text.data + package.size + 1,
                                           text.size - package.size - 1});
    return is_unit ? Py_NewRef(from) : NULL;
}

/* What is loaded already is imported as usual. */
static PyObject *
defer_import(package_object *self, PyObject *globals, PyObject *from,
             PyObject *names)
{
    if (!PyTuple_Check(names) || PyTuple_Size(names) != 1) {
        return NULL;
    }
    PyObject *what = PyTuple_GetItem(names, 0); /* borrowed */
    PyObject *full = deferrable_module(self, globals, from, what);
    PyObject *there = full == NULL ? NULL : PyImport_GetModule(full);
    PyObject *answer = NULL;
    if (full != NULL && there == NULL && !PyErr_Occurred()) {
        answer = make_stand_in(full, what);
    }
    Py_XDECREF(there);
    Py_XDECREF(full);
    return answer;
}

/* What a stand-in gave for the library. */
static int
forget_library(PyObject *module, PyObject *name)
{
    PyObject *dict = module_dict(module);
    PyObject *key = library_attribute(name);
    int rc = -1;
    if (dict != NULL && key != NULL) {
        PyObject *value = PyDict_GetItemWithError(dict, key);
        rc = value == Py_None ? PyDict_DelItem(dict, key)
                              : -(PyErr_Occurred() != NULL);
    }
    Py_XDECREF(key);
    return rc;
}

static int
body_execute(loader_object *loader, PyObject *module)
{
    PyObject *file = PyUnicode_FromFormat("%U%s.py", loader->name, ENDING);
    int rc = file == NULL
                 ? -1
                 : execute_with_imports(loader->package, module,
                                        slice_of_str(file).data, defer_import);
    Py_XDECREF(file);
    if (rc == 0) {
        rc = forget_library(module, loader->name);
    }
    return rc < 0 ? -1
                  : namespace_bind(loader->package, module, loader->name,
                                   aggregator_methods);
}

const loading_way body_way = {NULL, body_execute};
