/* lazyindexmodule.c: the extension `_lazyindex`: state, exceptions, attach. */
#include "package.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -- Helpers -------------------------------------------------------------- */

lzi_slice
slice_of_str(PyObject *text)
{
    Py_ssize_t size;
    const char *data = PyUnicode_AsUTF8AndSize(text, &size);
    if (data == NULL) {
        return (lzi_slice){"", 0};
    }
    return (lzi_slice){data, (size_t)size};
}

int
slice_of_name(PyObject *name, lzi_slice *out)
{
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "a name must be a string");
        return -1;
    }
    *out = slice_of_str(name);
    if (out->size == 0) {
        PyErr_Clear();
    }
    return 0;
}

PyObject *
str_of_slice(lzi_slice slice)
{
    return PyUnicode_DecodeUTF8(slice.data, (Py_ssize_t)slice.size, NULL);
}

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
    else {
        PyErr_Format(self->state->format_error,
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
            return PyErr_Occurred() ? -1 : raise_status(self, status, what);
        }
    }
    return 0;
}

PyObject *
module_dict(PyObject *module)
{
    PyObject *dict = PyModule_GetDict(module);
    if (dict == NULL) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "not a module: %R", module);
    }
    return dict;
}

PyObject *
import_member(PyObject *name, lzi_slice attribute)
{
    PyObject *module = PyImport_Import(name);
    if (module == NULL || attribute.size == 0) {
        return module;
    }
    PyObject *key = str_of_slice(attribute);
    PyObject *value = key == NULL ? NULL : PyObject_GetAttr(module, key);
    Py_XDECREF(key);
    Py_DECREF(module);
    return value;
}

void
package_enter_process(package_object *self)
{
    unsigned long me = PyThread_get_thread_ident();
    int pid = (int)getpid();
    if (self->pid == pid) {
        return;
    }
    if (self->factory_owner != me) {
        PyThread_type_lock lock = PyThread_allocate_lock();
        if (lock == NULL) {
            return;
        }
        self->factory_lock = lock; /* the old one may be held for ever */
        self->factory_owner = 0;
    }
    if (self->base_thread != me) {
        self->base_thread = 0;
    }
    self->pid = pid;
}

/* -- Package: lifetime ---------------------------------------------------- */

static int
package_traverse(PyObject *op, visitproc visit, void *arg)
{
    package_object *self = (package_object *)op;
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->module);
    Py_VISIT(self->units);
    Py_VISIT(self->used);
    Py_VISIT(self->due);
    Py_VISIT(self->complete);
    Py_VISIT(self->factories);
    Py_VISIT(self->announced);
    Py_VISIT(self->names);
    Py_VISIT(self->name_set);
    Py_VISIT(self->raw);
    Py_VISIT(self->format);
    Py_VISIT(self->itk.template_type);
    Py_VISIT(self->itk.name_to_object);
    Py_VISIT(self->itk.object_to_name);
    Py_VISIT(self->itk.named);
    Py_VISIT(self->itk.c_types);
    Py_VISIT(self->unindexed.loader);
    Py_VISIT(self->unindexed.owners);
    Py_VISIT(self->unindexed.modules);
    Py_VISIT(self->unindexed.factories);
    Py_VISIT(self->itk.base_type);
    Py_VISIT(self->itk.table_type);
    Py_VISIT(self->itk.names_type);
    Py_VISIT(self->itk.classes_type);
    Py_VISIT(self->itk.raw_type);
    return 0;
}

static int
package_clear(PyObject *op)
{
    package_object *self = (package_object *)op;
    Py_CLEAR(self->module);
    Py_CLEAR(self->units);
    Py_CLEAR(self->used);
    Py_CLEAR(self->due);
    Py_CLEAR(self->complete);
    Py_CLEAR(self->factories);
    Py_CLEAR(self->announced);
    Py_CLEAR(self->names);
    Py_CLEAR(self->name_set);
    Py_CLEAR(self->raw);
    Py_CLEAR(self->format);
    itk_clear_registries(&self->itk);
    Py_CLEAR(self->unindexed.loader);
    Py_CLEAR(self->unindexed.owners);
    Py_CLEAR(self->unindexed.modules);
    Py_CLEAR(self->unindexed.factories);
    return 0;
}

static void
package_dealloc(PyObject *op)
{
    package_object *self = (package_object *)op;
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    package_clear(op);
    Py_CLEAR(self->name);
    Py_CLEAR(self->directory);
    lzi_index_close(self->index);
    if (self->factory_lock != NULL) {
        PyThread_free_lock(self->factory_lock);
    }
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(op);
    Py_DECREF(type);
}

static PyMethodDef package_methods[] = {
    {"find_spec", package_find_spec, METH_VARARGS,
     PyDoc_STR("find_spec(fullname, path=None, target=None)\n\n"
               "Spec of a C half, library, submodule or aggregator of the "
               "package; else None.")},
    {NULL, NULL, 0, NULL}};

