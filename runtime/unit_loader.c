/* unit_loader.c: finder and loaders; which units a name needs, in which
 * order, and how a library is imported with its units held back. */
#include "package.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* -- Records and names ---------------------------------------------------- */

PyObject *
list_of_strings(lzi_list strings)
{
    PyObject *list = PyList_New(0);
    lzi_slice item = {"", 0};
    while (list != NULL && lzi_list_next(&strings, &item)) {
        PyObject *text = str_of_slice(item);
        if (text == NULL || PyList_Append(list, text) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(text);
    }
    return list;
}

int
find_module(package_object *self, lzi_slice name, lzi_module *out)
{
    lzi_slice value;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_MODULE, name);
    if (status == LZI_OK) {
        status = lzi_module_decode(out, value);
    }
    if (status != LZI_OK) {
        raise_status(self, status, "the record of a module");
        return -1;
    }
    return 0;
}

bool
package_has(package_object *self, char table, lzi_slice name)
{
    lzi_slice value;
    return lzi_index_get(&value, NULL, self->index, table, name) == LZI_OK;
}

int
find_unit(package_object *self, lzi_slice name, lzi_unit *out)
{
    lzi_slice value;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_UNIT, name);
    if (status == LZI_OK) {
        status = lzi_unit_decode(out, value);
    }
    if (status != LZI_OK) {
        raise_status(self, status, "the record of a unit");
        return -1;
    }
    return 0;
}

static int
import_named(PyObject *full)
{
    PyObject *module = full == NULL ? NULL : PyImport_Import(full);
    Py_XDECREF(full);
    Py_XDECREF(module);
    return module == NULL ? -1 : 0;
}

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

/* The wheel with the class of a returned type need not be installed: then
 * nothing has that class, as in stock. */
static int
plan_soft(load_plan *plan, lzi_list units)
{
    lzi_slice unit;
    while (lzi_list_next(&units, &unit)) {
        if (package_has(plan->package, LZI_TABLE_UNIT, unit) &&
            plan_unit(plan, unit) < 0) {
            return -1;
        }
    }
    return 0;
}

/* A unit whose tuples are registered had its closure registered with it. */
static int
plan_unit(load_plan *plan, lzi_slice name)
{
    lzi_unit unit;
    PyObject *text = str_of_slice(name);
    int rc = text == NULL ? -1 : PyDict_Contains(plan->seen, text);
    if (rc == 0) {
        rc = PyDict_Contains(plan->package->units, text);
    }
    if (rc != 0) {
        Py_XDECREF(text);
        return rc < 0 ? -1 : 0;
    }
    rc = -1;
    if (PyDict_SetItem(plan->seen, text, Py_None) < 0 ||
        find_unit(plan->package, name, &unit) < 0 ||
        enter_record(plan->package) < 0) {
        goto done;
    }
    rc = plan_list(plan, unit.imports);
    if (rc == 0) {
        rc = plan_soft(plan, unit.soft);
    }
    leave_record();
    if (rc == 0) {
        rc = PyList_Append(plan->order, text);
    }
done:
    Py_DECREF(text);
    return rc;
}

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
        lzi_unit unit;
        PyObject *name = NULL;
        if (find_unit(self, slice_of_str(PyList_GetItem(units, i)), &unit) ==
            0) {
            name = str_of_slice(unit.module);
        }
        if (name == NULL || PyList_Append(modules, name) < 0) {
            Py_CLEAR(modules);
        }
        Py_XDECREF(name);
    }
    return modules;
}

