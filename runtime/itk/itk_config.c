#include "itk/itk_config.h"

#include <stdlib.h>

/* -- Options of users ----------------------------------------------------- */

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

int
itk_is_debug_level(const char *name)
{
    PyObject *config = PyImport_ImportModule("itkConfig");
    PyObject *level =
        config == NULL ? NULL : PyObject_GetAttrString(config, "DebugLevel");
    PyObject *wanted =
        level == NULL ? NULL : PyObject_GetAttrString(config, name);
    int rc =
        wanted == NULL ? -1 : PyObject_RichCompareBool(level, wanted, Py_EQ);
    Py_XDECREF(wanted);
    Py_XDECREF(level);
    Py_XDECREF(config);
    return rc;
}

int
itk_wants_factories(void)
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

static bool
is_one_of(const char *value, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (PyOS_stricmp(value, *words) == 0) {
            return true;
        }
    }
    return false;
}

/* Old: itkConfig.LazyLoading; new: ITK_EAGER_IMPORT. */
int
itk_wants_all(package_object *self)
{
    static const char *const no[] = {"n",   "no", "f", "false",
                                     "off", "0",  NULL};
    static const char *const yes[] = {"1", "true", "yes", "on", NULL};
    const char *lazy = getenv("ITK_PYTHON_LAZYLOADING");
    const char *eager = getenv("ITK_EAGER_IMPORT");
    (void)self;
    if ((lazy != NULL && is_one_of(lazy, no)) ||
        (eager != NULL && is_one_of(eager, yes))) {
        return 1;
    }
    /* In its dictionary: the next ITK warns whoever asks the module. */
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *config = get_item(modules, "itkConfig");
    PyObject *flag = config != NULL && PyModule_Check(config)
                         ? get_item(PyModule_GetDict(config), "LazyLoading")
                         : NULL;
    if (flag == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_INCREF(flag);
    int lazily = PyObject_IsTrue(flag);
    Py_DECREF(flag);
    return lazily < 0 ? -1 : !lazily;
}

/* -- Warnings and the support layer ----------------------------------------
 */

/* A function of warnings. @return new; NULL without an error: it is not
 * imported, or has none of that name */
static PyObject *
find_in_warnings(const char *name)
{
    PyObject *warnings =
        Py_XNewRef(get_item(PyImport_GetModuleDict(), "warnings"));
    PyObject *found =
        warnings == NULL ? NULL : get_attribute_if_any(warnings, name);
    Py_XDECREF(warnings);
    return found;
}

static PyObject *
find_warning_format(void)
{
    return find_in_warnings("formatwarning");
}

int
itk_note_warning_format(package_object *self)
{
    itk_of(self)->warning_format = find_warning_format();
    return PyErr_Occurred() ? -1 : 0;
}

/* Whether it was set after `import itk`. Where warnings was not imported yet,
 * it is not CPython's own, which stays there under another name.
 * @return -1 with an error set */
static int
is_later_format(package_object *self, PyObject *format)
{
    if (itk_of(self)->warning_format != NULL) {
        return format != itk_of(self)->warning_format;
    }
    PyObject *original = find_in_warnings("_formatwarning_orig");
    if (original == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_DECREF(original);
    return format != original;
}

static int
set_warning_format(PyObject *format)
{
    PyObject *warnings = PyImport_ImportModule("warnings");
    int rc = warnings == NULL
                 ? -1
                 : PyObject_SetAttrString(warnings, "formatwarning", format);
    Py_XDECREF(warnings);
    return rc;
}

int
itk_import_config(package_object *self)
{
    static const char name[] = "itkConfig";
    bool is_first = get_item(PyImport_GetModuleDict(), name) == NULL;
    PyObject *format = PyErr_Occurred() ? NULL : find_warning_format();
    if (format == NULL && PyErr_Occurred()) {
        return -1;
    }
    int keep = is_first && format != NULL ? is_later_format(self, format) : 0;
    PyObject *config = keep < 0 ? NULL : PyImport_ImportModule(name);
    int rc = config == NULL ? -1 : keep ? set_warning_format(format) : 0;
    Py_XDECREF(config);
    Py_XDECREF(format);
    return rc;
}

int
itk_prepare(package_object *self)
{
    static const char *const modules[] = {
        "itk.support.extras", "itk.support.init_helpers", "itk.support.types",
        "itk.support.template_class"};
    if (itk_of(self)->is_prepared) {
        return 0;
    }
    if (itk_import_config(self) < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        PyObject *module = PyImport_ImportModule(modules[i]);
        if (module == NULL) {
            return -1;
        }
        Py_DECREF(module);
    }
    /* Code in the middle of those imports is here again, or another thread
     * that they wait for: then the last one is half a module. */
    if (itk_of(self)->registries.template_type == NULL) {
        PyErr_Format(PyExc_ImportError,
                     "%U.support is still being imported (most likely due to "
                     "a circular import)",
                     self->name);
        return -1;
    }
    itk_of(self)->is_prepared = true;
    return 0;
}
