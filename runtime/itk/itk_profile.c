/* itk_profile.c: the profile `itk`: its table for the core, what it checks at
 * the start, and which modules it makes in ways of its own. */
#include "itk/itk_profile.h"

#include "core/namespace.h"
#include "core/switches.h"
#include "itk/aggregator.h"
#include "itk/itk_config.h"
#include "itk/itk_files.h"
#include "itk/itk_library.h"
#include "itk/itk_loading.h"
#include "itk/itk_replacements.h"
#include "itk/itk_units.h"
#include "itk/itk_swig_names.h"
#include "itk/itk_survey.h"
#include "itk/unindexed.h"

#include <string.h>

/* -- Start-up files of modules -------------------------------------------- */

static int
add_keys(PyObject *list, PyObject *dict)
{
    PyObject *keys = PyDict_Keys(dict);
    int rc = keys == NULL ? -1
                          : PyList_SetSlice(list, PyList_Size(list),
                                            PyList_Size(list), keys);
    Py_XDECREF(keys);
    return rc;
}

/* Names of the modules that brought an __init_<module>__.py, or may have, for
 * no shard describes them; sorted. */
static PyObject *
list_starting(package_object *self)
{
    PyObject *unindexed = itk_of(self)->unindexed.modules;
    PyObject *list = PyList_New(0);
    int rc = list == NULL ? -1 : 0;
    for (size_t i = 0; rc == 0 && i < lzi_index_count(self->index); i++) {
        lzi_contents contents;
        lzi_status status =
            lzi_itk_contents(&contents, lzi_index_reader(self->index, i));
        rc = status == LZI_OK
                 ? append_strings(list, contents.startups)
                 : raise_status(self, status, "the record of the contents");
    }
    if (rc == 0 && unindexed != NULL) {
        rc = add_keys(list, unindexed);
    }
    if (rc < 0 || PyList_Sort(list) < 0) {
        Py_CLEAR(list);
    }
    return list;
}

/* They run when the package is attached, and by then `revert` may have taken
 * away the file that runs them: it has to be loaded before. */
static int
import_starter(package_object *self)
{
    PyObject *list = list_starting(self);
    PyObject *module = NULL;
    if (list != NULL) {
        module = PyList_Size(list) == 0 ? Py_NewRef(Py_None)
                                        : import_fallback(self->name);
    }
    Py_XDECREF(list);
    Py_XDECREF(module);
    return module == NULL ? -1 : 0;
}

