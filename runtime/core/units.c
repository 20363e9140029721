#include "core/units.h"

#include "core/profile.h"

#include <time.h>

PyObject *
unit_module(package_object *self, lzi_slice unit)
{
    PyObject *full = member_name(self, "", unit, "");
    PyObject *module = full == NULL ? NULL : PyImport_GetModule(full);
    if (module == NULL && full != NULL && !PyErr_Occurred()) {
        module = PyImport_Import(full);
    }
    Py_XDECREF(full);
    return module;
}

int
import_unit(package_object *self, PyObject *unit)
{
    return import_named(PyUnicode_FromFormat("%U.%U", self->name, unit));
}

/* -- Closure -------------------------------------------------------------- */

static lzi_status
find_needs(void *context, lzi_slice unit, lzi_needs *out)
{
    package_object *self = context;
    return self->profile->needs(self, unit, out);
}

/* A unit that is public had its closure loaded with it. */
static bool
is_loaded(void *context, lzi_slice unit)
{
    package_object *self = context;
    PyObject *name = str_of_slice(unit);
    int rc = name == NULL ? -1 : PyDict_Contains(self->units, name);
    Py_XDECREF(name);
    return rc != 0; /* with an error set, it does not matter */
}

/* Units and all that they need, dependencies first.
 * @return new: list of str */
static PyObject *
closure_of(package_object *self, PyObject *units)
{
    lzi_closure *closure = lzi_closure_new(find_needs, is_loaded, self);
    PyObject *order = NULL;
    lzi_status status = closure == NULL ? LZI_E_NOMEM : LZI_OK;
    for (Py_ssize_t i = 0; status == LZI_OK && i < PyList_Size(units); i++) {
        status =
            lzi_closure_add(closure, slice_of_str(PyList_GetItem(units, i)));
    }
    if (PyErr_Occurred()) {
        goto done;
    }
    if (status != LZI_OK) {
        raise_status(self, status, "the record of a unit");
        goto done;
    }
    order = PyList_New(0);
    for (size_t i = 0; order != NULL && i < lzi_closure_count(closure); i++) {
        if (append_string(order, lzi_closure_unit(closure, i)) < 0) {
            Py_CLEAR(order);
        }
    }
done:
    lzi_closure_free(closure);
    return order;
}

/* -- Loading -------------------------------------------------------------- */

static double
seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* For whoever hunts a problem: what was loaded, and how long it took. */
static void
trace_load(package_object *self, lzi_slice what, PyObject *units, double begin)
{
    Py_ssize_t count = PyList_Size(units);
    if (count > 0) {
        lzi_slice last = slice_of_str(PyList_GetItem(units, count - 1));
        lzi_slice module = self->profile->module_of_unit(self, last);
        PySys_WriteStderr("lazyindex: %.*s (%.*s): %zd units, %d ms\n",
                          (int)what.size, what.data, (int)module.size,
                          module.data, count,
                          (int)((seconds() - begin) * 1000));
    }
}

int
load_units(package_object *self, lzi_slice what, PyObject *units)
{
    double begin = self->trace ? seconds() : 0;
    PyObject *order = closure_of(self, units);
    int rc = order == NULL ? -1 : self->profile->import_units(self, order);
    if (rc == 0 && self->trace) {
        trace_load(self, what, order, begin);
    }
    Py_XDECREF(order);
    return rc;
}
