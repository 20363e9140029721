/* itk_base.c: the stand-in for the module itk.support.base.
 *
 * The original reads every Configuration table when it is imported, which
 * the support layer does all the time and hardly ever needs. Here it is
 * executed, in the same module, when something of it is first asked for; and
 * its functions that load modules are replaced by ours. */
#include "core/import_guard.h"
#include "core/namespace.h"
#include "core/source_runner.h"
#include "itk/itk_factories.h"
#include "itk/itk_loading.h"
#include "itk/itk_replacements.h"
#include "itk/unindexed.h"

/* -- Functions of ours ---------------------------------------------------- */

static package_object *
package_of(PyObject *op)
{
    return ((namespace_object *)op)->package;
}

static int
update(PyObject *values, PyObject *more)
{
    PyObject *done = PyObject_CallMethod(values, "update", "O", more);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

static PyObject *
base_load_swig_module(PyObject *op, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"name", "namespace", NULL};
    PyObject *name, *values = Py_None;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords,
                                     "U|O:itk_load_swig_module", names, &name,
                                     &values)) {
        return NULL;
    }
    lzi_slice text;
    package_object *self = package_of(op);
    if (slice_of_name(name, &text) < 0) {
        return NULL;
    }
    if (unindexed_names(self, name) != NULL) {
        PyObject *found = itk_load_unindexed(self, name);
        int rc = found == NULL       ? -1
                 : values == Py_None ? 0
                                     : update(values, found);
        Py_XDECREF(found);
        return rc < 0 ? NULL : Py_NewRef(Py_None);
    }
    if (!package_has(self, LZI_TABLE_MODULE, text)) {
        PyErr_SetObject(PyExc_KeyError, name); /* the original's error */
        return NULL;
    }
    int rc = itk_load_module(self, text, values == Py_None ? NULL : values);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
