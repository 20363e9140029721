/* itk_loading.c: how a name becomes a public object, and how whole modules
 * are loaded. */
#include "itk/itk_loading.h"

#include "core/collector.h"
#include "core/namespace.h"
#include "core/units.h"
#include "itk/aggregator.h"
#include "itk/itk_config.h"
#include "itk/itk_factories.h"
#include "itk/itk_registry.h"
#include "itk/itk_swig_names.h"
#include "itk/unindexed.h"

/* -- Public objects ------------------------------------------------------- */

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

/* Add to the exception that is set where the name that failed to load comes
 * from. */
static void
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

/* Factories first, as in ITK, where those of all modules below are registered
 * before a module's own library is loaded: one that registers some by itself
 * (Elastix) leaves alone what is there. */
int
itk_load(package_object *self, lzi_slice what, PyObject *units)
{
    gc_pause(self->module_state);
    int rc = itk_register_due(self);
    if (rc == 0) {
        rc = load_units(self, what, units);
    }
    gc_resume(self->module_state);
    return rc;
}

static int
load_candidate(package_object *self, lzi_slice name,
               const lzi_candidate *candidate)
{
    PyObject *units = list_of_strings(candidate->units);
    int rc = units == NULL ? -1 : itk_load(self, name, units);
    Py_XDECREF(units);
    return rc;
}

int
itk_load_units(package_object *self, lzi_slice name,
               const lzi_candidate *candidate, const lzi_reader *reader)
{
    int rc = load_candidate(self, name, candidate);
    if (rc < 0) {
        note_origin(self, name, candidate, reader);
    }
    return rc;
}

/* Factories, once there is C++ code that could ask for them. */
static int
register_due_if_needed(package_object *self)
{
    return itk_of(self)->has_libraries ? itk_register_due(self) : 0;
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
                   : load_candidate(self, name, candidate);
    }
    if (itk_import_callback(&callback) < 0) {
        return -1;
    }
    Py_XDECREF(callback);
    if (callback != NULL) {
        return load_candidate(self, name, candidate);
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
              const lzi_candidate *candidate, const lzi_reader *reader)
{
    gc_pause(self->module_state);
    PyObject *value = load_object(self, name, candidate);
    gc_resume(self->module_state);
    if (value == NULL) {
        note_origin(self, name, candidate, reader);
    }
    return value;
}

/* -- Whole modules, all owners -------------------------------------------- */

/* A module and all below it, those below first. @return owned (free with
 * lzi_closure_free()); NULL: error set */
static lzi_closure *
modules_below(package_object *self, lzi_slice module)
{
    lzi_closure *closure =
        lzi_closure_new(lzi_itk_module_needs, NULL, self->index);
    lzi_status status =
        closure == NULL ? LZI_E_NOMEM : lzi_closure_add(closure, module);
    if (status != LZI_OK) {
        raise_status(self, status, "the record of a module");
        lzi_closure_free(closure);
        return NULL;
    }
    return closure;
}

