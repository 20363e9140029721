#include "itk/itk_template_key.h"

#include "lzi_itk_cpp.h"

#include <string.h>

static bool
is_number(PyObject *text)
{
    lzi_slice digits = slice_of_str(text);
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9') {
            return false;
        }
    }
    return digits.size > 0;
}

/* itkCType.GetCType(). @return borrowed; NULL without error: none. */
static PyObject *
find_c_type(package_object *self, lzi_slice name)
{
    static const char *const aliases[][2] = {
        {"short", "signed short"},
        {"int", "signed int"},
        {"long", "signed long"},
        {"long long", "signed long long"}};
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (lzi_slice_equal(name, lzi_slice_of(aliases[i][0]))) {
            name = lzi_slice_of(aliases[i][1]);
            break;
        }
    }
    PyObject *key = str_of_slice(name);
    PyObject *found =
        key == NULL
            ? NULL
            : PyDict_GetItemWithError(itk_of(self)->registries.c_types, key);
    Py_XDECREF(key);
    return found;
}

static void
warn_unknown(const lzi_tuple *tuple, PyObject *param)
{
    PyObject *cpp = str_of_slice(tuple->cpp);
    if (cpp != NULL) {
        PyErr_WarnFormat(PyExc_UserWarning, 1,
                         "Warning: Unknown parameter '%U' in template '%U'",
                         param, cpp);
        Py_DECREF(cpp);
    }
}

/* One parameter as itkTemplate.__find_param__() makes it: a class, a C type,
 * a number or a flag. @return new; NULL without error: unknown. */
static PyObject *
resolve_param(package_object *self, const lzi_tuple *tuple, lzi_slice param)
{
    PyObject *normalized = itk_normalized(param);
    if (normalized == NULL) {
        return NULL;
    }
    PyObject *value = Py_XNewRef(PyDict_GetItemWithError(
        itk_of(self)->registries.name_to_object, normalized));
    if (value == NULL && !PyErr_Occurred()) {
        value = Py_XNewRef(find_c_type(self, param));
    }
    if (value == NULL && !PyErr_Occurred()) {
        if (is_number(normalized)) {
            value = PyLong_FromString(slice_of_str(normalized).data, NULL, 10);
        }
        else if (PyUnicode_CompareWithASCIIString(normalized, "true") == 0) {
            value = Py_NewRef(Py_True);
        }
        else if (PyUnicode_CompareWithASCIIString(normalized, "false") == 0) {
            value = Py_NewRef(Py_False);
        }
        else {
            warn_unknown(tuple, normalized);
        }
    }
    Py_DECREF(normalized);
    return value;
}

PyObject *
itk_make_key(package_object *self, const lzi_tuple *tuple)
{
    PyObject *list = PyList_New(0);
    lzi_slice rest = tuple->params;
    while (list != NULL && rest.data != NULL) {
        PyObject *value =
            resolve_param(self, tuple, lzi_cpp_next_param(&rest));
        int truth = value == NULL ? -(PyErr_Occurred() != NULL)
                                  : PyObject_IsTrue(value);
        if (truth < 0 || (truth > 0 && PyList_Append(list, value) < 0)) {
            Py_CLEAR(list);
        }
        Py_XDECREF(value);
    }
    PyObject *key = list == NULL ? NULL : PyList_AsTuple(list);
    Py_XDECREF(list);
    return key;
}

/* `itk::Statistics::Histogram` -> what is left without the part between the
 * first and the last colon (@p keep_head), or behind the last. */
static size_t
short_size(lzi_slice cpp, bool keep_head, lzi_slice *head, lzi_slice *tail)
{
    const char *first = memchr(cpp.data, ':', cpp.size);
    const char *last = memrchr(cpp.data, ':', cpp.size);
    *head = cpp;
    *tail = (lzi_slice){cpp.data + cpp.size, 0};
    if (first != NULL && first != last) {
        size_t before = (size_t)(first - cpp.data);
        size_t after = (size_t)(last + 1 - cpp.data);
        *head = (lzi_slice){cpp.data, keep_head ? before : 0};
        *tail = (lzi_slice){cpp.data + after, cpp.size - after};
    }
    return head->size + tail->size;
}

static bool
starts_with(lzi_slice text, lzi_slice head, lzi_slice tail)
{
    return text.size >= head.size + tail.size &&
           memcmp(text.data, head.data, head.size) == 0 &&
           memcmp(text.data + head.size, tail.data, tail.size) == 0;
}

static bool
ends_with(lzi_slice text, lzi_slice end)
{
    return text.size >= end.size &&
           memcmp(text.data + text.size - end.size, end.data, end.size) == 0;
}

lzi_slice
itk_attribute_part(lzi_slice cpp, lzi_slice class_name)
{
    lzi_slice pointer = lzi_slice_of("_Pointer");
    lzi_slice itk = lzi_slice_of("itk"), none = {"", 0}, head, tail;
    size_t skipped = short_size(cpp, true, &head, &tail);
    if (starts_with(class_name, itk, none)) {
        if (ends_with(class_name, pointer)) {
            return (lzi_slice){class_name.data + itk.size,
                               class_name.size - itk.size - pointer.size};
        }
    }
    else if (!starts_with(class_name, head, tail)) {
        skipped = short_size(cpp, false, &head, &tail);
    }
    if (skipped > class_name.size) {
        skipped = class_name.size;
    }
    return (lzi_slice){class_name.data + skipped, class_name.size - skipped};
}