static int
start(package_object *self)
{
    PyObject *list = list_starting(self);
    PyObject *done = NULL;
    if (list != NULL) {
        done = PyList_Size(list) == 0
                   ? Py_NewRef(Py_None)
                   : call_stock(self->name, "run_hooks", list);
    }
    Py_XDECREF(list);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* -- State ---------------------------------------------------------------- */

static int
open_package(package_object *self, const char *directory)
{
    itk_state *state = itk_of(self);
    PyObject **dicts[] = {&state->used, &state->groups, &state->factories,
                          &state->shown, &state->announced};
    for (size_t i = 0; i < sizeof(dicts) / sizeof(dicts[0]); i++) {
        *dicts[i] = PyDict_New();
        if (*dicts[i] == NULL) {
            return -1;
        }
    }
    state->stock_types = is_switched(ITK_STOCK_TYPES);
    state->due = PyList_New(0);
    if (state->due == NULL || itk_check_tables(self, directory) < 0 ||
        import_starter(self) < 0) {
        return -1;
    }
    return itk_note_warning_format(self);
}

/* Every reference of the state, for the collector and for the end. */
#define EACH_OBJECT(state, DO)                                                \
    do {                                                                      \
        DO((state)->used);                                                    \
        DO((state)->groups);                                                  \
        DO((state)->due);                                                     \
        DO((state)->factories);                                               \
        DO((state)->shown);                                                   \
        DO((state)->announced);                                               \
        DO((state)->swig_names);                                              \
        DO((state)->warning_format);                                          \
        DO((state)->unindexed.loader);                                        \
        DO((state)->unindexed.owners);                                        \
        DO((state)->unindexed.modules);                                       \
        DO((state)->unindexed.factories);                                     \
        DO((state)->registries.template_type);                                \
        DO((state)->registries.base_type);                                    \
        DO((state)->registries.name_to_object);                               \
        DO((state)->registries.object_to_name);                               \
        DO((state)->registries.named);                                        \
        DO((state)->registries.c_types);                                      \
        DO((state)->registries.table_type);                                   \
        DO((state)->registries.names_type);                                   \
        DO((state)->registries.classes_type);                                 \
        DO((state)->registries.swig_type);                                    \
    } while (0)

static int
traverse(package_object *self, visitproc visit, void *arg)
{
    EACH_OBJECT(itk_of(self), Py_VISIT);
    return 0;
}

static void
clear(package_object *self)
{
    EACH_OBJECT(itk_of(self), Py_CLEAR);
}

/* -- Names ---------------------------------------------------------------- */

/* Stock has imported all of the support layer by now. */
static int
prepare_import(package_object *self, bool whole)
{
    return itk_import_config(self) < 0 || (whole && itk_prepare(self) < 0) ? -1
                                                                           : 0;
}

/* Stock binds modules last: before a template of the same name. */
static bool
is_module(package_object *package, PyObject *name, const lzi_lookup *text)
{
    lzi_slice value;
    return (lzi_index_find(&value, NULL, package->index, LZI_TABLE_MODULE,
                           text) == LZI_OK &&
            !lzi_index_hides(package->index, text->name)) ||
           unindexed_names(package, name) != NULL;
}

/* @return NULL without an error: no such name */
static PyObject *
load_candidate(package_object *self, lzi_slice name, lzi_status status,
               const lzi_candidate *candidate, const lzi_reader *reader)
{
    if (status == LZI_OK) {
        return itk_load_name(self, name, candidate, reader);
    }
    if (status != LZI_NOT_FOUND) {
        raise_status(self, status, "a record of a name");
    }
    return NULL;
}

static PyObject *
get_from_package(package_object *self, PyObject *name, const lzi_lookup *text)
{
    if (is_module(self, name, text)) {
        return load_submodule(self, text->name);
    }
    if (itk_is_file_name(text->name)) {
        return itk_get_file(self, text->name);
    }
    PyObject *value = itk_get_unindexed(self, NULL, name, text);
    if (value == NULL && !PyErr_Occurred() && text->shards != 0) {
        lzi_candidate candidate;
        const lzi_reader *reader = NULL;
        lzi_status status =
            lzi_index_owner(&candidate, &reader, self->index, text);
        value = load_candidate(self, text->name, status, &candidate, reader);
    }
    if (value == NULL && !PyErr_Occurred() && text->shards != 0) {
        value = itk_get_unit_name(self, text);
    }
    if (value == NULL && !PyErr_Occurred() &&
        lzi_slice_equal(text->name, lzi_slice_of("swig"))) {
        value = itk_swig_names(self);
    }
    return value;
}

/* `itk.<Module>` has the names of its own module only. */
static PyObject *
get_from_module(package_object *self, PyObject *module, PyObject *name,
                const lzi_lookup *text)
{
    PyObject *value = itk_get_unindexed(self, module, name, text);
    if (value == NULL && !PyErr_Occurred() && text->shards != 0) {
        lzi_candidate candidate;
        const lzi_reader *reader = NULL;
        lzi_status status = lzi_index_candidate(
            &candidate, &reader, self->index, slice_of_str(module), text);
        value = load_candidate(self, text->name, status, &candidate, reader);
    }
    return value;
}

static PyObject *
get(namespace_object *self, PyObject *name, const lzi_lookup *text)
{
    return self->module_name == NULL
               ? get_from_package(self->package, name, text)
               : get_from_module(self->package, self->module_name, name, text);
}

typedef struct {
    const lzi_index *index;
    visit_name *visit;
    void *context;
} name_walk;

static lzi_status
visit_visible(void *context, lzi_slice name, lzi_slice value)
{
    const name_walk *walk = context;
    lzi_cursor cursor = lzi_cursor_of(value);
    for (uint32_t count = lzi_read_count(&cursor); count > 0; count--) {
        lzi_candidate candidate;
        if (lzi_candidate_decode(&candidate, &cursor) != LZI_OK) {
            return LZI_E_FORMAT;
        }
        if (!lzi_index_hides(walk->index, candidate.module)) {
            return walk->visit(walk->context, name) < 0 ? LZI_E_CALLBACK
                                                        : LZI_OK;
        }
    }
    return LZI_OK;
}

static lzi_status
visit_module(void *context, lzi_slice name, lzi_slice value)
{
    const name_walk *walk = context;
    (void)value;
    return !lzi_index_hides(walk->index, name) &&
                   walk->visit(walk->context, name) < 0
               ? LZI_E_CALLBACK
               : LZI_OK;
}

/* The keys of a dict of names. */
static int
visit_keys(PyObject *names, visit_name *visit, void *context)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    int rc = 0;
    while (rc == 0 && PyDict_Next(names, &at, &key, &value)) {
        lzi_slice name; /* such a dict stays as it is */
        rc = slice_of_key(key, &name);
        if (rc == 0 && name.size > 0) {
            rc = visit(context, name);
        }
    }
    return rc;
}

static int
each_package_name(package_object *self, visit_name *visit, void *context)
{
    const unindexed_modules *unindexed = &itk_of(self)->unindexed;
    name_walk walk = {self->index, visit, context};
    static const char what[] = "the records of the names";
    if (each_record(self, LZI_TABLE_NAME, visit_visible, &walk, what) < 0 ||
        each_record(self, LZI_TABLE_MODULE, visit_module, &walk, what) < 0) {
        return -1;
    }
    if (itk_each_used_name(self, visit, context) < 0) {
        return -1;
    }
    return unindexed->loader != NULL &&
                   (visit_keys(unindexed->owners, visit, context) < 0 ||
                    visit_keys(unindexed->modules, visit, context) < 0)
               ? -1
               : 0;
}

