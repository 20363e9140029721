/* itk_support.c: ITK's support layer: importing it, and putting dictionaries
 * and methods of ours in the place of some of its own. */
#include "core/package.h"

#include <string.h>

static const char NAME_TO_OBJECT[] =
    "__template_instantiations_name_to_object__";
static const char OBJECT_TO_NAME[] =
    "__template_instantiations_object_to_name__";

static PyObject *
import_attribute(const char *module, const char *attribute)
{
    PyObject *name = PyUnicode_FromString(module);
    PyObject *value =
        name == NULL ? NULL : import_member(name, lzi_slice_of(attribute));
    Py_XDECREF(name);
    return value;
}

/* itkTemplate._LoadModules() is how a template finds instantiations that no
 * module in use has: make it go by units, too. Attributes come before that
 * from modules in use. */
static PyMethodDef template_methods[] = {
    {"_LoadModules", itk_load_owners, METH_VARARGS,
     PyDoc_STR("Load what all modules that have the template add to it.")},
    {"__getattr__", itk_template_attribute, METH_VARARGS,
     PyDoc_STR("Load what modules in use add to the template, then all.")},
    {NULL, NULL, 0, NULL}};

/* A Python function for each, as help() shows it: laziness is invisible. */
static const char WRAP[] = "def wrap(own, ours):\n"
                           "    from functools import wraps\n"
                           "\n"
                           "    @wraps(own)\n"
                           "    def method(self, *arguments):\n"
                           "        return ours(self, own, *arguments)\n"
                           "\n"
                           "    return method\n";

static int
replace_method(package_object *self, PyMethodDef *def, PyObject *wrap)
{
    PyObject *template = self->itk.template_type;
    PyObject *own = PyObject_GetAttrString(template, def->ml_name);
    if (own == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear(); /* a package that is wrapped in ITK's way without it */
        return 0;
    }
    PyObject *ours =
        own == NULL ? NULL : PyCFunction_New(def, (PyObject *)self);
    PyObject *method =
        ours == NULL ? NULL
                     : PyObject_CallFunctionObjArgs(wrap, own, ours, NULL);
    int rc = method == NULL
                 ? -1
                 : PyObject_SetAttrString(template, def->ml_name, method);
    Py_XDECREF(own);
    Py_XDECREF(ours);
    Py_XDECREF(method);
    return rc;
}

/* Execute Python code of ours. @return 0; -1: error set */
static int
execute(const char *source, PyObject *dict)
{
    PyObject *code = Py_CompileString(source, "<lazyindex>", Py_file_input);
    PyObject *done = code == NULL ? NULL : PyEval_EvalCode(code, dict, dict);
    Py_XDECREF(code);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

static int
replace_methods(package_object *self)
{
    PyObject *dict =
        Py_BuildValue("{sO}", "__builtins__", PyEval_GetBuiltins());
    int rc = -1;
    if (dict != NULL && execute(WRAP, dict) == 0) {
        PyObject *wrap = PyDict_GetItemString(dict, "wrap"); /* borrowed */
        rc = 0;
        for (PyMethodDef *def = template_methods;
             rc == 0 && def->ml_name != NULL; def++) {
            rc = replace_method(self, def, wrap);
        }
    }
    Py_XDECREF(dict);
    return rc;
}

static int
find_registries(itk_registries *out)
{
    static const char templates[] = "itk.support.template_class";
    const struct {
        PyObject **dict;
        const char *module, *type, *attribute;
    } places[] = {
        {&out->name_to_object, templates, "itkTemplateBase", NAME_TO_OBJECT},
        {&out->object_to_name, templates, "itkTemplateBase", OBJECT_TO_NAME},
        {&out->named, templates, "itkTemplateBase",
         "__named_template_registry__"},
        {&out->c_types, "itk.support.types", "itkCType", "__c_types__"}};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        PyObject *type = import_attribute(places[i].module, places[i].type);
        PyObject *dict =
            type == NULL ? NULL
                         : PyObject_GetAttrString(type, places[i].attribute);
        Py_XDECREF(type);
        *places[i].dict = dict;
        if (dict == NULL) {
            return -1;
        }
        if (!PyDict_Check(dict)) {
            PyErr_SetString(PyExc_ImportError,
                            "itk.support keeps its templates in a way that "
                            "LazyIndex does not know");
            return -1;
        }
    }
    out->base_type = import_attribute(templates, "itkTemplateBase");
    out->template_type = import_attribute(templates, "itkTemplate");
    return out->base_type == NULL || out->template_type == NULL ? -1 : 0;
}

