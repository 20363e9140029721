/* itk_views.c: dictionaries that answer for what is not registered yet.
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
 * registered by now, in its order: what the modules in use define. What is put
 * in or taken out takes its effect on that, not to be undone by a load. */
#include "itk/itk_views.h"

#include "itk/itk_completion.h"

static const char PACKAGE_ATTRIBUTE[] = "__lazyindex__";

static package_object *
package_of(PyObject *view)
{
    return (package_object *)PyObject_GetAttrString((PyObject *)Py_TYPE(view),
                                                    PACKAGE_ATTRIBUTE);
}

/* -- The types ------------------------------------------------------------ */

/* A table of no template is one that somebody has made of our type. */
static int
complete_table(package_object *self, PyObject *table)
{
    PyObject *cpp = get_attribute_if_any(table, ITK_TEMPLATE_NAME);
    int rc = cpp != NULL ? itk_show_template(self, cpp)
                         : -(PyErr_Occurred() != NULL);
    Py_XDECREF(cpp);
    return rc;
}

/* Load all that a look at the whole shows. */
static int
complete(PyObject *view)
{
    package_object *self = package_of(view);
    int rc = -1;
    if (self != NULL &&
        Py_IS_TYPE(view, itk_of(self)->registries.table_type)) {
        rc = complete_table(self, view);
    }
    else if (self != NULL) {
        rc = itk_show_all(self);
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
    if (Py_IS_TYPE(view, itk_of(self)->registries.names_type)) {
        rc = itk_load_by_name(self, key);
    }
    else if (Py_IS_TYPE(view, itk_of(self)->registries.classes_type)) {
        rc = itk_load_by_class(self, key);
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

/* Load what a key may stand for, if it is not there. */
static int
look_for(PyObject *view, PyObject *key)
{
    return find(view, key) == NULL && PyErr_Occurred() ? -1 : 0;
}

/* -- Looking up, putting in, taking out ----------------------------------- */

static PyObject *
view_subscript(PyObject *view, PyObject *key)
{
    PyObject *value = find(view, key);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return Py_XNewRef(value);
}

/* The type that a view is derived from. @return borrowed */
static PyTypeObject *
base_type(PyObject *view)
{
    return PyType_GetSlot(Py_TYPE(view), Py_tp_base);
}

/* @param value NULL: to be deleted. */
static int
view_assign(PyObject *view, PyObject *key, PyObject *value)
{
    objobjargproc assign =
        (objobjargproc)PyType_GetSlot(base_type(view), Py_mp_ass_subscript);
    return look_for(view, key) < 0 ? -1 : assign(view, key, value);
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

/* -- The whole ------------------------------------------------------------ */

static Py_ssize_t
view_length(PyObject *view)
{
    return complete(view) < 0 ? -1 : PyDict_Size(view);
}

/* The base's method. @param arguments Tuple; NULL: none. */
static PyObject *
call_with(PyObject *view, const char *method, PyObject *arguments,
          PyObject *keywords)
{
    PyObject *bound = NULL, *all = NULL, *result = NULL;
    PyObject *unbound =
        PyObject_GetAttrString((PyObject *)base_type(view), method);
    if (unbound == NULL) {
        goto done;
    }
    bound = PyTuple_Pack(1, view);
    if (bound == NULL) {
        goto done;
    }
    all = arguments == NULL ? Py_NewRef(bound)
                            : PySequence_Concat(bound, arguments);
    if (all == NULL) {
        goto done;
    }
    result = PyObject_Call(unbound, all, keywords);
done:
    Py_XDECREF(all);
    Py_XDECREF(bound);
    Py_XDECREF(unbound);
    return result;
}

/* The base's method, once all is there. */
static PyObject *
call_whole(PyObject *view, const char *method)
{
    return complete(view) < 0 ? NULL : call_with(view, method, NULL, NULL);
}

static PyObject *
view_iter(PyObject *view)
{
    return call_whole(view, "__iter__");
}

static PyObject *
view_repr(PyObject *view)
{
    return call_whole(view, "__repr__");
}

/* A copy is what ITK has: an ordinary dictionary. */
static PyObject *
view_copy(PyObject *view, PyObject *unused)
{
    (void)unused;
    return complete(view) < 0 ? NULL
                              : PyObject_CallFunctionObjArgs(
                                    (PyObject *)base_type(view), view, NULL);
}

/* Whether an object is a view; the slots are the same in all types. */
static bool
is_view(PyObject *object)
{
    return PyDict_Check(object) &&
           PyType_GetSlot(Py_TYPE(object), Py_tp_iter) == (void *)view_iter;
}

static PyObject *
view_compare(PyObject *view, PyObject *other, int operation)
{
    richcmpfunc compare =
        (richcmpfunc)PyType_GetSlot(base_type(view), Py_tp_richcompare);
    bool looks =
        (operation == Py_EQ || operation == Py_NE) && PyDict_Check(other);
    if (looks &&
        (complete(view) < 0 || (is_view(other) && complete(other) < 0))) {
        return NULL;
    }
    return compare(view, other, operation);
}

/* An operand of |, as ITK has it. @return new */
static PyObject *
operand(PyObject *object)
{
    return is_view(object) ? view_copy(object, NULL) : Py_NewRef(object);
}

static PyObject *
view_or(PyObject *left, PyObject *right)
{
    PyObject *result = NULL;
    if (!PyDict_Check(left) || !PyDict_Check(right)) {
        return Py_NewRef(Py_NotImplemented);
    }
    PyObject *first = operand(left);
    PyObject *second = first == NULL ? NULL : operand(right);
    if (second != NULL) {
        result = PyNumber_Or(first, second);
    }
    Py_XDECREF(first);
    Py_XDECREF(second);
    return result;
}

static PyObject *
view_inplace_or(PyObject *view, PyObject *other)
{
    binaryfunc join =
        (binaryfunc)PyType_GetSlot(base_type(view), Py_nb_inplace_or);
    return complete(view) < 0 ? NULL : join(view, other);
}

static PyObject *
view_keys(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_whole(view, "keys");
}

static PyObject *
view_values(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_whole(view, "values");
}

static PyObject *
view_items(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_whole(view, "items");
}

static PyObject *
view_reversed(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_whole(view, "__reversed__");
}

static PyObject *
view_clear(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_whole(view, "clear");
}

/* Those with arguments. @param by_key What the first one may stand for is
 * loaded; else all. */
static PyObject *
call_loaded(PyObject *view, const char *method, PyObject *arguments,
            PyObject *keywords, bool by_key)
{
    int rc;
    PyObject *key = NULL; /* borrowed */
    if (by_key) {
        key = PyTuple_Size(arguments) > 0 ? PyTuple_GetItem(arguments, 0)
              : keywords != NULL          ? get_item(keywords, "key")
                                          : NULL;
        rc = key == NULL ? -(PyErr_Occurred() != NULL) : look_for(view, key);
    }
    else {
        rc = complete(view);
    }
    return rc < 0 ? NULL : call_with(view, method, arguments, keywords);
}

static PyObject *
view_pop(PyObject *view, PyObject *arguments, PyObject *keywords)
{
    return call_loaded(view, "pop", arguments, keywords, true);
}

static PyObject *
view_setdefault(PyObject *view, PyObject *arguments, PyObject *keywords)
{
    return call_loaded(view, "setdefault", arguments, keywords, true);
}

static PyObject *
view_move_to_end(PyObject *view, PyObject *arguments, PyObject *keywords)
{
    return call_loaded(view, "move_to_end", arguments, keywords, false);
}

static PyObject *
view_popitem(PyObject *view, PyObject *arguments, PyObject *keywords)
{
    return call_loaded(view, "popitem", arguments, keywords, false);
}

static PyObject *
view_update(PyObject *view, PyObject *arguments, PyObject *keywords)
{
    return call_loaded(view, "update", arguments, keywords, false);
}

/* What a copy would give. */
static PyObject *
call_copy(PyObject *view, const char *method, PyObject *argument)
{
    PyObject *copy = view_copy(view, NULL);
    PyObject *result = NULL;
    if (copy != NULL) {
        result = argument == NULL
                     ? PyObject_CallMethod(copy, method, NULL)
                     : PyObject_CallMethod(copy, method, "O", argument);
    }
    Py_XDECREF(copy);
    return result;
}

/* A dict's own way is for objects of the very type that it makes. */
static PyObject *
reduce_dict(PyObject *view)
{
    PyObject *copy = view_copy(view, NULL);
    PyObject *result =
        copy == NULL ? NULL : Py_BuildValue("(O(O))", &PyDict_Type, copy);
    Py_XDECREF(copy);
    return result;
}

static PyObject *
view_reduce_ex(PyObject *view, PyObject *protocol)
{
    return base_type(view) == &PyDict_Type
               ? reduce_dict(view)
               : call_copy(view, "__reduce_ex__", protocol);
}

static PyObject *
view_reduce(PyObject *view, PyObject *unused)
{
    (void)unused;
    return base_type(view) == &PyDict_Type
               ? reduce_dict(view)
               : call_copy(view, "__reduce__", NULL);
}

static PyObject *
view_getstate(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_copy(view, "__getstate__", NULL);
}

static PyObject *
view_sizeof(PyObject *view, PyObject *unused)
{
    (void)unused;
    return call_whole(view, "__sizeof__");
}

/* A class method. */
static PyObject *
view_fromkeys(PyObject *type, PyObject *arguments, PyObject *keywords)
{
    PyObject *base = PyType_GetSlot((PyTypeObject *)type, Py_tp_base);
    PyObject *make = PyObject_GetAttrString(base, "fromkeys");
    PyObject *made =
        make == NULL ? NULL : PyObject_Call(make, arguments, keywords);
    Py_XDECREF(make);
    return made;
}

#define WITH_KEYWORDS(function)                                               \
    (PyCFunction)(void (*)(void))(function), METH_VARARGS | METH_KEYWORDS

/* A dict has all but the first. */
static PyMethodDef view_methods[] = {
    {"move_to_end", WITH_KEYWORDS(view_move_to_end), NULL},
    {"get", view_get, METH_VARARGS, NULL},
    {"keys", view_keys, METH_NOARGS, NULL},
    {"values", view_values, METH_NOARGS, NULL},
    {"items", view_items, METH_NOARGS, NULL},
    {"copy", view_copy, METH_NOARGS, NULL},
    {"clear", view_clear, METH_NOARGS, NULL},
    {"pop", WITH_KEYWORDS(view_pop), NULL},
    {"popitem", WITH_KEYWORDS(view_popitem), NULL},
    {"setdefault", WITH_KEYWORDS(view_setdefault), NULL},
    {"update", WITH_KEYWORDS(view_update), NULL},
    {"fromkeys", (PyCFunction)(void (*)(void))view_fromkeys,
     METH_VARARGS | METH_KEYWORDS | METH_CLASS, NULL},
    {"__copy__", view_copy, METH_NOARGS, NULL},
    {"__reversed__", view_reversed, METH_NOARGS, NULL},
    {"__reduce__", view_reduce, METH_NOARGS, NULL},
    {"__reduce_ex__", view_reduce_ex, METH_O, NULL},
    {"__getstate__", view_getstate, METH_NOARGS, NULL},
    {"__sizeof__", view_sizeof, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}};

/* One type for each package and kind: it knows what it serves. */
static PyTypeObject *
make_type(package_object *self, const char *name, PyObject *base)
{
    bool is_plain = base == (PyObject *)&PyDict_Type;
    PyType_Slot slots[] = {
        {Py_tp_doc, "A dictionary that loads what one looks for."},
        {Py_tp_iter, view_iter},
        {Py_tp_repr, view_repr},
        {Py_tp_richcompare, view_compare},
        {Py_tp_hash, PyObject_HashNotImplemented},
        {Py_tp_methods, is_plain ? view_methods + 1 : view_methods},
        {Py_mp_subscript, view_subscript},
        {Py_mp_ass_subscript, view_assign},
        {Py_mp_length, view_length},
        {Py_sq_contains, view_contains},
        {Py_nb_or, view_or},
        {Py_nb_inplace_or, view_inplace_or},
        {0, NULL}};
    PyType_Spec spec = {
        .name = name, .flags = Py_TPFLAGS_DEFAULT, .slots = slots};
    PyObject *type = PyType_FromSpecWithBases(&spec, base);
    if (type != NULL && PyObject_SetAttrString(type, PACKAGE_ATTRIBUTE,
                                               (PyObject *)self) < 0) {
        Py_CLEAR(type);
    }
    return (PyTypeObject *)type;
}

/* -- Making them ---------------------------------------------------------- */

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
    out->swig_type = make_type(self, plain_name, plain);
    Py_DECREF(ordered);
    return out->table_type == NULL || out->names_type == NULL ||
                   out->classes_type == NULL || out->swig_type == NULL
               ? -1
               : 0;
}
