/* itk_registry.c: ITK's registries of template instantiations.
 *
 * Does for the tuples of a unit what itkTemplate.__add__() and
 * registerNoTpl() (itk/support/template_class.py) do, with the same results,
 * in C: but for warnings, no Python code runs between the first and the last
 * tuple of a load, so no thread sees half of it. */
#include "itk/itk_registry.h"

#include "core/collector.h"
#include "core/units.h"
#include "itk/itk_config.h"
#include "itk/itk_template_key.h"

#include <string.h>

/* -- Registering ---------------------------------------------------------- */

/* A table for the instantiations of a template. @param name str */
static PyObject *
new_table(package_object *self, PyObject *name)
{
    PyObject *table =
        PyObject_CallNoArgs((PyObject *)itk_of(self)->registries.table_type);
    if (table != NULL &&
        PyObject_SetAttrString(table, ITK_TEMPLATE_NAME, name) < 0) {
        Py_CLEAR(table);
    }
    return table;
}

/* One that ITK made, unpickling it for instance, has a table of ITK's. */
static int
adopt_template(package_object *self, PyObject *template, PyObject *name)
{
    PyObject *old = PyObject_GetAttrString(template, "__template__");
    if (old == NULL || Py_IS_TYPE(old, itk_of(self)->registries.table_type)) {
        Py_XDECREF(old);
        return old == NULL ? -1 : 0;
    }
    PyObject *table = new_table(self, name);
    PyObject *done =
        table == NULL ? NULL : PyObject_CallMethod(table, "update", "O", old);
    int rc = done == NULL
                 ? -1
                 : PyObject_SetAttrString(template, "__template__", table);
    Py_DECREF(old);
    Py_XDECREF(table);
    Py_XDECREF(done);
    return rc;
}

/* What itkTemplate.__new__() does. */
static PyObject *
new_template(package_object *self, PyObject *name)
{
    PyObject *made =
        PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__new__", "O",
                            itk_of(self)->registries.template_type);
    PyObject *table = made == NULL ? NULL : new_table(self, name);
    if (table == NULL ||
        PyObject_SetAttrString(made, "__template__", table) < 0 ||
        PyObject_SetAttrString(made, "__name__", name) < 0) {
        Py_CLEAR(made);
    }
    Py_XDECREF(table);
    return made;
}

/* Make sure that an itkTemplate exists, published only when complete, and
 * only if nobody else has. @return new */
PyObject *
itk_ensure_template(package_object *self, lzi_slice cpp)
{
    PyObject *name = str_of_slice(cpp);
    PyObject *template = name == NULL
                             ? NULL
                             : Py_XNewRef(PyDict_GetItemWithError(
                                   itk_of(self)->registries.named, name));
    if (template == NULL && name != NULL && !PyErr_Occurred()) {
        PyObject *made = new_template(self, name);
        template = Py_XNewRef(
            PyDict_GetItemWithError(itk_of(self)->registries.named, name));
        if (made != NULL && template == NULL && !PyErr_Occurred() &&
            PyDict_SetItem(itk_of(self)->registries.named, name, made) == 0) {
            template = Py_NewRef(made);
        }
        Py_XDECREF(made);
    }
    if (template != NULL && adopt_template(self, template, name) < 0) {
        Py_CLEAR(template);
    }
    Py_XDECREF(name);
    return template;
}

static int
set_template_attribute(PyObject *template, const lzi_tuple *tuple,
                       PyObject *class)
{
    PyObject *class_name = PyObject_GetAttrString(class, "__name__");
    if (class_name == NULL) {
        return -1;
    }
    lzi_slice part = itk_attribute_part(tuple->cpp, slice_of_str(class_name));
    int rc = PyErr_Occurred() ? -1 : 0;
    if (rc == 0 && part.size > 0) {
        bool digit = part.data[0] >= '0' && part.data[0] <= '9';
        PyObject *text = str_of_slice(part);
        PyObject *attribute =
            text == NULL
                ? NULL
                : PyUnicode_FromFormat("%s%U", digit ? "x" : "", text);
        PyObject *dict =
            attribute == NULL ? NULL : PyObject_GenericGetDict(template, NULL);
        rc = dict == NULL ? -1 : PyDict_SetItem(dict, attribute, class);
        Py_XDECREF(text);
        Py_XDECREF(attribute);
        Py_XDECREF(dict);
    }
    Py_DECREF(class_name);
    return rc;
}