base_load_needed_factories(PyObject *op, PyObject *name)
{
    lzi_slice text;
    package_object *self = package_of(op);
    if (slice_of_name(name, &text) < 0) {
        return NULL;
    }
    int rc = 0;
    if (package_has(self, LZI_TABLE_MODULE, text)) {
        rc = itk_use_module(self, text);
        rc = rc < 0 ? -1 : itk_register_due(self);
    }
    else if (unindexed_names(self, name) != NULL) {
        rc = itk_use_groups(self, text); /* due once it is loaded */
    }
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef replacements[] = {
    {"itk_load_swig_module",
     (PyCFunction)(void (*)(void))base_load_swig_module,
     METH_VARARGS | METH_KEYWORDS,
     PyDoc_STR("itk_load_swig_module(name, namespace=None)\n\nLoad a module "
               "and all below it; put their public names into namespace.")},
    {"load_module_needed_factories", base_load_needed_factories, METH_O,
     PyDoc_STR("load_module_needed_factories(name)\n\nRegister the "
               "factories that a module makes due.")},
    {NULL, NULL, 0, NULL}};

/* -- The original --------------------------------------------------------- */

typedef struct {
    const lzi_index *index;
    PyObject *owners; /* dict: name -> set of modules */
} owner_table;

static lzi_status
add_owners(void *context, lzi_slice name, lzi_slice value)
{
    owner_table *table = context;
    lzi_cursor cursor = lzi_cursor_of(value);
    PyObject *key = str_of_slice(name);
    PyObject *set =
        key == NULL ? NULL : PyDict_GetItemWithError(table->owners, key);
    int rc = -1;
    if (set != NULL) {
        rc = 0;
    }
    else if (key != NULL && !PyErr_Occurred()) {
        set = PySet_New(NULL);
        rc = set == NULL ? -1 : PyDict_SetItem(table->owners, key, set);
        Py_XDECREF(set); /* the dict has it */
    }
    for (uint32_t count = lzi_read_count(&cursor); rc == 0 && count > 0;
         count--) {
        lzi_candidate candidate;
        if (lzi_candidate_decode(&candidate, &cursor) != LZI_OK) {
            Py_DECREF(key);
            return LZI_E_FORMAT;
        }
        if (!lzi_index_hides(table->index, candidate.module)) {
            PyObject *module = str_of_slice(candidate.module);
            rc = module == NULL ? -1 : PySet_Add(set, module);
            Py_XDECREF(module);
        }
    }
    Py_XDECREF(key);
    return rc < 0 ? LZI_E_CALLBACK : LZI_OK;
}

static int
fill_owners(package_object *self, PyObject *dict)
{
    owner_table table = {self->index,
                         get_item(dict, "itk_base_global_lazy_attributes")};
    if (table.owners == NULL || !PyDict_Check(table.owners)) {
        return PyErr_Occurred() ? -1 : 0; /* one that has no such table */
    }
    return each_record(self, LZI_TABLE_NAME, add_owners, &table,
                       "a record of a name");
}

static int
fill_module(package_object *package, namespace_object *self)
{
    if (execute_source(package, self->module, "support/base.py") < 0) {
        return -1;
    }
    PyObject *dict = module_dict(self->module);
    if (dict == NULL) {
        return -1;
    }
    PyObject *original = get_item(dict, replacements[0].ml_name);
    if (original == NULL
            ? PyErr_Occurred() != NULL
            : PyDict_SetItemString(dict, "__stock_load__", original) < 0) {
        return -1;
    }
    for (PyMethodDef *method = replacements; method->ml_name != NULL;
         method++) {
        PyObject *function = PyCFunction_New(method, (PyObject *)self);
        int rc = function == NULL
                     ? -1
                     : PyDict_SetItemString(dict, method->ml_name, function);
        Py_XDECREF(function);
        if (rc < 0) {
            return -1;
        }
    }
    return fill_owners(package, dict);
}

static int ensure_original(namespace_object *self);

/* Of the module, while it is being executed: names of it are there, and what
 * they stand for is not complete. The thread that executes it sees them. */
static PyObject *
unfinished_getattr(PyObject *module, PyObject *name)
{
    getattrofunc plain =
        (getattrofunc)PyType_GetSlot(&PyModule_Type, Py_tp_getattro);
    lzi_slice text;
    if (slice_of_name(name, &text) < 0) {
        return NULL;
    }
    if (text.size > 0 && text.data[0] != '_') {
        PyObject *hook = /* borrowed */
            get_item(PyModule_GetDict(module), "__getattr__");
        if (hook == NULL && PyErr_Occurred()) {
            return NULL;
        }
        PyObject *self = hook != NULL && PyCFunction_Check(hook)
                             ? PyCFunction_GetSelf(hook)
                             : NULL;
        if (self != NULL) {
            Py_INCREF(self);
            int rc = ensure_original((namespace_object *)self);
            Py_DECREF(self);
            if (rc < 0) {
                return NULL;
            }
        }
    }
    return plain(module, name);
}

static PyType_Slot unfinished_slots[] = {
    {Py_tp_doc, "A module that is being executed."},
    {Py_tp_getattro, unfinished_getattr},
    {0, NULL}};

static PyType_Spec unfinished_spec = {.name = "_lazyindex.UnfinishedModule",
                                      .flags = Py_TPFLAGS_DEFAULT,
                                      .slots = unfinished_slots};

static int
set_class(PyObject *module, PyObject *type)
{
    return PyObject_SetAttrString(module, "__class__", type);
}

/* @param context The namespace_object. */
static int
execute_original(package_object *package, void *context)
{
    namespace_object *self = context;
    if (itk_of(package)->has_base) {
        return 0; /* another thread was faster */
    }
    PyObject *type =
        PyType_FromSpecWithBases(&unfinished_spec, (PyObject *)&PyModule_Type);
    int rc = type == NULL ? -1 : set_class(self->module, type);
    Py_XDECREF(type);
    if (rc < 0) {
        return -1;
    }
    rc = fill_module(package, self);
    PyObject *error_type, *error, *traceback;
    PyErr_Fetch(&error_type, &error, &traceback);
    if (set_class(self->module, (PyObject *)&PyModule_Type) < 0 && rc == 0) {
        return -1;
    }
    PyErr_Restore(error_type, error, traceback);
    if (rc == 0) {
        itk_of(package)->has_base = true;
    }
    return rc;
}

/* Once, by whichever thread comes first. The file itself sees what is there
 * of it. */
static int
ensure_original(namespace_object *self)
{
    return itk_of(self->package)->has_base ||
                   run_guarded(self->package, "base", NULL, execute_original,
                               self) >= 0
               ? 0
               : -1;
}

static PyObject *
get_original(namespace_object *self, PyObject *name)
{
    lzi_slice text;
    PyObject *dict = module_dict(self->module);
    if (dict == NULL || slice_of_name(name, &text) < 0) {
        return NULL;
    }
    bool special = text.size > 2 && text.data[0] == '_' &&
                   text.data[1] == '_' && text.data[text.size - 1] == '_';
    if (!special && ensure_original(self) < 0) {
        return NULL;
    }
    PyObject *value = PyDict_GetItemWithError(dict, name);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_Format(PyExc_AttributeError,
                     "module '%U.support.base' has no attribute '%U'",
                     self->package->name, name);
    }
    return Py_XNewRef(value);
}

static PyObject *
base_getattr(PyObject *op, PyObject *name)
{
    return namespace_call(op, name, get_original);
}

static PyObject *
list_original(namespace_object *self, PyObject *unused)
{
    (void)unused;
    return ensure_original(self) < 0 ? NULL
                                     : PyDict_Keys(module_dict(self->module));
}

static PyObject *
base_dir(PyObject *op, PyObject *unused)
{
    return namespace_call(op, unused, list_original);
}

static PyMethodDef base_methods[] = {
    {"__getattr__", base_getattr, METH_O,
     PyDoc_STR("__getattr__(name)\n\nExecute the original module.")},
    {"__dir__", base_dir, METH_NOARGS,
     PyDoc_STR("__dir__()\n\nNames of the original module.")},
    {NULL, NULL, 0, NULL}};

static int
base_execute(loader_object *loader, PyObject *module)
{
    itk_of(loader->package)->has_base = false; /* also after a reload */
    return namespace_bind(loader->package, module, NULL, base_methods);
}

const loading_way itk_base_way = {NULL, base_execute};
