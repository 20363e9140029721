#include "itk/itk_files.h"

#include "core/collector.h"
#include "itk/itk_config.h"
#include "itk/itk_factories.h"
#include "itk/itk_loading.h"

#include "lzi_itk_names.h"

#include <string.h>

enum { ENDING_SIZE = LZI_ITK_SIZE(LZI_ITK_PYTHON_SUFFIX) };

bool
itk_is_file_name(lzi_slice name)
{
    return name.size > ENDING_SIZE &&
           memcmp(name.data + name.size - ENDING_SIZE, LZI_ITK_PYTHON_SUFFIX,
                  ENDING_SIZE) == 0;
}

/* Import a module, which waits for another thread that does; of one that this
 * thread is importing there is only a part.
 * @return NULL without an error: this thread is importing it */
static PyObject *
import_ready(package_object *self, const char *prefix, lzi_slice name)
{
    PyObject *full = member_name(self, prefix, name, "");
    PyObject *module = full == NULL ? NULL : PyImport_Import(full);
    int ready = module == NULL ? -1 : is_module_ready(module);
    Py_XDECREF(full);
    if (ready <= 0) {
        Py_CLEAR(module);
    }
    return module;
}

/* @return 1: a module of that name is in sys.modules; -1: error set */
static int
is_imported(package_object *self, lzi_slice name)
{
    PyObject *full = member_name(self, "", name, "");
    PyObject *module = full == NULL ? NULL : PyImport_GetModule(full);
    int rc = module != NULL ? 1 : -(PyErr_Occurred() != NULL);
    Py_XDECREF(full);
    Py_XDECREF(module);
    return rc;
}

/* As if a public name of the unit had been used. */
static int
load_unit(package_object *self, lzi_slice name)
{
    lzi_unit unit;
    if (find_unit(self, name, &unit) < 0 || itk_prepare(self) < 0 ||
        itk_use_module(self, unit.module) < 0) {
        return -1;
    }
    PyObject *units = Py_BuildValue("[s#]", name.data, (Py_ssize_t)name.size);
    int rc = units == NULL ? -1 : itk_load(self, name, units);
    Py_XDECREF(units);
    return rc;
}

/* A proxy asks for its own C half while it is being imported: it has to come
 * by the import system then. */
static PyObject *
get_unit(package_object *self, lzi_slice unit, bool is_c)
{
    int rc = is_imported(self, unit);
    if (rc == 0) {
        gc_pause(self->module_state);
        rc = load_unit(self, unit);
        gc_resume(self->module_state);
    }
    PyObject *proxy = rc < 0 ? NULL : import_ready(self, "", unit);
    if (proxy == NULL || !is_c) {
        return proxy;
    }
    Py_DECREF(proxy);
    return import_ready(self, "_", unit);
}

PyObject *
itk_get_file(package_object *self, lzi_slice name)
{
    bool is_c = name.data[0] == '_';
    lzi_slice unit = {name.data + is_c, name.size - is_c};
    lzi_slice module = {unit.data, unit.size - ENDING_SIZE};
    if (package_has(self, LZI_TABLE_UNIT, unit)) {
        return get_unit(self, unit, is_c);
    }
    return package_has(self, LZI_TABLE_MODULE, module) &&
                   !lzi_index_hides(self->index, module)
               ? import_ready(self, is_c ? "_" : "", unit)
               : NULL;
}

/* -- What units define ---------------------------------------------------- */

/* @return 1: the module of a unit is there; -1: error set */
static int
is_unit_there(package_object *self, lzi_slice name)
{
    lzi_unit unit;
    return find_unit(self, name, &unit) < 0
               ? -1
               : !lzi_index_hides(self->index, unit.module);
}

PyObject *
itk_get_unit_name(package_object *self, const lzi_lookup *name)
{
    lzi_slice value, unit;
    lzi_status status =
        lzi_index_find(&value, NULL, self->index, LZI_TABLE_SWIG, name);
    if (status == LZI_NOT_FOUND) {
        return NULL;
    }
    if (status == LZI_OK) {
        status = lzi_swig_name_decode(&unit, value);
    }
    if (status != LZI_OK) {
        raise_status(self, status, "the record of a name");
        return NULL;
    }
    if (is_unit_there(self, unit) <= 0) {
        return NULL;
    }
    PyObject *module = get_unit(self, unit, false);
    PyObject *key = module == NULL ? NULL : str_of_slice(name->name);
    PyObject *result = key == NULL ? NULL : PyObject_GetAttr(module, key);
    Py_XDECREF(key);
    Py_XDECREF(module);
    return result;
}

