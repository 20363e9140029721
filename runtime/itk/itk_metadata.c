/* itk_metadata.c: tell ITK's support layer which optional packages there are.
 *
 * Two of its modules ask importlib.metadata whether xarray and torch are
 * installed. That module and the 60 it imports take a quarter of the time of
 * a first access (docs/decisions.md), mostly to learn that they are not. So
 * as long as nobody has imported it, a look at the directories of sys.path
 * answers a plain no; everything else is left to it. */
#include "core/source_runner.h"
#include "itk/itk_replacements.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

static const char METADATA[] = "importlib.metadata";

/* Whether a directory's entry can be the metadata of a distribution, as
 * importlib.metadata compares them: `xarray-2024.1.dist-info`. */
static bool
is_metadata_of(const char *entry, const char *name)
{
    static const char suffix[] = "-info";
    size_t size = strlen(entry), name_size = strlen(name);
    return size > name_size + sizeof(suffix) - 1 &&
           strncasecmp(entry, name, name_size) == 0 &&
           (entry[name_size] == '-' || entry[name_size] == '.') &&
           strcasecmp(entry + size - (sizeof(suffix) - 1), suffix) == 0;
}

/* @return 0: nothing of that name is in there; 1: perhaps; -1 */
static int
search_directory(PyObject *entry, const char *name)
{
    PyObject *raw = NULL;
    if (!PyUnicode_Check(entry) || !PyUnicode_FSConverter(entry, &raw)) {
        PyErr_Clear(); /* importlib.metadata is asked, then */
        return 1;
    }
    const char *path = PyBytes_AsString(raw);
    size_t size = strlen(path);
    bool is_egg = size > 4 && strcasecmp(path + size - 4, ".egg") == 0;
    DIR *directory = is_egg ? NULL : opendir(size > 0 ? path : ".");
    int rc = directory == NULL && (is_egg || errno != ENOENT);
    Py_DECREF(raw);
    if (directory != NULL) {
        struct dirent *item;
        while (rc == 0 && (item = readdir(directory)) != NULL) {
            rc = is_metadata_of(item->d_name, name);
        }
        closedir(directory);
    }
    return rc;
}

/* Whether a finder other than the import system's own finds distributions. */
static int
has_other_finders(void)
{
    PyObject *finders = Py_XNewRef(PySys_GetObject("meta_path"));
    PyObject *machinery = PyImport_ImportModule("importlib.machinery");
    PyObject *usual = machinery == NULL
                          ? NULL
                          : PyObject_GetAttrString(machinery, "PathFinder");
    int rc = usual == NULL ? -1 : finders == NULL || !PyList_Check(finders);
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(finders); i++) {
        PyObject *finder = Py_NewRef(PyList_GetItem(finders, i));
        if (finder != usual) {
            PyObject *find =
                get_attribute_if_any(finder, "find_distributions");
            rc = find != NULL ? 1 : -(PyErr_Occurred() != NULL);
            Py_XDECREF(find);
        }
        Py_DECREF(finder);
    }
    Py_XDECREF(finders);
    Py_XDECREF(machinery);
    Py_XDECREF(usual);
    return rc;
}

/* @return 0: no distribution of that name is installed; 1: perhaps; -1 */
static int
may_be_installed(const char *name)
{
    int rc = has_other_finders();
    PyObject *path = PySys_GetObject("path"); /* borrowed */
    if (rc == 0 && (path == NULL || !PyList_Check(path))) {
        return 1;
    }
    for (Py_ssize_t i = 0; rc == 0 && i < PyList_Size(path); i++) {
        rc = search_directory(PyList_GetItem(path, i), name);
    }
    return rc;
}

/* importlib.metadata.metadata() */
static PyObject *
ask_importlib(PyObject *unused, PyObject *name)
{
    PyObject *module = PyImport_ImportModule(METADATA);
    PyObject *result =
        module == NULL ? NULL
                       : PyObject_CallMethod(module, "metadata", "O", name);
    (void)unused;
    Py_XDECREF(module);
    return result;
}

/* The same, but that a plain no is of the class below the one that
 * importlib.metadata has for it. */
