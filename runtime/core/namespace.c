/* namespace.c: `__getattr__`, `__dir__` and pickling of the package and of
 * its submodules. */
#include "core/namespace.h"

#include "core/collector.h"
#include "core/profile.h"

#include <string.h>

/* -- Misses --------------------------------------------------------------- */

static PyObject *
raise_missing(namespace_object *self, PyObject *name)
{
    if (self->module_name == NULL) {
        return PyErr_Format(PyExc_AttributeError,
                            "module '%U' has no attribute '%U'",
                            self->package->name, name);
    }
    return PyErr_Format(PyExc_AttributeError,
                        "module '%U.%U' has no attribute '%U'",
                        self->package->name, self->module_name, name);
}

static bool
is_dunder(lzi_slice name)
{
    return name.size > 4 && memcmp(name.data, "__", 2) == 0 &&
           memcmp(name.data + name.size - 2, "__", 2) == 0;
}

/* -- Hits ----------------------------------------------------------------- */

/* Bind a value unless a racing thread has: all must see one object. */
static PyObject *
bind(namespace_object *self, PyObject *name, PyObject *value)
{
    if (value == NULL) {
        return NULL;
    }
    PyObject *dict = module_dict(self->module);
    PyObject *bound =
        dict == NULL ? NULL : PyDict_GetItemWithError(dict, name);
    if (bound != NULL) {
        Py_INCREF(bound);
        Py_DECREF(value);
        return bound;
    }
    if (PyErr_Occurred() || PyDict_SetItem(dict, name, value) < 0) {
        Py_CLEAR(value);
    }
    return value;
}

static PyObject *
import_eager(package_object *package, const lzi_eager *eager)
{
    /* From itself a name would be looked up for ever. */
    if (lzi_slice_equal(eager->module, slice_of_str(package->name))) {
        raise_status(package, LZI_E_FORMAT, "a record of a support name");
        return NULL;
    }
    if (package->profile->prepare_import(package, eager->attribute.size == 0) <
        0) {
        return NULL;
    }
    PyObject *module = str_of_slice(eager->module);
    PyObject *value =
        module == NULL ? NULL : import_member(module, eager->attribute);
    Py_XDECREF(module);
    return value;
}

/* A name that the package's own __init__ imports from elsewhere. */
static PyObject *
load_eager(package_object *package, const lzi_eager *eager)
{
    gc_pause(package->module_state);
    PyObject *value = import_eager(package, eager);
    gc_resume(package->module_state);
    return value;
}

PyObject *
load_submodule(package_object *package, lzi_slice name)
{
    PyObject *full = member_name(package, "", name, "");
    PyObject *module =
        full == NULL ? NULL : import_member(full, (lzi_slice){"", 0});
    Py_XDECREF(full);
    return module;
}

/* @return NULL without an error: no such name */
static PyObject *
get_eager(package_object *package, const lzi_lookup *name)
{
    lzi_eager eager;
    lzi_slice value;
    lzi_status status =
        lzi_index_find(&value, NULL, package->index, LZI_TABLE_EAGER, name);
    if (status == LZI_NOT_FOUND) {
        return NULL;
    }
    if (status == LZI_OK) {
        status = lzi_eager_decode(&eager, value);
    }
    if (status != LZI_OK) {
        raise_status(package, status, "a record of a name");
        return NULL;
    }
    return load_eager(package, &eager);
}

