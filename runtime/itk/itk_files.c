#include "itk/itk_files.h"

#include "core/collector.h"
#include "itk/itk_config.h"
#include "itk/itk_factories.h"
#include "itk/itk_loading.h"

#include <string.h>

static const char ENDING[] = "Python";
enum { ENDING_SIZE = sizeof(ENDING) - 1 };

bool
itk_is_file_name(lzi_slice name)
{
    return name.size > ENDING_SIZE &&
           memcmp(name.data + name.size - ENDING_SIZE, ENDING, ENDING_SIZE) ==
               0;
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
