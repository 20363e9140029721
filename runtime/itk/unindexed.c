/* unindexed.c: modules that no shard describes, because a wheel was added that
 * LazyIndex knows nothing of. They are loaded as ITK's own layer does, by
 * Unindexed in _lazyindex_stock.py; what they need of other modules comes from
 * the index. */
#include "core/package.h"

PyObject *
import_stock(PyObject *name)
{
    PyObject *full = PyUnicode_FromFormat("%U._lazyindex_stock", name);
    PyObject *stock = full == NULL ? NULL : PyImport_Import(full);
    Py_XDECREF(full);
    return stock;
}

int
unindexed_survey(package_object *self, PyObject *modules)
{
    PyObject *stock = import_stock(self->name);
    PyObject *found = stock == NULL
                          ? NULL
                          : PyObject_CallMethod(stock, "Unindexed", "OO",
                                                self->name, modules);
    if (found != NULL) {
        self->unindexed.owners = PyObject_GetAttrString(found, "owners");
        self->unindexed.modules = PyObject_GetAttrString(found, "modules");
        self->unindexed.factories = PyObject_GetAttrString(found, "factories");
    }
    self->unindexed.loader = found;
    Py_XDECREF(stock);
    return PyErr_Occurred() ? -1 : 0;
}

/* @return borrowed: the module; NULL without an error: not one of ours */
static PyObject *
find_owner(package_object *self, PyObject *name, lzi_slice text)
{
    PyObject *owner = PyDict_GetItemWithError(self->unindexed.owners, name);
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
    return self->unindexed.loader == NULL
               ? NULL
               : PyDict_GetItemWithError(self->unindexed.modules, module);
}

PyObject *
unindexed_objects(package_object *self, PyObject *module)
{
    return PyObject_CallMethod(self->unindexed.loader, "load", "O", module);
}

PyObject *
unindexed_load(package_object *self, PyObject *module)
{
    gc_pause(self->state);
    PyObject *names =
        itk_prepare(self) < 0 ? NULL : unindexed_objects(self, module);
    if (names != NULL && itk_register_due(self) < 0) {
        Py_CLEAR(names);
    }
    gc_resume(self->state);
    return names;
}

PyObject *
unindexed_get(package_object *self, PyObject *module_name, PyObject *name,
              lzi_slice text)
{
    PyObject *module = module_name, *names;
    if (self->unindexed.loader == NULL) {
        return NULL;
    }
    if (module_name == NULL) {
        module = find_owner(self, name, text);
    }
    else {
        names = unindexed_names(self, module_name);
        if (names == NULL || PyDict_Contains(names, name) != 1) {
            return NULL;
        }
    }
    names = module == NULL ? NULL : unindexed_load(self, module);
    PyObject *value = names == NULL
                          ? NULL
                          : Py_XNewRef(PyDict_GetItemWithError(names, name));
    Py_XDECREF(names);
    return value;
}

int
unindexed_load_owners(package_object *self, PyObject *name)
{
    PyObject *module, *names;
    Py_ssize_t at = 0;
    int found = 0;
    if (self->unindexed.loader == NULL) {
        return 0;
    }
    while (PyDict_Next(self->unindexed.modules, &at, &module, &names)) {
        int has = PyDict_Contains(names, name);
        PyObject *loaded = has > 0 ? unindexed_load(self, module) : NULL;
        if (has < 0 || (has > 0 && loaded == NULL)) {
            return -1;
        }
        Py_XDECREF(loaded);
        found |= has;
    }
    return found;
}