static lzi_status
bind_eager(void *context, lzi_slice name, lzi_slice value)
{
    namespace_object *self = context;
    lzi_eager eager;
    if (lzi_eager_decode(&eager, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    PyObject *key = str_of_slice(name);
    PyObject *bound = key == NULL
                          ? NULL
                          : bind(self, key, load_eager(self->package, &eager));
    Py_XDECREF(key);
    Py_XDECREF(bound);
    return bound == NULL ? LZI_E_CALLBACK : LZI_OK;
}

/* `from package import *` asks for __all__, then takes what is bound: that
 * must be the names that the package itself binds at import. */
static int
bind_all_eager(namespace_object *self)
{
    return each_record(self->package, LZI_TABLE_EAGER, bind_eager, self,
                       "a record of a support name");
}

/* A submodule that is loaded and not bound: Python binds one to its package
 * after it has told other threads that it is ready.
 * @return new; NULL without an error: none is ready */
static PyObject *
find_unbound(package_object *package, lzi_slice name)
{
    if (name.size == 0 || name.data[0] == '_' ||
        memchr(name.data, '.', name.size) != NULL) {
        return NULL;
    }
    PyObject *full = member_name(package, "", name, "");
    PyObject *module = full == NULL ? NULL : find_ready_module(full);
    Py_XDECREF(full);
    return module;
}

/* @return NULL without an error: nobody has such a name */
static PyObject *
find_value(namespace_object *self, PyObject *name, lzi_slice text)
{
    package_object *package = self->package;
    bool special =
        is_dunder(text) && !lzi_slice_equal(text, lzi_slice_of("__version__"));
    lzi_lookup lookup = {.name = text};
    PyObject *value = NULL;
    if (!special) {
        lookup = lzi_index_lookup(package->index, text);
        value = package->profile->get(self, name, &lookup);
    }
    if (self->module_name != NULL || value != NULL || PyErr_Occurred()) {
        return value;
    }
    if (lookup.shards != 0) {
        value = get_eager(package, &lookup);
    }
    return value != NULL || PyErr_Occurred() ? value
                                             : find_unbound(package, text);
}

static PyObject *
get_attribute(namespace_object *self, PyObject *name)
{
    lzi_slice text;
    if (slice_of_name(name, &text) < 0) {
        return NULL;
    }
    if (self->module_name == NULL &&
        lzi_slice_equal(text, lzi_slice_of("__all__")) &&
        bind_all_eager(self) < 0) {
        return NULL;
    }
    PyObject *value = find_value(self, name, text);
    if (value == NULL) {
        return PyErr_Occurred() ? NULL : raise_missing(self, name);
    }
    return bind(self, name, value);
}

static PyObject *
namespace_getattr(PyObject *op, PyObject *name)
{
    return namespace_call(op, name, get_attribute);
}

/* -- dir() ---------------------------------------------------------------- */

static int
add_name(void *context, lzi_slice name)
{
    PyObject *names = context; /* dict used as a set */
    PyObject *text = str_of_slice(name);
    int rc = text == NULL ? -1 : PyDict_SetItem(names, text, Py_None);
    Py_XDECREF(text);
    return rc;
}

static lzi_status
add_key(void *context, lzi_slice name, lzi_slice value)
{
    (void)value;
    return add_name(context, name) < 0 ? LZI_E_CALLBACK : LZI_OK;
}

/* The names of a namespace, as a dict used as a set. */
static PyObject *
collect_names(namespace_object *self)
{
    package_object *package = self->package;
    PyObject *names = PyDict_New();
    if (names == NULL ||
        package->profile->each_name(self, add_name, names) < 0 ||
        (self->module_name == NULL &&
         each_record(package, LZI_TABLE_EAGER, add_key, names,
                     "the records of the names") < 0)) {
        Py_CLEAR(names);
    }
    return names;
}

/* Those of the package, unless they are still the same. */
static int
collect_package_names(package_object *package)
{
    namespace_object root = {.package = package, .module = package->module};
    PyObject *names = NULL, *list = NULL;
    Py_ssize_t version = package->profile->names_version(package);
    if (package->names != NULL && package->names_version == version) {
        return 0;
    }
    names = collect_names(&root);
    if (names == NULL) {
        return -1;
    }
    list = PyDict_Keys(names);
    if (list == NULL || PyList_Sort(list) < 0) {
        Py_XDECREF(list);
        Py_DECREF(names);
        return -1;
    }
    PyObject *old_list = package->names, *old_names = package->name_set;
    package->names = list;
    package->name_set = names;
    package->names_version = version;
    Py_XDECREF(old_list);
    Py_XDECREF(old_names);
    return 0;
}

PyObject *
package_names(package_object *package)
{
    return collect_package_names(package) < 0 ? NULL
                                              : Py_NewRef(package->names);
}

/* Names that are bound go behind the sorted ones: few, as a rule, so that the
 * sort of dir() has next to nothing to do. */
static PyObject *
namespace_dir(PyObject *op, PyObject *unused)
{
    namespace_object *self = (namespace_object *)op;
    package_object *package = self->package;
    PyObject *list = NULL, *known = NULL;
    (void)unused;
    if (self->module_name != NULL) {
        known = collect_names(self);
        list = known == NULL ? NULL : PyDict_Keys(known);
    }
    else if (collect_package_names(package) == 0) {
        known = Py_NewRef(package->name_set);
        list = PyList_GetSlice(package->names, 0, PY_SSIZE_T_MAX);
    }
    PyObject *dict = list == NULL ? NULL : module_dict(self->module);
    PyObject *bound = dict == NULL ? NULL : PyDict_Keys(dict);
    int rc = bound == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(bound); i++) {
        PyObject *key = PyList_GetItem(bound, i); /* borrowed */
        int has = PyDict_Contains(known, key);
        rc = has < 0 || (has == 0 && PyList_Append(list, key) < 0) ? -1 : 0;
    }
    Py_XDECREF(known);
    Py_XDECREF(bound);
    if (rc < 0) {
        Py_CLEAR(list);
    }
    return list;
}

/* -- Pickling ------------------------------------------------------------- */

/* By name, so that a module keeps its identity wherever it is unpickled. */
static PyObject *
namespace_reduce_ex(PyObject *op, PyObject *protocol)
{
    namespace_object *self = (namespace_object *)op;
    (void)protocol;
    PyObject *importlib = PyImport_ImportModule("importlib");
    PyObject *function =
        importlib == NULL ? NULL
                          : PyObject_GetAttrString(importlib, "import_module");
    PyObject *name =
        function == NULL ? NULL : PyModule_GetNameObject(self->module);
    PyObject *result =
        name == NULL ? NULL : Py_BuildValue("(O(O))", function, name);
    Py_XDECREF(importlib);
    Py_XDECREF(function);
    Py_XDECREF(name);
    return result;
}

/* -- The type ------------------------------------------------------------- */

static int
namespace_traverse(PyObject *op, visitproc visit, void *arg)
{
    namespace_object *self = (namespace_object *)op;
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->package);
    Py_VISIT(self->module);
    return 0;
}