static int
add_instantiation(package_object *self, const lzi_tuple *tuple,
                  PyObject *class)
{
    PyObject *name = str_of_slice(tuple->cpp);
    PyObject *template =
        name == NULL
            ? NULL
            : PyDict_GetItemWithError(itk_of(self)->registries.named, name);
    Py_XDECREF(name);
    if (template == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ImportError,
                            "an itkTemplate went away during a load");
        }
        return -1;
    }
    Py_INCREF(template);
    PyObject *table = PyObject_GetAttrString(template, "__template__");
    PyObject *key = table == NULL ? NULL : itk_make_key(self, tuple);
    PyObject *origin = key == NULL ? NULL : PyTuple_Pack(2, template, key);
    int rc = -1;
    if (origin != NULL && PyObject_SetItem(table, key, class) == 0 &&
        PyDict_SetItem(itk_of(self)->registries.object_to_name, class,
                       origin) == 0) {
        rc = set_template_attribute(template, tuple, class);
    }
    Py_XDECREF(origin);
    Py_XDECREF(key);
    Py_XDECREF(table);
    Py_DECREF(template);
    return rc;
}

/* What debug_print_error() of itk.support.base does with a class that is not
 * there: told, raised or left out in silence. */
static int
tell_missing_class(package_object *self, lzi_slice unit_name,
                   const lzi_tuple *tuple)
{
    lzi_unit unit;
    if (find_unit(self, unit_name, &unit) < 0) {
        return -1;
    }
    int warns = itk_is_debug_level("WARN");
    int raises = warns == 0 ? itk_is_debug_level("ERROR") : 0;
    if (warns < 0 || raises < 0 || warns + raises == 0) {
        return warns < 0 || raises < 0 ? -1 : 0;
    }
    PyObject *swig = str_of_slice(tuple->swig);
    PyObject *module = str_of_slice(unit.module);
    PyObject *full = member_name(self, "", unit.module, "Python");
    PyObject *text =
        swig == NULL || module == NULL || full == NULL
            ? NULL
            : PyUnicode_FromFormat(
                  "%U not %s module %U because of exception:\n "
                  "module '%U' has no attribute '%U'",
                  swig, tuple->has_params ? "loaded from" : "found in", module,
                  full, swig);
    if (text != NULL && raises) {
        PyErr_SetObject(PyExc_RuntimeError, text);
    }
    else if (text != NULL) {
        PySys_FormatStderr("%U\n", text);
    }
    Py_XDECREF(text);
    Py_XDECREF(full);
    Py_XDECREF(module);
    Py_XDECREF(swig);
    return PyErr_Occurred() ? -1 : 0;
}

/* One tuple. A class that its unit lacks is told and left out, as in ITK. */
static int
register_tuple(package_object *self, PyObject *module, lzi_slice unit,
               const lzi_tuple *tuple)
{
    PyObject *swig = str_of_slice(tuple->swig);
    PyObject *class = swig == NULL ? NULL : PyObject_GetAttr(module, swig);
    Py_XDECREF(swig);
    if (class == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return -1;
        }
        PyErr_Clear();
        return tell_missing_class(self, unit, tuple);
    }
    PyObject *name = itk_full_name(tuple);
    PyObject *known = name == NULL
                          ? NULL
                          : PyDict_GetItemWithError(
                                itk_of(self)->registries.name_to_object, name);
    int rc = name == NULL || (known == NULL && PyErr_Occurred()) ? -1 : 0;
    if (rc == 0 && known != class) {
        /* An OrderedDict: PyDict_SetItem would not do. */
        rc = PyObject_SetItem(itk_of(self)->registries.name_to_object, name,
                              class);
        if (rc == 0 && tuple->has_params) {
            rc = add_instantiation(self, tuple, class);
        }
    }
    Py_XDECREF(name);
    Py_DECREF(class);
    return rc;
}

