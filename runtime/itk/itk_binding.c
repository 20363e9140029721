/* itk_binding.c: the profile `itk`: how a name becomes a public object, and
 * which factories its module makes due. */
#include "core/package.h"

#include <string.h>

/* -- Public objects ------------------------------------------------------- */

typedef struct {
    package_object *package;
    PyObject *value; /* owned */
} object_search;

/* A template is found by its first tuple; of plain classes the last wins. */
static int
take_object(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    object_search *search = context;
    package_object *package = search->package;
    PyObject *value = NULL;
    if (tuple->has_params) {
        value = itk_ensure_template(package, tuple->cpp);
    }
    else {
        PyObject *module = unit_module(package, unit);
        PyObject *swig = str_of_slice(tuple->swig);
        if (module != NULL && swig != NULL) {
            value = PyObject_GetAttr(module, swig);
        }
        Py_XDECREF(module);
        Py_XDECREF(swig);
    }
    if (value == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_XDECREF(search->value);
    search->value = value;
    return tuple->has_params;
}

/* A snake-case function. Its docstring and `process_object` are set by a
 * function beside it when it is first asked for. */
static PyObject *
find_function(package_object *self, lzi_slice name,
              const lzi_candidate *candidate)
{
    lzi_list units = candidate->units;
    lzi_slice unit = {"", 0};
    lzi_list_next(&units, &unit);
    PyObject *module = unit_module(self, unit);
    PyObject *key = str_of_slice(name);
    PyObject *function = NULL, *init = NULL, *init_key = NULL, *done = NULL;
    if (module != NULL && key != NULL) {
        function = PyObject_GetAttr(module, key);
    }
    if (function != NULL) {
        init_key = PyUnicode_FromFormat("%U_init_docstring", key);
    }
    if (init_key != NULL) {
        init = PyObject_GetAttr(module, init_key);
    }
    if (init != NULL) {
        done = PyObject_CallNoArgs(init);
        if (done == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear(); /* as ITK does: abstract classes have no New() */
            done = Py_NewRef(Py_None);
        }
    }
    Py_XDECREF(module);
    Py_XDECREF(key);
    Py_XDECREF(init_key);
    Py_XDECREF(init);
    if (done == NULL) {
        Py_CLEAR(function);
    }
    Py_XDECREF(done);
    return function;
}

PyObject *
itk_find_class(package_object *self, lzi_slice name,
               const lzi_candidate *candidate)
{
    object_search search = {self, NULL};
    if (itk_each_tuple(self, candidate, name, take_object, &search) < 0) {
        Py_CLEAR(search.value);
    }
    else if (search.value == NULL) {
        PyObject *text = str_of_slice(name);
        if (text != NULL) {
            PyErr_Format(PyExc_AttributeError,
                         "module '%U' has no attribute '%U'", self->name,
                         text);
            Py_DECREF(text);
        }
    }
    return search.value;
}

/* Factories first, as in ITK, where those of all modules below are registered
 * before a module's own library is loaded: one that registers some by itself
 * (Elastix) leaves alone what is there. */
int
itk_load(package_object *self, lzi_slice what, PyObject *units)
{
    gc_pause(self->state);
    int rc = itk_register_due(self);
    if (rc == 0) {
        rc = load_units(self, what, units);
    }
    gc_resume(self->state);
    return rc;
}

int
itk_load_units(package_object *self, lzi_slice name,
               const lzi_candidate *candidate)
{
    PyObject *units = list_of_strings(candidate->units);
    int rc = units == NULL ? -1 : itk_load(self, name, units);
    Py_XDECREF(units);
    return rc;
}

/* Factories, once there is C++ code that could ask for them. */
static int
register_due_if_needed(package_object *self)
{
    return self->has_libraries ? itk_register_due(self) : 0;
}

/* Whether a function is one of an aggregator that needs no C++ code. */
static bool
is_free_function(package_object *self, const lzi_candidate *candidate)
{
    lzi_list units = candidate->units;
    lzi_slice unit, more;
    return (candidate->flags & LZI_NAME_FUNCTION) != 0 &&
           lzi_list_next(&units, &unit) && !lzi_list_next(&units, &more) &&
           aggregator_is_free(self, unit);
}

/* A template's units can wait until one looks into it, but where the user
 * wants to be told of modules when their names are first used. */
static int
load_or_defer(package_object *self, lzi_slice name,
              const lzi_candidate *candidate)
{
    PyObject *callback = NULL;
    if ((candidate->flags & LZI_NAME_TEMPLATE) == 0) {
        return is_free_function(self, candidate)
                   ? register_due_if_needed(self)
                   : itk_load_units(self, name, candidate);
    }
    if (itk_import_callback(&callback) < 0) {
        return -1;
    }
    Py_XDECREF(callback);
    if (callback != NULL) {
        return itk_load_units(self, name, candidate);
    }
    return register_due_if_needed(self);
}

static PyObject *
load_object(package_object *self, lzi_slice name,
            const lzi_candidate *candidate)
{
    if (itk_prepare(self) < 0 || itk_use_module(self, candidate->module) < 0 ||
        load_or_defer(self, name, candidate) < 0) {
        return NULL;
    }
    return (candidate->flags & LZI_NAME_FUNCTION) != 0
               ? find_function(self, name, candidate)
               : itk_find_class(self, name, candidate);
}

PyObject *
itk_load_name(package_object *self, lzi_slice name,
              const lzi_candidate *candidate)
{
    gc_pause(self->state);
    PyObject *value = load_object(self, name, candidate);
    gc_resume(self->state);
    return value;
}

/* -- Options -------------------------------------------------------------- */

int
itk_import_callback(PyObject **callback)
{
    PyObject *config = PyImport_ImportModule("itkConfig");
    *callback = config == NULL
                    ? NULL
                    : PyObject_GetAttrString(config, "ImportCallback");
    Py_XDECREF(config);
    if (*callback == NULL) {
        return -1;
    }
    int wanted = PyObject_IsTrue(*callback);
    if (wanted <= 0) {
        Py_CLEAR(*callback);
    }
    return wanted < 0 ? -1 : 0;
}

/* -- Whole modules, all owners -------------------------------------------- */

/* Units of a module and of all below it, those below first. */
static int
collect_units(package_object *self, lzi_slice name, PyObject *seen,
              PyObject *units)
{
    lzi_module module;
    lzi_slice below;
    PyObject *text = str_of_slice(name);
    int rc = text == NULL ? -1 : PyDict_Contains(seen, text);
    if (rc == 0 &&
        (PyDict_SetItem(seen, text, Py_None) < 0 ||
         find_module(self, name, &module) < 0 || enter_record(self) < 0)) {
        rc = -1;
    }
    Py_XDECREF(text);
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    while (rc == 0 && lzi_list_next(&module.depends, &below)) {
        if (package_has(self, LZI_TABLE_MODULE, below)) {
            rc = collect_units(self, below, seen, units);
        }
    }
    leave_record();
    PyObject *own = rc < 0 ? NULL : list_of_strings(module.units);
    rc = own == NULL ? -1
                     : PyList_SetSlice(units, PyList_Size(units),
                                       PyList_Size(units), own);
    Py_XDECREF(own);
    return rc;
}

static int
store_names(package_object *self, lzi_slice module_name, PyObject *values)
{
    lzi_module module;
    lzi_slice name;
    if (find_module(self, module_name, &module) < 0) {
        return -1;
    }
    while (lzi_list_next(&module.names, &name)) {
        lzi_candidate candidate;
        lzi_status status =
            lzi_index_candidate(&candidate, self->index, module_name, name);
        if (status != LZI_OK) {
            return raise_status(self, status, "the record of a name");
        }
        PyObject *value = load_object(self, name, &candidate);
        PyObject *key = value == NULL ? NULL : str_of_slice(name);
        int rc = key == NULL ? -1 : PyObject_SetItem(values, key, value);
        Py_XDECREF(key);
        Py_XDECREF(value);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

static int
store_all_names(package_object *self, PyObject *modules, PyObject *values)
{
    PyObject *raw = itk_raw_names(self), *key, *value;
    int rc = raw == NULL ? -1 : PyMapping_SetItemString(values, "swig", raw);
    Py_XDECREF(raw);
    Py_ssize_t at = 0;
    while (rc == 0 && PyDict_Next(modules, &at, &key, &value)) {
        rc = store_names(self, slice_of_str(key), values);
    }
    return rc;
}

int
itk_load_module(package_object *self, lzi_slice module, PyObject *values)
{
    PyObject *modules = PyDict_New(), *units = PyList_New(0);
    gc_pause(self->state);
    int rc = modules == NULL || units == NULL || itk_prepare(self) < 0 ||
                     itk_use_module(self, module) < 0
                 ? -1
                 : collect_units(self, module, modules, units);
    if (rc == 0) {
        rc = itk_load(self, module, units);
    }
    if (rc == 0 && values != NULL) {
        rc = store_all_names(self, modules, values);
    }
    gc_resume(self->state);
    Py_XDECREF(modules);
    Py_XDECREF(units);
    return rc;
}

int
itk_load_all_units(package_object *self, PyObject *modules)
{
    PyObject *units = PyList_New(0);
    int rc = units == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(modules); i++) {
        lzi_module module;
        rc = find_module(self, slice_of_str(PyList_GetItem(modules, i)),
                         &module);
        PyObject *own = rc < 0 ? NULL : list_of_strings(module.units);
        rc = own == NULL ? -1
                         : PyList_SetSlice(units, PyList_Size(units),
                                           PyList_Size(units), own);
        Py_XDECREF(own);
    }
    if (rc == 0) {
        rc = itk_load(self, lzi_slice_of("modules in use"), units);
    }
    Py_XDECREF(units);
    return rc;
}

/* Note all modules that are installed as in use, in the order of their names,
 * as force_load() of ITK comes upon them. */
static int
use_all_modules(package_object *self)
{
    PyObject *names = package_names(self);
    int rc = names == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(names); i++) {
        lzi_slice name = slice_of_str(PyList_GetItem(names, i));
        if (package_has(self, LZI_TABLE_MODULE, name)) {
            rc = itk_use_module(self, name);
        }
    }
    Py_XDECREF(names);
    return rc;
}

static int
bind_all_names(package_object *self)
{
    PyObject *names = package_names(self);
    int rc = names == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(names); i++) {
        PyObject *value =
            PyObject_GetAttr(self->module, PyList_GetItem(names, i));
        rc = value == NULL ? -1 : 0;
        Py_XDECREF(value);
    }
    Py_XDECREF(names);
    return rc;
}

