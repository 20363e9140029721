#include "itk/itk_completion.h"

#include "core/collector.h"
#include "itk/itk_loading.h"
#include "itk/itk_registry.h"

#include <string.h>

/* -- One template --------------------------------------------------------- */

typedef struct {
    package_object *package;
    PyObject *found; /* list of (place among the modules in use, module) */
    size_t all;      /* candidates, in use or not */
} owner_search;

static lzi_status
collect_used(void *context, const lzi_candidate *candidate,
             const lzi_reader *reader)
{
    owner_search *search = context;
    PyObject *place, *entry = NULL;
    int rc = -1;
    (void)reader;
    search->all++;
    PyObject *module = str_of_slice(candidate->module);
    if (module == NULL) {
        goto done;
    }
    place = /* borrowed */
        PyDict_GetItemWithError(itk_of(search->package)->used, module);
    if (place == NULL) {
        rc = -(PyErr_Occurred() != NULL);
        goto done;
    }
    entry = PyTuple_Pack(2, place, module);
    rc = entry == NULL ? -1 : PyList_Append(search->found, entry);
done:
    Py_XDECREF(entry);
    Py_XDECREF(module);
    return rc < 0 ? LZI_E_CALLBACK : LZI_OK;
}

/* Modules in use that have a template, in ITK's order: list of str. */
static PyObject *
used_owners(package_object *self, const lzi_lookup *name, size_t *all)
{
    owner_search search = {self, PyList_New(0), 0};
    PyObject *modules = NULL;
    lzi_status status =
        search.found == NULL
            ? LZI_E_CALLBACK
            : lzi_index_candidates(self->index, name, collect_used, &search);
    if (status != LZI_OK) {
        raise_status(self, status, "a record of a name");
    }
    else if (PyList_Sort(search.found) == 0) {
        modules = PyList_New(0);
    }
    for (Py_ssize_t i = 0; modules != NULL && i < PyList_Size(search.found);
         i++) {
        PyObject *entry = PyList_GetItem(search.found, i); /* borrowed */
        if (PyList_Append(modules, PyTuple_GetItem(entry, 1)) < 0) {
            Py_CLEAR(modules);
        }
    }
    Py_XDECREF(search.found);
    *all = search.all;
    return modules;
}

static int
load_owner(package_object *self, const lzi_lookup *name, lzi_slice module,
           bool *ordered)
{
    lzi_candidate candidate;
    const lzi_reader *reader = NULL;
    lzi_status status =
        lzi_index_candidate(&candidate, &reader, self->index, module, name);
    if (status != LZI_OK) {
        return raise_status(self, status, "a record of a name");
    }
    if (candidate.units.count > 1) {
        *ordered = false;
    }
    return itk_load_units(self, name->name, &candidate, reader);
}

/* Units of all modules in use that have a template.
 * @param[out] ordered Its instantiations are in ITK's order already. */
static int
load_owners(package_object *self, const lzi_lookup *name, PyObject *modules,
            bool *ordered)
{
    int rc = 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(modules); i++) {
        rc = load_owner(self, name, slice_of_str(PyList_GetItem(modules, i)),
                        ordered);
    }
    return rc;
}

static int
order_template(package_object *self, lzi_slice name, PyObject *modules)
{
    int rc = 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(modules); i++) {
        rc = itk_order_template(self, name,
                                slice_of_str(PyList_GetItem(modules, i)));
    }
    return rc;
}

/* What shows all that the modules in use define is noted with their number
 * and its own size then. Who iterates meanwhile in another thread must not be
 * disturbed for nothing: without more instantiations, the order stays. */

typedef struct {
    Py_ssize_t used, size; /* -1: never complete */
} completion;

