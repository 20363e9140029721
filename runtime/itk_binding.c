/* itk_binding.c: the profile `itk`: how a name becomes a public object, and
 * which factories its module makes due. */
#include "package.h"

#include <string.h>

/* -- Public objects ------------------------------------------------------- */

typedef struct {
    package_object *package;
    PyObject *value; /* owned */
} object_search;

/* A template is found by its first tuple; of plain classes the last wins. */
static int
take_object(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    object_search *search = context;
    package_object *package = search->package;
    PyObject *value = NULL;
    if (tuple->has_params) {
        PyObject *name = str_of_slice(tuple->cpp);
        value = name == NULL ? NULL
                             : Py_XNewRef(PyDict_GetItemWithError(
                                   package->itk.named, name));
        Py_XDECREF(name);
    }
    else {
        PyObject *module = unit_module(package, unit);
        PyObject *swig = str_of_slice(tuple->swig);
        if (module != NULL && swig != NULL) {
            value = PyObject_GetAttr(module, swig);
        }
        Py_XDECREF(module);
        Py_XDECREF(swig);
    }
    if (value == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_XDECREF(search->value);
    search->value = value;
    return tuple->has_params;
}

/* A snake-case function. Its docstring and `process_object` are set by a
 * function beside it when it is first asked for. */
static PyObject *
find_function(package_object *self, lzi_slice name,
              const lzi_candidate *candidate)
{
    lzi_list units = candidate->units;
    lzi_slice unit = {"", 0};
    lzi_list_next(&units, &unit);
    PyObject *module = unit_module(self, unit);
    PyObject *key = str_of_slice(name);
    PyObject *function = NULL, *init = NULL, *init_key = NULL, *done = NULL;
    if (module != NULL && key != NULL) {
        function = PyObject_GetAttr(module, key);
    }
    if (function != NULL) {
        init_key = PyUnicode_FromFormat("%U_init_docstring", key);
    }
    if (init_key != NULL) {
        init = PyObject_GetAttr(module, init_key);
    }
    if (init != NULL) {
        done = PyObject_CallNoArgs(init);
        if (done == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear(); /* as ITK does: abstract classes have no New() */
            done = Py_NewRef(Py_None);
        }
    }
    Py_XDECREF(module);
    Py_XDECREF(key);
    Py_XDECREF(init_key);
    Py_XDECREF(init);
    if (done == NULL) {
        Py_CLEAR(function);
    }
    Py_XDECREF(done);
    return function;
}

static PyObject *
find_class(package_object *self, lzi_slice name,
           const lzi_candidate *candidate)
{
    object_search search = {self, NULL};
    if (itk_each_tuple(self, candidate, name, take_object, &search) < 0 ||
        itk_order_template(self, name, candidate) < 0) {
        Py_CLEAR(search.value);
    }
    else if (search.value == NULL) {
        PyObject *text = str_of_slice(name);
        if (text != NULL) {
            PyErr_Format(PyExc_AttributeError,
                         "module '%U' has no attribute '%U'", self->name,
                         text);
            Py_DECREF(text);
        }
    }
    return search.value;
}

/* Whether a name only has to be looked up. */
static int
is_loaded(package_object *self, const lzi_candidate *candidate)
{
    lzi_list units = candidate->units;
    lzi_slice item = candidate->module;
    PyObject *loaded = self->complete;
    do {
        PyObject *text = str_of_slice(item);
        int rc = text == NULL ? -1 : PyDict_Contains(loaded, text);
        Py_XDECREF(text);
        if (rc <= 0) {
            return rc;
        }
        loaded = self->units;
    } while (lzi_list_next(&units, &item));
    return 1;
}

static int
load_candidate(package_object *self, const lzi_candidate *candidate)
{
    int rc = is_loaded(self, candidate);
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    PyObject *units = list_of_strings(candidate->units);
    rc = units == NULL || itk_prepare(self) < 0 ||
                 load_units(self, units) < 0 ||
                 itk_load_factories(self, candidate->module) < 0
             ? -1
             : 0;
    Py_XDECREF(units);
    return rc;
}

static PyObject *
load_object(package_object *self, lzi_slice name,
            const lzi_candidate *candidate)
{
    if (load_candidate(self, candidate) < 0) {
        return NULL;
    }
    return (candidate->flags & LZI_NAME_FUNCTION) != 0
               ? find_function(self, name, candidate)
               : find_class(self, name, candidate);
}

PyObject *
itk_load_name(package_object *self, lzi_slice name,
              const lzi_candidate *candidate)
{
    gc_pause(self->state);
    PyObject *value = load_object(self, name, candidate);
    gc_resume(self->state);
    return value;
}

/* -- Factories ------------------------------------------------------------ */

/* C++ code asks the object factory for what no proxy imports, so factories go
 * by the dependencies of modules: a touched module makes due the groups of
 * every base module that it is or depends on (itk/support/base.py,
 * needed_factories). Order decides which ImageIO is asked first: modules
 * sorted, then table order. */

static const char *const NEEDED_FACTORIES[][2] = {
    {"ITKIOImageBase", "ImageIO"},
    {"ITKIOMeshBase", "MeshIO"},
    {"ITKIOTransformBase", "TransformIO"},
    {"ITKFFT", "FFTImageFilterInit"}};

typedef struct {
    package_object *package;
    PyObject *modules;   /* dict used as a set: visited */
    PyObject *factories; /* list of (module, class name), in order */
} factory_plan;

static int plan_module(factory_plan *plan, PyObject *name);

typedef struct {
    lzi_slice group;
    PyObject *found; /* list of (module, number in it, class name) */
} group_search;

static lzi_status
collect_group(void *context, lzi_slice name, lzi_slice value)
{
    group_search *search = context;
    lzi_module module;
    if (lzi_module_decode(&module, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    for (uint32_t i = 0; i < module.factories; i++) {
        lzi_factory factory;
        lzi_factory_next(&factory, &module.factory_cursor);
        if (!lzi_slice_equal(factory.group, search->group)) {
            continue;
        }
        PyObject *prefix = str_of_slice(factory.prefix);
        PyObject *group = str_of_slice(factory.group);
        PyObject *class =
            prefix == NULL || group == NULL
                ? NULL
                : PyUnicode_FromFormat("%U%UFactory", prefix, group);
        PyObject *entry = class == NULL
                              ? NULL
                              : Py_BuildValue("(s#IO)", name.data,
                                              (Py_ssize_t)name.size, i, class);
        int rc = entry == NULL ? -1 : PyList_Append(search->found, entry);
        Py_XDECREF(prefix);
        Py_XDECREF(group);
        Py_XDECREF(class);
        Py_XDECREF(entry);
        if (rc < 0) {
            return LZI_E_NOMEM;
        }
    }
    return LZI_OK;
}

static int
plan_group(factory_plan *plan, const char *group)
{
    group_search search = {lzi_slice_of(group), PyList_New(0)};
    const lzi_index *index = plan->package->index;
    int rc = search.found == NULL
                 ? -1
                 : each_record(plan->package, LZI_TABLE_MODULE, collect_group,
                               &search, "the record of a module");
    if (rc == 0) {
        rc = PyList_Sort(search.found);
    }
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(search.found); i++) {
        PyObject *entry = PyList_GetItem(search.found, i); /* borrowed */
        PyObject *module = PyTuple_GetItem(entry, 0);
        if (lzi_index_hides(index, slice_of_str(module))) {
            continue;
        }
        PyObject *due = PyTuple_Pack(2, module, PyTuple_GetItem(entry, 2));
        rc = due == NULL ? -1 : plan_module(plan, module);
        if (rc == 0) {
            rc = PyList_Append(plan->factories, due);
        }
        Py_XDECREF(due);
    }
    Py_XDECREF(search.found);
    return rc;
}

static int
plan_dependencies(factory_plan *plan, lzi_slice name)
{
    lzi_module module;
    lzi_slice below;
    if (find_module(plan->package, name, &module) < 0) {
        return -1;
    }
    while (lzi_list_next(&module.depends, &below)) {
        PyObject *text = str_of_slice(below);
        int rc = text == NULL ? -1 : plan_module(plan, text);
        Py_XDECREF(text);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

/* Follows itk_load_swig_module(): dependencies first, then the module's own
 * group. A module below that is not installed is not there to be asked. */
static int
plan_module(factory_plan *plan, PyObject *name)
{
    package_object *package = plan->package;
    lzi_slice text = slice_of_str(name), value;
    int rc = PyDict_Contains(plan->modules, name);
    if (rc == 0) {
        rc = PyDict_Contains(package->complete, name);
    }
    if (rc != 0 || lzi_index_get(&value, NULL, package->index,
                                 LZI_TABLE_MODULE, text) != LZI_OK) {
        return rc < 0 ? -1 : 0;
    }
    if (PyDict_SetItem(plan->modules, name, Py_None) < 0 ||
        Py_EnterRecursiveCall(" while planning factories")) {
        return -1;
    }
    rc = plan_dependencies(plan, text);
    Py_LeaveRecursiveCall();
    for (size_t i = 0;
         rc == 0 && i < sizeof(NEEDED_FACTORIES) / sizeof(NEEDED_FACTORIES[0]);
         i++) {
        if (lzi_slice_equal(text, lzi_slice_of(NEEDED_FACTORIES[i][0]))) {
            rc = plan_group(plan, NEEDED_FACTORIES[i][1]);
        }
    }
    return rc;
}

static int
find_factory(package_object *self, PyObject *factory, lzi_candidate *out)
{
    lzi_slice module = slice_of_str(PyTuple_GetItem(factory, 0));
    lzi_slice name = slice_of_str(PyTuple_GetItem(factory, 1));
    lzi_status status = lzi_index_candidate(out, self->index, module, name);
    return status == LZI_OK
               ? 0
               : raise_status(self, status, "the record of a factory");
}

static int
import_factories(package_object *self, PyObject *factories)
{
    PyObject *units = PyList_New(0);
    int rc = units == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(factories); i++) {
        lzi_candidate candidate;
        rc = find_factory(self, PyList_GetItem(factories, i), &candidate);
        PyObject *more = rc < 0 ? NULL : list_of_strings(candidate.units);
        rc = more == NULL ? -1
                          : PyList_SetSlice(units, PyList_Size(units),
                                            PyList_Size(units), more);
        Py_XDECREF(more);
    }
    if (rc == 0) {
        rc = load_units(self, units);
    }
    Py_XDECREF(units);
    return rc;
}

static int
call_factory(package_object *self, PyObject *factory)
{
    lzi_candidate candidate;
    if (find_factory(self, factory, &candidate) < 0) {
        return -1;
    }
    lzi_slice name = slice_of_str(PyTuple_GetItem(factory, 1));
    PyObject *class = find_class(self, name, &candidate);
    PyObject *done =
        class == NULL ? NULL
                      : PyObject_CallMethod(class, "RegisterOneFactory", NULL);
    Py_XDECREF(class);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* Noted first: what the call runs may load names and come here again. */
static int
register_factory(package_object *self, PyObject *factory)
{
    int rc = PyDict_Contains(self->factories, factory);
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    if (PyDict_SetItem(self->factories, factory, Py_None) < 0) {
        return -1;
    }
    rc = call_factory(self, factory);
    if (rc < 0) {
        PyObject *type, *error, *traceback;
        PyErr_Fetch(&type, &error, &traceback);
        if (PyDict_DelItem(self->factories, factory) < 0) {
            PyErr_Clear(); /* the original error matters */
        }
        PyErr_Restore(type, error, traceback);
    }
    return rc;
}

/* @return false: this thread holds it already (a signal handler, say). */
static bool
lock_factories(package_object *self)
{
    unsigned long me = PyThread_get_thread_ident();
    package_enter_process(self);
    if (self->factory_owner == me) {
        return false;
    }
    if (!PyThread_acquire_lock(self->factory_lock, NOWAIT_LOCK)) {
        Py_BEGIN_ALLOW_THREADS
        PyThread_acquire_lock(self->factory_lock, WAIT_LOCK);
        Py_END_ALLOW_THREADS
    }
    self->factory_owner = me;
    return true;
}

static void
unlock_factories(package_object *self)
{
    self->factory_owner = 0;
    PyThread_release_lock(self->factory_lock);
}

static int
register_factories(package_object *self, PyObject *factories)
{
    int rc = 0;
    if (PyList_Size(factories) == 0) {
        return 0;
    }
    bool locked = lock_factories(self);
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(factories); i++) {
        rc = register_factory(self, PyList_GetItem(factories, i));
    }
    if (locked) {
        unlock_factories(self);
    }
    return rc;
}

static int
factories_wanted(void)
{
    PyObject *config = PyImport_ImportModule("itkConfig");
    PyObject *flag =
        config == NULL
            ? NULL
            : PyObject_GetAttrString(config, "DefaultFactoryLoading");
    int rc = flag == NULL ? -1 : PyObject_IsTrue(flag);
    Py_XDECREF(config);
    Py_XDECREF(flag);
    return rc;
}

int
itk_load_factories(package_object *self, lzi_slice module)
{
    PyObject *name = str_of_slice(module);
    int rc = name == NULL ? -1 : PyDict_Contains(self->complete, name);
    if (rc == 0) {
        rc = factories_wanted();
        rc = rc < 0 ? -1 : !rc;
    }
    if (rc != 0) {
        Py_XDECREF(name);
        return rc < 0 ? -1 : 0;
    }
    factory_plan plan = {self, PyDict_New(), PyList_New(0)};
    rc = plan.modules == NULL || plan.factories == NULL
             ? -1
             : plan_module(&plan, name);
    if (rc == 0) {
        rc = import_factories(self, plan.factories);
    }
    if (rc == 0) {
        rc = register_factories(self, plan.factories);
    }
    if (rc == 0) {
        rc = PyDict_Update(self->complete, plan.modules);
    }
    Py_DECREF(name);
    Py_XDECREF(plan.modules);
    Py_XDECREF(plan.factories);
    return rc;
}

/* -- Options -------------------------------------------------------------- */

int
itk_import_callback(PyObject **callback)
{
    PyObject *config = PyImport_ImportModule("itkConfig");
    *callback = config == NULL
                    ? NULL
                    : PyObject_GetAttrString(config, "ImportCallback");
    Py_XDECREF(config);
    if (*callback == NULL) {
        return -1;
    }
    int wanted = PyObject_IsTrue(*callback);
    if (wanted <= 0) {
        Py_CLEAR(*callback);
    }
    return wanted < 0 ? -1 : 0;
}

/* -- Whole modules, all owners -------------------------------------------- */

/* Units of a module and of all below it, those below first. */
static int
collect_units(package_object *self, lzi_slice name, PyObject *seen,
              PyObject *units)
{
    lzi_module module;
    lzi_slice below;
    PyObject *text = str_of_slice(name);
    int rc = text == NULL ? -1 : PyDict_Contains(seen, text);
    if (rc == 0 && (PyDict_SetItem(seen, text, Py_None) < 0 ||
                    find_module(self, name, &module) < 0 ||
                    Py_EnterRecursiveCall(" while planning a load"))) {
        rc = -1;
    }
    Py_XDECREF(text);
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    while (rc == 0 && lzi_list_next(&module.depends, &below)) {
        lzi_slice value;
        if (lzi_index_get(&value, NULL, self->index, LZI_TABLE_MODULE,
                          below) == LZI_OK) {
            rc = collect_units(self, below, seen, units);
        }
    }
    Py_LeaveRecursiveCall();
    PyObject *own = rc < 0 ? NULL : list_of_strings(module.units);
    rc = own == NULL ? -1
                     : PyList_SetSlice(units, PyList_Size(units),
                                       PyList_Size(units), own);
    Py_XDECREF(own);
    return rc;
}

static int
store_names(package_object *self, lzi_slice module_name, PyObject *values)
{
    lzi_module module;
    lzi_slice name;
    if (find_module(self, module_name, &module) < 0) {
        return -1;
    }
    while (lzi_list_next(&module.names, &name)) {
        lzi_candidate candidate;
        lzi_status status =
            lzi_index_candidate(&candidate, self->index, module_name, name);
        if (status != LZI_OK) {
            return raise_status(self, status, "the record of a name");
        }
        PyObject *value = load_object(self, name, &candidate);
        PyObject *key = value == NULL ? NULL : str_of_slice(name);
        int rc = key == NULL ? -1 : PyObject_SetItem(values, key, value);
        Py_XDECREF(key);
        Py_XDECREF(value);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

static int
store_all_names(package_object *self, PyObject *modules, PyObject *values)
{
    PyObject *raw = itk_raw_names(self), *key, *value;
    int rc = raw == NULL ? -1 : PyMapping_SetItemString(values, "swig", raw);
    Py_XDECREF(raw);
    Py_ssize_t at = 0;
    while (rc == 0 && PyDict_Next(modules, &at, &key, &value)) {
        rc = store_names(self, slice_of_str(key), values);
    }
    return rc;
}

int
itk_load_module(package_object *self, lzi_slice module, PyObject *values)
{
    PyObject *modules = PyDict_New(), *units = PyList_New(0);
    gc_pause(self->state);
    int rc = modules == NULL || units == NULL || itk_prepare(self) < 0
                 ? -1
                 : collect_units(self, module, modules, units);
    if (rc == 0) {
        rc = load_units(self, units);
    }
    if (rc == 0) {
        rc = itk_load_factories(self, module);
    }
    if (rc == 0 && values != NULL) {
        rc = store_all_names(self, modules, values);
    }
    gc_resume(self->state);
    Py_XDECREF(modules);
    Py_XDECREF(units);
    return rc;
}

typedef struct {
    package_object *package;
    lzi_slice name;
    bool found;
} owner_load;

static lzi_status
load_owner(void *context, const lzi_candidate *candidate,
           const lzi_reader *reader)
{
    owner_load *load = context;
    (void)reader;
    load->found = true;
    PyObject *value = itk_load_name(load->package, load->name, candidate);
    Py_XDECREF(value);
    return value == NULL ? LZI_E_STORE : LZI_OK;
}

PyObject *
itk_load_owners(PyObject *op, PyObject *template)
{
    package_object *self = (package_object *)op;
    PyObject *text = PyObject_GetAttrString(template, "__name__");
    if (text == NULL || !PyUnicode_Check(text)) {
        Py_XDECREF(text);
        return PyErr_Occurred()
                   ? NULL
                   : PyErr_Format(PyExc_TypeError, "not an itkTemplate");
    }
    lzi_slice name = slice_of_str(text);
    const char *colon =
        name.size == 0 ? NULL : memrchr(name.data, ':', name.size);
    if (colon != NULL) { /* without itk:: or itk::Function:: */
        name.size -= (size_t)(colon + 1 - name.data);
        name.data = colon + 1;
    }
    owner_load load = {self, name, false};
    lzi_status status =
        lzi_index_candidates(self->index, name, load_owner, &load);
    if (status != LZI_OK && !PyErr_Occurred()) {
        raise_status(self, status, "a record of a name");
    }
    else if (status == LZI_OK && !load.found) {
        PyObject *key = str_of_slice(name); /* ITK's own error */
        if (key != NULL) {
            PyErr_SetObject(PyExc_KeyError, key);
            Py_DECREF(key);
        }
    }
    Py_DECREF(text);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* -- itk.swig ------------------------------------------------------------- */

/* Names of a unit that are no ITK class: what the stock loader collects. */
static int
add_raw_names(PyObject *raw, PyObject *module)
{
    PyObject *dict = module_dict(module), *key, *value;
    Py_ssize_t at = 0;
    while (dict != NULL && PyDict_Next(dict, &at, &key, &value)) {
        lzi_slice name = slice_of_str(key);
        if (name.size == 0) {
            PyErr_Clear(); /* a key of the user's: no str, or no UTF-8 */
        }
        bool hidden = (name.size >= 2 && memcmp(name.data, "__", 2) == 0) ||
                      (name.size >= 3 && memcmp(name.data, "itk", 3) == 0);
        if (!hidden && PyDict_SetItem(raw, key, value) < 0) {
            return -1;
        }
    }
    return dict == NULL ? -1 : 0;
}

static int
add_units(package_object *self, PyObject *raw, PyObject *units)
{
    for (Py_ssize_t i = 0; i < PyList_Size(units); i++) {
        PyObject *module =
            unit_module(self, slice_of_str(PyList_GetItem(units, i)));
        int rc = module == NULL ? -1 : add_raw_names(raw, module);
        Py_XDECREF(module);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

int
itk_update_raw_names(package_object *self, PyObject *units)
{
    return self->raw == NULL ? 0 : add_units(self, self->raw, units);
}

PyObject *
itk_raw_names(package_object *self)
{
    if (self->raw == NULL) {
        PyObject *raw = PyDict_New();
        PyObject *units = raw == NULL ? NULL : PyDict_Keys(self->units);
        int rc = units == NULL ? -1 : add_units(self, raw, units);
        Py_XDECREF(units);
        if (rc < 0) {
            Py_XDECREF(raw);
            return NULL;
        }
        if (self->raw == NULL) {
            self->raw = raw;
        }
        else {
            Py_DECREF(raw); /* another thread was faster */
        }
    }
    return Py_NewRef(self->raw);
}
