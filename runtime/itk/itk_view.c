/* itk_view.c: dictionaries that answer for what is not registered yet.
 *
 * A template's units are loaded when one looks into it. So the
 * dictionaries that code looks into are of types of ours, and whatever looks
 * loads first:
 * - `__template__` of an itkTemplate: key -> class;
 * - __template_instantiations_name_to_object__: "itk::Image<float,2>" ->
 * class;
 * - __template_instantiations_object_to_name__: class -> (itkTemplate, key);
 * - itk.swig: raw name -> what SWIG made.
 *
 * A look at the whole (len, iteration, keys(), ...) shows what ITK would have
 * registered by now, in its order: what the modules in use define. */
#include "core/package.h"

#include <string.h>

static const char PACKAGE_ATTRIBUTE[] = "__lazyindex__";
static const char NAME_ATTRIBUTE[] = "template_name";

static package_object *
package_of(PyObject *view)
{
    return (package_object *)PyObject_GetAttrString((PyObject *)Py_TYPE(view),
                                                    PACKAGE_ATTRIBUTE);
}

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
    (void)reader;
    search->all++;
    PyObject *module = str_of_slice(candidate->module);
    PyObject *place =
        module == NULL
            ? NULL
            : PyDict_GetItemWithError(search->package->used, module);
    PyObject *entry = place == NULL ? NULL : PyTuple_Pack(2, place, module);
    int rc = entry == NULL ? -(PyErr_Occurred() != NULL)
                           : PyList_Append(search->found, entry);
    Py_XDECREF(entry);
    Py_XDECREF(module);
    return rc < 0 ? LZI_E_NOMEM : LZI_OK;
}

