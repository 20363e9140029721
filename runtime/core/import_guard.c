#include "core/import_guard.h"

#include "core/loader.h"

#include <unistd.h>

/* What a thread is at: its own bodies, the innermost first. */
typedef struct guarded_run {
    package_object *package; /* borrowed */
    PyObject *name;          /* str: of the module */
    guarded_body *body;
    void *context;
    bool has_begun;
    int rc; /* of the body, and what it raised */
    PyObject *type, *error, *traceback;
    struct guarded_run *outer;
} guarded_run;

static _Thread_local guarded_run *innermost;

bool
is_guard(package_object *self, PyObject *fullname)
{
    return innermost != NULL && innermost->package == self &&
           !innermost->has_begun &&
           PyUnicode_Compare(fullname, innermost->name) == 0;
}

/* What the body raises goes past the import system, which would add to it. */
static int
execute_body(loader_object *loader, PyObject *module)
{
    guarded_run *run = innermost;
    (void)module;
    if (run == NULL || !is_guard(loader->package, run->name)) {
        return 0; /* somebody imports it by hand */
    }
    run->has_begun = true;
    run->rc = run->body(run->package, run->context);
    if (run->rc < 0) {
        PyErr_Fetch(&run->type, &run->error, &run->traceback);
    }
    return 0;
}

static const loading_way guard_way = {NULL, execute_body};

PyObject *
guard_spec(package_object *self, PyObject *fullname)
{
    const lzi_slice none = {"", 0};
    return loading_spec(self, fullname, &guard_way, none, none, false);
}

/* Whether this thread is in the body of that module. */
static bool
is_at(const guarded_run *run)
{
    for (const guarded_run *outer = run->outer; outer != NULL;
         outer = outer->outer) {
        if (outer->package == run->package &&
            PyUnicode_Compare(outer->name, run->name) == 0) {
            return true;
        }
    }
    return false;
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

/* Import the module until it is ours: where another thread was at it, that
 * one's body has run. One that is not ready is what the import system gives
 * to end a deadlock: then nobody waits.
 * @return 1: the body has begun; 0: it must not wait; -1: error set */
static int
import_until_begun(guarded_run *run)
{
    while (!run->has_begun) {
        PyObject *module =
            PyImport_ImportModuleLevelObject(run->name, NULL, NULL, NULL, 0);
        if (module == NULL) {
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

int
run_guarded(package_object *self, const char *task, guarded_body *body,
            void *context)
{
    guarded_run run = {.package = self, .body = body, .context = context};
    run.outer = innermost;
    run.name = PyUnicode_FromFormat("__lazyindex_%s_%U_%d__", task, self->name,
                                    (int)getpid());
    if (run.name == NULL) {
        return -1;
    }
    int begun = 0;
    if (!is_at(&run)) {
        innermost = &run;
        begun = import_until_begun(&run);
        innermost = run.outer;
    }
    Py_DECREF(run.name);
    if (begun <= 0) {
        return begun < 0 ? -1 : 1;
    }
    if (run.rc < 0) {
        PyErr_Restore(run.type, run.error, run.traceback);
    }
    return run.rc < 0 ? -1 : 0;
}
