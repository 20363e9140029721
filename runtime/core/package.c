#include "core/package.h"

PyObject *
member_name(package_object *self, const char *prefix, lzi_slice name,
            const char *suffix)
{
    PyObject *middle = str_of_slice(name);
    if (middle == NULL) {
        return NULL;
    }
    PyObject *full =
        PyUnicode_FromFormat("%U.%s%U%s", self->name, prefix, middle, suffix);
    Py_DECREF(middle);
    return full;
}

int
raise_status(package_object *self, lzi_status status, const char *what)
{
    if (status == LZI_E_NOMEM) {
        PyErr_NoMemory();
    }
    else if (status != LZI_E_CALLBACK) {
        PyErr_Format(self->module_state->format_error,
                     "index of %U: %s: %s; to repair: lazyindex apply %U",
                     self->name, what, lzi_status_text(status),
                     self->directory);
    }
    return -1;
}

/* Records of real packages refer to each other 11 deep. Python's own limits
 * are for threads with more stack than some have. */
enum { RECORD_DEPTH_MAX = 150 };

static _Thread_local int record_depth;

int
enter_record(package_object *self)
{
    if (record_depth == RECORD_DEPTH_MAX) {
        return raise_status(self, LZI_E_FORMAT,
                            "records that depend on too many others");
    }
    record_depth++;
    return 0;
}

void
leave_record(void)
{
    record_depth--;
}

int
each_record(package_object *self, char table, lzi_visit *visit, void *context,
            const char *what)
{
    for (size_t i = 0; i < lzi_index_count(self->index); i++) {
        lzi_status status = lzi_reader_each(lzi_index_reader(self->index, i),
                                            table, visit, context);
        if (status != LZI_OK) {
            return raise_status(self, status, what);
        }
    }
    return 0;
}

bool
package_has(package_object *self, char table, lzi_slice name)
{
    lzi_slice value;
    return lzi_index_get(&value, NULL, self->index, table, name) == LZI_OK;
}

PyObject *
import_fallback(PyObject *package_name)
{
    PyObject *full = NULL, *module = NULL;
    PyObject *package = PyImport_GetModule(package_name);
    if (package == NULL && PyErr_Occurred()) {
        goto done;
    }
    full = PyUnicode_FromFormat("%U._lazyindex_stock", package_name);
    if (full == NULL) {
        goto done;
    }
    module = PyImport_Import(full);
    if (module != NULL && package != NULL && PyModule_Check(package)) {
        PyObject *dict = PyModule_GetDict(package); /* borrowed */
        PyObject *bound = get_item(dict, "_lazyindex_stock");
        int rc = bound == module
                     ? PyDict_DelItemString(dict, "_lazyindex_stock")
                     : -(PyErr_Occurred() != NULL);
        if (rc < 0) {
            Py_CLEAR(module);
        }
    }
done:
    Py_XDECREF(package);
    Py_XDECREF(full);
    return module;
}

PyObject *
call_stock(PyObject *package_name, const char *function, PyObject *argument)
{
    PyObject *stock = import_fallback(package_name);
    if (stock == NULL) {
        return NULL;
    }
    PyObject *result = PyObject_CallMethod(stock, function, "(O)", argument);
    Py_DECREF(stock);
    return result;
}