/* Modules in use that have a template, in ITK's order: list of str. */
static PyObject *
used_owners(package_object *self, lzi_slice name, size_t *all)
{
    owner_search search = {self, PyList_New(0), 0};
    PyObject *modules = NULL;
    lzi_status status =
        search.found == NULL
            ? LZI_E_NOMEM
            : lzi_index_candidates(self->index, name, collect_used, &search);
    if (status != LZI_OK && !PyErr_Occurred()) {
        raise_status(self, status, "a record of a name");
    }
    else if (status == LZI_OK && PyList_Sort(search.found) == 0) {
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
load_owner(package_object *self, lzi_slice name, lzi_slice module,
           bool *ordered)
{
    lzi_candidate candidate;
    const lzi_reader *reader;
    lzi_slice value;
    lzi_status status =
        lzi_index_candidate(&candidate, self->index, module, name);
    if (status == LZI_OK) {
        status = lzi_index_get(&value, &reader, self->index, LZI_TABLE_MODULE,
                               module);
    }
    if (status != LZI_OK) {
        return raise_status(self, status, "a record of a name");
    }
    if (candidate.units.count > 1) {
        *ordered = false;
    }
    int rc = itk_load_units(self, name, &candidate);
    if (rc < 0) {
        note_origin(self, name, &candidate, reader);
    }
    return rc;
}

/* Units of all modules in use that have a template.
 * @param[out] ordered Its instantiations are in ITK's order already. */
static int
load_owners(package_object *self, lzi_slice name, PyObject *modules,
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
    PyObject *seen = PyDict_GetItemWithError(self->complete, what);
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
    int rc = pair == NULL ? -1 : PyDict_SetItem(self->complete, what, pair);
    Py_XDECREF(pair);
    return rc;
}

/* Instantiations of a template that are registered now. */
static Py_ssize_t
template_size(package_object *self, PyObject *cpp)
{
    PyObject *template = PyDict_GetItemWithError(self->itk.named, cpp);
    PyObject *table = template == NULL
                          ? NULL
                          : PyObject_GetAttrString(template, "__template__");
    Py_ssize_t size =
        table != NULL && PyDict_Check(table) ? PyDict_Size(table) : -1;
    Py_XDECREF(table);
    return size;
}

static int
load_template(package_object *self, PyObject *cpp, completion last)
{
    lzi_slice name = itk_last_component(slice_of_str(cpp));
    completion now = {PyDict_Size(self->used), 0};
    size_t all;
    PyObject *modules = used_owners(self, name, &all);
    bool ordered = all < 2; /* one unit registers in table order */
    int rc = modules == NULL ? -1 : load_owners(self, name, modules, &ordered);
    now.size = rc < 0 ? -1 : template_size(self, cpp);
    if (rc == 0 && !ordered && now.size != last.size) {
        rc = order_template(self, name, modules);
    }
    Py_XDECREF(modules);
    return rc < 0 || PyErr_Occurred() ? -1 : note_completion(self, cpp, now);
}

static int
complete_template(package_object *self, PyObject *cpp)
{
    completion last;
    int rc = find_completion(self, cpp, &last);
    if (rc == 0 && last.used != PyDict_Size(self->used)) {
        gc_pause(self->state);
        rc = load_template(self, cpp, last);
        gc_resume(self->state);
    }
    return rc;
}

/* Without itkTemplate.__getattr__(). */
static PyObject *
plain_attribute(PyObject *template, const char *name)
{
    PyObject *key = PyUnicode_FromString(name);
    PyObject *value =
        key == NULL ? NULL : PyObject_GenericGetAttr(template, key);
    Py_XDECREF(key);
    return value;
}

PyObject *
itk_template_attribute(PyObject *op, PyObject *arguments)
{
    PyObject *template, *own, *name;
    if (!PyArg_ParseTuple(arguments, "OOO:__getattr__", &template, &own,
                          &name)) {
        return NULL;
    }
    PyObject *cpp = plain_attribute(template, "__name__");
    if (cpp != NULL && PyUnicode_Check(cpp) &&
        complete_template((package_object *)op, cpp) < 0) {
        Py_DECREF(cpp);
        return NULL;
    }
    Py_XDECREF(cpp);
    PyErr_Clear(); /* one that is not complete itself */
    PyObject *value = PyObject_GenericGetAttr(template, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        value = PyObject_CallFunctionObjArgs(own, template, name, NULL);
    }
    return value;
}

/* -- All of them ---------------------------------------------------------- */

static int
load_all(package_object *self, completion last)
{
    PyObject *modules = PyDict_Keys(self->used);
    completion now = {PyDict_Size(self->used), 0};
    int rc = modules == NULL ? -1 : itk_load_all_units(self, modules);
    now.size = PyDict_Size(self->itk.name_to_object);
    for (Py_ssize_t i = 0;
         rc == 0 && now.size != last.size && i < PyList_Size(modules); i++) {
        rc = itk_order_names(self, slice_of_str(PyList_GetItem(modules, i)));
    }
    Py_XDECREF(modules);
    return rc < 0 ? -1 : note_completion(self, Py_None, now);
}

static int
complete_all(package_object *self)
{
    completion last;
    int rc = find_completion(self, Py_None, &last);
    if (rc == 0 && last.used != PyDict_Size(self->used)) {
        gc_pause(self->state);
        rc = load_all(self, last);
        gc_resume(self->state);
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
    return rc < 0 ? LZI_E_STORE : LZI_OK;
}

/* Load the unit that defines an instantiation, whichever module it is of. */
static int
load_by_name(package_object *self, PyObject *key)
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
    lzi_status status = lzi_index_candidates(self->index, search.name,
                                             search_candidate, &search);
    if (status != LZI_OK && !PyErr_Occurred()) {
        raise_status(self, status, "a record of a name");
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* A class whose unit was imported, but not through the package. */
static int
load_by_class(package_object *self, PyObject *key)
{
    if (!PyType_Check(key)) {
        return 0;
    }
    PyObject *module = PyObject_GetAttrString(key, "__module__");
    lzi_slice name = {"", 0}, package = slice_of_str(self->name);
    if (module == NULL || !PyUnicode_Check(module) ||
        slice_of_name(module, &name) < 0 || name.size <= package.size ||
        memcmp(name.data, package.data, package.size) != 0 ||
        name.data[package.size] != '.') {
        Py_XDECREF(module);
        PyErr_Clear();
        return 0;
    }
    lzi_slice unit = {name.data + package.size + 1,
                      name.size - package.size - 1};
    int rc = 0;
    if (package_has(self, LZI_TABLE_UNIT, unit)) {
        rc = load_unit(self, unit, unit);
    }
    Py_DECREF(module);
    return rc;
}

/* -- The types ------------------------------------------------------------ */

/* Load all that a look at the whole shows. */
static int
complete(PyObject *view)
{
    package_object *self = package_of(view);
    int rc = -1;
    if (self != NULL && Py_IS_TYPE(view, self->itk.table_type)) {
        PyObject *cpp = PyObject_GetAttrString(view, NAME_ATTRIBUTE);
        rc = cpp == NULL ? -1 : complete_template(self, cpp);
        Py_XDECREF(cpp);
    }
    else if (self != NULL) {
        rc = complete_all(self);
    }
    Py_XDECREF((PyObject *)self);
    return rc;
}

/* Load what a key that is not there may stand for. */
static int
load_missing(PyObject *view, PyObject *key)
{
    package_object *self = package_of(view);
    if (self == NULL) {
        return -1;
    }
    int rc;
    if (Py_IS_TYPE(view, self->itk.names_type)) {
        rc = load_by_name(self, key);
    }
    else if (Py_IS_TYPE(view, self->itk.classes_type)) {
        rc = load_by_class(self, key);
    }
    else {
        rc = complete(view);
    }
    Py_DECREF((PyObject *)self);
    return rc;
}

/* @return borrowed; NULL without an error: not there */
static PyObject *
find(PyObject *view, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(view, key);
    if (value == NULL && !PyErr_Occurred() && load_missing(view, key) == 0) {
        value = PyDict_GetItemWithError(view, key);
    }
    return value;
}

static PyObject *
view_subscript(PyObject *view, PyObject *key)
{
    PyObject *value = find(view, key);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return Py_XNewRef(value);
}

static int
view_contains(PyObject *view, PyObject *key)
{
    PyObject *value = find(view, key);
    return value != NULL ? 1 : -(PyErr_Occurred() != NULL);
}

static PyObject *
view_get(PyObject *view, PyObject *arguments)
{
    PyObject *key, *missing = Py_None;
    if (!PyArg_ParseTuple(arguments, "O|O:get", &key, &missing)) {
        return NULL;
    }
    PyObject *value = find(view, key);
    return value == NULL && PyErr_Occurred()
               ? NULL
               : Py_NewRef(value == NULL ? missing : value);
}

static Py_ssize_t
view_length(PyObject *view)
{
    return complete(view) < 0 ? -1 : PyDict_Size(view);
}

/* The type that a view is derived from, once all is there. @return new */
static PyObject *
complete_base(PyObject *view)
{
    return complete(view) < 0
               ? NULL
               : PyObject_GetAttrString((PyObject *)Py_TYPE(view), "__base__");
}

static PyObject *
call_base(PyObject *view, const char *method)
{
    PyObject *base = complete_base(view);
    PyObject *result =
        base == NULL ? NULL : PyObject_CallMethod(base, method, "O", view);
    Py_XDECREF(base);
    return result;
}

static PyObject *
view_iter(PyObject *view)
{
    return call_base(view, "__iter__");
}

static PyObject *
view_repr(PyObject *view)
{
    return call_base(view, "__repr__");
}

static PyObject *
view_compare(PyObject *view, PyObject *other, int operation)
{
    PyObject *base = complete_base(view);
    PyObject *result = NULL;
    if (base != NULL && (operation == Py_EQ || operation == Py_NE)) {
        result = PyObject_CallMethod(
            base, operation == Py_EQ ? "__eq__" : "__ne__", "OO", view, other);
    }
    else if (base != NULL) {
        result = Py_NewRef(Py_NotImplemented);
    }
    Py_XDECREF(base);
    return result;
}

static PyObject *
view_keys(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_base(view, "keys");
}

static PyObject *
view_values(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_base(view, "values");
}

static PyObject *
view_items(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_base(view, "items");
}

static PyObject *
view_reversed(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_base(view, "__reversed__");
}

/* A copy is what ITK has: an ordinary dictionary. */
static PyObject *
view_copy(PyObject *view, PyObject *unused)
{
    (void)unused;
    PyObject *base = complete_base(view);
    PyObject *copy =
        base == NULL ? NULL : PyObject_CallFunctionObjArgs(base, view, NULL);
    Py_XDECREF(base);
    return copy;
}

static PyObject *
view_reduce_ex(PyObject *view, PyObject *protocol)
{
    PyObject *copy = view_copy(view, NULL);
    PyObject *result =
        copy == NULL
            ? NULL
            : PyObject_CallMethod(copy, "__reduce_ex__", "O", protocol);
    Py_XDECREF(copy);
    return result;
}

static PyMethodDef view_methods[] = {
    {"get", view_get, METH_VARARGS, NULL},
    {"keys", view_keys, METH_NOARGS, NULL},
    {"values", view_values, METH_NOARGS, NULL},
    {"items", view_items, METH_NOARGS, NULL},
    {"copy", view_copy, METH_NOARGS, NULL},
    {"__copy__", view_copy, METH_NOARGS, NULL},
    {"__reversed__", view_reversed, METH_NOARGS, NULL},
    {"__reduce_ex__", view_reduce_ex, METH_O, NULL},
    {NULL, NULL, 0, NULL}};

static PyType_Slot view_slots[] = {
    {Py_tp_doc, "A dictionary that loads what one looks for."},
    {Py_tp_iter, view_iter},
    {Py_tp_repr, view_repr},
    {Py_tp_richcompare, view_compare},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_methods, view_methods},
    {Py_mp_subscript, view_subscript},
    {Py_mp_length, view_length},
    {Py_sq_contains, view_contains},
    {0, NULL}};

/* One type for each package and kind: it knows what it serves. */
static PyTypeObject *
make_type(package_object *self, const char *name, PyObject *base)
{
    PyType_Spec spec = {
        .name = name, .flags = Py_TPFLAGS_DEFAULT, .slots = view_slots};
    PyObject *type = PyType_FromSpecWithBases(&spec, base);
    if (type != NULL && PyObject_SetAttrString(type, PACKAGE_ATTRIBUTE,
                                               (PyObject *)self) < 0) {
        Py_CLEAR(type);
    }
    return (PyTypeObject *)type;
}

/* -- Pickling ------------------------------------------------------------- */

/* It goes through the attributes of a template, one of which is its table:
 * they must not become more meanwhile. */
static PyObject *
reduce_template(PyObject *op, PyObject *template)
{
    PyObject *name = PyObject_GetAttrString(template, "__name__");
    int rc = name == NULL || !PyUnicode_Check(name)
                 ? -1
                 : complete_template((package_object *)op, name);
    Py_XDECREF(name);
    return rc < 0 ? NULL
                  : PyObject_CallMethod(template, "__reduce_ex__", "i", 2);
}

static PyMethodDef reduce_template_def = {"reduce_template", reduce_template,
                                          METH_O, NULL};

int
itk_watch_pickling(package_object *self)
{
    PyObject *reduce = PyCFunction_New(&reduce_template_def, (PyObject *)self);
    PyObject *copyreg =
        reduce == NULL ? NULL : PyImport_ImportModule("copyreg");
    PyObject *done =
        copyreg == NULL ? NULL
                        : PyObject_CallMethod(copyreg, "pickle", "OO",
                                              self->itk.template_type, reduce);
    Py_XDECREF(reduce);
    Py_XDECREF(copyreg);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* -- Making them ---------------------------------------------------------- */

PyObject *
itk_new_table(package_object *self, PyObject *name)
{
    PyObject *table = PyObject_CallNoArgs((PyObject *)self->itk.table_type);
    if (table != NULL &&
        PyObject_SetAttrString(table, NAME_ATTRIBUTE, name) < 0) {
        Py_CLEAR(table);
    }
    return table;
}

int
itk_make_view_types(package_object *self, itk_registries *out)
{
    static const char ordered_name[] = "_lazyindex.OrderedDict";
    static const char plain_name[] = "_lazyindex.dict";
    PyObject *plain = (PyObject *)&PyDict_Type;
    PyObject *collections = PyImport_ImportModule("collections");
    PyObject *ordered =
        collections == NULL
            ? NULL
            : PyObject_GetAttrString(collections, "OrderedDict");
    Py_XDECREF(collections);
    if (ordered == NULL) {
        return -1;
    }
    out->table_type = make_type(self, ordered_name, ordered);
    out->names_type = make_type(self, ordered_name, ordered);
    out->classes_type = make_type(self, plain_name, plain);
    out->raw_type = make_type(self, plain_name, plain);
    Py_DECREF(ordered);
    return out->table_type == NULL || out->names_type == NULL ||
                   out->classes_type == NULL || out->raw_type == NULL
               ? -1
               : 0;
}
