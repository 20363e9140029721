/* package_hooks.c: `__getattr__`, `__dir__` and pickling of the package and
 * of its submodules. */
#include "package.h"

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

static bool
may_have(const lzi_index *index, lzi_slice name)
{
    uint64_t hash = lzi_name_hash(name);
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        if (lzi_reader_may_have(lzi_index_reader(index, i), hash)) {
            return true;
        }
    }
    return false;
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
    /* Stock has imported all of the support layer by now. */
    if (itk_import_config(package) < 0 ||
        (eager->attribute.size == 0 && itk_prepare(package) < 0)) {
        return NULL;
    }
    PyObject *module = str_of_slice(eager->module);
    PyObject *value =
        module == NULL ? NULL : import_member(module, eager->attribute);
    Py_XDECREF(module);
    return value;
}

/* A name that the stock __init__ imports from the support layer. */
static PyObject *
load_eager(package_object *package, const lzi_eager *eager)
{
    gc_pause(package->state);
    PyObject *value = import_eager(package, eager);
    gc_resume(package->state);
    return value;
}

static PyObject *
load_submodule(package_object *package, lzi_slice name)
{
    PyObject *full = member_name(package, "", name, "");
    PyObject *module =
        full == NULL ? NULL : import_member(full, (lzi_slice){"", 0});
    Py_XDECREF(full);
    return module;
}

void
note_origin(package_object *package, lzi_slice name,
            const lzi_candidate *candidate, const lzi_reader *reader)
{
    PyObject *type, *error, *traceback, *note, *done;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    PyObject *text = str_of_slice(name);
    PyObject *module = str_of_slice(candidate->module);
    PyObject *distribution =
        str_of_slice(lzi_reader_meta(reader)->distribution);
    note = text == NULL || module == NULL || distribution == NULL
               ? NULL
               : PyUnicode_FromFormat(
                     "while loading '%U' of module %U (distribution %U, "
                     "shard %s); to check the files: lazyindex verify %U",
                     text, module, distribution, lzi_reader_path(reader),
                     package->directory);
    Py_XDECREF(text);
    Py_XDECREF(module);
    Py_XDECREF(distribution);
    done = note == NULL ? NULL
                        : PyObject_CallMethod(error, "add_note", "O", note);
    Py_XDECREF(note);
    Py_XDECREF(done);
    PyErr_Clear(); /* the original error matters, a failed note does not */
    PyErr_Restore(type, error, traceback);
}

static PyObject *
load_public(namespace_object *self, lzi_slice name,
            const lzi_candidate *candidate, const lzi_reader *reader)
{
    PyObject *value = itk_load_name(self->package, name, candidate);
    if (value == NULL) {
        note_origin(self->package, name, candidate, reader);
    }
    return value;
}

/* Names that the index knows. @return NULL without an error: no such name. */
static PyObject *
load_from_package(namespace_object *self, lzi_slice name)
{
    package_object *package = self->package;
    lzi_candidate candidate;
    const lzi_reader *reader;
    lzi_slice value;
    lzi_status status =
        lzi_index_owner(&candidate, &reader, package->index, name);
    if (status == LZI_OK) {
        return load_public(self, name, &candidate, reader);
    }
    if (status == LZI_NOT_FOUND) {
        status =
            lzi_index_get(&value, NULL, package->index, LZI_TABLE_EAGER, name);
        if (status == LZI_OK) {
            lzi_eager eager;
            status = lzi_eager_decode(&eager, value);
            if (status == LZI_OK) {
                return load_eager(package, &eager);
            }
        }
    }
    if (status != LZI_OK && status != LZI_NOT_FOUND) {
        raise_status(package, status, "a record of a name");
    }
    return NULL;
}

