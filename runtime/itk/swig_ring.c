#include "itk/swig_ring.h"

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* As in swigrun.swg; not all fields are used. */
typedef struct {
    const char *name; /* "_p_itk__ImageT_float_2u_t" */
    const char *str, *dcast, *cast, *clientdata;
    int owndata;
} swig_type_info;

typedef struct swig_module_info {
    swig_type_info **types; /* sorted by name; a NULL behind the last */
    size_t size;
    struct swig_module_info *next; /* in the ring */
    swig_type_info **type_initial;
    void **cast_initial;
    void *clientdata;
} swig_module_info;

static const char RUNTIME[] = "swig_runtime_data4";
static const char HEAD[] = "swig_runtime_data4.type_pointer_capsule";
/* The merged table: one for a ring, whichever copy of this file made it. */
static const char MERGED_ATTRIBUTE[] = "lazyindex_merged";
static const char MERGED[] = "swig_runtime_data4.lazyindex_merged";

/* More than any process has: a ring that has no end is none of SWIG's. */
enum { MODULES_MAX = 100000, TYPES_MAX = 1000000 };

typedef struct {
    swig_module_info module; /* first: what the ring has */
    size_t capacity;         /* of module.types, the NULL apart */
} merged_table;

/* A pointer in SWIG's runtime module. @return NULL: it has none; no error is
 * set */
static void *
get_pointer(PyObject *runtime, const char *attribute, const char *name)
{
    PyObject *capsule = PyObject_GetAttrString(runtime, attribute);
    void *pointer = capsule != NULL && PyCapsule_IsValid(capsule, name)
                        ? PyCapsule_GetPointer(capsule, name)
                        : NULL;
    Py_XDECREF(capsule);
    PyErr_Clear();
    return pointer;
}

static merged_table *
new_merged(PyObject *runtime)
{
    merged_table *merged = calloc(1, sizeof(*merged));
    PyObject *capsule =
        merged == NULL ? NULL : PyCapsule_New(merged, MERGED, NULL);
    if (capsule == NULL ||
        PyObject_SetAttrString(runtime, MERGED_ATTRIBUTE, capsule) < 0) {
        free(merged);
        merged = NULL;
    }
    Py_XDECREF(capsule);
    PyErr_Clear();
    return merged;
}

/* Whether a table is as SWIG leaves one: names in order, each once. */
static bool
is_sound(const swig_module_info *module)
{
    if (module->size > TYPES_MAX ||
        (module->size > 0 && module->types == NULL)) {
        return false;
    }
    for (size_t i = 0; i < module->size; i++) {
        if (module->types[i] == NULL || module->types[i]->name == NULL ||
            (i > 0 && strcmp(module->types[i - 1]->name,
                             module->types[i]->name) >= 0)) {
            return false;
        }
    }
    return module->size == 0 || module->types[module->size] == NULL;
}

/* How many tables are between the head and the merged one, or behind the head
 * if that is not in the ring yet. @return -1: not a ring that is known */
static int
count_new(const swig_module_info *head, const swig_module_info *merged)
{
    int count = 0;
    for (const swig_module_info *at = head->next; at != head && at != merged;
         at = at->next) {
        if (at == NULL || count == MODULES_MAX || !is_sound(at)) {
            return -1;
        }
        count++;
    }
    return count;
}

static bool
reserve(merged_table *merged, size_t more)
{
    size_t wanted = merged->module.size + more;
    if (wanted <= merged->capacity) {
        return true;
    }
    size_t capacity = wanted + wanted / 2;
    swig_type_info **grown =
        realloc(merged->module.types, (capacity + 1) * sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    merged->module.types = grown;
    merged->capacity = capacity;
    return true;
}

/* Where a name is, or belongs, among the first types of a table.
 * @param[out] found Whether it is there. */
static size_t
find_place(swig_type_info *const *types, size_t size, const char *name,
           bool *found)
{
    size_t low = 0, high = size;
    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(types[middle]->name, name);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* How many types of a table the merged one does not have: SWIG has one for
 * each name. */
static size_t
count_missing(const merged_table *merged, const swig_module_info *module)
{
    size_t missing = 0;
    for (size_t i = 0; i < module->size; i++) {
        bool found;
        find_place(merged->module.types, merged->module.size,
                   module->types[i]->name, &found);
        missing += !found;
    }
    return missing;
}

/* Merge a table from its end, in place; there is room for what is missing. */
static void
merge_types(merged_table *merged, const swig_module_info *module,
            size_t missing)
{
    swig_type_info **types = merged->module.types;
    size_t from = merged->module.size, to = from + missing;
    merged->module.size = to;
    types[to] = NULL;
    for (size_t i = module->size; i > 0; i--) {
        bool found;
        size_t place =
            find_place(types, from, module->types[i - 1]->name, &found);
        to -= from - place;
        memmove(types + to, types + place, (from - place) * sizeof(*types));
        from = place;
        if (!found) {
            types[--to] = module->types[i - 1];
        }
    }
}

/* Take the table behind the head out of the ring. The last step is the one
 * that shows: until then, its types are found in both. */
static bool
merge_next(swig_module_info *head, merged_table *merged)
{
    swig_module_info *module = head->next;
    size_t missing = count_missing(merged, module);
    if (!reserve(merged, missing)) {
        return false;
    }
    merge_types(merged, module, missing);
    head->next = module->next;
    return true;
}

/* A table in the ring of another interpreter's, whose static data are the
 * same, must not be taken out of that. */
static bool
is_main_interpreter(void)
{
    bool is_main = PyInterpreterState_GetID(PyInterpreterState_Get()) == 0;
    PyErr_Clear();
    return is_main;
}

static void
merge_ring(PyObject *runtime)
{
    swig_module_info *head =
        get_pointer(runtime, HEAD + sizeof(RUNTIME), HEAD);
    merged_table *merged = get_pointer(runtime, MERGED_ATTRIBUTE, MERGED);
    int count = head == NULL || head->next == NULL
                    ? -1
                    : count_new(head, merged == NULL ? NULL : &merged->module);
    if (count <= 0) {
        return;
    }
    if (merged == NULL) {
        merged = new_merged(runtime);
        if (merged == NULL) {
            return;
        }
        merged->module.next = head;
        /* As the last of the ring, where its types are found last. */
        swig_module_info *last = head;
        while (last->next != head) {
            last = last->next;
        }
        last->next = &merged->module;
    }
    while (count-- > 0 && merge_next(head, merged)) {
    }
}

void
swig_ring_merge(void)
{
    PyObject *name = PyUnicode_FromString(RUNTIME);
    PyObject *runtime = name == NULL ? NULL : PyImport_GetModule(name);
    if (runtime != NULL && is_main_interpreter()) {
        merge_ring(runtime);
    }
    Py_XDECREF(name);
    Py_XDECREF(runtime);
    PyErr_Clear();
}
