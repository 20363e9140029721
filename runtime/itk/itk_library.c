/* itk_library.c: libraries, imported with their units held back, and C halves.
 *
 * Importing a library initialises all its units, and SWIG's search for types
 * makes that cost their square. */
#include "itk/itk_library.h"

#include "itk/swig_types.h"

/* The C half of every unit of a library: list of str */
static PyObject *
c_halves(loader_object *self, lzi_list units)
{
    PyObject *names = PyList_New(0);
    lzi_slice unit = {"", 0};
    while (names != NULL && lzi_list_next(&units, &unit)) {
        PyObject *full = member_name(self->package, "_", unit, "");
        if (full == NULL || PyList_Append(names, full) < 0) {
            Py_CLEAR(names);
        }
        Py_XDECREF(full);
    }
    return names;
}

/* Put None for every unit of a library that is not loaded into sys.modules.
 * The library's own init leaves alone what it finds there. */
static int
hold_back_units(PyObject *names)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    int rc = 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(names); i++) {
        PyObject *name = PyList_GetItem(names, i); /* borrowed */
        if (PyDict_GetItemWithError(modules, name) == NULL) {
            rc =
                PyErr_Occurred() ? -1 : PyDict_SetItem(modules, name, Py_None);
        }
    }
    return rc;
}

/* Take it out again; nothing of that can fail. */
static void
let_go_units(PyObject *names)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    for (Py_ssize_t i = 0; i < PyList_Size(names); i++) {
        PyObject *name = PyList_GetItem(names, i); /* borrowed */
        if (PyDict_GetItemWithError(modules, name) == Py_None) {
            PyDict_DelItem(modules, name);
        }
    }
    PyErr_Restore(type, error, traceback);
}

/* Every library looks in the package for ITKCommon's, which shares with it
 * what is one for the whole process. A proxy imports that one first, an
 * aggregator leaves it to those below it, which are lazy here. And the import
 * system binds it a moment after other threads may go past its import. */
static int
bind_common_library(package_object *self)
{
    static const char common[] = "ITKCommon";
    const lzi_slice name = {common, sizeof(common) - 1};
    if (!package_has(self, LZI_TABLE_MODULE, name)) {
        return 0;
    }
    PyObject *full = member_name(self, "_", name, "Python");
    PyObject *library = NULL;
    int rc = -1;
    if (full != NULL && import_named(Py_NewRef(full)) == 0) {
        library = PyImport_GetModule(full);
    }
    if (library != NULL) {
        rc = PyObject_SetAttrString(self->module, "_ITKCommonPython", library);
    }
    Py_XDECREF(library);
    Py_XDECREF(full);
    return rc;
}

/* Run a step of CPython's own loading of extensions (create_dynamic,
 * exec_dynamic), with the library's units held back. No Python code may run
 * meanwhile: other threads would find that None. (Where a warning of SWIG's is
 * shown by Python code, they cannot: a proxy imports its library first, and
 * waits for this import.) */
static PyObject *
load_library(loader_object *self, const char *step, PyObject *argument)
{
    lzi_module module;
    if (find_module(self->package, slice_of_str(self->name), &module) < 0) {
        return NULL;
    }
    PyObject *result = NULL, *names = NULL;
    PyObject *imp = PyImport_ImportModule("_imp");
    if (imp == NULL) {
        goto done;
    }
    names = c_halves(self, module.units);
    if (names == NULL) {
        goto done;
    }
    itk_of(self->package)->has_libraries = true;
    if (hold_back_units(names) == 0) {
        result = PyObject_CallMethod(imp, step, "O", argument);
    }
    let_go_units(names);
done:
    Py_XDECREF(names);
    Py_XDECREF(imp);
    return result;
}

static PyObject *
create_library(PyObject *op, PyObject *spec)
{
    return load_library((loader_object *)op, "create_dynamic", spec);
}

static PyObject *
execute_library(PyObject *op, PyObject *module)
{
    return load_library((loader_object *)op, "exec_dynamic", module);
}

static PyMethodDef create_def = {"create_library", create_library, METH_O,
                                 NULL};
static PyMethodDef execute_def = {"execute_library", execute_library, METH_O,
                                  NULL};

