/* itk_factories.c: which modules are in use, in ITK's order, and which object
 * factories that makes due.
 *
 * C++ code asks the object factory for what no proxy imports, so factories go
 * by the dependencies of modules: a module in use makes due the groups of
 * every base module that it is or depends on (needed_factories of
 * itk/support/base.py, which the index has). Order decides which ImageIO is
 * asked first: modules sorted, then table order. */
#include "itk/itk_factories.h"

#include "core/import_guard.h"
#include "core/units.h"
#include "itk/itk_config.h"
#include "itk/itk_registry.h"
#include "itk/unindexed.h"

#include "lzi_itk_names.h"

#include <string.h>
#include <unistd.h>

static int use_module(package_object *self, PyObject *name, bool factories);

typedef struct {
    lzi_slice group;
    PyObject *found; /* list of (module, number in it, class name) */
} group_search;

/* "PNG", "ImageIO" -> "PNGImageIOFactory" */
static PyObject *
factory_class(const lzi_factory *factory)
{
    PyObject *name = NULL, *group = NULL;
    PyObject *prefix = str_of_slice(factory->prefix);
    if (prefix != NULL) {
        group = str_of_slice(factory->group);
    }
    if (group != NULL) {
        name =
            PyUnicode_FromFormat("%U%U" LZI_ITK_FACTORY_SUFFIX, prefix, group);
    }
    Py_XDECREF(group);
    Py_XDECREF(prefix);
    return name;
}

