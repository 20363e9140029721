/* itk_units.c: what a unit needs, and how units come into the package. */
#include "itk/itk_units.h"

#include "core/units.h"
#include "itk/itk_config.h"
#include "itk/itk_registry.h"
#include "itk/itk_swig_names.h"

lzi_status
itk_needs(package_object *self, lzi_slice unit, lzi_needs *out)
{
    return lzi_itk_unit_needs(self->index, unit, out);
}

lzi_slice
itk_module_of_unit(package_object *self, lzi_slice name)
{
    lzi_slice value;
    lzi_unit unit;
    return lzi_index_get(&value, NULL, self->index, LZI_TABLE_UNIT, name) ==
                       LZI_OK &&
                   lzi_unit_decode(&unit, value) == LZI_OK
               ? unit.module
               : (lzi_slice){"", 0};
}

/* -- Importing ------------------------------------------------------------ */

static int
call_back(PyObject *callback, PyObject *module, int progress)
{
    PyObject *done = PyObject_CallFunction(callback, "Oi", module, progress);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* Modules of units, as a list of str beside theirs. */
static PyObject *
modules_of_units(package_object *self, PyObject *units)
{
    PyObject *modules = PyList_New(0);
    for (Py_ssize_t i = 0; modules != NULL && i < PyList_Size(units); i++) {
        lzi_slice unit = slice_of_str(PyList_GetItem(units, i));
        if (append_string(modules, itk_module_of_unit(self, unit)) < 0) {
            Py_CLEAR(modules);
        }
    }
    return modules;
}

/* With itkConfig.ImportCallback: once for each module, 0 before the first of
 * its units and 1 behind the last that is needed now. */
static int
import_announced(package_object *self, PyObject *units, PyObject *callback)
{
    PyObject *modules = modules_of_units(self, units);
    PyObject *begun = PyDict_New();
    int rc = modules == NULL || begun == NULL ? -1 : 0;
    Py_ssize_t count = rc < 0 ? 0 : PyList_Size(units);
    for (Py_ssize_t i = 0; rc == 0 && i < count; i++) {
        PyObject *module = PyList_GetItem(modules, i); /* borrowed */
        rc = PyDict_Contains(itk_of(self)->announced, module);
        if (rc == 0) {
            rc =
                PyDict_SetItem(itk_of(self)->announced, module, Py_None) < 0 ||
                        PyDict_SetItem(begun, module, Py_None) < 0 ||
                        call_back(callback, module, 0) < 0
                    ? -1
                    : 0;
        }
        rc = rc < 0 ? -1 : import_unit(self, PyList_GetItem(units, i));
        bool last = true;
        for (Py_ssize_t k = i + 1; rc == 0 && last && k < count; k++) {
            last = PyUnicode_Compare(PyList_GetItem(modules, k), module) != 0;
        }
        if (rc == 0 && last && PyDict_Contains(begun, module) > 0) {
            rc = call_back(callback, module, 1);
        }
    }
    Py_XDECREF(modules);
    Py_XDECREF(begun);
    return rc;
}

static int
import_all(package_object *self, PyObject *units)
{
    PyObject *callback = NULL;
    Py_ssize_t count = PyList_Size(units);
    if (count > 0 && itk_import_callback(&callback) < 0) {
        return -1;
    }
    if (callback != NULL) {
        int rc = import_announced(self, units, callback);
        Py_DECREF(callback);
        return rc;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (import_unit(self, PyList_GetItem(units, i)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The import system binds every submodule in its package. Stock's C halves
 * come from their library and are in sys.modules only. */
static int
unbind_c_halves(package_object *self, PyObject *units)
{
    PyObject *dict = module_dict(self->module);
    for (Py_ssize_t i = 0; dict != NULL && i < PyList_Size(units); i++) {
        PyObject *name = PyUnicode_FromFormat("_%U", PyList_GetItem(units, i));
        int has = name == NULL ? -1 : PyDict_Contains(dict, name);
        if (has > 0) {
            has = PyDict_DelItem(dict, name);
        }
        Py_XDECREF(name);
        if (has < 0) {
            return -1;
        }
    }
    return dict == NULL ? -1 : 0;
}

/* Import units, and leave no C half bound, even if one of them failed. */
static int
import_unbound(package_object *self, PyObject *units)
{
    int rc = import_all(self, units);
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    if (unbind_c_halves(self, units) < 0 && rc == 0) {
        return -1;
    }
    PyErr_Restore(type, error, traceback); /* the first one counts */
    return rc;
}

int
itk_import_units(package_object *self, PyObject *units)
{
    if (PyList_Size(units) == 0) {
        return 0;
    }
    return import_unbound(self, units) < 0 ||
                   itk_register_units(self, units) < 0
               ? -1
               : itk_update_swig_names(self, units);
}