/* The same for `itk.<Module>`, whose names are its own module's only. */
static PyObject *
load_from_module(namespace_object *self, lzi_slice name)
{
    package_object *package = self->package;
    lzi_slice module = slice_of_str(self->module_name), value;
    lzi_candidate candidate;
    const lzi_reader *reader;
    lzi_status status =
        lzi_index_candidate(&candidate, package->index, module, name);
    if (status == LZI_OK) {
        status = lzi_index_get(&value, &reader, package->index,
                               LZI_TABLE_MODULE, module);
    }
    if (status == LZI_OK) {
        return load_public(self, name, &candidate, reader);
    }
    if (status != LZI_NOT_FOUND) {
        raise_status(package, status, "a record of a name");
    }
    return NULL;
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
    return bound == NULL ? LZI_E_STORE : LZI_OK;
}

/* `from itk import *` asks for __all__, then takes what is bound: that must
 * be the names that stock binds at import. */
static int
bind_all_eager(namespace_object *self)
{
    return each_record(self->package, LZI_TABLE_EAGER, bind_eager, self,
                       "a record of a support name");
}

/* Stock binds modules last: before a template of the same name. */
static bool
is_module(package_object *package, PyObject *name, lzi_slice text,
          bool may_be_indexed)
{
    return (may_be_indexed && package_has(package, LZI_TABLE_MODULE, text) &&
            !lzi_index_hides(package->index, text)) ||
           unindexed_names(package, name) != NULL;
}

/* A submodule that is loaded and not bound: Python binds one to its package
 * after it has told other threads that it is ready.
 * @return new; NULL without an error: none is ready */
static PyObject *
find_unbound(package_object *package, lzi_slice name)
{
    PyObject *full = member_name(package, "", name, "");
    PyObject *module = full == NULL ? NULL : PyImport_GetModule(full);
    Py_XDECREF(full);
    if (module == NULL) {
        return NULL;
    }
    PyObject *spec = PyObject_GetAttrString(module, "__spec__");
    PyObject *flag =
        spec == NULL ? NULL : PyObject_GetAttrString(spec, "_initializing");
    int busy = flag == NULL ? 0 : PyObject_IsTrue(flag);
    Py_XDECREF(flag);
    Py_XDECREF(spec);
    PyErr_Clear(); /* a module need not have either */
    if (busy != 0) {
        Py_CLEAR(module);
    }
    return module;
}

static PyObject *
get_attribute(namespace_object *self, PyObject *name)
{
    lzi_slice text;
    if (slice_of_name(name, &text) < 0) {
        return NULL;
    }
    bool is_package = self->module_name == NULL;
    if (is_package && lzi_slice_equal(text, lzi_slice_of("__all__")) &&
        bind_all_eager(self) < 0) {
        return NULL;
    }
    bool special =
        is_dunder(text) && !lzi_slice_equal(text, lzi_slice_of("__version__"));
    bool may_be_indexed = !special && may_have(self->package->index, text);
    PyObject *value = NULL;
    if (is_package && is_module(self->package, name, text, may_be_indexed)) {
        value = load_submodule(self->package, text);
    }
    else if (!special) {
        value = unindexed_get(self->package, self->module_name, name, text);
    }
    if (value == NULL && !PyErr_Occurred() && may_be_indexed) {
        value = is_package ? load_from_package(self, text)
                           : load_from_module(self, text);
    }
    if (value == NULL && !PyErr_Occurred() && is_package && text.size > 0 &&
        text.data[0] != '_' && memchr(text.data, '.', text.size) == NULL) {
        value = find_unbound(self->package, text);
    }
    if (value == NULL && !PyErr_Occurred()) {
        if (!is_package || !lzi_slice_equal(text, lzi_slice_of("swig"))) {
            return raise_missing(self, name);
        }
        value = itk_raw_names(self->package);
    }
    return bind(self, name, value);
}

static PyObject *
namespace_getattr(PyObject *op, PyObject *name)
{
    return namespace_call(op, name, get_attribute);
}

/* -- dir() ---------------------------------------------------------------- */