static PyType_Slot package_slots[] = {
    {Py_tp_doc, "Finder and index of a package made lazy by LazyIndex."},
    {Py_tp_dealloc, package_dealloc},
    {Py_tp_traverse, package_traverse},
    {Py_tp_clear, package_clear},
    {Py_tp_methods, package_methods},
    {0, NULL}};

static PyType_Spec package_spec = {
    .name = "_lazyindex.Package",
    .basicsize = sizeof(package_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = package_slots};

/* -- Package: creation ---------------------------------------------------- */

static bool
is_switched(const char *word)
{
    const char *value = getenv("LAZYINDEX");
    return value != NULL && strcmp(value, word) == 0;
}

/* A word that is none of ours would otherwise do nothing, in silence. */
static int
check_switch(void)
{
    static const char *const words[] = {"", "on", "off", "eager", "trace"};
    const char *value = getenv("LAZYINDEX");
    bool known = value == NULL;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        known = known || is_switched(words[i]);
    }
    return known ? 0
                 : PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                                    "LAZYINDEX=%.100s is ignored: the words "
                                    "are on, off, eager and trace",
                                    value);
}

/* Names of the modules that brought an __init_<module>__.py, or may have, for
 * no shard describes them; sorted. */
static PyObject *
list_hooks(package_object *self)
{
    PyObject *hooks = PyList_New(0);
    for (size_t i = 0; hooks != NULL && i < lzi_index_count(self->index);
         i++) {
        lzi_list names =
            lzi_reader_meta(lzi_index_reader(self->index, i))->hooks;
        lzi_slice name;
        while (hooks != NULL && lzi_list_next(&names, &name)) {
            PyObject *text = str_of_slice(name);
            if (text == NULL || PyList_Append(hooks, text) < 0) {
                Py_CLEAR(hooks);
            }
            Py_XDECREF(text);
        }
    }
    PyObject *module, *names;
    Py_ssize_t at = 0;
    while (hooks != NULL && self->unindexed.modules != NULL &&
           PyDict_Next(self->unindexed.modules, &at, &module, &names)) {
        if (PyList_Append(hooks, module) < 0) {
            Py_CLEAR(hooks);
        }
    }
    if (hooks != NULL && PyList_Sort(hooks) < 0) {
        Py_CLEAR(hooks);
    }
    return hooks;
}

/* Hooks run when the package is attached, and by then `revert` may have taken
 * away the file that runs them: it has to be loaded before. */
static int
prepare_hooks(package_object *self)
{
    PyObject *hooks = list_hooks(self);
    PyObject *stock = NULL;
    if (hooks != NULL) {
        stock = PyList_Size(hooks) == 0 ? Py_NewRef(Py_None)
                                        : import_stock(self->name);
    }
    Py_XDECREF(hooks);
    Py_XDECREF(stock);
    return stock == NULL ? -1 : 0;
}