static int
namespace_clear(PyObject *op)
{
    namespace_object *self = (namespace_object *)op;
    Py_CLEAR(self->package);
    Py_CLEAR(self->module);
    return 0;
}

static void
namespace_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    namespace_clear(op);
    Py_CLEAR(((namespace_object *)op)->module_name);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(op);
    Py_DECREF(type);
}

static PyMethodDef namespace_methods[] = {
    {"__getattr__", namespace_getattr, METH_O,
     PyDoc_STR("__getattr__(name)\n\nLoad a name and bind it.")},
    {"__dir__", namespace_dir, METH_NOARGS,
     PyDoc_STR("__dir__()\n\nNames bound or known; loads nothing.")},
    {"__reduce_ex__", namespace_reduce_ex, METH_O,
     PyDoc_STR("__reduce_ex__(protocol)\n\nPickle by name.")},
    {NULL, NULL, 0, NULL}};

static PyType_Slot namespace_slots[] = {
    {Py_tp_doc, "Lazy attributes of a module."},
    {Py_tp_dealloc, namespace_dealloc},
    {Py_tp_traverse, namespace_traverse},
    {Py_tp_clear, namespace_clear},
    {0, NULL}};

PyType_Spec namespace_spec = {
    .name = "_lazyindex.Namespace",
    .basicsize = sizeof(namespace_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = namespace_slots};

int
namespace_attach(package_object *package, PyObject *module,
                 PyObject *module_name)
{
    return namespace_bind(package, module, module_name, namespace_methods);
}

void
namespace_detach(PyObject *module)
{
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyObject *dict = PyModule_GetDict(module); /* borrowed */
    for (PyMethodDef *hook = namespace_methods; hook->ml_name != NULL;
         hook++) {
        PyDict_DelItemString(dict, hook->ml_name);
        PyErr_Clear(); /* it need not be there */
    }
    PyErr_Restore(type, error, traceback);
}

int
namespace_bind(package_object *package, PyObject *module,
               PyObject *module_name, PyMethodDef *methods)
{
    PyTypeObject *type = package->module_state->namespace_type;
    PyObject *dict = module_dict(module);
    if (dict == NULL) {
        return -1;
    }
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    namespace_object *self = (namespace_object *)alloc(type, 0);
    if (self == NULL) {
        return -1;
    }
    self->package = (package_object *)Py_NewRef((PyObject *)package);
    self->module = Py_NewRef(module);
    self->module_name = Py_XNewRef(module_name);
    int rc = 0;
    for (PyMethodDef *method = methods; rc == 0 && method->ml_name != NULL;
         method++) {
        PyObject *hook = PyCFunction_New(method, (PyObject *)self);
        rc = hook == NULL ? -1
                          : PyDict_SetItemString(dict, method->ml_name, hook);
        Py_XDECREF(hook);
    }
    Py_DECREF(self);
    return rc;
}

PyObject *
namespace_call(PyObject *op, PyObject *name,
               PyObject *body(namespace_object *, PyObject *))
{
    Py_INCREF(op);
    PyObject *value = body((namespace_object *)op, name);
    Py_DECREF(op);
    return value;
}
