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
    PyObject *owner =
        PyDict_GetItemWithError(itk_of(self)->unindexed.owners, name);
    PyObject *module;
    int in_module;
    lzi_candidate indexed;
    if (owner == NULL || !PyArg_ParseTuple(owner, "Up", &module, &in_module)) {
        return NULL;
    }
    lzi_status status = lzi_index_owner(&indexed, NULL, self->index, text);
    if (status != LZI_OK && status != LZI_NOT_FOUND) {
        raise_status(self, status, "a record of a name");
        return NULL;
    }
    return status == LZI_NOT_FOUND || lzi_owner_precedes(slice_of_str(module),
                                                         in_module, &indexed)
               ? module
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

typedef struct {
    PyObject *module; /* borrowed */
    PyObject *names;  /* new */
} module_load;

static int
call_loader(package_object *self, void *context)
{
    module_load *load = context;
    load->names = PyObject_CallMethod(itk_of(self)->unindexed.loader, "load",
                                      "O", load->module);
    return load->names == NULL ? -1 : 0;
}

/* One thread at a time, as in ITK's own loader. */
PyObject *
unindexed_objects(package_object *self, PyObject *module)
{
    module_load load = {Py_NewRef(module), NULL};
    if (run_guarded(self, "modules", NULL, call_loader, &load) > 0) {
        call_loader(self, &load);
    }
    Py_DECREF(module);
    return load.names;
}

PyObject *
unindexed_with_name(package_object *self, PyObject *name)
{
    PyObject *found = PyList_New(0), *module, *names;
    Py_ssize_t at = 0;
    int rc = found == NULL ? -1 : 0;
    while (
        rc == 0 && itk_of(self)->unindexed.loader != NULL &&
        PyDict_Next(itk_of(self)->unindexed.modules, &at, &module, &names)) {
        int has = PyDict_Contains(names, name);
        rc = has <= 0 ? has : PyList_Append(found, module);
    }
    if (rc < 0) {
        Py_CLEAR(found);
    }
    return found;
}
