#include "core/text.h"

lzi_slice
slice_of_str(PyObject *text)
{
    Py_ssize_t size;
    const char *data = PyUnicode_AsUTF8AndSize(text, &size);
    if (data == NULL) {
        return (lzi_slice){"", 0};
    }
    return (lzi_slice){data, (size_t)size};
}

int
slice_of_name(PyObject *name, lzi_slice *out)
{
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "a name must be a string");
        return -1;
    }
    *out = slice_of_str(name);
    if (out->size > 0 || !PyErr_Occurred()) {
        return 0;
    }
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        return -1;
    }
    PyErr_Clear(); /* nobody has such a name */
    return 0;
}

int
slice_of_key(PyObject *key, lzi_slice *out)
{
    *out = (lzi_slice){"", 0};
    return PyUnicode_Check(key) ? slice_of_name(key, out) : 0;
}

PyObject *
str_of_slice(lzi_slice slice)
{
    return PyUnicode_DecodeUTF8(slice.data, (Py_ssize_t)slice.size, NULL);
}

int
append_string(PyObject *list, lzi_slice item)
{
    PyObject *text = str_of_slice(item);
    int rc = text == NULL ? -1 : PyList_Append(list, text);
    Py_XDECREF(text);
    return rc;
}

int
append_strings(PyObject *list, lzi_list strings)
{
    lzi_slice item = {"", 0};
    while (lzi_list_next(&strings, &item)) {
        if (append_string(list, item) < 0) {
            return -1;
        }
    }
    return 0;
}

PyObject *
list_of_strings(lzi_list strings)
{
    PyObject *list = PyList_New(0);
    if (list != NULL && append_strings(list, strings) < 0) {
        Py_CLEAR(list);
    }
    return list;
}

PyObject *
module_dict(PyObject *module)
{
    if (!PyModule_Check(module)) {
        PyErr_Format(PyExc_TypeError, "not a module: %R", module);
        return NULL;
    }
    return PyModule_GetDict(module);
}

PyObject *
get_item(PyObject *dict, const char *key)
{
    PyObject *name = PyUnicode_FromString(key);
    PyObject *value =
        name == NULL ? NULL : PyDict_GetItemWithError(dict, name);
    Py_XDECREF(name);
    return value;
}

PyObject *
get_attribute_if_any(PyObject *object, const char *name)
{
    PyObject *value = PyObject_GetAttrString(object, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
    }
    return value;
}

PyObject *
import_member(PyObject *name, lzi_slice attribute)
{
    PyObject *module = PyImport_Import(name);
    if (module == NULL || attribute.size == 0) {
        return module;
    }
    PyObject *key = str_of_slice(attribute);
    PyObject *value = key == NULL ? NULL : PyObject_GetAttr(module, key);
    Py_XDECREF(key);
    Py_DECREF(module);
    return value;
}

int
import_named(PyObject *full)
{
    PyObject *module = full == NULL ? NULL : PyImport_Import(full);
    Py_XDECREF(full);
    Py_XDECREF(module);
    return module == NULL ? -1 : 0;
}

int
is_module_ready(PyObject *module)
{
    PyObject *spec = PyObject_GetAttrString(module, "__spec__");
    PyObject *flag =
        spec == NULL ? NULL : PyObject_GetAttrString(spec, "_initializing");
    int busy = flag == NULL ? -1 : PyObject_IsTrue(flag);
    Py_XDECREF(flag);
    Py_XDECREF(spec);
    if (busy < 0 && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear(); /* a module need not have either */
        busy = 0;
    }
    return busy < 0 ? -1 : !busy;
}

PyObject *
find_ready_module(PyObject *full)
{
    PyObject *module = PyImport_GetModule(full);
    if (module != NULL && is_module_ready(module) <= 0) {
        Py_CLEAR(module);
    }
    return module;
}