/* -- The tuples of units -------------------------------------------------- */

typedef struct {
    package_object *package;
    PyObject *module; /* of the unit; only when registering */
    lzi_slice last;   /* template ensured last: tuples come in runs */
} registration;

static int
prepare_tuple(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    registration *self = context;
    (void)unit;
    if (!tuple->has_params || lzi_slice_equal(tuple->cpp, self->last)) {
        return 0;
    }
    self->last = tuple->cpp;
    PyObject *template = itk_ensure_template(self->package, tuple->cpp);
    Py_XDECREF(template);
    return template == NULL ? -1 : 0;
}

static int
visit_register(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    registration *self = context;
    return register_tuple(self->package, self->module, unit, tuple);
}

static int
exempt_c_half(package_object *self, lzi_slice unit)
{
    PyObject *full = member_name(self, "_", unit, "");
    PyObject *module = full == NULL ? NULL : PyImport_GetModule(full);
    Py_XDECREF(full);
    int rc = module == NULL ? -(PyErr_Occurred() != NULL)
                            : gc_exempt_module(self->module_state, module);
    Py_XDECREF(module);
    return rc;
}

static int
register_unit(package_object *self, PyObject *unit)
{
    int rc = PyDict_Contains(self->units, unit);
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    lzi_slice name = slice_of_str(unit);
    registration registering = {self, unit_module(self, name), {"", 0}};
    if (registering.module == NULL) {
        return -1;
    }
    rc = itk_each_unit_tuple(self, name, visit_register, &registering);
    if (rc == 0) {
        rc = gc_exempt_module(self->module_state, registering.module);
    }
    if (rc == 0) {
        rc = exempt_c_half(self, name);
    }
    Py_DECREF(registering.module);
    return rc == 0 ? PyDict_SetItem(self->units, unit, Py_None) : -1;
}

int
itk_register_units(package_object *self, PyObject *units)
{
    Py_ssize_t count = PyList_Size(units);
    if (count == 0) {
        return 0;
    }
    if (itk_prepare(self) < 0) {
        return -1;
    }
    registration preparing = {self, NULL, {"", 0}};
    for (Py_ssize_t i = 0; i < count; i++) {
        if (itk_each_unit_tuple(self, slice_of_str(PyList_GetItem(units, i)),
                                prepare_tuple, &preparing) < 0) {
            return -1;
        }
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (register_unit(self, PyList_GetItem(units, i)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* -- Looking up ----------------------------------------------------------- */

typedef struct {
    package_object *package;
    PyObject *value; /* owned */
} class_search;

/* Of the classes of a name, the last one wins. */
static int
take_class(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    class_search *search = context;
    PyObject *module = unit_module(search->package, unit);
    PyObject *swig = str_of_slice(tuple->swig);
    PyObject *value =
        module == NULL || swig == NULL ? NULL : PyObject_GetAttr(module, swig);
    Py_XDECREF(module);
    Py_XDECREF(swig);
    Py_XDECREF(search->value);
    search->value = value;
    return value == NULL ? -1 : 0;
}

PyObject *
itk_find_class(package_object *self, lzi_slice name,
               const lzi_candidate *candidate)
{
    class_search search = {self, NULL};
    if ((candidate->flags & LZI_NAME_TEMPLATE) != 0) {
        return itk_ensure_template(self, candidate->cpp);
    }
    if (itk_each_tuple(self, candidate, name, take_class, &search) < 0) {
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
