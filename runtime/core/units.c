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

typedef struct {
    package_object *package;
    PyObject *seen;  /* dict used as a set */
    PyObject *order; /* list: dependencies first */
} load_plan;

static int plan_unit(load_plan *plan, lzi_slice name);

static int
plan_list(load_plan *plan, lzi_list units)
{
    lzi_slice unit;
    while (lzi_list_next(&units, &unit)) {
        if (plan_unit(plan, unit) < 0) {
            return -1;
        }
    }
    return 0;
}

/* What a unit wants of others need not be installed. */
static int
plan_soft(load_plan *plan, lzi_list units)
{
    lzi_slice unit;
    while (lzi_list_next(&units, &unit)) {
        if (package_has(plan->package, plan->package->profile->unit_table,
                        unit) &&
            plan_unit(plan, unit) < 0) {
            return -1;
        }
    }
    return 0;
}

/* A unit that is public had its closure loaded with it. */
static int
plan_unit(load_plan *plan, lzi_slice name)
{
    package_object *package = plan->package;
    lzi_list imports, soft;
    PyObject *text = str_of_slice(name);
    int rc = text == NULL ? -1 : PyDict_Contains(plan->seen, text);
    if (rc == 0) {
        rc = PyDict_Contains(package->units, text);
    }
    if (rc != 0) {
        Py_XDECREF(text);
        return rc < 0 ? -1 : 0;
    }
    rc = -1;
    if (PyDict_SetItem(plan->seen, text, Py_None) < 0 ||
        package->profile->needs(package, name, &imports, &soft) < 0 ||
        enter_record(package) < 0) {
        goto done;
    }
    rc = plan_list(plan, imports);
    if (rc == 0) {
        rc = plan_soft(plan, soft);
    }
    leave_record();
    if (rc == 0) {
        rc = PyList_Append(plan->order, text);
    }
done:
    Py_DECREF(text);
    return rc;
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
    lzi_slice module;
    Py_ssize_t count = PyList_Size(units);
    if (count > 0 && self->profile->module_of_unit(
                         self, slice_of_str(PyList_GetItem(units, count - 1)),
                         &module) == 0) {
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
    load_plan plan = {self, PyDict_New(), PyList_New(0)};
    int rc = plan.seen == NULL || plan.order == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(units); i++) {
        rc = plan_unit(&plan, slice_of_str(PyList_GetItem(units, i)));
    }
    if (rc == 0) {
        rc = self->profile->import_units(self, plan.order);
    }
    if (rc == 0 && self->trace) {
        trace_load(self, what, plan.order, begin);
    }
    Py_XDECREF(plan.seen);
    Py_XDECREF(plan.order);
    return rc;
}