static int
each_name(namespace_object *self, visit_name *visit, void *context)
{
    package_object *package = self->package;
    lzi_module module;
    lzi_slice name;
    if (self->module_name == NULL) {
        return each_package_name(package, visit, context);
    }
    PyObject *names = unindexed_names(package, self->module_name);
    if (names != NULL || PyErr_Occurred()) {
        return names == NULL ? -1 : visit_keys(names, visit, context);
    }
    if (find_module(package, slice_of_str(self->module_name), &module) < 0) {
        return -1;
    }
    while (lzi_list_next(&module.names, &name)) {
        if (visit(context, name) < 0) {
            return -1;
        }
    }
    return 0;
}

static Py_ssize_t
names_version(package_object *self)
{
    return PyDict_Size(itk_of(self)->used);
}

/* -- Finder --------------------------------------------------------------- */

static int
namespace_execute(loader_object *self, PyObject *module)
{
    return namespace_attach(self->package, module, self->name);
}

static const loading_way namespace_way = {NULL, namespace_execute};

static PyObject *
body_spec(package_object *self, PyObject *fullname, lzi_slice name)
{
    PyObject *text = str_of_slice(name);
    PyObject *file =
        text == NULL ? NULL : PyUnicode_FromFormat("%UPython.py", text);
    PyObject *spec = file == NULL
                         ? NULL
                         : loading_spec(self, fullname, &body_way, name,
                                        slice_of_str(file), true);
    Py_XDECREF(file);
    Py_XDECREF(text);
    return spec;
}

/* `itk.<Module>Python` and `itk._<Module>Python`. */
static PyObject *
module_file_spec(package_object *self, PyObject *fullname, lzi_slice name,
                 lzi_slice unit, bool is_c)
{
    const lzi_slice none = {"", 0};
    lzi_module module;
    if (is_c) {
        return itk_library_spec(self, fullname, name);
    }
    if (find_module(self, name, &module) < 0) {
        return NULL;
    }
    if (!module.has_body) {
        return loading_spec(self, fullname, &aggregator_way, name, none,
                            false);
    }
    return aggregator_is_free(self, unit) ? body_spec(self, fullname, name)
                                          : Py_NewRef(Py_None);
}

/* Modules of the support layer that are not loaded as they are. */
static const struct {
    const char *name, *file;
    const loading_way *way;
} SUPPORT[] = {
    {"support.base", "support/base.py", &itk_base_way},
    {"support.template_class", "support/template_class.py",
     &itk_templates_way},
    {"support.init_helpers", "support/init_helpers.py", &itk_helpers_way},
    {"support.types", "support/types.py", &itk_metadata_way},
    {"support.helpers", "support/helpers.py", &itk_metadata_way}};

/* @return NULL without an error: none of those */
static PyObject *
support_spec(package_object *self, PyObject *fullname, lzi_slice tail)
{
    for (size_t i = 0; i < sizeof(SUPPORT) / sizeof(SUPPORT[0]); i++) {
        if (lzi_slice_equal(tail, lzi_slice_of(SUPPORT[i].name))) {
            lzi_slice file = lzi_slice_of(SUPPORT[i].file);
            return loading_spec(self, fullname, SUPPORT[i].way, file, file,
                                true);
        }
    }
    return NULL;
}

static PyObject *
find_spec(package_object *self, PyObject *fullname, lzi_slice tail)
{
    static const char ending[] = "Python";
    const size_t ending_size = sizeof(ending) - 1;
    const lzi_slice none = {"", 0};
    PyObject *spec = support_spec(self, fullname, tail);
    if (spec != NULL || PyErr_Occurred()) {
        return spec;
    }
    int unindexed = is_unindexed(self, tail);
    if (unindexed < 0) {
        return NULL;
    }
    if (unindexed > 0 || (package_has(self, LZI_TABLE_MODULE, tail) &&
                          !lzi_index_hides(self->index, tail))) {
        return loading_spec(self, fullname, &namespace_way, tail, none, false);
    }
    if (tail.size <= ending_size || memcmp(tail.data + tail.size - ending_size,
                                           ending, ending_size) != 0) {
        return Py_NewRef(Py_None);
    }
    bool is_c = tail.data[0] == '_';
    lzi_slice unit = {tail.data + is_c, tail.size - is_c};
    lzi_slice name = {unit.data, unit.size - ending_size};
    if (package_has(self, LZI_TABLE_MODULE, name)) {
        return module_file_spec(self, fullname, name, unit, is_c);
    }
    return is_c && package_has(self, LZI_TABLE_UNIT, unit)
               ? itk_c_half_spec(self, fullname, unit)
               : Py_NewRef(Py_None);
}

static const char *const switches[] = {ITK_STOCK_TYPES, NULL};

const lzi_profile itk_profile = {
    .name = "itk",
    .state_size = sizeof(itk_state),
    .switches = switches,
    .open = open_package,
    .traverse = traverse,
    .clear = clear,
    .start = start,
    .wants_all = itk_wants_all,
    .load_all = itk_load_everything,
    .prepare_import = prepare_import,
    .get = get,
    .each_name = each_name,
    .names_version = names_version,
    .find_spec = find_spec,
    .needs = itk_needs,
    .import_units = itk_import_units,
    .module_of_unit = itk_module_of_unit,
};
