#include "core/loader.h"

#include <sys/stat.h>

/* -- Loaders -------------------------------------------------------------- */

static PyObject *
loader_create_module(PyObject *op, PyObject *spec)
{
    loader_object *self = (loader_object *)op;
    return self->way->create == NULL ? Py_NewRef(Py_None)
                                     : self->way->create(self, spec);
}

/* repr() of a module without a file shows its loader. */
static int
hide_loader(PyObject *module)
{
    PyObject *spec = PyObject_GetAttrString(module, "__spec__");
    int rc =
        spec == NULL ? -1 : PyObject_SetAttrString(spec, "loader", Py_None);
    Py_XDECREF(spec);
    return rc;
}

static PyObject *
loader_exec_module(PyObject *op, PyObject *module)
{
    loader_object *self = (loader_object *)op;
    if (self->way->execute(self, module) < 0 ||
        (!self->has_file && hide_loader(module) < 0)) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static int
loader_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(((loader_object *)op)->package);
    return 0;
}

static int
loader_clear(PyObject *op)
{
    Py_CLEAR(((loader_object *)op)->package);
    return 0;
}

static void
loader_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    loader_clear(op);
    Py_CLEAR(((loader_object *)op)->name);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(op);
    Py_DECREF(type);
}

static PyMethodDef loader_methods[] = {
    {"create_module", loader_create_module, METH_O, NULL},
    {"exec_module", loader_exec_module, METH_O, NULL},
    {NULL, NULL, 0, NULL}};

static PyType_Slot loader_slots[] = {
    {Py_tp_doc, "Loads modules of a package that LazyIndex makes."},
    {Py_tp_dealloc, loader_dealloc},
    {Py_tp_traverse, loader_traverse},
    {Py_tp_clear, loader_clear},
    {Py_tp_methods, loader_methods},
    {0, NULL}};

PyType_Spec loader_spec = {.name = "_lazyindex.Loader",
                           .basicsize = sizeof(loader_object),
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
                                    Py_TPFLAGS_IMMUTABLETYPE |
                                    Py_TPFLAGS_DISALLOW_INSTANTIATION,
                           .slots = loader_slots};

static PyObject *
loader_new(package_object *package, const loading_way *way, lzi_slice name,
           bool has_file)
{
    PyTypeObject *type = package->module_state->loader_type;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    loader_object *self = (loader_object *)alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->package = (package_object *)Py_NewRef((PyObject *)package);
    self->way = way;
    self->has_file = has_file;
    self->name = str_of_slice(name);
    if (self->name == NULL) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

/* -- Specs ---------------------------------------------------------------- */

static PyObject *
make_spec(PyObject *name, PyObject *loader, PyObject *origin, bool is_file)
{
    PyObject *machinery = PyImport_ImportModule("importlib.machinery");
    if (machinery == NULL) {
        return NULL;
    }
    PyObject *spec =
        PyObject_CallMethod(machinery, "ModuleSpec", "OO", name, loader);
    if (spec != NULL &&
        (PyObject_SetAttrString(spec, "origin", origin) < 0 ||
         PyObject_SetAttrString(spec, "has_location",
                                is_file ? Py_True : Py_False) < 0)) {
        Py_CLEAR(spec);
    }
    Py_DECREF(machinery);
    return spec;
}

static PyObject *
file_in_package(package_object *self, lzi_slice file)
{
    PyObject *name = str_of_slice(file);
    if (name == NULL) {
        return NULL;
    }
    PyObject *path = PyUnicode_FromFormat("%U/%U", self->directory, name);
    Py_DECREF(name);
    return path;
}

/* @return 1: it is; -1: error set */
static int
is_there(PyObject *path)
{
    PyObject *raw = NULL;
    struct stat status;
    if (!PyUnicode_FSConverter(path, &raw)) {
        return -1;
    }
    int found = stat(PyBytes_AsString(raw), &status) == 0;
    Py_DECREF(raw);
    return found;
}

PyObject *
loading_spec(package_object *package, PyObject *fullname,
             const loading_way *way, lzi_slice name, lzi_slice file,
             bool must_exist)
{
    bool is_file = file.size > 0;
    PyObject *origin =
        is_file ? file_in_package(package, file) : Py_NewRef(Py_None);
    PyObject *loader = NULL, *spec = NULL;
    if (origin == NULL) {
        return NULL;
    }
    int found = is_file && must_exist ? is_there(origin) : 1;
    if (found == 0) {
        spec = Py_NewRef(Py_None);
    }
    else if (found > 0) {
        loader = loader_new(package, way, name, is_file);
    }
    if (loader != NULL) {
        spec = make_spec(fullname, loader, origin, is_file);
    }
    Py_XDECREF(loader);
    Py_DECREF(origin);
    return spec;
}

PyObject *
extension_loader(PyObject *spec)
{
    PyObject *machinery = NULL, *loader = NULL;
    PyObject *name = PyObject_GetAttrString(spec, "name");
    PyObject *origin =
        name == NULL ? NULL : PyObject_GetAttrString(spec, "origin");
    if (origin == NULL) {
        goto done;
    }
    machinery = PyImport_ImportModule("importlib.machinery");
    if (machinery != NULL) {
        loader = PyObject_CallMethod(machinery, "ExtensionFileLoader", "OO",
                                     name, origin);
    }
done:
    Py_XDECREF(machinery);
    Py_XDECREF(origin);
    Py_XDECREF(name);
    return loader;
}
