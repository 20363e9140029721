#include "itk/itk_swig_names.h"

#include "core/units.h"
#include "itk/itk_config.h"

#include <string.h>

/* Names of a unit that are no ITK class: what the stock loader collects. */
static int
add_swig_names(PyObject *names, PyObject *module)
{
    PyObject *dict = module_dict(module), *key, *value; /* borrowed */
    PyObject *copy = dict == NULL ? NULL : PyDict_Copy(dict);
    Py_ssize_t at = 0;
    int rc = copy == NULL ? -1 : 0;
    /* Of the copy: a key of the user's may be an object with code of its own.
     */
    while (rc == 0 && PyDict_Next(copy, &at, &key, &value)) {
        lzi_slice name;
        rc = slice_of_key(key, &name);
        bool hidden = (name.size >= 2 && memcmp(name.data, "__", 2) == 0) ||
                      (name.size >= 3 && memcmp(name.data, "itk", 3) == 0);
        if (rc == 0 && !hidden) {
            rc = PyDict_SetItem(names, key, value);
        }
    }
    Py_XDECREF(copy);
    return rc;
}

static int
add_units(package_object *self, PyObject *names, PyObject *units)
{
    for (Py_ssize_t i = 0; i < PyList_Size(units); i++) {
        PyObject *module =
            unit_module(self, slice_of_str(PyList_GetItem(units, i)));
        int rc = module == NULL ? -1 : add_swig_names(names, module);
        Py_XDECREF(module);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

int
itk_update_swig_names(package_object *self, PyObject *units)
{
    return itk_of(self)->swig_names == NULL
               ? 0
               : add_units(self, itk_of(self)->swig_names, units);
}

PyObject *
itk_swig_names(package_object *self)
{
    if (itk_of(self)->swig_names == NULL) {
        PyObject *names =
            itk_prepare(self) < 0
                ? NULL
                : PyObject_CallNoArgs(
                      (PyObject *)itk_of(self)->registries.swig_type);
        PyObject *units = names == NULL ? NULL : PyDict_Keys(self->units);
        int rc = units == NULL ? -1 : add_units(self, names, units);
        Py_XDECREF(units);
        if (rc < 0) {
            Py_XDECREF(names);
            return NULL;
        }
        if (itk_of(self)->swig_names == NULL) {
            itk_of(self)->swig_names = names;
        }
        else {
            Py_DECREF(names); /* another thread was faster */
        }
    }
    return Py_NewRef(itk_of(self)->swig_names);
}