void
itk_clear_registries(itk_registries *itk)
{
    itk_registries old = *itk;
    memset(itk, 0, sizeof(*itk));
    Py_XDECREF(old.template_type);
    Py_XDECREF(old.base_type);
    Py_XDECREF(old.name_to_object);
    Py_XDECREF(old.object_to_name);
    Py_XDECREF(old.named);
    Py_XDECREF(old.c_types);
    Py_XDECREF((PyObject *)old.table_type);
    Py_XDECREF((PyObject *)old.names_type);
    Py_XDECREF((PyObject *)old.classes_type);
    Py_XDECREF((PyObject *)old.raw_type);
}

/* Put a dictionary of ours, with the same items, in the place of ITK's. */
static int
replace_dict(package_object *self, PyTypeObject *type, const char *attribute,
             PyObject **dict)
{
    PyObject *view = PyObject_CallNoArgs((PyObject *)type);
    PyObject *done =
        view == NULL ? NULL : PyObject_CallMethod(view, "update", "O", *dict);
    int rc = done == NULL ? -1
                          : PyObject_SetAttrString(self->itk.base_type,
                                                   attribute, view);
    Py_XDECREF(done);
    if (rc < 0) {
        Py_XDECREF(view);
        return -1;
    }
    Py_DECREF(*dict);
    *dict = view;
    return 0;
}

static int
replace_all(package_object *self)
{
    if (replace_methods(self) < 0 || itk_watch_pickling(self) < 0) {
        return -1;
    }
    if (replace_dict(self, self->itk.names_type, NAME_TO_OBJECT,
                     &self->itk.name_to_object) < 0) {
        return -1;
    }
    return replace_dict(self, self->itk.classes_type, OBJECT_TO_NAME,
                        &self->itk.object_to_name);
}

int
itk_take_over_templates(package_object *self, PyObject *unused)
{
    (void)unused;
    itk_registries found = {0};
    if (itk_make_view_types(self, &found) < 0 || find_registries(&found) < 0) {
        itk_clear_registries(&found);
        return -1;
    }
    itk_clear_registries(&self->itk); /* of a module that was imported anew */
    self->itk = found;
    if (replace_all(self) < 0) {
        itk_clear_registries(&self->itk);
        return -1;
    }
    return 0;
}

/* A Python function like the one it replaces: laziness is invisible. */
static const char FORCE_LOAD[] =
    "def force_load() -> None:\n"
    "    \"\"\"force itk to load all the submodules\"\"\"\n"
    "    from itk import _lazyindex\n"
    "\n"
    "    _lazyindex.force_load('itk')\n";

int
itk_take_over_helpers(package_object *self, PyObject *module)
{
    PyObject *dict = module_dict(module);
    (void)self;
    return dict == NULL ? -1 : execute(FORCE_LOAD, dict);
}

PyObject *
itk_warning_format(void)
{
    PyObject *warnings = /* borrowed */
        PyDict_GetItemString(PyImport_GetModuleDict(), "warnings");
    PyObject *format = warnings == NULL
                           ? NULL
                           : PyObject_GetAttrString(warnings, "formatwarning");
    PyErr_Clear();
    return format;
}

/* Whether it was set after `import itk`. */
static bool
is_later_format(package_object *self, PyObject *format)
{
    if (self->format != NULL) {
        return format != self->format;
    }
    PyObject *home = PyObject_GetAttrString(format, "__module__");
    bool is_later = home != NULL && PyUnicode_Check(home) &&
                    PyUnicode_CompareWithASCIIString(home, "warnings") != 0;
    Py_XDECREF(home);
    PyErr_Clear();
    return is_later;
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
    bool is_first =
        PyDict_GetItemString(PyImport_GetModuleDict(), name) == NULL;
    PyObject *format = itk_warning_format();
    bool keep = is_first && format != NULL && is_later_format(self, format);
    PyObject *config = PyImport_ImportModule(name);
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
    if (self->is_prepared) {
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
    self->is_prepared = true;
    return 0;
}
