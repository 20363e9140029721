/* lazyindexmodule.c: the extension `_lazyindex`: its state, and how a package
 * is attached to it. */
#include "core/collector.h"
#include "core/finder.h"
#include "core/loader.h"
#include "core/namespace.h"
#include "core/profile.h"
#include "core/switches.h"

/* -- attach --------------------------------------------------------------- */

static PyObject *
meta_path(void)
{
    PyObject *finders = PySys_GetObject("meta_path"); /* borrowed */
    if (finders == NULL || !PyList_Check(finders)) {
        PyErr_SetString(PyExc_ImportError, "sys.meta_path is not a list");
        return NULL;
    }
    return finders;
}

/* The finder that serves a module object. @return borrowed; NULL without an
 * error: none */
static package_object *
find_attached(module_state *state, PyObject *finders, PyObject *module)
{
    for (Py_ssize_t i = 0; i < PyList_Size(finders); i++) {
        PyObject *finder = PyList_GetItem(finders, i); /* borrowed */
        if (Py_IS_TYPE(finder, state->package_type) &&
            ((package_object *)finder)->module == module) {
            return (package_object *)finder;
        }
    }
    return NULL;
}

/* Whether a finder is one of ours; also of another module object of this
 * extension, which has types of its own. */
static bool
is_finder(module_state *state, PyObject *finder)
{
    return PyType_GetSlot(Py_TYPE(finder), Py_tp_dealloc) ==
           PyType_GetSlot(state->package_type, Py_tp_dealloc);
}

/* A package that is imported anew, as another module object or with another
 * of this extension, has another finder or none: the old one would go on
 * answering for its name. @param keep Not that one; or NULL. */
static int
remove_finders(module_state *state, PyObject *name, package_object *keep)
{
    PyObject *finders = Py_XNewRef(meta_path());
    int rc = finders == NULL ? -1 : 0;
    for (Py_ssize_t i = rc < 0 ? 0 : PyList_Size(finders); rc == 0 && i > 0;) {
        PyObject *finder = PyList_GetItem(finders, --i); /* borrowed */
        if (finder == NULL) { /* the end of another took more away */
            PyErr_Clear();
        }
        else if (is_finder(state, finder) && finder != (PyObject *)keep &&
                 PyUnicode_Compare(((package_object *)finder)->name, name) ==
                     0) {
            rc = PyList_SetSlice(finders, i, i + 1, NULL);
        }
    }
    Py_XDECREF(finders);
    return rc;
}

/* Serve a module object, and put the finder at the head of sys.meta_path: it
 * has to come before the one that would find a library and load it with all
 * its units. It answers for this package only. What goes wrong leaves no
 * finder behind. */
static int
attach_new(module_state *state, PyObject *module, PyObject *directory)
{
    PyObject *finders = NULL;
    package_object *self = package_new(state, module, directory);
    int rc = -1;
    if (self != NULL) {
        self->trace = is_switched("trace");
        rc = namespace_attach(self, module, NULL);
    }
    if (rc == 0) {
        finders = meta_path(); /* another list, perhaps, by now */
        rc =
            finders == NULL ? -1 : PyList_Insert(finders, 0, (PyObject *)self);
    }
    if (rc < 0 && self != NULL) {
        namespace_detach(module);
    }
    Py_XDECREF((PyObject *)self);
    return rc;
}

/* What is reloaded keeps its finder, and what it has loaded. */
static int
attach_module(module_state *state, PyObject *name, PyObject *module,
              PyObject *directory)
{
    PyObject *finders = meta_path();
    if (finders == NULL) {
        return -1;
    }
    package_object *self = find_attached(state, finders, module);
    if (remove_finders(state, name, self) < 0) {
        return -1;
    }
    if (self == NULL) {
        return attach_new(state, module, directory);
    }
    Py_INCREF((PyObject *)self);
    int rc = namespace_attach(self, module, NULL);
    Py_DECREF((PyObject *)self);
    return rc;
}