/* @return -1: error set */
static int
find_completion(package_object *self, PyObject *what, completion *out)
{
    PyObject *seen = PyDict_GetItemWithError(itk_of(self)->shown, what);
    *out = (completion){-1, -1};
    if (seen == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return PyArg_ParseTuple(seen, "nn", &out->used, &out->size) ? 0 : -1;
}

static int
note_completion(package_object *self, PyObject *what, completion done)
{
    PyObject *pair = Py_BuildValue("(nn)", done.used, done.size);
    int rc =
        pair == NULL ? -1 : PyDict_SetItem(itk_of(self)->shown, what, pair);
    Py_XDECREF(pair);
    return rc;
}

/* Instantiations of a template that are registered now. */
static Py_ssize_t
template_size(package_object *self, PyObject *cpp)
{
    PyObject *template = Py_XNewRef(
        PyDict_GetItemWithError(itk_of(self)->registries.named, cpp));
    PyObject *table = template == NULL
                          ? NULL
                          : PyObject_GetAttrString(template, "__template__");
    Py_ssize_t size =
        table != NULL && PyDict_Check(table) ? PyDict_Size(table) : -1;
    Py_XDECREF(table);
    Py_XDECREF(template);
    return size;
}

static int
load_template(package_object *self, PyObject *cpp, completion last)
{
    lzi_lookup name =
        lzi_index_lookup(self->index, itk_last_component(slice_of_str(cpp)));
    completion now = {PyDict_Size(itk_of(self)->used), 0};
    size_t all;
    PyObject *modules = used_owners(self, &name, &all);
    bool ordered = all < 2; /* one unit registers in table order */
    int rc =
        modules == NULL ? -1 : load_owners(self, &name, modules, &ordered);
    now.size = rc < 0 ? -1 : template_size(self, cpp);
    if (rc == 0 && !ordered && now.size != last.size) {
        rc = order_template(self, name.name, modules);
    }
    Py_XDECREF(modules);
    return rc < 0 || PyErr_Occurred() ? -1 : note_completion(self, cpp, now);
}

int
itk_show_template(package_object *self, PyObject *cpp)
{
    completion last;
    int rc = find_completion(self, cpp, &last);
    if (rc == 0 && last.used != PyDict_Size(itk_of(self)->used)) {
        gc_pause(self->module_state);
        rc = load_template(self, cpp, last);
        gc_resume(self->module_state);
    }
    return rc;
}

/* -- All of them ---------------------------------------------------------- */

static int
load_all(package_object *self, completion last)
{
    PyObject *modules = PyDict_Keys(itk_of(self)->used);
    completion now = {PyDict_Size(itk_of(self)->used), 0};
    int rc = modules == NULL ? -1 : itk_load_all_units(self, modules);
    now.size = PyDict_Size(itk_of(self)->registries.name_to_object);
    for (Py_ssize_t i = 0;
         rc == 0 && now.size != last.size && i < PyList_Size(modules); i++) {
        rc = itk_order_names(self, slice_of_str(PyList_GetItem(modules, i)));
    }
    Py_XDECREF(modules);
    return rc < 0 ? -1 : note_completion(self, Py_None, now);
}

int
itk_show_all(package_object *self)
{
    completion last;
    int rc = find_completion(self, Py_None, &last);
    if (rc == 0 && last.used != PyDict_Size(itk_of(self)->used)) {
        gc_pause(self->module_state);
        rc = load_all(self, last);
        gc_resume(self->module_state);
    }
    return rc;
}

/* -- One name ------------------------------------------------------------- */

static int
load_unit(package_object *self, lzi_slice what, lzi_slice unit)
{
    PyObject *units = Py_BuildValue("[s#]", unit.data, (Py_ssize_t)unit.size);
    int rc = units == NULL ? -1 : itk_load(self, what, units);
    Py_XDECREF(units);
    return rc;
}

typedef struct {
    package_object *package;
    lzi_slice name;   /* python name */
    PyObject *wanted; /* "itk::Image<float,2>" */
} name_search;

static int
load_if_wanted(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    name_search *search = context;
    PyObject *name = itk_full_name(tuple);
    int rc = name == NULL ? -1 : PyUnicode_Compare(name, search->wanted) == 0;
    Py_XDECREF(name);
    if (rc > 0 && load_unit(search->package, search->name, unit) < 0) {
        rc = -1;
    }
    return rc;
}

static lzi_status
search_candidate(void *context, const lzi_candidate *candidate,
                 const lzi_reader *reader)
{
    name_search *search = context;
    (void)reader;
    int rc = itk_each_tuple(search->package, candidate, search->name,
                            load_if_wanted, search);
    return rc < 0 ? LZI_E_CALLBACK : LZI_OK;
}

int
itk_load_by_name(package_object *self, PyObject *key)
{
    if (!PyUnicode_Check(key)) {
        return 0;
    }
    lzi_slice cpp;
    if (slice_of_name(key, &cpp) < 0) {
        return -1;
    }
    const char *bracket = memchr(cpp.data, '<', cpp.size);
    if (bracket != NULL) {
        cpp.size = (size_t)(bracket - cpp.data);
    }
    name_search search = {self, itk_last_component(cpp), key};
    lzi_lookup lookup = lzi_index_lookup(self->index, search.name);
    lzi_status status =
        lzi_index_candidates(self->index, &lookup, search_candidate, &search);
    if (status != LZI_OK) {
        raise_status(self, status, "a record of a name");
    }
    return PyErr_Occurred() ? -1 : 0;
}

int
itk_load_by_class(package_object *self, PyObject *key)
{
    if (!PyType_Check(key)) {
        return 0;
    }
    PyObject *module = PyObject_GetAttrString(key, "__module__");
    if (module == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return -1;
        }
        PyErr_Clear(); /* a class of no module */
        return 0;
    }
    lzi_slice name = {"", 0}, package = slice_of_str(self->name);
    int rc = PyUnicode_Check(module) ? slice_of_name(module, &name) : 0;
    if (rc < 0 || name.size <= package.size ||
        memcmp(name.data, package.data, package.size) != 0 ||
        name.data[package.size] != '.') {
        Py_DECREF(module);
        return rc;
    }
    lzi_slice unit = {name.data + package.size + 1,
                      name.size - package.size - 1};
    if (package_has(self, LZI_TABLE_UNIT, unit)) {
        rc = load_unit(self, unit, unit);
    }
    Py_DECREF(module);
    return rc;
}