typedef struct {
    const lzi_index *index;
    PyObject *names; /* dict used as a set */
} name_set;

static lzi_status
add_name(name_set *set, lzi_slice name)
{
    PyObject *text = str_of_slice(name);
    int rc = text == NULL ? -1 : PyDict_SetItem(set->names, text, Py_None);
    Py_XDECREF(text);
    return rc < 0 ? LZI_E_NOMEM : LZI_OK;
}

static lzi_status
add_key(void *context, lzi_slice name, lzi_slice value)
{
    (void)value;
    return add_name(context, name);
}

static lzi_status
add_visible(void *context, lzi_slice name, lzi_slice value)
{
    name_set *set = context;
    lzi_cursor cursor = lzi_cursor_of(value);
    for (uint32_t count = lzi_read_count(&cursor); count > 0; count--) {
        lzi_candidate candidate;
        if (lzi_candidate_decode(&candidate, &cursor) != LZI_OK) {
            return LZI_E_FORMAT;
        }
        if (!lzi_index_hides(set->index, candidate.module)) {
            return add_name(set, name);
        }
    }
    return LZI_OK;
}

static lzi_status
add_module(void *context, lzi_slice name, lzi_slice value)
{
    (void)value;
    return lzi_index_hides(((name_set *)context)->index, name)
               ? LZI_OK
               : add_name(context, name);
}

/* All names of the package that the index knows: collected once. */
static int
collect_names(package_object *package)
{
    name_set set = {package->index, PyDict_New()};
    int rc = set.names == NULL ? -1 : 0;
    static const struct {
        char table;
        lzi_visit *visit;
    } tables[] = {{LZI_TABLE_NAME, add_visible},
                  {LZI_TABLE_EAGER, add_key},
                  {LZI_TABLE_MODULE, add_module}};
    for (size_t t = 0; rc == 0 && t < 3; t++) {
        rc = each_record(package, tables[t].table, tables[t].visit, &set,
                         "the records of the names");
    }
    if (rc == 0 && package->unindexed.loader != NULL) {
        rc = PyDict_Update(set.names, package->unindexed.owners) < 0 ||
                     PyDict_Update(set.names, package->unindexed.modules) < 0
                 ? -1
                 : 0;
    }
    PyObject *list = rc < 0 ? NULL : PyDict_Keys(set.names);
    if (list == NULL || PyList_Sort(list) < 0) {
        Py_XDECREF(list);
        Py_XDECREF(set.names);
        return -1;
    }
    Py_XDECREF(package->names);
    Py_XDECREF(package->name_set);
    package->names = list;
    package->name_set = set.names;
    return 0;
}

PyObject *
package_names(package_object *package)
{
    return package->names == NULL && collect_names(package) < 0
               ? NULL
               : Py_NewRef(package->names);
}

/* The names of a module, as a dict used as a set. */
static PyObject *
names_of_module(namespace_object *self)
{
    lzi_module module;
    PyObject *unindexed = unindexed_names(self->package, self->module_name);
    if (unindexed != NULL || PyErr_Occurred()) {
        return Py_XNewRef(unindexed);
    }
    name_set set = {self->package->index, PyDict_New()};
    lzi_slice name;
    if (set.names == NULL ||
        find_module(self->package, slice_of_str(self->module_name), &module) <
            0) {
        Py_XDECREF(set.names);
        return NULL;
    }
    while (lzi_list_next(&module.names, &name)) {
        if (add_name(&set, name) != LZI_OK) {
            Py_DECREF(set.names);
            return NULL;
        }
    }
    return set.names;
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
        known = names_of_module(self);
        list = known == NULL ? NULL : PyDict_Keys(known);
    }
    else if (package->names != NULL || collect_names(package) == 0) {
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

int
namespace_bind(package_object *package, PyObject *module,
               PyObject *module_name, PyMethodDef *methods)
{
    PyTypeObject *type = package->state->namespace_type;
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
