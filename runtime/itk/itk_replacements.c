/* itk_replacements.c: dictionaries and methods of ours in the place of some of
 * the support layer's own. */
#include "itk/itk_replacements.h"

#include "core/source_runner.h"
#include "itk/itk_loading.h"
#include "itk/itk_registry.h"
#include "itk/itk_templates.h"
#include "itk/itk_views.h"

#include <string.h>

static const char NAME_TO_OBJECT[] =
    "__template_instantiations_name_to_object__";
static const char OBJECT_TO_NAME[] =
    "__template_instantiations_object_to_name__";

/* @param module From the package: "support.types". */
static PyObject *
import_attribute(package_object *self, const char *module,
                 const char *attribute)
{
    PyObject *name = member_name(self, "", lzi_slice_of(module), "");
    PyObject *value =
        name == NULL ? NULL : import_member(name, lzi_slice_of(attribute));
    Py_XDECREF(name);
    return value;
}

/* itkTemplate.__new__() gives the one template of a name. Here no thread comes
 * between the look for it and the making of it. */
static PyObject *
template_new(PyObject *op, PyObject *arguments)
{
    package_object *self = (package_object *)op;
    PyObject *class, *own, *name;
    if (!PyArg_ParseTuple(arguments, "OOO:__new__", &class, &own, &name)) {
        return NULL;
    }
    lzi_slice cpp;
    bool is_ours = class == itk_of(self)->registries.template_type &&
                   PyUnicode_Check(name);
    if (is_ours && slice_of_name(name, &cpp) < 0) {
        return NULL;
    }
    return is_ours && cpp.size > 0
               ? itk_ensure_template(self, cpp)
               : PyObject_CallFunctionObjArgs(own, class, name, NULL);
}

/* itkTemplate._LoadModules() is how a template finds instantiations that no
 * module in use has: make it go by units, too. Attributes come before that
 * from modules in use. */
static PyMethodDef template_methods[] = {
    {"__new__", template_new, METH_VARARGS,
     PyDoc_STR("Make a template, or find the one of that name.")},
    {"_LoadModules", itk_load_owners, METH_VARARGS,
     PyDoc_STR("Load what all modules that have the template add to it.")},
    {"__getattr__", itk_template_attribute, METH_VARARGS,
     PyDoc_STR("Load what modules in use add to the template, then all.")},
    {NULL, NULL, 0, NULL}};

/* A Python function for each, as help() shows it: laziness is invisible. */
static const char WRAP[] =
    "def wrap(own, ours):\n"
    "    from functools import wraps\n"
    "\n"
    "    @wraps(own)\n"
    "    def method(self, *arguments, **keywords):\n"
    "        if keywords:\n"
    "            return own(self, *arguments, **keywords)\n"
    "        return ours(self, own, *arguments)\n"
    "\n"
    "    if own.__name__ == '__new__':\n"
    "        return staticmethod(method)\n"
    "    return method\n";

static int
replace_method(package_object *self, PyMethodDef *def, PyObject *wrap)
{
    PyObject *template = itk_of(self)->registries.template_type;
    PyObject *own = PyObject_GetAttrString(template, def->ml_name);
    if (own == NULL ? PyErr_ExceptionMatches(PyExc_AttributeError)
                    : PyCFunction_Check(own)) {
        PyErr_Clear(); /* a package that is wrapped in ITK's way without it */
        Py_XDECREF(own);
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

static int
replace_methods(package_object *self)
{
    PyObject *dict =
        Py_BuildValue("{sO}", "__builtins__", PyEval_GetBuiltins());
    int rc = -1;
    if (dict != NULL && execute_text(WRAP, dict) == 0) {
        PyObject *wrap = get_item(dict, "wrap"); /* borrowed from ours */
        rc = wrap == NULL ? -1 : 0;
        for (PyMethodDef *def = template_methods;
             rc == 0 && def->ml_name != NULL; def++) {
            rc = replace_method(self, def, wrap);
        }
    }
    Py_XDECREF(dict);
    return rc;
}

static int
find_registries(package_object *self, itk_registries *out)
{
    static const char templates[] = "support.template_class";
    const struct {
        PyObject **dict;
        const char *module, *type, *attribute;
    } places[] = {
        {&out->name_to_object, templates, "itkTemplateBase", NAME_TO_OBJECT},
        {&out->object_to_name, templates, "itkTemplateBase", OBJECT_TO_NAME},
        {&out->named, templates, "itkTemplateBase",
         "__named_template_registry__"},
        {&out->c_types, "support.types", "itkCType", "__c_types__"}};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        PyObject *type =
            import_attribute(self, places[i].module, places[i].type);
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
    out->base_type = import_attribute(self, templates, "itkTemplateBase");
    out->template_type = import_attribute(self, templates, "itkTemplate");
    return out->base_type == NULL || out->template_type == NULL ? -1 : 0;
}

static void
clear_registries(itk_registries *itk)
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
    Py_XDECREF((PyObject *)old.swig_type);
}

/* Put a dictionary of ours, with the same items, in the place of ITK's. */
static int
replace_dict(package_object *self, PyTypeObject *type, const char *attribute,
             PyObject **dict)
{
    PyObject *view = PyObject_CallNoArgs((PyObject *)type);
    if (view == NULL || itk_set_items(self, view, *dict) < 0 ||
        PyObject_SetAttrString(itk_of(self)->registries.base_type, attribute,
                               view) < 0) {
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
    if (replace_dict(self, itk_of(self)->registries.names_type, NAME_TO_OBJECT,
                     &itk_of(self)->registries.name_to_object) < 0) {
        return -1;
    }
    return replace_dict(self, itk_of(self)->registries.classes_type,
                        OBJECT_TO_NAME,
                        &itk_of(self)->registries.object_to_name);
}

static int
take_over(package_object *self)
{
    itk_registries found = {0};
    if (itk_make_view_types(self, &found) < 0 ||
        find_registries(self, &found) < 0) {
        clear_registries(&found);
        return -1;
    }
    /* The old ones are of a module that was imported anew. */
    clear_registries(&itk_of(self)->registries);
    itk_of(self)->registries = found;
    if (replace_all(self) < 0) {
        clear_registries(&itk_of(self)->registries);
        return -1;
    }
    return 0;
}

static int
templates_execute(loader_object *loader, PyObject *module)
{
    const char *file = slice_of_str(loader->name).data;
    return execute_source(loader->package, module, file) < 0
               ? -1
               : take_over(loader->package);
}

const loading_way itk_templates_way = {NULL, templates_execute};

/* A Python function like the one it replaces: laziness is invisible. */
static const char FORCE_LOAD[] =
    "def force_load() -> None:\n"
    "    \"\"\"force itk to load all the submodules\"\"\"\n"
    "    from itk import _lazyindex\n"
    "\n"
    "    _lazyindex.force_load('itk')\n";

static int
helpers_execute(loader_object *loader, PyObject *module)
{
    const char *file = slice_of_str(loader->name).data;
    PyObject *dict = module_dict(module);
    return dict == NULL || execute_source(loader->package, module, file) < 0
               ? -1
               : execute_text(FORCE_LOAD, dict);
}

const loading_way itk_helpers_way = {NULL, helpers_execute};
