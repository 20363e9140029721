/* source_runner.c: execute a source file of the package, and answer imports
 * at its top level in our own way.
 *
 * The builtins that executed code sees are those in its globals when it
 * begins (documented for exec()). So a file begins with builtins that differ
 * by their `__import__`, which puts the real ones back when it is first
 * called: nothing that the file defines gets ours. */
#include "core/source_runner.h"

/* What ours keeps; in a capsule, for a traceback can outlive the run. */
typedef struct {
    package_object *package;
    import_answer *answer;
    PyObject *builtins; /* dict: the real ones */
} import_state;

static const char CAPSULE[] = "lazyindex.import";

static void
free_state(PyObject *capsule)
{
    import_state *state = PyCapsule_GetPointer(capsule, CAPSULE);
    Py_DECREF((PyObject *)state->package);
    Py_DECREF(state->builtins);
    PyMem_Free(state);
}

static PyObject *
make_state(package_object *package, import_answer *answer, PyObject *builtins)
{
    import_state *state = PyMem_Malloc(sizeof(*state));
    if (state == NULL) {
        return PyErr_NoMemory();
    }
    *state = (import_state){(package_object *)Py_NewRef((PyObject *)package),
                            answer, Py_NewRef(builtins)};
    PyObject *capsule = PyCapsule_New(state, CAPSULE, free_state);
    if (capsule == NULL) {
        Py_DECREF((PyObject *)package);
        Py_DECREF(builtins);
        PyMem_Free(state);
    }
    return capsule;
}

static PyObject *
import_really(const import_state *state, PyObject *arguments,
              PyObject *keywords)
{
    PyObject *real = Py_XNewRef(get_item(state->builtins, "__import__"));
    if (real == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ImportError, "__import__ not found");
        }
        return NULL;
    }
    PyObject *module = PyObject_Call(real, arguments, keywords);
    Py_DECREF(real);
    return module;
}

/* __import__(name, globals, locals, fromlist, level); a statement passes all
 * five by position. */
static PyObject *
answering_import(PyObject *capsule, PyObject *arguments, PyObject *keywords)
{
    import_state *state = PyCapsule_GetPointer(capsule, CAPSULE);
    PyObject *name, *globals, *locals, *names;
    int level;
    if (state == NULL) {
        return NULL;
    }
    if (PyTuple_Size(arguments) != 5 || keywords != NULL) {
        return import_really(state, arguments, keywords);
    }
    if (!PyArg_ParseTuple(arguments, "UO!OOi:__import__", &name, &PyDict_Type,
                          &globals, &locals, &names, &level) ||
        PyDict_SetItemString(globals, "__builtins__", state->builtins) < 0) {
        return NULL;
    }
    PyObject *answer = state->answer(state->package, globals, name, names);
    return answer != NULL || PyErr_Occurred()
               ? answer
               : import_really(state, arguments, NULL);
}

static PyMethodDef answering_import_def = {
    "__import__", (PyCFunction)(void (*)(void))answering_import,
    METH_VARARGS | METH_KEYWORDS, NULL};

/* The builtins that a file begins with. */
static PyObject *
answering_builtins(package_object *self, import_answer *answer)
{
    PyObject *module = PyImport_ImportModule("builtins");
    PyObject *real = module == NULL ? NULL : module_dict(module);
    PyObject *copy = real == NULL ? NULL : PyDict_Copy(real);
    PyObject *state = copy == NULL ? NULL : make_state(self, answer, real);
    PyObject *function =
        state == NULL ? NULL : PyCFunction_New(&answering_import_def, state);
    if (function == NULL ||
        PyDict_SetItemString(copy, "__import__", function) < 0) {
        Py_CLEAR(copy);
    }
    Py_XDECREF(function);
    Py_XDECREF(state);
    Py_XDECREF(module);
    return copy;
}

int
execute_source(package_object *self, PyObject *module, const char *file)
{
    PyObject *machinery = PyImport_ImportModule("importlib.machinery");
    PyObject *name = machinery == NULL ? NULL : PyModule_GetNameObject(module);
    PyObject *path =
        name == NULL ? NULL
                     : PyUnicode_FromFormat("%U/%s", self->directory, file);
    PyObject *loader = NULL, *done = NULL;
    if (path != NULL) {
        loader = PyObject_CallMethod(machinery, "SourceFileLoader", "OO", name,
                                     path);
    }
    if (loader != NULL) {
        done = PyObject_CallMethod(loader, "exec_module", "O", module);
    }
    Py_XDECREF(machinery);
    Py_XDECREF(name);
    Py_XDECREF(path);
    Py_XDECREF(loader);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* Since Python 3.14 a file with annotations begins by defining a function that
 * tells them, before any import: with the builtins that the file begins with.
 * Define it anew. */
static int
renew_annotate(PyObject *dict)
{
    static const char name[] = "__annotate__";
    PyObject *function = get_item(dict, name); /* borrowed */
    PyObject *code =
        function == NULL ? NULL : get_attribute_if_any(function, "__code__");
    if (code == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *type = Py_NewRef((PyObject *)Py_TYPE(function));
    PyObject *renewed = PyObject_CallFunctionObjArgs(type, code, dict, NULL);
    int rc = renewed == NULL ? -1 : PyDict_SetItemString(dict, name, renewed);
    Py_DECREF(code);
    Py_DECREF(type);
    Py_XDECREF(renewed);
    return rc;
}

int
execute_with_imports(package_object *self, PyObject *module, const char *file,
                     import_answer *answer)
{
    PyObject *dict = module_dict(module);
    PyObject *builtins =
        dict == NULL ? NULL : answering_builtins(self, answer);
    int rc = builtins == NULL
                 ? -1
                 : PyDict_SetItemString(dict, "__builtins__", builtins);
    Py_XDECREF(builtins);
    return rc < 0 || execute_source(self, module, file) < 0
               ? -1
               : renew_annotate(dict);
}

int
execute_text(const char *source, PyObject *dict)
{
    PyObject *code = Py_CompileString(source, "<lazyindex>", Py_file_input);
    PyObject *done = code == NULL ? NULL : PyEval_EvalCode(code, dict, dict);
    Py_XDECREF(code);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}
