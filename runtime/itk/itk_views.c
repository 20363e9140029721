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
 * registered by now, in its order: what the modules in use define. */
#include "itk/itk_views.h"

#include "itk/itk_completion.h"

#include <string.h>

static const char PACKAGE_ATTRIBUTE[] = "__lazyindex__";

static package_object *
package_of(PyObject *view)
{
    return (package_object *)PyObject_GetAttrString((PyObject *)Py_TYPE(view),
                                                    PACKAGE_ATTRIBUTE);
}

/* -- The types ------------------------------------------------------------ */

/* Load all that a look at the whole shows. */
static int
complete(PyObject *view)
{
    package_object *self = package_of(view);
    int rc = -1;
    if (self != NULL &&
        Py_IS_TYPE(view, itk_of(self)->registries.table_type)) {
        PyObject *cpp = PyObject_GetAttrString(view, ITK_TEMPLATE_NAME);
        rc = cpp == NULL ? -1 : itk_show_template(self, cpp);
        Py_XDECREF(cpp);
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

/* -- Attributes ----------------------------------------------------------- */

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
        itk_show_template((package_object *)op, cpp) < 0) {
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

/* -- Pickling ------------------------------------------------------------- */

/* It goes through the attributes of a template, one of which is its table:
 * they must not become more meanwhile. */
static PyObject *
reduce_template(PyObject *op, PyObject *template)
{
    PyObject *name = PyObject_GetAttrString(template, "__name__");
    int rc = name == NULL || !PyUnicode_Check(name)
                 ? -1
                 : itk_show_template((package_object *)op, name);
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
    PyObject *done = copyreg == NULL
                         ? NULL
                         : PyObject_CallMethod(
                               copyreg, "pickle", "OO",
                               itk_of(self)->registries.template_type, reduce);
    Py_XDECREF(reduce);
    Py_XDECREF(copyreg);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
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