static int
add_units_of(package_object *self, lzi_slice name, PyObject *units)
{
    lzi_module module;
    return find_module(self, name, &module) < 0
               ? -1
               : append_strings(units, module.units);
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
        lzi_lookup lookup = lzi_index_lookup(self->index, name);
        lzi_status status = lzi_index_candidate(&candidate, NULL, self->index,
                                                module_name, &lookup);
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
store_all_names(package_object *self, const lzi_closure *modules,
                PyObject *values)
{
    PyObject *swig = itk_swig_names(self);
    int rc = swig == NULL ? -1 : PyMapping_SetItemString(values, "swig", swig);
    Py_XDECREF(swig);
    for (size_t i = 0; rc == 0 && i < lzi_closure_count(modules); i++) {
        rc = store_names(self, lzi_closure_unit(modules, i), values);
    }
    return rc;
}

static int
load_modules(package_object *self, lzi_slice what, const lzi_closure *modules)
{
    PyObject *units = PyList_New(0);
    int rc = units == NULL ? -1 : 0;
    for (size_t i = 0; rc == 0 && i < lzi_closure_count(modules); i++) {
        rc = add_units_of(self, lzi_closure_unit(modules, i), units);
    }
    if (rc == 0) {
        rc = itk_load(self, what, units);
    }
    Py_XDECREF(units);
    return rc;
}

int
itk_load_module(package_object *self, lzi_slice module, PyObject *values)
{
    lzi_closure *modules = NULL;
    int rc = -1;
    gc_pause(self->module_state);
    if (itk_prepare(self) == 0 && itk_use_module(self, module) == 0) {
        modules = modules_below(self, module);
    }
    if (modules != NULL) {
        rc = load_modules(self, module, modules);
    }
    if (rc == 0 && values != NULL) {
        rc = store_all_names(self, modules, values);
    }
    gc_resume(self->module_state);
    lzi_closure_free(modules);
    return rc;
}

int
itk_load_all_units(package_object *self, PyObject *modules)
{
    PyObject *units = PyList_New(0);
    int rc = units == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(modules); i++) {
        rc = add_units_of(self, slice_of_str(PyList_GetItem(modules, i)),
                          units);
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
itk_load_everything(package_object *self)
{
    PyObject *modules = NULL;
    gc_pause(self->module_state);
    if (itk_prepare(self) == 0 && use_all_modules(self) == 0) {
        modules = PyDict_Keys(itk_of(self)->used);
    }
    int rc = modules == NULL || itk_load_all_units(self, modules) < 0
                 ? -1
                 : bind_all_names(self);
    gc_resume(self->module_state);
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
    load->found = true;
    int rc = itk_use_module(load->package, candidate->module);
    if (rc == 0) {
        rc = itk_load_units(load->package, load->name, candidate, reader);
    }
    return rc < 0 ? LZI_E_CALLBACK : LZI_OK;
}

/* @return 1: there are some; -1: error set */
static int
load_unindexed_owners(package_object *self, PyObject *name)
{
    PyObject *modules = unindexed_with_name(self, name);
    int rc = modules == NULL ? -1 : PyList_Size(modules) > 0;
    for (Py_ssize_t i = 0; rc > 0 && i < PyList_Size(modules); i++) {
        PyObject *loaded =
            itk_load_unindexed(self, PyList_GetItem(modules, i));
        rc = loaded == NULL ? -1 : 1;
        Py_XDECREF(loaded);
    }
    Py_XDECREF(modules);
    return rc;
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
    lzi_slice name;
    if (text == NULL || slice_of_name(text, &name) < 0) {
        Py_XDECREF(text);
        return NULL;
    }
    name = itk_last_component(name);
    lzi_lookup lookup = lzi_index_lookup(self->index, name);
    owner_load load = {self, name, false};
    lzi_status status =
        lzi_index_candidates(self->index, &lookup, load_owner, &load);
    if (status != LZI_OK) {
        raise_status(self, status, "a record of a name");
    }
    else {
        PyObject *key = str_of_slice(name);
        int more = key == NULL ? -1 : load_unindexed_owners(self, key);
        if (more == 0 && !load.found) {
            PyErr_SetObject(PyExc_KeyError, key); /* ITK's own error */
        }
        Py_XDECREF(key);
    }
    Py_DECREF(text);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* -- Modules that no shard describes -------------------------------------- */

PyObject *
itk_load_unindexed(package_object *self, PyObject *module)
{
    gc_pause(self->module_state);
    PyObject *names =
        itk_prepare(self) < 0 ? NULL : unindexed_objects(self, module);
    if (names != NULL && itk_register_due(self) < 0) {
        Py_CLEAR(names);
    }
    gc_resume(self->module_state);
    return names;
}

PyObject *
itk_get_unindexed(package_object *self, PyObject *module_name, PyObject *name,
                  const lzi_lookup *text)
{
    PyObject *module = NULL, *names = NULL, *value = NULL;
    if (module_name == NULL) {
        module = unindexed_owner(self, name, text);
    }
    else {
        names = unindexed_names(self, module_name); /* borrowed */
        if (names != NULL && PyDict_Contains(names, name) == 1) {
            module = Py_NewRef(module_name);
        }
    }
    if (module == NULL) {
        return NULL;
    }
    names = itk_load_unindexed(self, module);
    if (names != NULL) {
        value = Py_XNewRef(PyDict_GetItemWithError(names, name));
    }
    Py_DECREF(module);
    Py_XDECREF(names);
    return value;
}
