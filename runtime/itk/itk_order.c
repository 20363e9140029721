/* itk_order.c: the order of ITK's registries, which shows in keys(). */
#include "itk/itk_registry.h"

/* Move the key of an instantiation to the end of its template's
 * OrderedDict. */
static int
move_key(package_object *self, const lzi_tuple *tuple)
{
    PyObject *name = itk_full_name(tuple);
    PyObject *class =
        name == NULL ? NULL
                     : Py_XNewRef(PyDict_GetItemWithError(
                           itk_of(self)->registries.name_to_object, name));
    PyObject *origin =
        class == NULL ? NULL
                      : Py_XNewRef(PyDict_GetItemWithError(
                            itk_of(self)->registries.object_to_name, class));
    Py_XDECREF(class);
    Py_XDECREF(name);
    if (origin == NULL) {
        return PyErr_Occurred() ? -1 : 0; /* of a unit not loaded */
    }
    PyObject *template, *key, *table = NULL;
    if (PyArg_ParseTuple(origin, "OO", &template, &key)) {
        table = PyObject_GetAttrString(template, "__template__");
    }
    int rc = table == NULL ? -1 : itk_move_to_end(self, table, key);
    Py_DECREF(origin);
    Py_XDECREF(table);
    return rc;
}

typedef int visit_tuple(package_object *self, const lzi_tuple *tuple,
                        lzi_slice name);

static int
each_module_tuple(package_object *self, lzi_slice module, visit_tuple *visit,
                  lzi_slice name)
{
    lzi_slice value;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_TUPLE, module);
    if (status == LZI_NOT_FOUND) {
        return 0;
    }
    lzi_cursor cursor = {0};
    uint32_t count = 0;
    if (status == LZI_OK) {
        cursor = lzi_cursor_of(value);
        count = lzi_read_count(&cursor);
    }
    for (; status == LZI_OK && count > 0; count--) {
        lzi_tuple tuple;
        status = lzi_tuple_next(&tuple, &cursor);
        if (status == LZI_OK && visit(self, &tuple, name) < 0) {
            return -1;
        }
    }
    return status == LZI_OK
               ? 0
               : raise_status(self, status, "the tuples of a module");
}

static int
move_if_named(package_object *self, const lzi_tuple *tuple, lzi_slice name)
{
    return tuple->has_params && lzi_slice_equal(tuple->python, name)
               ? move_key(self, tuple)
               : 0;
}

int
itk_order_template(package_object *self, lzi_slice name, lzi_slice module)
{
    return each_module_tuple(self, module, move_if_named, name);
}

/* Move an instantiation to the end of both registries. */
static int
move_name(package_object *self, const lzi_tuple *tuple, lzi_slice unused)
{
    (void)unused;
    PyObject *name = itk_full_name(tuple), *origin = NULL;
    PyObject *class =
        name == NULL ? NULL
                     : Py_XNewRef(PyDict_GetItemWithError(
                           itk_of(self)->registries.name_to_object, name));
    int rc = PyErr_Occurred() ? -1 : 0;
    if (class != NULL) {
        rc = itk_move_to_end(self, itk_of(self)->registries.name_to_object,
                             name);
        origin = Py_XNewRef(PyDict_GetItemWithError(
            itk_of(self)->registries.object_to_name, class));
    }
    if (rc == 0 && origin != NULL) {
        rc = PyDict_DelItem(itk_of(self)->registries.object_to_name, class);
        if (rc == 0) {
            rc = PyDict_SetItem(itk_of(self)->registries.object_to_name, class,
                                origin);
        }
    }
    Py_XDECREF(name);
    Py_XDECREF(class);
    Py_XDECREF(origin);
    return rc < 0 || PyErr_Occurred() ? -1 : 0;
}

int
itk_order_names(package_object *self, lzi_slice module)
{
    return each_module_tuple(self, module, move_name, (lzi_slice){"", 0});
}