static int
import_unit(package_object *self, PyObject *unit)
{
    return import_named(PyUnicode_FromFormat("%U.%U", self->name, unit));
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
        rc = PyDict_Contains(self->announced, module);
        if (rc == 0) {
            rc = PyDict_SetItem(self->announced, module, Py_None) < 0 ||
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
import_units(package_object *self, PyObject *units)
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
    int rc = import_units(self, units);
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    if (unbind_c_halves(self, units) < 0 && rc == 0) {
        return -1;
    }
    PyErr_Restore(type, error, traceback); /* the first one counts */
    return rc;
}

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
    lzi_unit unit;
    Py_ssize_t count = PyList_Size(units);
    if (count > 0 &&
        find_unit(self, slice_of_str(PyList_GetItem(units, count - 1)),
                  &unit) == 0) {
        PySys_WriteStderr("lazyindex: %.*s (%.*s): %zd units, %d ms\n",
                          (int)what.size, what.data, (int)unit.module.size,
                          unit.module.data, count,
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
        rc = import_unbound(self, plan.order);
    }
    if (rc == 0) {
        rc = itk_register_units(self, plan.order);
    }
    if (rc == 0 && self->trace) {
        trace_load(self, what, plan.order, begin);
    }
    Py_XDECREF(plan.seen);
    Py_XDECREF(plan.order);
    return rc;
}

/* -- Loaders -------------------------------------------------------------- */

typedef enum {
    LOADS_LIBRARY,    /* itk._ITKCommonPython */
    LOADS_NAMESPACE,  /* itk.ITKCommon */
    LOADS_AGGREGATOR, /* itk.ITKCommonPython */
    LOADS_BODY,       /* itk.ElastixPython: one with definitions of its own */
    LOADS_BASE,       /* itk.support.base */
    LOADS_TEMPLATES,  /* itk.support.template_class */
    LOADS_HELPERS,    /* itk.support.init_helpers */
    LOADS_ASKING      /* those that ask what else is installed */
} loader_kind;

typedef struct {
    PyObject_HEAD
    package_object *package;
    PyObject *name; /* of the module: "ITKCommon"; in the support layer, of
                     * its file */
    loader_kind kind;
} loader_object;

/* Put None for every unit of a library that is not loaded into sys.modules,
 * or take it out again. The library's own init leaves alone what it finds
 * there. */
static int
hold_back_units(loader_object *self, lzi_list units, bool hold)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    lzi_slice unit;
    int rc = 0;
    while (rc == 0 && lzi_list_next(&units, &unit)) {
        PyObject *full = member_name(self->package, "_", unit, "");
        if (full == NULL) {
            return -1;
        }
        PyObject *found = PyDict_GetItemWithError(modules, full);
        if (hold && found == NULL) {
            rc =
                PyErr_Occurred() ? -1 : PyDict_SetItem(modules, full, Py_None);
        }
        else if (!hold && found == Py_None) {
            rc = PyDict_DelItem(modules, full);
        }
        Py_DECREF(full);
    }
    return rc;
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
    PyObject *imp = PyImport_ImportModule("_imp");
    PyObject *result = NULL;
    self->package->has_libraries = true;
    if (imp != NULL && hold_back_units(self, module.units, true) == 0) {
        result = PyObject_CallMethod(imp, step, "O", argument);
    }
    Py_XDECREF(imp);
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    if (hold_back_units(self, module.units, false) < 0 && type == NULL) {
        Py_CLEAR(result);
        return NULL;
    }
    PyErr_Clear();
    PyErr_Restore(type, error, traceback);
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
    PyObject *function = PyCFunction_New(def, (PyObject *)self);
    PyObject *bootstrap = PyImport_ImportModule("_frozen_importlib");
    PyObject *call =
        bootstrap == NULL
            ? NULL
            : PyObject_GetAttrString(bootstrap, "_call_with_frames_removed");
    PyErr_Clear();
    PyObject *result =
        function == NULL ? PyErr_NoMemory()
        : call == NULL
            ? PyObject_CallFunctionObjArgs(function, argument, NULL)
            : PyObject_CallFunctionObjArgs(call, function, argument, NULL);
    Py_XDECREF(function);
    Py_XDECREF(bootstrap);
    Py_XDECREF(call);
    return result;
}

static PyObject *
loader_create_module(PyObject *op, PyObject *spec)
{
    loader_object *self = (loader_object *)op;
    if (self->kind != LOADS_LIBRARY) {
        return Py_NewRef(Py_None); /* an ordinary module will do */
    }
    if (PyUnicode_CompareWithASCIIString(self->name, "ITKCommon") != 0 &&
        bind_common_library(self->package) < 0) {
        return NULL;
    }
    return call_as_import_system(self, &create_def, spec);
}

/* Execute a file of the support layer, then put ours in place of some of it.
 */
static int
execute_support(loader_object *self, PyObject *module,
                int take_over(package_object *, PyObject *))
{
    const char *file = slice_of_str(self->name).data;
    return execute_source(self->package, module, file) < 0
               ? -1
               : take_over(self->package, module);
}

static PyObject *
loader_exec_module(PyObject *op, PyObject *module)
{
    loader_object *self = (loader_object *)op;
    int rc = -1;
    switch (self->kind) {
    case LOADS_LIBRARY:
        return call_as_import_system(self, &execute_def, module);
    case LOADS_NAMESPACE:
        rc = namespace_attach(self->package, module, self->name);
        break;
    case LOADS_AGGREGATOR:
        rc = aggregator_attach(self->package, module, self->name);
        break;
    case LOADS_BODY:
        rc = aggregator_execute(self->package, module, self->name);
        break;
    case LOADS_BASE:
        rc = itk_base_attach(self->package, module);
        break;
    case LOADS_TEMPLATES:
        rc = execute_support(self, module, itk_take_over_templates);
        break;
    case LOADS_HELPERS:
        rc = execute_support(self, module, itk_take_over_helpers);
        break;
    case LOADS_ASKING:
        rc = itk_execute_asking(self->package, module,
                                slice_of_str(self->name).data);
        break;
    }
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

static int
loader_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(((loader_object *)op)->package);
    return 0;
}