static PyObject *
answer_metadata(PyObject *unused, PyObject *name)
{
    lzi_slice text;
    if (slice_of_name(name, &text) < 0) {
        return NULL;
    }
    /* Only letters: importlib.metadata takes other characters for equal. */
    bool plain = text.size > 0 &&
                 strspn(text.data, "abcdefghijklmnopqrstuvwxyz") == text.size;
    int rc = plain ? may_be_installed(text.data) : 1;
    if (rc == 0) {
        PyErr_SetObject(PyExc_ModuleNotFoundError, name);
    }
    return rc > 0 ? ask_importlib(unused, name) : NULL;
}

static PyMethodDef answer_def = {"metadata", answer_metadata, METH_O, NULL};
static PyMethodDef ask_def = {
    "metadata", ask_importlib, METH_O,
    PyDoc_STR("Get the metadata of a distribution.")};

/* What `from importlib.metadata import metadata` gives while such a file is
 * executed. */
static PyObject *
stand_in_metadata(void)
{
    PyObject *module = PyModule_New(METADATA);
    PyObject *function = PyCFunction_New(&answer_def, NULL);
    if (module == NULL || function == NULL ||
        PyObject_SetAttrString(module, "metadata", function) < 0 ||
        PyObject_SetAttrString(module, "PackageNotFoundError",
                               PyExc_ModuleNotFoundError) < 0) {
        Py_CLEAR(module);
    }
    Py_XDECREF(function);
    return module;
}

/* What `import importlib` gives. */
static PyObject *
stand_in_importlib(void)
{
    PyObject *package = PyModule_New("importlib");
    PyObject *module = stand_in_metadata();
    if (package == NULL || module == NULL ||
        PyObject_SetAttrString(package, "metadata", module) < 0) {
        Py_CLEAR(package);
    }
    Py_XDECREF(module);
    return package;
}

static PyObject *
answer(package_object *self, PyObject *globals, PyObject *name,
       PyObject *names)
{
    (void)self;
    (void)globals;
    if (names == Py_None) {
        return PyUnicode_CompareWithASCIIString(name, "importlib") == 0
                   ? stand_in_importlib()
                   : NULL;
    }
    return PyUnicode_CompareWithASCIIString(name, METADATA) == 0
               ? stand_in_metadata()
               : NULL;
}

/* Nothing is left of the stand-ins. */
static int
replace_if_there(PyObject *dict, const char *name, PyObject *value)
{
    return get_item(dict, name) != NULL
               ? PyDict_SetItemString(dict, name, value)
               : -(PyErr_Occurred() != NULL);
}

static int
replace_stand_ins(PyObject *module)
{
    PyObject *dict = module_dict(module); /* borrowed */
    PyObject *package = PyImport_ImportModule("importlib");
    PyObject *function = PyCFunction_New(&ask_def, NULL);
    int rc = dict == NULL || package == NULL || function == NULL ? -1 : 0;
    if (rc == 0) {
        rc = replace_if_there(dict, "importlib", package);
    }
    if (rc == 0) {
        rc = replace_if_there(dict, "metadata", function);
    }
    Py_XDECREF(package);
    Py_XDECREF(function);
    return rc;
}

/* These files begin with numpy.typing or numpy. While another thread is still
 * in numpy, the former is a deadlock to Python, which ends it by showing one
 * of them half a module: wait for all of numpy first. Whether it is there is
 * theirs to say. */
static int
wait_for_numpy(void)
{
    PyObject *numpy = PyImport_ImportModule("numpy");
    if (numpy == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_ImportError)) {
            return -1;
        }
        PyErr_Clear(); /* they say so themselves */
    }
    Py_XDECREF(numpy);
    return 0;
}

/* @param file From the package's directory. */
static int
execute_file(package_object *self, PyObject *module, const char *file)
{
    PyObject *name = PyUnicode_FromString(METADATA);
    PyObject *there = name == NULL ? NULL : PyImport_GetModule(name);
    int rc = -1;
    if (there != NULL) {
        rc = execute_source(self, module, file);
    }
    else if (name != NULL && !PyErr_Occurred() &&
             execute_with_imports(self, module, file, answer) == 0) {
        rc = replace_stand_ins(module);
    }
    Py_XDECREF(there);
    Py_XDECREF(name);
    return rc;
}

static int
metadata_execute(loader_object *loader, PyObject *module)
{
    return wait_for_numpy() < 0
               ? -1
               : execute_file(loader->package, module,
                              slice_of_str(loader->name).data);
}

const loading_way itk_metadata_way = {NULL, metadata_execute};