int
itk_force_load(package_object *self)
{
    PyObject *modules = NULL;
    gc_pause(self->state);
    if (itk_prepare(self) == 0 && use_all_modules(self) == 0) {
        modules = PyDict_Keys(self->used);
    }
    int rc = modules == NULL || itk_load_all_units(self, modules) < 0
                 ? -1
                 : bind_all_names(self);
    gc_resume(self->state);
    Py_XDECREF(modules);
    return rc;
}

typedef struct {
    package_object *package;
    lzi_slice name;
    bool found;
} owner_load;

static lzi_status
load_owner(void *context, const lzi_candidate *candidate,
           const lzi_reader *reader)
{
    owner_load *load = context;
    (void)reader;
    load->found = true;
    int rc = itk_use_module(load->package, candidate->module);
    if (rc == 0) {
        rc = itk_load_units(load->package, load->name, candidate);
    }
    return rc < 0 ? LZI_E_STORE : LZI_OK;
}

PyObject *
itk_load_owners(PyObject *op, PyObject *arguments)
{
    package_object *self = (package_object *)op;
    PyObject *template, *own;
    if (!PyArg_ParseTuple(arguments, "OO:_LoadModules", &template, &own)) {
        return NULL;
    }
    PyObject *text = PyObject_GetAttrString(template, "__name__");
    if (text == NULL || !PyUnicode_Check(text)) {
        Py_XDECREF(text);
        return PyErr_Occurred()
                   ? NULL
                   : PyErr_Format(PyExc_TypeError, "not an itkTemplate");
    }
    lzi_slice name = itk_last_component(slice_of_str(text));
    owner_load load = {self, name, false};
    lzi_status status =
        lzi_index_candidates(self->index, name, load_owner, &load);
    if (status != LZI_OK && !PyErr_Occurred()) {
        raise_status(self, status, "a record of a name");
    }
    else if (status == LZI_OK) {
        PyObject *key = str_of_slice(name);
        int more = key == NULL ? -1 : unindexed_load_owners(self, key);
        if (more == 0 && !load.found) {
            PyErr_SetObject(PyExc_KeyError, key); /* ITK's own error */
        }
        Py_XDECREF(key);
    }
    Py_DECREF(text);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* -- itk.swig ------------------------------------------------------------- */

/* Names of a unit that are no ITK class: what the stock loader collects. */
static int
add_raw_names(PyObject *raw, PyObject *module)
{
    PyObject *dict = module_dict(module), *key, *value;
    Py_ssize_t at = 0;
    while (dict != NULL && PyDict_Next(dict, &at, &key, &value)) {
        lzi_slice name = slice_of_str(key);
        if (name.size == 0) {
            PyErr_Clear(); /* a key of the user's: no str, or no UTF-8 */
        }
        bool hidden = (name.size >= 2 && memcmp(name.data, "__", 2) == 0) ||
                      (name.size >= 3 && memcmp(name.data, "itk", 3) == 0);
        if (!hidden && PyDict_SetItem(raw, key, value) < 0) {
            return -1;
        }
    }
    return dict == NULL ? -1 : 0;
}

static int
add_units(package_object *self, PyObject *raw, PyObject *units)
{
    for (Py_ssize_t i = 0; i < PyList_Size(units); i++) {
        PyObject *module =
            unit_module(self, slice_of_str(PyList_GetItem(units, i)));
        int rc = module == NULL ? -1 : add_raw_names(raw, module);
        Py_XDECREF(module);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

int
itk_update_raw_names(package_object *self, PyObject *units)
{
    return self->raw == NULL ? 0 : add_units(self, self->raw, units);
}

PyObject *
itk_raw_names(package_object *self)
{
    if (self->raw == NULL) {
        PyObject *raw =
            itk_prepare(self) < 0
                ? NULL
                : PyObject_CallNoArgs((PyObject *)self->itk.raw_type);
        PyObject *units = raw == NULL ? NULL : PyDict_Keys(self->units);
        int rc = units == NULL ? -1 : add_units(self, raw, units);
        Py_XDECREF(units);
        if (rc < 0) {
            Py_XDECREF(raw);
            return NULL;
        }
        if (self->raw == NULL) {
            self->raw = raw;
        }
        else {
            Py_DECREF(raw); /* another thread was faster */
        }
    }
    return Py_NewRef(self->raw);
}
