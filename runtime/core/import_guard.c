#include "core/import_guard.h"

#include "core/loader.h"

#include <string.h>
#include <unistd.h>

/* What a thread is at, the innermost first. Not on the stack, which code that
 * switches between several in one thread moves away. */
typedef struct guarded_run {
    package_object *package;
    const char *task; /* borrowed: for the caller's time */
    PyObject *part;   /* of the task; or NULL */
    PyObject *name;   /* str: of the module */
    guarded_body *body;
    void *context;
    bool has_lock; /* of the module: the finder was asked; or needs none */
    bool has_begun;
    int rc; /* of the body, and what it raised */
    PyObject *type, *error, *traceback;
    struct guarded_run *outer;
} guarded_run;

static _Thread_local guarded_run *innermost;

/* -- Runs ----------------------------------------------------------------- */

static void
delete_run(guarded_run *run)
{
    for (guarded_run **at = &innermost; *at != NULL; at = &(*at)->outer) {
        if (*at == run) {
            *at = run->outer;
            break;
        }
    }
    Py_DECREF((PyObject *)run->package);
    Py_XDECREF(run->part);
    Py_XDECREF(run->name);
    Py_XDECREF(run->type);
    Py_XDECREF(run->error);
    Py_XDECREF(run->traceback);
    PyMem_Free(run);
}

static guarded_run *
new_run(package_object *package, const char *task, PyObject *part,
        guarded_body *body, void *context)
{
    guarded_run *run = PyMem_Calloc(1, sizeof(*run));
    if (run == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    run->package = (package_object *)Py_NewRef((PyObject *)package);
    run->task = task;
    run->part = Py_XNewRef(part);
    run->body = body;
    run->context = context;
    run->name =
        PyUnicode_FromFormat("__lazyindex_%s_%V_%U_%d_%p__", task, part, "",
                             package->name, (int)getpid(), (void *)package);
    if (run->name == NULL) {
        delete_run(run);
        return NULL;
    }
    return run;
}

/* Whether two are of one task; the process may be another by now. */
static bool
is_same_task(const guarded_run *run, const guarded_run *other)
{
    return run->package == other->package &&
           strcmp(run->task, other->task) == 0 &&
           (run->part == NULL || other->part == NULL
                ? run->part == other->part
                : PyUnicode_Compare(run->part, other->part) == 0);
}

/* One of the same task that has the module's lock in this thread. */
static const guarded_run *
find_holder(const guarded_run *run)
{
    for (const guarded_run *other = innermost; other != NULL;
         other = other->outer) {
        if (other->has_lock && is_same_task(run, other)) {
            return other;
        }
    }
    return NULL;
}

/* The innermost that waits for a module's import. */
static guarded_run *
find_waiting(PyObject *name)
{
    guarded_run *run = innermost;
    while (run != NULL &&
           (run->has_begun || PyUnicode_Compare(run->name, name) != 0)) {
        run = run->outer;
    }
    return run;
}

/* What it raises goes past the import system, which would add to it. */
static void
run_body(guarded_run *run)
{
    run->has_lock = run->has_begun = true;
    run->rc = run->body(run->package, run->context);
    if (run->rc < 0) {
        PyErr_Fetch(&run->type, &run->error, &run->traceback);
    }
}

/* -- The module ----------------------------------------------------------- */

static int
execute_body(loader_object *loader, PyObject *module)
{
    guarded_run *run = find_waiting(loader->name);
    (void)module;
    if (run != NULL) { /* else somebody imports it by hand */
        run_body(run);
    }
    return 0;
}

static const loading_way guard_way = {NULL, execute_body};

PyObject *
guard_spec(PyObject *fullname)
{
    guarded_run *run = find_waiting(fullname);
    if (run == NULL) {
        return NULL;
    }
    run->has_lock = true;
    return loading_spec(run->package, fullname, &guard_way,
                        slice_of_str(fullname), (lzi_slice){"", 0}, false);
}

/* @param module That which was imported: another thread may have made the
 * next one by now. */
static int
forget_module(PyObject *name, PyObject *module)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *found = PyDict_GetItemWithError(modules, name);
    return found == module ? PyDict_DelItem(modules, name)
                           : -(PyErr_Occurred() != NULL);
}

/* -- Importing it --------------------------------------------------------- */

static PyObject *
find_guard(PyObject *unused, PyObject *arguments)
{
    PyObject *fullname, *path = NULL, *target = NULL;
    (void)unused;
    if (!PyArg_ParseTuple(arguments, "U|OO:find_spec", &fullname, &path,
                          &target)) {
        return NULL;
    }
    PyObject *spec = guard_spec(fullname);
    return spec != NULL || PyErr_Occurred() ? spec : Py_NewRef(Py_None);
}

static PyMethodDef find_guard_def = {"find_spec", find_guard, METH_VARARGS,
                                     NULL};

