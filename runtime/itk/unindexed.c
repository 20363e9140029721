/* unindexed.c: modules that no shard describes, because a wheel was added that
 * LazyIndex knows nothing of. They are loaded as ITK's own layer does, by
 * Unindexed in _lazyindex_stock.py; what they need of other modules comes from
 * the index. */
#include "itk/unindexed.h"

#include "core/import_guard.h"

int
unindexed_survey(package_object *self, PyObject *modules)
{
    unindexed_modules *out = &itk_of(self)->unindexed;
    PyObject *stock = PyUnicode_FromFormat("%U._lazyindex_stock", self->name);
    PyObject *type =
        stock == NULL ? NULL : import_member(stock, lzi_slice_of("Unindexed"));
    Py_XDECREF(stock);
    if (type == NULL) {
        return -1;
    }
    out->loader =
        PyObject_CallFunctionObjArgs(type, self->name, modules, NULL);
    Py_DECREF(type);
    if (out->loader == NULL) {
        return -1;
    }
    out->owners = PyObject_GetAttrString(out->loader, "owners");
    out->modules = PyObject_GetAttrString(out->loader, "modules");
    out->factories = PyObject_GetAttrString(out->loader, "factories");
    return PyErr_Occurred() ? -1 : 0;
}

PyObject *
unindexed_owner(package_object *self, PyObject *name, const lzi_lookup *text)
{
    if (itk_of(self)->unindexed.loader == NULL) {
        return NULL;
    }
    PyObject *owner = /* borrowed, and the dict stays as it is */
        PyDict_GetItemWithError(itk_of(self)->unindexed.owners, name);
    PyObject *module;
    int in_module;
    lzi_candidate indexed;
    lzi_slice module_text;
    if (owner == NULL || !PyArg_ParseTuple(owner, "Up", &module, &in_module) ||
        slice_of_name(module, &module_text) < 0) {
        return NULL;
    }
    lzi_status status = lzi_index_owner(&indexed, NULL, self->index, text);
    if (status != LZI_OK && status != LZI_NOT_FOUND) {
        raise_status(self, status, "a record of a name");
        return NULL;
    }
    return status == LZI_NOT_FOUND ||
                   lzi_owner_precedes(module_text, in_module, &indexed)
               ? Py_NewRef(module)
               : NULL;
}

PyObject *
unindexed_names(package_object *self, PyObject *module)
{
    return itk_of(self)->unindexed.loader == NULL
               ? NULL
               : PyDict_GetItemWithError(itk_of(self)->unindexed.modules,
                                         module);
}

int
is_unindexed(package_object *self, lzi_slice module)
{
    PyObject *name = str_of_slice(module);
    PyObject *names = name == NULL ? NULL : unindexed_names(self, name);
    Py_XDECREF(name);
    return names != NULL ? 1 : -(PyErr_Occurred() != NULL);
}

/* -- Loading -------------------------------------------------------------- */

typedef struct {
    PyObject *module; /* borrowed */
    bool again;       /* this thread is at it already */
    PyObject *names;  /* new */
} module_load;

static int
call_loader(package_object *self, void *context)
{
    module_load *load = context;
    load->names =
        PyObject_CallMethod(itk_of(self)->unindexed.loader, "load", "OO",
                            load->module, load->again ? Py_True : Py_False);
    return load->names == NULL ? -1 : 0;
}

static int
tell_loader(package_object *self, const char *method, PyObject *module)
{
    PyObject *done = PyObject_CallMethod(itk_of(self)->unindexed.loader,
                                         method, "O", module);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* One thread at a time; as the body of an import, for that is what it is. A
 * thread that another one waits for in the middle of that gets an error where
 * one that imported the module would get half of it. */
static PyObject *
load_module(package_object *self, PyObject *module)
{
    module_load load = {module, false, NULL};
    if (tell_loader(self, "prepare", module) < 0) {
        return NULL;
    }
    int rc = run_guarded(self, "module", module, call_loader, &load);
    if (rc == 0) {
        rc = tell_loader(self, "finish", module);
    }
    else if (rc == 1) {
        load.again = true;
        rc = call_loader(self, &load);
    }
    else if (rc == 2) {
        PyErr_Format(PyExc_ImportError,
                     "another thread is loading %U.%U, and waits for this one "
                     "meanwhile (most likely due to a circular import)",
                     self->name, module);
        rc = -1;
    }
    if (rc < 0) {
        Py_CLEAR(load.names);
    }
    return load.names;
}

PyObject *
unindexed_objects(package_object *self, PyObject *module)
{
    PyObject *loaded =
        PyObject_GetAttrString(itk_of(self)->unindexed.loader, "loaded");
    if (loaded == NULL) {
        return NULL;
    }
    PyObject *names = PyObject_GetItem(loaded, module);
    Py_DECREF(loaded);
    if (names == NULL && PyErr_ExceptionMatches(PyExc_KeyError)) {
        PyErr_Clear(); /* it is not loaded yet */
        Py_INCREF(module);
        names = load_module(self, module);
        Py_DECREF(module);
    }
    return names;
}

/* -- Names ---------------------------------------------------------------- */

PyObject *
unindexed_with_name(package_object *self, PyObject *name)
{
    PyObject *found = PyList_New(0), *module, *names;
    Py_ssize_t at = 0;
    int rc = found == NULL ? -1 : 0;
    while (/* a dict that stays as it is */
           rc == 0 && itk_of(self)->unindexed.loader != NULL &&
           PyDict_Next(itk_of(self)->unindexed.modules, &at, &module,
                       &names)) {
        int has = PyDict_Contains(names, name);
        rc = has <= 0 ? has : PyList_Append(found, module);
    }
    if (rc < 0) {
        Py_CLEAR(found);
    }
    return found;
}