PyDoc_STRVAR(
    attach_doc,
    "attach(name, directory)\n\n"
    "Serve a package, which is being imported from a directory, from "
    "the shards in\nits subdirectory _lazyindex. Where LAZYINDEX=off is set, "
    "run its own __init__\ninstead. Raises FormatError, an ImportError, or "
    "OSError when the index cannot be\nused; the package is then as it was.");

static PyObject *
attach(PyObject *extension, PyObject *arguments)
{
    module_state *state = PyModule_GetState(extension);
    PyObject *name, *directory;
    if (!PyArg_ParseTuple(arguments, "UU:attach", &name, &directory)) {
        return NULL;
    }
    if (check_switches() < 0) {
        return NULL;
    }
    if (is_switched("off")) {
        return remove_finders(state, name, NULL) < 0
                   ? NULL
                   : call_stock(name, "run", name);
    }
    PyObject *module = PyImport_GetModule(name);
    if (module == NULL || !PyModule_Check(module)) {
        Py_XDECREF(module);
        return PyErr_Occurred()
                   ? NULL
                   : PyErr_Format(PyExc_ImportError,
                                  "%U is not being imported", name);
    }
    int rc = attach_module(state, name, module, directory);
    Py_DECREF(module);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(start_doc,
             "start(name)\n\n"
             "Run what an attached package itself runs at the end of its "
             "import. What that raises\nis raised, as by the package's own "
             "__init__. Then, where LAZYINDEX=eager or a switch\nof the "
             "package's own for it is set, load everything.");

/* The package of that name, if it is attached. @return new; NULL without an
 * error: it is not */
static package_object *
find_package(PyObject *extension, PyObject *name)
{
    PyObject *finders = PySys_GetObject("meta_path"); /* borrowed */
    PyObject *module = PyImport_GetModule(name);
    package_object *self = NULL;
    if (module != NULL && finders != NULL && PyList_Check(finders)) {
        self = find_attached(PyModule_GetState(extension), finders, module);
    }
    Py_XINCREF((PyObject *)self);
    Py_XDECREF(module);
    return self;
}

static PyObject *
start(PyObject *extension, PyObject *name)
{
    package_object *self = find_package(extension, name);
    if (self == NULL) { /* its own __init__ has run */
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    }
    const lzi_profile *profile = self->profile;
    int rc = profile->start(self);
    int all = rc < 0 ? 0 : is_switched("eager") ? 1 : profile->wants_all(self);
    if (all != 0) {
        rc = all < 0 ? -1 : profile->load_all(self);
    }
    Py_DECREF((PyObject *)self);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(force_load_doc,
             "force_load(name)\n\n"
             "Load and bind everything of an attached package.");

static PyObject *
force_load(PyObject *extension, PyObject *name)
{
    package_object *self = find_package(extension, name);
    if (self == NULL) {
        return PyErr_Occurred() ? NULL
                                : PyErr_Format(PyExc_ImportError,
                                               "%S is not attached", name);
    }
    int rc = self->profile->load_all(self);
    Py_DECREF((PyObject *)self);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

/* -- The extension module ------------------------------------------------- */

/* A weak reference is called: of the functions that look into one, none is
 * in the headers of both 3.11 and 3.15. */
static PyObject *
after_fork(PyObject *reference, PyObject *unused)
{
    PyObject *module = PyObject_CallNoArgs(reference);
    (void)unused;
    if (module == NULL) {
        return NULL;
    }
    if (module != Py_None) {
        gc_after_fork(PyModule_GetState(module));
    }
    Py_DECREF(module);
    return Py_NewRef(Py_None);
}

static PyMethodDef after_fork_def = {"after_fork", after_fork, METH_NOARGS,
                                     NULL};

/* Hooks stay for the life of the interpreter, the module need not. */
static int
watch_forks(PyObject *module)
{
    PyObject *os = PyImport_ImportModule("os");
    PyObject *watch =
        os == NULL ? NULL : PyObject_GetAttrString(os, "register_at_fork");
    PyObject *reference =
        watch == NULL ? NULL : PyWeakref_NewRef(module, NULL);
    PyObject *hook =
        reference == NULL ? NULL : PyCFunction_New(&after_fork_def, reference);
    PyObject *options =
        hook == NULL ? NULL : Py_BuildValue("{sO}", "after_in_child", hook);
    PyObject *none = options == NULL ? NULL : PyTuple_New(0);
    PyObject *done = none == NULL ? NULL : PyObject_Call(watch, none, options);
    Py_XDECREF(os);
    Py_XDECREF(watch);
    Py_XDECREF(reference);
    Py_XDECREF(hook);
    Py_XDECREF(options);
    Py_XDECREF(none);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

static int
module_exec(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    state->format_error = PyErr_NewExceptionWithDoc(
        "lazyindex.FormatError",
        "A shard is missing, damaged, of another format version, or does "
        "not describe\nthe installed package.",
        PyExc_ImportError, NULL);
    if (state->format_error == NULL ||
        PyModule_AddObjectRef(module, "FormatError", state->format_error) <
            0) {
        return -1;
    }
    struct {
        PyTypeObject **type;
        PyType_Spec *spec;
    } types[] = {{&state->package_type, &package_spec},
                 {&state->namespace_type, &namespace_spec},
                 {&state->loader_type, &loader_spec}};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        *types[i].type = (PyTypeObject *)PyType_FromModuleAndSpec(
            module, types[i].spec, NULL);
        if (*types[i].type == NULL ||
            PyModule_AddType(module, *types[i].type) < 0) {
            return -1;
        }
    }
    return watch_forks(module);
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    module_state *state = PyModule_GetState(module);
    Py_VISIT(state->format_error);
    Py_VISIT(state->package_type);
    Py_VISIT(state->namespace_type);
    Py_VISIT(state->loader_type);
    Py_VISIT(state->function_type);
    Py_VISIT(state->static_type);
    return 0;
}

static int
module_clear(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    Py_CLEAR(state->format_error);
    Py_CLEAR(state->package_type);
    Py_CLEAR(state->namespace_type);
    Py_CLEAR(state->loader_type);
    Py_CLEAR(state->function_type);
    Py_CLEAR(state->static_type);
    return 0;
}

static void
module_free(void *module)
{
    module_clear(module);
}

static PyMethodDef module_methods[] = {
    {"attach", attach, METH_VARARGS, attach_doc},
    {"start", start, METH_O, start_doc},
    {"force_load", force_load, METH_O, force_load_doc},
    {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot first_slots[] = {{Py_mod_exec, module_exec},
                                         {0, NULL}};

/* Known since 3.12: Py_mod_multiple_interpreters, and that each may have a GIL
 * of its own. All state is in the module and in objects. There is no word
 * about running without a GIL: it guards that state. */
static PyModuleDef_Slot later_slots[] = {
    {Py_mod_exec, module_exec}, {3, (void *)2}, {0, NULL}};

#define MODULE_DEF(slots)                                                     \
    {                                                                         \
        PyModuleDef_HEAD_INIT,                                                \
            .m_name = "_lazyindex",                                           \
            .m_doc = "Serves a package from its LazyIndex shards.",           \
            .m_size = sizeof(module_state), .m_methods = module_methods,      \
            .m_slots = slots, .m_traverse = module_traverse,                  \
            .m_clear = module_clear, .m_free = module_free                    \
    }

static struct PyModuleDef first_def = MODULE_DEF(first_slots);
static struct PyModuleDef later_def = MODULE_DEF(later_slots);

PyMODINIT_FUNC PyInit__lazyindex(void);

PyMODINIT_FUNC
PyInit__lazyindex(void)
{
    return PyModuleDef_Init(Py_Version < 0x030C0000 ? &first_def : &later_def);
}