static int
loader_clear(PyObject *op)
{
    Py_CLEAR(((loader_object *)op)->package);
    return 0;
}

static void
loader_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    loader_clear(op);
    Py_CLEAR(((loader_object *)op)->name);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(op);
    Py_DECREF(type);
}

static PyMethodDef loader_methods[] = {
    {"create_module", loader_create_module, METH_O, NULL},
    {"exec_module", loader_exec_module, METH_O, NULL},
    {NULL, NULL, 0, NULL}};

static PyType_Slot loader_slots[] = {
    {Py_tp_doc, "Loads libraries and lazy modules of a package."},
    {Py_tp_dealloc, loader_dealloc},
    {Py_tp_traverse, loader_traverse},
    {Py_tp_clear, loader_clear},
    {Py_tp_methods, loader_methods},
    {0, NULL}};

PyType_Spec loader_spec = {.name = "_lazyindex.Loader",
                           .basicsize = sizeof(loader_object),
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
                                    Py_TPFLAGS_IMMUTABLETYPE |
                                    Py_TPFLAGS_DISALLOW_INSTANTIATION,
                           .slots = loader_slots};

static PyObject *
loader_new(package_object *package, loader_kind kind, lzi_slice name)
{
    PyTypeObject *type = package->state->loader_type;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    loader_object *self = (loader_object *)alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->package = (package_object *)Py_NewRef((PyObject *)package);
    self->kind = kind;
    self->name = str_of_slice(name);
    if (self->name == NULL) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

/* -- Finder --------------------------------------------------------------- */

static PyObject *
make_spec(PyObject *name, PyObject *loader, PyObject *origin, bool is_file)
{
    PyObject *machinery = PyImport_ImportModule("importlib.machinery");
    PyObject *spec = NULL;
    if (machinery != NULL) {
        spec =
            PyObject_CallMethod(machinery, "ModuleSpec", "OO", name, loader);
    }
    if (spec != NULL &&
        (PyObject_SetAttrString(spec, "origin", origin) < 0 ||
         PyObject_SetAttrString(spec, "has_location",
                                is_file ? Py_True : Py_False) < 0)) {
        Py_CLEAR(spec);
    }
    Py_XDECREF(machinery);
    return spec;
}

static PyObject *
file_in_package(package_object *self, lzi_slice file)
{
    PyObject *name = str_of_slice(file);
    PyObject *path =
        name == NULL ? NULL
                     : PyUnicode_FromFormat("%U/%U", self->directory, name);
    Py_XDECREF(name);
    return path;
}

static bool
is_there(PyObject *path)
{
    PyObject *raw = NULL;
    struct stat status;
    bool found = PyUnicode_FSConverter(path, &raw) &&
                 stat(PyBytes_AsString(raw), &status) == 0;
    Py_XDECREF(raw);
    PyErr_Clear();
    return found;
}

/* @return None for source that is not there: the import system's own finders
 * know what to say, or find it elsewhere */
static PyObject *
spec_with_loader(package_object *self, PyObject *fullname, loader_kind kind,
                 lzi_slice name, lzi_slice file)
{
    bool is_file = file.size > 0;
    PyObject *origin =
        is_file ? file_in_package(self, file)
                : PyUnicode_FromString("lazy submodule of LazyIndex");
    if (origin == NULL) {
        return NULL;
    }
    if (is_file && kind != LOADS_LIBRARY && !is_there(origin)) {
        Py_DECREF(origin);
        return Py_NewRef(Py_None);
    }
    PyObject *loader = loader_new(self, kind, name);
    PyObject *spec =
        loader == NULL ? NULL : make_spec(fullname, loader, origin, is_file);
    Py_XDECREF(loader);
    Py_DECREF(origin);
    return spec;
}

/* CPython's loader calls PyInit_<last part of the name> in the file of the
 * spec, and a library exports one for each of its units. Its own init has to
 * come first: it installs what all units share. */
static PyObject *
spec_of_c_half(package_object *self, PyObject *fullname, lzi_slice unit_name)
{
    lzi_unit unit;
    lzi_module module;
    if (find_unit(self, unit_name, &unit) < 0 ||
        find_module(self, unit.module, &module) < 0 ||
        import_named(member_name(self, "_", unit.module, "Python")) < 0) {
        return NULL;
    }
    PyObject *spec = NULL;
    PyObject *path = file_in_package(self, module.library);
    PyObject *machinery =
        path == NULL ? NULL : PyImport_ImportModule("importlib.machinery");
    PyObject *loader = NULL;
    if (machinery != NULL) {
        loader = PyObject_CallMethod(machinery, "ExtensionFileLoader", "OO",
                                     fullname, path);
    }
    if (loader != NULL) {
        spec = make_spec(fullname, loader, path, true);
    }
    Py_XDECREF(loader);
    Py_XDECREF(machinery);
    Py_XDECREF(path);
    return spec;
}

static PyObject *
spec_of_body(package_object *self, PyObject *fullname, lzi_slice name)
{
    PyObject *text = str_of_slice(name), *spec = NULL;
    PyObject *file =
        text == NULL ? NULL : PyUnicode_FromFormat("%UPython.py", text);
    if (file != NULL) {
        spec = spec_with_loader(self, fullname, LOADS_BODY, name,
                                slice_of_str(file));
    }
    Py_XDECREF(file);
    Py_XDECREF(text);
    return spec;
}

static int
is_unindexed(package_object *self, lzi_slice module)
{
    PyObject *name = str_of_slice(module);
    int rc = name == NULL ? -1 : unindexed_names(self, name) != NULL;
    Py_XDECREF(name);
    return PyErr_Occurred() ? -1 : rc;
}

/* @param tail What follows "itk." in the name of a module. */
static PyObject *
find_member(package_object *self, PyObject *fullname, lzi_slice tail)
{
    static const char ending[] = "Python";
    const size_t ending_size = sizeof(ending) - 1;
    int unindexed = is_unindexed(self, tail);
    if (unindexed < 0) {
        return NULL;
    }
    if (unindexed > 0 || (package_has(self, LZI_TABLE_MODULE, tail) &&
                          !lzi_index_hides(self->index, tail))) {
        return spec_with_loader(self, fullname, LOADS_NAMESPACE, tail,
                                (lzi_slice){"", 0});
    }
    if (tail.size <= ending_size || memcmp(tail.data + tail.size - ending_size,
                                           ending, ending_size) != 0) {
        return Py_NewRef(Py_None);
    }
    bool is_c = tail.data[0] == '_';
    lzi_slice unit = {tail.data + is_c, tail.size - is_c};
    lzi_slice name = {unit.data, unit.size - ending_size};
    if (package_has(self, LZI_TABLE_MODULE, name)) {
        lzi_module module;
        if (find_module(self, name, &module) < 0) {
            return NULL;
        }
        if (is_c) {
            return spec_with_loader(self, fullname, LOADS_LIBRARY, name,
                                    module.library);
        }
        if (!module.has_body) {
            return spec_with_loader(self, fullname, LOADS_AGGREGATOR, name,
                                    (lzi_slice){"", 0});
        }
        if (aggregator_is_free(self, unit)) {
            return spec_of_body(self, fullname, name);
        }
    }
    else if (is_c && package_has(self, LZI_TABLE_UNIT, unit)) {
        return spec_of_c_half(self, fullname, unit);
    }
    return Py_NewRef(Py_None);
}

/* Modules of the support layer that are not loaded as they are. */
static const struct {
    const char *name, *file;
    loader_kind kind;
} SUPPORT[] = {
    {"support.base", "support/base.py", LOADS_BASE},
    {"support.template_class", "support/template_class.py", LOADS_TEMPLATES},
    {"support.init_helpers", "support/init_helpers.py", LOADS_HELPERS},
    {"support.types", "support/types.py", LOADS_ASKING},
    {"support.helpers", "support/helpers.py", LOADS_ASKING}};

PyObject *
package_find_spec(PyObject *op, PyObject *arguments)
{
    package_object *self = (package_object *)op;
    PyObject *fullname, *path = NULL, *target = NULL;
    if (!PyArg_ParseTuple(arguments, "U|OO:find_spec", &fullname, &path,
                          &target)) {
        return NULL;
    }
    lzi_slice full, package;
    if (slice_of_name(fullname, &full) < 0 ||
        slice_of_name(self->name, &package) < 0) {
        return NULL;
    }
    if (full.size <= package.size + 1 || full.data[package.size] != '.' ||
        memcmp(full.data, package.data, package.size) != 0) {
        return Py_NewRef(Py_None);
    }
    lzi_slice tail = {full.data + package.size + 1,
                      full.size - package.size - 1};
    for (size_t i = 0; i < sizeof(SUPPORT) / sizeof(SUPPORT[0]); i++) {
        if (lzi_slice_equal(tail, lzi_slice_of(SUPPORT[i].name))) {
            lzi_slice file = lzi_slice_of(SUPPORT[i].file);
            return spec_with_loader(self, fullname, SUPPORT[i].kind, file,
                                    file);
        }
    }
    return find_member(self, fullname, tail);
}
