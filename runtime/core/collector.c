/* collector.c: keep the garbage collector off what a load makes.
 *
 * A load makes a hundred thousand functions, classes and C functions that
 * stay for the life of the process. The collector would walk them during the
 * load, once or twice afterwards, and four more times at the interpreter's
 * exit, where they would also be taken apart one by one: a third of the time
 * of a short script (docs/decisions.md). So it is paused during a load, and
 * what the load made is then taken off its list and made immortal.
 *
 * Only what generated code defines is touched: the functions and classes of
 * proxies, and the functions of their C halves. */
#include "core/collector.h"

/* -- Pausing -------------------------------------------------------------- */

/* Not by gc.disable(): what the user does with that during a load, in another
 * thread or a callback, must be there after it. Nobody else has this for a
 * first threshold, and nobody makes so many objects; what has taken its place
 * meanwhile is the user's. */
enum { PAUSED = 0x7f4c5a49 };

typedef struct {
    int first, second, third; /* the last one is of no use since 3.14 */
} gc_thresholds;

/* No Python code runs, unless somebody has put some into that module. */
static PyObject *
import_gc(void)
{
    return PyImport_ImportModuleLevel("gc", NULL, NULL, NULL, 0);
}

static int
get_thresholds(PyObject *gc, gc_thresholds *out)
{
    PyObject *now = PyObject_CallMethod(gc, "get_threshold", NULL);
    int rc = now != NULL && PyArg_ParseTuple(now, "iii", &out->first,
                                             &out->second, &out->third)
                 ? 0
                 : -1;
    Py_XDECREF(now);
    return rc;
}

static int
set_thresholds(PyObject *gc, int first, const gc_thresholds *others)
{
    PyObject *done = PyObject_CallMethod(gc, "set_threshold", "iii", first,
                                         others->second, others->third);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* 0 never collects. Where somebody had the pause for the user's threshold, and
 * put it back after its end, the one before is still known. */
static int
begin_pause(module_state *state, PyObject *gc)
{
    gc_thresholds now;
    if (get_thresholds(gc, &now) < 0) {
        return -1;
    }
    if (now.first != PAUSED && now.first != 0) {
        state->gc_threshold = now.first;
        if (set_thresholds(gc, PAUSED, &now) < 0) {
            return -1;
        }
    }
    state->gc_is_paused = true;
    return 0;
}

static int
end_pause(module_state *state, PyObject *gc)
{
    gc_thresholds now;
    if (get_thresholds(gc, &now) < 0 ||
        (now.first == PAUSED && state->gc_threshold != 0 &&
         set_thresholds(gc, state->gc_threshold, &now) < 0)) {
        return -1;
    }
    state->gc_is_paused = false;
    return 0;
}

void
gc_pause(module_state *state)
{
    state->gc_pauses++;
}

int
gc_note_load(module_state *state)
{
    if (state->gc_pauses == 0 || state->gc_is_paused) {
        return 0;
    }
    PyObject *gc = import_gc();
    int rc = gc == NULL ? -1 : begin_pause(state, gc);
    Py_XDECREF(gc);
    return rc;
}

void
gc_resume(module_state *state)
{
    if (state->gc_pauses == 0 || --state->gc_pauses > 0 ||
        !state->gc_is_paused) {
        return;
    }
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyObject *gc = import_gc();
    if (gc == NULL || end_pause(state, gc) < 0) {
        PyErr_Clear(); /* it is still paused, and the next end tries again */
    }
    Py_XDECREF(gc);
    PyErr_Restore(type, error, traceback);
}

void
gc_after_fork(module_state *state)
{
    if (state->gc_pauses > 0) {
        state->gc_pauses = 1;
        gc_resume(state);
    }
}

/* -- Exempting ------------------------------------------------------------ */

/* An object off the list must never be deallocated: some types' deallocators
 * take for granted that it is on. Hence the reference that is never given
 * back. It also makes what the object refers to reachable, which it is. */

typedef struct {
    const module_state *state;
    PyObject *module_name; /* borrowed */
} exemption;

/* @return whether the object was on the list: each is handled once. */
static bool
exempt(PyObject *object)
{
    if (!PyObject_GC_IsTracked(object)) {
        return false;
    }
    PyObject_GC_UnTrack(object);
    Py_INCREF(object);
    return true;
}

static int exempt_attribute(PyObject *object, void *context);

/* What an object refers to directly. */
static void
exempt_referents(PyObject *object, visitproc visit, exemption *self)
{
    traverseproc traverse =
        (traverseproc)PyType_GetSlot(Py_TYPE(object), Py_tp_traverse);
    if (traverse != NULL) {
        traverse(object, visit, self);
    }
}

/* Of a class: its namespace, and its tuples of bases. */
static int
exempt_part_of_class(PyObject *object, void *context)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    if (PyTuple_CheckExact(object)) {
        exempt(object);
    }
    else if (PyDict_CheckExact(object) && exempt(object)) {
        while (PyDict_Next(object, &at, &key, &value)) { /* runs no code */
            exempt_attribute(value, context);
        }
    }
    return 0;
}