/* Call it from the line of the import system from which CPython's own loader
 * does: Python shows a warning, and SWIG's types give some, once for a line.
 */
static PyObject *
call_as_import_system(loader_object *self, PyMethodDef *def,
                      PyObject *argument)
{
    PyObject *call = NULL, *result = NULL, *bootstrap = NULL;
    PyObject *function = PyCFunction_New(def, (PyObject *)self);
    if (function == NULL) {
        goto done;
    }
    bootstrap =
        PyImport_ImportModuleLevel("_frozen_importlib", NULL, NULL, NULL, 0);
    if (bootstrap == NULL) {
        goto done;
    }
    call = PyObject_GetAttrString(bootstrap, "_call_with_frames_removed");
    if (call != NULL) {
        result = PyObject_CallFunctionObjArgs(call, function, argument, NULL);
    }
    else if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear(); /* a Python that has no such line */
        result = PyObject_CallFunctionObjArgs(function, argument, NULL);
    }
done:
    Py_XDECREF(call);
    Py_XDECREF(bootstrap);
    Py_XDECREF(function);
    return result;
}

static PyObject *
library_create(loader_object *self, PyObject *spec)
{
    if (PyUnicode_CompareWithASCIIString(self->name, "ITKCommon") != 0 &&
        bind_common_library(self->package) < 0) {
        return NULL;
    }
    return call_as_import_system(self, &create_def, spec);
}

static int
library_execute(loader_object *self, PyObject *module)
{
    PyObject *done = call_as_import_system(self, &execute_def, module);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

static const loading_way library_way = {library_create, library_execute};

PyObject *
itk_library_spec(package_object *self, PyObject *fullname, lzi_slice name)
{
    lzi_module module;
    return find_module(self, name, &module) < 0
               ? NULL
               : loading_spec(self, fullname, &library_way, name,
                              module.library, false);
}

/* -- C halves ------------------------------------------------------------- */

static PyObject *
create_c_half(PyObject *op, PyObject *spec)
{
    const itk_state *state = itk_of(((loader_object *)op)->package);
    PyObject *imp = PyImport_ImportModule("_imp"), *module;
    swig_initialisation initialisation;
    if (imp == NULL) {
        return NULL;
    }
    if (state->stock_types) {
        module = PyObject_CallMethod(imp, "create_dynamic", "O", spec);
    }
    else {
        swig_types_begin(&initialisation);
        module = PyObject_CallMethod(imp, "create_dynamic", "O", spec);
        if (swig_types_end(&initialisation) < 0) {
            Py_CLEAR(module);
        }
    }
    Py_DECREF(imp);
    return module;
}

static PyMethodDef create_c_half_def = {"create_c_half", create_c_half, METH_O,
                                        NULL};

static PyObject *
c_half_create(loader_object *self, PyObject *spec)
{
    return call_as_import_system(self, &create_c_half_def, spec);
}

/* The rest, and what is to be seen of it, is CPython's own loader's. */
static int
c_half_execute(loader_object *self, PyObject *module)
{
    (void)self;
    PyObject *spec = PyObject_GetAttrString(module, "__spec__");
    PyObject *loader = spec == NULL ? NULL : extension_loader(spec);
    PyObject *done = NULL;
    if (loader != NULL &&
        PyObject_SetAttrString(spec, "loader", loader) == 0 &&
        PyObject_SetAttrString(module, "__loader__", loader) == 0) {
        done = PyObject_CallMethod(loader, "exec_module", "O", module);
    }
    Py_XDECREF(spec);
    Py_XDECREF(loader);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

static const loading_way c_half_way = {c_half_create, c_half_execute};

/* CPython's loader calls PyInit_<last part of the name> in the file of the
 * spec, and a library exports one for each of its units. Its own init has to
 * come first: it installs what all units share. */
PyObject *
itk_c_half_spec(package_object *self, PyObject *fullname, lzi_slice name)
{
    lzi_unit unit;
    lzi_module module;
    if (find_unit(self, name, &unit) < 0 ||
        find_module(self, unit.module, &module) < 0 ||
        import_named(member_name(self, "_", unit.module, "Python")) < 0) {
        return NULL;
    }
    return loading_spec(self, fullname, &c_half_way, name, module.library,
                        false);
}