/* @return new: an object with a find_spec() for these modules only */
static PyObject *
new_guard_finder(void)
{
    PyObject *types = NULL, *finder = NULL;
    PyObject *find = PyCFunction_New(&find_guard_def, NULL);
    if (find == NULL) {
        goto done;
    }
    types = PyImport_ImportModuleLevel("types", NULL, NULL, NULL, 0);
    if (types == NULL) {
        goto done;
    }
    finder = PyObject_CallMethod(types, "SimpleNamespace", NULL);
    if (finder != NULL &&
        PyObject_SetAttrString(finder, "find_spec", find) < 0) {
        Py_CLEAR(finder);
    }
done:
    Py_XDECREF(types);
    Py_XDECREF(find);
    return finder;
}

static PyObject *
import_module(const guarded_run *run)
{
    return PyImport_ImportModuleLevelObject(run->name, NULL, NULL, NULL, 0);
}

/* Somebody has taken the package's finder off sys.meta_path. */
static PyObject *
import_by_own_finder(const guarded_run *run)
{
    PyObject *finders = PySys_GetObject("meta_path"); /* borrowed */
    PyObject *module = NULL;
    if (finders == NULL || !PyList_Check(finders)) {
        return PyErr_Format(PyExc_ImportError, "sys.meta_path is not a list");
    }
    Py_INCREF(finders);
    PyObject *finder = new_guard_finder();
    if (finder != NULL && PyList_Insert(finders, 0, finder) == 0) {
        PyObject *type, *error, *traceback;
        module = import_module(run);
        PyErr_Fetch(&type, &error, &traceback);
        for (Py_ssize_t i = PyList_Size(finders) - 1; i >= 0; i--) {
            if (PyList_GetItem(finders, i) == finder) {
                PyList_SetSlice(finders, i, i + 1, NULL);
                break;
            }
        }
        PyErr_Restore(type, error, traceback);
    }
    Py_XDECREF(finder);
    Py_DECREF(finders);
    return module;
}

/* What the import system raises to end a deadlock, where the module is not in
 * sys.modules yet. */
static bool
is_deadlock(void)
{
    if (!PyErr_ExceptionMatches(PyExc_RuntimeError)) {
        return false;
    }
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyObject *name = PyType_GetName((PyTypeObject *)type);
    bool is = name != NULL &&
              PyUnicode_CompareWithASCIIString(name, "_DeadlockError") == 0;
    Py_XDECREF(name);
    PyErr_Restore(type, error, traceback);
    return is;
}

/* Import the module until it is ours: where another thread was at it, that
 * one's body has run. One that is not ready is what the import system gives
 * to end a deadlock: then nobody waits.
 * @return 1: the body has begun; 0: it must not wait; -1: error set */
static int
import_until_begun(guarded_run *run)
{
    while (!run->has_begun) {
        PyObject *module = import_module(run);
        if (module == NULL && !run->has_begun &&
            PyErr_ExceptionMatches(PyExc_ImportError)) {
            PyErr_Clear();
            module = import_by_own_finder(run);
        }
        if (module == NULL) {
            if (!run->has_begun && is_deadlock()) {
                PyErr_Clear();
                return 0;
            }
            return -1;
        }
        int ready = run->has_begun ? 1 : is_module_ready(module);
        int rc = ready > 0 ? forget_module(run->name, module) : 0;
        Py_DECREF(module);
        if (ready < 0 || rc < 0) {
            return -1;
        }
        if (ready == 0) {
            return 0;
        }
    }
    return 1;
}

/* As above. What the import system says after the body hardly matters, of a
 * sys.modules that somebody has emptied for instance; what a signal handler
 * raises there does. Where it cannot import at all, nobody can wait: Python
 * ends, or somebody has left it without finders. */
static int
run_in_import(guarded_run *run)
{
    int begun = import_until_begun(run);
    if (begun >= 0) {
        return begun;
    }
    if (run->has_begun && PyErr_ExceptionMatches(PyExc_Exception)) {
        PyErr_Clear();
        return 1;
    }
    if (!run->has_begun && PyErr_ExceptionMatches(PyExc_ImportError)) {
        PyErr_Clear();
        run_body(run);
        return 1;
    }
    return -1;
}

int
run_guarded(package_object *self, const char *task, PyObject *part,
            guarded_body *body, void *context)
{
    guarded_run *run = new_run(self, task, part, body, context);
    if (run == NULL) {
        return -1;
    }
    const guarded_run *holder = find_holder(run);
    int begun = -1, rc;
    run->outer = innermost;
    innermost = run;
    if (holder == NULL) {
        begun = run_in_import(run);
        rc = begun < 0 ? -1 : 2;
    }
    else if (holder->has_begun) {
        rc = 1;
    }
    else { /* a signal handler, just before it */
        run_body(run);
        begun = 1;
    }
    if (begun > 0) {
        rc = run->rc < 0 ? -1 : 0;
        PyErr_Restore(run->type, run->error, run->traceback);
        run->type = run->error = run->traceback = NULL;
    }
    delete_run(run);
    return rc;
}