/* Of a staticmethod or property: the functions, and the dict with a copy of
 * their attributes that a staticmethod has. */
static int
exempt_part_of_wrapper(PyObject *object, void *context)
{
    if (PyDict_CheckExact(object)) {
        exempt(object);
        return 0;
    }
    return exempt_attribute(object, context);
}

/* Of a class's namespace: functions, bare or wrapped. */
static int
exempt_attribute(PyObject *object, void *context)
{
    exemption *self = context;
    PyTypeObject *type = Py_TYPE(object);
    if (type == self->state->function_type || type == &PyCFunction_Type) {
        exempt(object);
    }
    else if (type == self->state->static_type || type == &PyProperty_Type) {
        if (exempt(object)) {
            exempt_referents(object, exempt_part_of_wrapper, self);
        }
    }
    return 0;
}

/* @return 1: a function or class was defined in the module; 0; -1 */
static int
is_own(const exemption *self, PyObject *object)
{
    PyObject *name = get_attribute_if_any(object, "__module__");
    if (name == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    bool own = PyUnicode_Check(name) &&
               PyUnicode_Compare(name, self->module_name) == 0;
    Py_DECREF(name);
    return own;
}

/* What a module's dict has. */
static int
exempt_member(exemption *self, PyObject *object)
{
    bool is_class = PyType_Check(object);
    if (Py_IS_TYPE(object, &PyCFunction_Type)) {
        exempt(object);
    }
    else if (is_class || Py_IS_TYPE(object, self->state->function_type)) {
        int own = is_own(self, object);
        if (own <= 0) {
            return own;
        }
        if (exempt(object) && is_class) {
            exempt_referents(object, exempt_part_of_class, self);
        }
    }
    return 0;
}

static int
find_types(module_state *state)
{
    if (state->static_type != NULL) {
        return 0;
    }
    PyObject *types = NULL, *builtins = NULL;
    PyObject *function = NULL, *wrapper = NULL;
    int rc = -1;
    types = PyImport_ImportModule("types");
    if (types == NULL) {
        goto done;
    }
    builtins = PyImport_ImportModule("builtins");
    if (builtins == NULL) {
        goto done;
    }
    function = PyObject_GetAttrString(types, "FunctionType");
    if (function == NULL) {
        goto done;
    }
    wrapper = PyObject_GetAttrString(builtins, "staticmethod");
    if (wrapper == NULL) {
        goto done;
    }
    if (state->static_type == NULL) { /* else another thread was faster */
        state->function_type = (PyTypeObject *)Py_NewRef(function);
        state->static_type = (PyTypeObject *)Py_NewRef(wrapper);
    }
    rc = 0;
done:
    Py_XDECREF(types);
    Py_XDECREF(builtins);
    Py_XDECREF(function);
    Py_XDECREF(wrapper);
    return rc;
}

/* The dict of a module, and the copy of it that CPython keeps of a C half for
 * the next interpreter: thousands of entries each. Before CPython 3.14, a dict
 * comes back on the list when something new is put into it. */
static void
exempt_namespace(PyObject *module, PyObject *dict)
{
    PyModuleDef *definition = PyModule_GetDef(module);
    PyObject *copy = definition == NULL ? NULL : definition->m_base.m_copy;
    PyErr_Clear(); /* a proxy has no definition */
    exempt(dict);
    if (copy != NULL && PyDict_CheckExact(copy)) {
        exempt(copy);
    }
}

int
gc_exempt_module(module_state *state, PyObject *module)
{
    PyObject *dict = module_dict(module);
    PyObject *name = dict == NULL ? NULL : PyModule_GetNameObject(module);
    if (name == NULL || find_types(state) < 0) {
        Py_XDECREF(name);
        return -1;
    }
    exemption self = {state, name};
    PyObject *members = PyDict_Values(dict); /* a metaclass may have code */
    int rc = members == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(members); i++) {
        rc = exempt_member(&self, PyList_GetItem(members, i));
    }
    if (rc == 0) {
        exempt_namespace(module, dict);
    }
    Py_XDECREF(members);
    Py_DECREF(name);
    return rc;
}