static lzi_status
collect_group(void *context, lzi_slice name, lzi_slice value)
{
    group_search *search = context;
    lzi_module module;
    if (lzi_module_decode(&module, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    for (uint32_t i = 0; i < module.factories; i++) {
        lzi_factory factory;
        lzi_factory_next(&factory, &module.factory_cursor);
        if (!lzi_slice_equal(factory.group, search->group)) {
            continue;
        }
        PyObject *class = factory_class(&factory);
        PyObject *entry = class == NULL
                              ? NULL
                              : Py_BuildValue("(s#IO)", name.data,
                                              (Py_ssize_t)name.size, i, class);
        int rc = entry == NULL ? -1 : PyList_Append(search->found, entry);
        Py_XDECREF(class);
        Py_XDECREF(entry);
        if (rc < 0) {
            return LZI_E_CALLBACK;
        }
    }
    return LZI_OK;
}

static int
collect_unindexed(package_object *self, group_search *search)
{
    PyObject *factories = itk_of(self)->unindexed.factories;
    for (Py_ssize_t i = 0; i < PyList_Size(factories); i++) {
        PyObject *group, *module, *number, *class;
        if (!PyArg_ParseTuple(PyList_GetItem(factories, i), "OOOO", &group,
                              &module, &number, &class)) {
            return -1;
        }
        if (!PyUnicode_Check(group)) {
            continue; /* nobody's */
        }
        lzi_slice text;
        if (slice_of_name(group, &text) < 0) {
            return -1;
        }
        if (!lzi_slice_equal(text, search->group)) {
            continue;
        }
        PyObject *entry = PyTuple_Pack(3, module, number, class);
        int rc = entry == NULL ? -1 : PyList_Append(search->found, entry);
        Py_XDECREF(entry);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

/* What the group of a base module brings: the modules of its factories come
 * into use, and the factories are due. */
static int
use_group(package_object *self, lzi_slice group)
{
    group_search search = {group, PyList_New(0)};
    int rc = search.found == NULL
                 ? -1
                 : each_record(self, LZI_TABLE_MODULE, collect_group, &search,
                               "the record of a module");
    if (rc == 0 && itk_of(self)->unindexed.loader != NULL) {
        rc = collect_unindexed(self, &search);
    }
    if (rc == 0) {
        rc = PyList_Sort(search.found);
    }
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(search.found); i++) {
        PyObject *entry = PyList_GetItem(search.found, i); /* borrowed */
        PyObject *module = PyTuple_GetItem(entry, 0);
        if (lzi_index_hides(self->index, slice_of_str(module))) {
            continue;
        }
        PyObject *due = PyTuple_Pack(2, module, PyTuple_GetItem(entry, 2));
        rc = due == NULL ? -1 : use_module(self, module, true);
        if (rc == 0) {
            rc = PyList_Append(itk_of(self)->due, due);
        }
        Py_XDECREF(due);
    }
    Py_XDECREF(search.found);
    return rc;
}

static int
use_dependencies(package_object *self, lzi_slice name, bool factories)
{
    lzi_module module;
    lzi_slice below;
    if (find_module(self, name, &module) < 0) {
        return -1;
    }
    while (lzi_list_next(&module.depends, &below)) {
        PyObject *text = str_of_slice(below);
        int rc = text == NULL ? -1 : use_module(self, text, factories);
        Py_XDECREF(text);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

/* @return 1: it was not due before; 0; -1 */
static int
note_group(package_object *self, lzi_slice group)
{
    PyObject *groups = itk_of(self)->groups;
    PyObject *text = str_of_slice(group);
    int has = text == NULL ? -1 : PyDict_Contains(groups, text);
    int rc = has == 0 ? PyDict_SetItem(groups, text, Py_None) : 0;
    Py_XDECREF(text);
    return has < 0 || rc < 0 ? -1 : !has;
}

int
itk_use_groups(package_object *self, lzi_slice module)
{
    lzi_slice value, group = {"", 0};
    lzi_list groups;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_GROUP, module);
    if (status == LZI_NOT_FOUND) {
        return 0;
    }
    if (status == LZI_OK) {
        status = lzi_groups_decode(&groups, value);
    }
    if (status != LZI_OK) {
        return raise_status(self, status, "the factory groups of a module");
    }
    while (lzi_list_next(&groups, &group)) {
        int is_new = note_group(self, group);
        if (is_new < 0 || (is_new > 0 && use_group(self, group) < 0)) {
            return -1;
        }
    }
    return 0;
}

/* Follows itk_load_swig_module(): dependencies first, which may bring in the
 * module itself by their groups, then the module and its own group. A module
 * below that is not installed is not there to be asked; one that no shard
 * describes has its groups. */
static int
use_module(package_object *self, PyObject *name, bool factories)
{
    lzi_slice text = slice_of_str(name);
    int rc = PyDict_Contains(itk_of(self)->used, name);
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    if (!package_has(self, LZI_TABLE_MODULE, text)) {
        return factories && unindexed_names(self, name) != NULL
                   ? itk_use_groups(self, text)
                   : 0;
    }
    if (enter_record(self) < 0) {
        return -1;
    }
    rc = use_dependencies(self, text, factories);
    leave_record();
    int again = rc < 0 ? -1 : PyDict_Contains(itk_of(self)->used, name);
    if (again != 0) {
        return again < 0 ? -1 : 0;
    }
    PyObject *place = PyLong_FromSsize_t(PyDict_Size(itk_of(self)->used));
    rc = place == NULL ? -1 : PyDict_SetItem(itk_of(self)->used, name, place);
    Py_XDECREF(place);
    return rc == 0 && factories ? itk_use_groups(self, text) : rc;
}

static int
find_factory(package_object *self, PyObject *factory, lzi_candidate *out)
{
    lzi_slice module = slice_of_str(PyTuple_GetItem(factory, 0));
    lzi_lookup name = lzi_index_lookup(
        self->index, slice_of_str(PyTuple_GetItem(factory, 1)));
    lzi_status status =
        lzi_index_candidate(out, NULL, self->index, module, &name);
    return status == LZI_OK
               ? 0
               : raise_status(self, status, "the record of a factory");
}

/* Units of a factory go to the end of a list; a module that no shard describes
 * is loaded as a whole. */
static int
add_factory(package_object *self, PyObject *factory, PyObject *units)
{
    PyObject *module = PyTuple_GetItem(factory, 0); /* borrowed */
    if (unindexed_names(self, module) != NULL) {
        PyObject *names = unindexed_objects(self, module);
        Py_XDECREF(names);
        return names == NULL ? -1 : 0;
    }
    lzi_candidate candidate;
    return find_factory(self, factory, &candidate) < 0
               ? -1
               : append_strings(units, candidate.units);
}

static int
import_factories(package_object *self, PyObject *factories)
{
    PyObject *units = PyList_New(0);
    int rc = units == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(factories); i++) {
        rc = add_factory(self, PyList_GetItem(factories, i), units);
    }
    if (rc == 0) {
        rc = load_units(self, lzi_slice_of("factories"), units);
    }
    Py_XDECREF(units);
    return rc;
}

static PyObject *
find_factory_class(package_object *self, PyObject *factory)
{
    PyObject *module = PyTuple_GetItem(factory, 0); /* borrowed */
    PyObject *name = PyTuple_GetItem(factory, 1);
    if (unindexed_names(self, module) != NULL) {
        PyObject *names = unindexed_objects(self, module);
        PyObject *class = names == NULL ? NULL : PyObject_GetItem(names, name);
        Py_XDECREF(names);
        return class;
    }
    lzi_candidate candidate;
    return find_factory(self, factory, &candidate) < 0
               ? NULL
               : itk_find_class(self, slice_of_str(name), &candidate);
}

/* -- Registering ---------------------------------------------------------- */

typedef enum {
    FACTORY_FAILED = -1,
    FACTORY_NEW,
    FACTORY_BEGUN, /* by a thread of this process */
    FACTORY_LEFT,  /* by a thread of the process that forked this one */
    FACTORY_DONE
} factory_state;

/* The profile's state has None for one that is registered, else the process
 * that is at it. */
static factory_state
state_of_factory(package_object *self, PyObject *factory)
{
    PyObject *value = /* borrowed */
        PyDict_GetItemWithError(itk_of(self)->factories, factory);
    if (value == NULL) {
        return PyErr_Occurred() ? FACTORY_FAILED : FACTORY_NEW;
    }
    if (value == Py_None) {
        return FACTORY_DONE;
    }
    return PyLong_AsLong(value) == (long)getpid() ? FACTORY_BEGUN
                                                  : FACTORY_LEFT;
}

static int
note_begun(package_object *self, PyObject *factory)
{
    PyObject *process = PyLong_FromLong((long)getpid());
    int rc = process == NULL
                 ? -1
                 : PyDict_SetItem(itk_of(self)->factories, factory, process);
    Py_XDECREF(process);
    return rc;
}

/* Noted first: what the call runs may load names and come here again.
 * @param again This thread is at one. */
static int
register_factory(package_object *self, PyObject *factory, PyObject *class,
                 bool again)
{
    factory_state state = state_of_factory(self, factory);
    if (state == FACTORY_FAILED) {
        return -1;
    }
    if (state == FACTORY_DONE || state == FACTORY_BEGUN ||
        (state == FACTORY_LEFT && again)) {
        return 0;
    }
    if (note_begun(self, factory) < 0) {
        return -1;
    }
    PyObject *done = PyObject_CallMethod(class, "RegisterOneFactory", NULL);
    if (done != NULL) {
        Py_DECREF(done);
        return PyDict_SetItem(itk_of(self)->factories, factory, Py_None);
    }
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyDict_DelItem(itk_of(self)->factories, factory);
    PyErr_Restore(type, error, traceback); /* that is what matters */
    return -1;
}

typedef struct {
    PyObject *pairs; /* list of (factory, class), which nobody else has */
    bool again;      /* this thread is at one */
} registering;

static int
register_all(package_object *self, void *context)
{
    const registering *now = context;
    int rc = 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(now->pairs); i++) {
        PyObject *pair = PyList_GetItem(now->pairs, i); /* borrowed */
        rc = register_factory(self, PyTuple_GetItem(pair, 0),
                              PyTuple_GetItem(pair, 1), now->again);
    }
    return rc;
}

/* Those that no thread has begun, with their classes: list of (factory,
 * class).
 * @param[out] all_done Whether all are registered. */
static PyObject *
find_classes(package_object *self, PyObject *factories, bool *all_done)
{
    PyObject *pairs = PyList_New(0);
    *all_done = true;
    for (Py_ssize_t i = 0; pairs != NULL && i < PyList_Size(factories); i++) {
        PyObject *factory = PyList_GetItem(factories, i); /* borrowed */
        factory_state state = state_of_factory(self, factory);
        int rc = state == FACTORY_FAILED ? -1 : 0;
        *all_done = *all_done && state == FACTORY_DONE;
        if (state == FACTORY_NEW || state == FACTORY_LEFT) {
            PyObject *class = find_factory_class(self, factory);
            PyObject *pair =
                class == NULL ? NULL : PyTuple_Pack(2, factory, class);
            rc = pair == NULL ? -1 : PyList_Append(pairs, pair);
            Py_XDECREF(class);
            Py_XDECREF(pair);
        }
        if (rc < 0) {
            Py_CLEAR(pairs);
        }
    }
    return pairs;
}

/* C++ asks for factories as soon as one is there: nobody goes on before all
 * that are due are registered, by whichever thread. Nothing is imported while
 * others wait. @param factories A list that nobody else has. */
static int
register_factories(package_object *self, PyObject *factories)
{
    bool all_done;
    PyObject *pairs = find_classes(self, factories, &all_done);
    int rc = pairs == NULL ? -1 : 0;
    if (rc == 0 && !all_done) {
        registering now = {pairs, false};
        rc = run_guarded(self, "factories", NULL, register_all, &now);
        if (rc > 0) {
            now.again = rc == 1;
            rc = register_all(self, &now);
        }
    }
    Py_XDECREF(pairs);
    return rc;
}

int
itk_use_module(package_object *self, lzi_slice module)
{
    PyObject *name = str_of_slice(module);
    int rc = name == NULL ? -1 : PyDict_Contains(itk_of(self)->used, name);
    if (rc == 0) {
        int wanted = itk_wants_factories();
        rc = wanted < 0 ? -1 : use_module(self, name, wanted > 0);
    }
    Py_XDECREF(name);
    return rc < 0 ? -1 : 0;
}

/* Take those that are registered off the list. */
static int
forget_due(package_object *self)
{
    PyObject *due = itk_of(self)->due;
    for (Py_ssize_t i = PyList_Size(due) - 1; i >= 0; i--) {
        factory_state state = state_of_factory(self, PyList_GetItem(due, i));
        if (state == FACTORY_FAILED ||
            (state == FACTORY_DONE &&
             PyList_SetSlice(due, i, i + 1, NULL) < 0)) {
            return -1;
        }
    }
    return 0;
}

int
itk_register_due(package_object *self)
{
    if (PyList_Size(itk_of(self)->due) == 0) {
        return 0;
    }
    PyObject *due = itk_of(self)->unindexed.loader == NULL
                        ? PyList_GetSlice(itk_of(self)->due, 0, PY_SSIZE_T_MAX)
                        : PyObject_CallMethod(itk_of(self)->unindexed.loader,
                                              "ready", "O", itk_of(self)->due);
    int rc = due == NULL || import_factories(self, due) < 0 ||
                     register_factories(self, due) < 0
                 ? -1
                 : forget_due(self);
    Py_XDECREF(due);
    return rc;
}