static package_object *
package_new(module_state *state, PyObject *module, PyObject *directory)
{
    allocfunc alloc =
        (allocfunc)PyType_GetSlot(state->package_type, Py_tp_alloc);
    package_object *self = (package_object *)alloc(state->package_type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->state = state;
    self->module = Py_NewRef(module);
    self->directory = Py_NewRef(directory);
    self->name = PyModule_GetNameObject(module);
    self->units = PyDict_New();
    self->used = PyDict_New();
    self->due = PyList_New(0);
    self->complete = PyDict_New();
    self->factories = PyDict_New();
    self->announced = PyDict_New();
    if (self->name == NULL || self->units == NULL || self->used == NULL ||
        self->due == NULL || self->complete == NULL ||
        self->factories == NULL || self->announced == NULL) {
        goto failed;
    }
    self->trace = is_switched("trace");
    self->pid = (int)getpid();
    self->factory_lock = PyThread_allocate_lock();
    if (self->factory_lock == NULL) {
        PyErr_NoMemory();
        goto failed;
    }
    PyObject *bytes = PyUnicode_EncodeFSDefault(directory);
    if (bytes == NULL) {
        goto failed;
    }
    int rc = package_open_index(self, PyBytes_AsString(bytes));
    Py_DECREF(bytes);
    if (rc < 0 || prepare_hooks(self) < 0) {
        goto failed;
    }
    self->format = itk_warning_format();
    return self;
failed:
    Py_DECREF((PyObject *)self);
    return NULL;
}

/* -- attach --------------------------------------------------------------- */

/* The finder that serves a package already, because it is being reloaded.
 * What it has loaded and registered stays. @return borrowed; NULL: none */
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

/* The package's finder, at the head of sys.meta_path: it has to come before
 * the one that would find a library and load it with all its units. It
 * answers for this package only. @return new */
static package_object *
install_package(module_state *state, PyObject *module, PyObject *directory)
{
    PyObject *finders = PySys_GetObject("meta_path"); /* borrowed */
    if (finders == NULL || !PyList_Check(finders)) {
        PyErr_SetString(PyExc_ImportError, "sys.meta_path is not a list");
        return NULL;
    }
    package_object *self = find_attached(state, finders, module);
    if (self != NULL) {
        return (package_object *)Py_NewRef((PyObject *)self);
    }
    self = package_new(state, module, directory);
    if (self != NULL && PyList_Insert(finders, 0, (PyObject *)self) < 0) {
        Py_DECREF((PyObject *)self);
        return NULL;
    }
    return self;
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

/* Whether everything is to be loaded at once: by our own switch, or by one of
 * ITK's (old: itkConfig.LazyLoading; new: ITK_EAGER_IMPORT).
 * @return -1: error set. */
static int
wants_everything(void)
{
    static const char *const no[] = {"n",   "no", "f", "false",
                                     "off", "0",  NULL};
    static const char *const yes[] = {"1", "true", "yes", "on", NULL};
    const char *lazy = getenv("ITK_PYTHON_LAZYLOADING");
    const char *eager = getenv("ITK_EAGER_IMPORT");
    if (is_switched("eager") || (lazy != NULL && is_one_of(lazy, no)) ||
        (eager != NULL && is_one_of(eager, yes))) {
        return 1;
    }
    /* In its dictionary: the next ITK warns whoever asks the module. */
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *config = PyDict_GetItemString(modules, "itkConfig");
    PyObject *flag =
        config != NULL && PyModule_Check(config)
            ? PyDict_GetItemString(PyModule_GetDict(config), "LazyLoading")
            : NULL;
    if (flag == NULL) {
        return 0;
    }
    Py_INCREF(flag);
    int lazily = PyObject_IsTrue(flag);
    Py_DECREF(flag);
    return lazily < 0 ? -1 : !lazily;
}

/* Call a function of the file beside us that knows the package's own
 * start-up; rare, and simpler in Python. */
static PyObject *
call_stock(PyObject *name, const char *function, PyObject *argument)
{
    PyObject *stock = import_stock(name);
    PyObject *result =
        stock == NULL ? NULL
                      : PyObject_CallMethod(stock, function, "(O)", argument);
    Py_XDECREF(stock);
    return result;
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
    if (check_switch() < 0) {
        return NULL;
    }
    if (is_switched("off")) {
        return call_stock(name, "run", name);
    }
    PyObject *module = PyImport_GetModule(name);
    if (module == NULL || !PyModule_Check(module)) {
        Py_XDECREF(module);
        return PyErr_Occurred()
                   ? NULL
                   : PyErr_Format(PyExc_ImportError,
                                  "%U is not being imported", name);
    }
    package_object *self = install_package(state, module, directory);
    int rc = self == NULL ? -1 : namespace_attach(self, module, NULL);
    Py_XDECREF((PyObject *)self);
    Py_DECREF(module);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(run_hooks_doc,
             "run_hooks(name)\n\n"
             "Run the __init_<module>__.py that modules of an attached "
             "package brought, in the\norder of the modules. What they raise "
             "is raised, as by the package's own\n__init__. Then, where "
             "LAZYINDEX=eager or the package's own switch for it is "
             "set,\nload everything.");

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
    Py_XDECREF(module);
    return (package_object *)Py_XNewRef((PyObject *)self);
}

static int
start_modules(package_object *self)
{
    PyObject *hooks = list_hooks(self), *done = NULL;
    if (hooks != NULL) {
        done = PyList_Size(hooks) == 0
                   ? Py_NewRef(Py_None)
                   : call_stock(self->name, "run_hooks", hooks);
    }
    Py_XDECREF(hooks);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

static PyObject *
run_hooks(PyObject *extension, PyObject *name)
{
    package_object *self = find_package(extension, name);
    if (self == NULL) { /* its own __init__ has run */
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    }
    int rc = start_modules(self);
    int everything = rc < 0 ? 0 : wants_everything();
    if (everything != 0) {
        rc = everything < 0 ? -1 : itk_force_load(self);
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
    int rc = itk_force_load(self);
    Py_DECREF((PyObject *)self);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

/* -- The extension module ------------------------------------------------- */

static PyObject *
after_fork(PyObject *reference, PyObject *unused)
{
    PyObject *module = PyWeakref_GetObject(reference); /* borrowed */
    (void)unused;
    if (module != NULL && module != Py_None) {
        gc_after_fork(PyModule_GetState(module));
    }
    return module == NULL ? NULL : Py_NewRef(Py_None);
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
    {"run_hooks", run_hooks, METH_O, run_hooks_doc},
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