/* -- What is in use ------------------------------------------------------- */

typedef struct {
    package_object *package;
    visit_name *visit;
    void *context;
    PyObject *needed; /* dict: modules that those in use depend on -> None */
} used_walk;

/* Visit a name if its unit is of one of these modules. */
static int
visit_if_in(const used_walk *walk, PyObject *modules, lzi_slice unit_name,
            lzi_slice name)
{
    lzi_unit unit;
    if (find_unit(walk->package, unit_name, &unit) < 0) {
        return -1;
    }
    PyObject *key = str_of_slice(unit.module);
    int rc = key == NULL ? -1 : PyDict_Contains(modules, key);
    Py_XDECREF(key);
    return rc > 0 ? walk->visit(walk->context, name) : rc;
}

static int
add_dependencies(package_object *self, lzi_slice name, PyObject *needed)
{
    lzi_module module;
    lzi_slice below;
    if (find_module(self, name, &module) < 0) {
        return -1;
    }
    while (lzi_list_next(&module.depends, &below)) {
        PyObject *key = str_of_slice(below);
        int rc = key == NULL ? -1 : PyDict_SetItem(needed, key, Py_None);
        Py_XDECREF(key);
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}

/* What another module in use needs: of those, stock has all names. */
static PyObject *
needed_modules(package_object *self)
{
    PyObject *modules = PyDict_Keys(itk_of(self)->used);
    PyObject *needed = modules == NULL ? NULL : PyDict_New();
    for (Py_ssize_t i = 0; needed != NULL && i < PyList_Size(modules); i++) {
        lzi_slice name = slice_of_str(PyList_GetItem(modules, i));
        if (add_dependencies(self, name, needed) < 0) {
            Py_CLEAR(needed);
        }
    }
    Py_XDECREF(modules);
    return needed;
}

static lzi_status
visit_unit(void *context, lzi_slice name, lzi_slice value)
{
    const used_walk *walk = context;
    (void)value;
    return visit_if_in(walk, itk_of(walk->package)->used, name, name) < 0
               ? LZI_E_CALLBACK
               : LZI_OK;
}

static lzi_status
visit_unit_name(void *context, lzi_slice name, lzi_slice value)
{
    const used_walk *walk = context;
    lzi_slice unit;
    if (lzi_swig_name_decode(&unit, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    return visit_if_in(walk, walk->needed, unit, name) < 0 ? LZI_E_CALLBACK
                                                           : LZI_OK;
}

/* `itk._ITKCommonPython` of each module in use, and `itk.swig`. */
static int
visit_libraries(package_object *self, visit_name *visit, void *context)
{
    PyObject *modules = PyDict_Keys(itk_of(self)->used);
    int rc = modules == NULL ? -1 : 0;
    if (rc == 0 && PyList_Size(modules) > 0) {
        rc = visit(context, lzi_slice_of("swig"));
    }
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(modules); i++) {
        PyObject *library =
            PyUnicode_FromFormat(LZI_ITK_C_PREFIX "%U" LZI_ITK_PYTHON_SUFFIX,
                                 PyList_GetItem(modules, i));
        rc = library == NULL ? -1 : visit(context, slice_of_str(library));
        Py_XDECREF(library);
    }
    Py_XDECREF(modules);
    return rc;
}

int
itk_each_used_name(package_object *self, visit_name *visit, void *context)
{
    used_walk walk = {self, visit, context, needed_modules(self)};
    int rc = walk.needed == NULL ? -1 : visit_libraries(self, visit, context);
    if (rc == 0) {
        rc = each_record(self, LZI_TABLE_UNIT, visit_unit, &walk,
                         "the record of a unit");
    }
    if (rc == 0) {
        rc = each_record(self, LZI_TABLE_SWIG, visit_unit_name, &walk,
                         "the record of a name");
    }
    Py_XDECREF(walk.needed);
    return rc;
}
