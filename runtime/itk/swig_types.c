#include "itk/swig_types.h"

#include "itk/swig_casts.h"
#include "itk/swig_runtime.h"

#include <stdlib.h>
#include <string.h>

static const char RUNTIME[] = "swig_runtime_data4";
static const char CAPSULE[] = "swig_runtime_data4.type_pointer_capsule";
static const char ATTRIBUTE[] = "type_pointer_capsule";
/* Where SWIG's own capsule is while we answer for that attribute. */
static const char HEAD_ATTRIBUTE[] = "__lazyindex_head__";
static const char MERGED_ATTRIBUTE[] = "__lazyindex_merged__";
static const char MERGED[] = "swig_runtime_data4.__lazyindex_merged__";

/* More than any process has: a ring that has no end is none of SWIG's. */
enum { TABLES_MAX = 100000, TYPES_MAX = 1000000 };

typedef struct {
    swig_table table; /* first: what the ring has */
    size_t capacity;  /* of table.types, the NULL apart */
    swig_casts casts; /* of all its types */
} merged_table;

static _Thread_local swig_initialisation *innermost;

/* -- The merged table ----------------------------------------------------- */

/* Where a name is, or belongs, among types in order.
 * @param[out] found Whether it is there. */
static size_t
find_place(swig_type *const *types, size_t size, const char *name, bool *found)
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

static swig_type *
find_type(const merged_table *merged, const char *name)
{
    bool found;
    size_t place =
        find_place(merged->table.types, merged->table.size, name, &found);
    return found ? merged->table.types[place] : NULL;
}

static bool
reserve(merged_table *merged, size_t more)
{
    size_t wanted = merged->table.size + more;
    if (wanted <= merged->capacity) {
        return true;
    }
    size_t capacity = wanted + wanted / 2;
    swig_type **grown =
        realloc(merged->table.types, (capacity + 1) * sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    merged->table.types = grown;
    merged->capacity = capacity;
    return true;
}

/* How many types of a table the merged one does not have. */
static size_t
count_missing(const merged_table *merged, const swig_table *table)
{
    size_t missing = 0;
    for (size_t i = 0; i < table->size; i++) {
        missing += find_type(merged, table->types[i]->name) == NULL;
    }
    return missing;
}

/* Put in what is missing, from the end, in place; there is room for it. */
static void
merge_types(merged_table *merged, const swig_table *table, size_t missing)
{
    swig_type **types = merged->table.types;
    size_t from = merged->table.size, to = from + missing;
    merged->table.size = to;
    types[to] = NULL;
    for (size_t i = table->size; i > 0; i--) {
        bool found;
        size_t place =
            find_place(types, from, table->types[i - 1]->name, &found);
        to -= from - place;
        memmove(types + to, types + place, (from - place) * sizeof(*types));
        from = place;
        if (!found) {
            types[--to] = table->types[i - 1];
        }
    }
}

/* -- The ring ------------------------------------------------------------- */

/* Whether a table is as SWIG leaves one: names in order, each once. */
static bool
is_sound(const swig_table *table)
{
    if (table->size > TYPES_MAX || table->types == NULL) {
        return table->size == 0;
    }
    for (size_t i = 0; i < table->size; i++) {
        if (table->types[i] == NULL || table->types[i]->name == NULL ||
            (i > 0 &&
             strcmp(table->types[i - 1]->name, table->types[i]->name) >= 0)) {
            return false;
        }
    }
    return table->types[table->size] == NULL;
}

/* Whether all tables from the head to the merged one, which follow the head,
 * are known and sound. */
static bool
is_ring(const swig_table *head, const swig_table *merged)
{
    int count = 0;
    const swig_table *at = head;
    do {
        if (!is_sound(at) || at->next == NULL || ++count == TABLES_MAX) {
            return false;
        }
        at = at->next;
    } while (at != head && at != merged);
    return merged == NULL || at == merged;
}

/* Take the table behind the head out of the ring. The last step is the one
 * that shows: until then, its types are found in both. */
static bool
merge_next(swig_table *head, merged_table *merged)
{
    swig_table *table = head->next;
    size_t missing = count_missing(merged, table);
    if (!reserve(merged, missing) ||
        !swig_casts_add_all(&merged->casts, table)) {
        return false;
    }
    merge_types(merged, table, missing);
    head->next = table->next;
    return true;
}

/* Merge all that has come into the ring, the head's own types too. */
static bool
merge_ring(swig_table *head, merged_table *merged)
{
    if (merged->table.next == NULL) { /* a new one: behind the last */
        size_t missing = count_missing(merged, head);
        if (!reserve(merged, missing) ||
            !swig_casts_add_all(&merged->casts, head)) {
            return false;
        }
        merge_types(merged, head, missing);
        swig_table *last = head;
        while (last->next != head) {
            last = last->next;
        }
        merged->table.next = head;
        last->next = &merged->table;
    }
    while (head->next != &merged->table) {
        if (!merge_next(head, merged)) {
            return false;
        }
    }
    return true;
}

/* -- SWIG's runtime module ------------------------------------------------ */

/* What SWIG's code in a C half asks for when it looks for the ring: at its
 * initialisation it is shown its own, once. */
static PyObject *
runtime_getattr(PyObject *head, PyObject *name)
{
    if (!PyUnicode_Check(name) ||
        PyUnicode_CompareWithASCIIString(name, ATTRIBUTE) != 0) {
        return PyErr_Format(PyExc_AttributeError,
                            "module '%s' has no attribute '%S'", RUNTIME,
                            name);
    }
    if (innermost != NULL && innermost->capsule != NULL) {
        PyObject *capsule = innermost->capsule;
        innermost->capsule = NULL;
        return capsule;
    }
    return Py_NewRef(head);
}

static PyMethodDef runtime_getattr_def = {"__getattr__", runtime_getattr,
                                          METH_O, NULL};

/* Answer for the attribute that has the ring, from now on. */
static bool
take_over(PyObject *dict)
{
    PyObject *head = PyDict_GetItemString(dict, ATTRIBUTE); /* borrowed */
    PyObject *hook =
        head == NULL ? NULL : PyCFunction_New(&runtime_getattr_def, head);
    bool done = hook != NULL &&
                PyDict_SetItemString(dict, HEAD_ATTRIBUTE, head) == 0 &&
                PyDict_SetItemString(dict, "__getattr__", hook) == 0 &&
                PyDict_DelItemString(dict, ATTRIBUTE) == 0;
    Py_XDECREF(hook);
    return done;
}

static void *
get_pointer(PyObject *dict, const char *attribute, const char *name)
{
    PyObject *capsule = PyDict_GetItemString(dict, attribute); /* borrowed */
    return capsule != NULL && PyCapsule_IsValid(capsule, name)
               ? PyCapsule_GetPointer(capsule, name)
               : NULL;
}

static merged_table *
new_merged(PyObject *dict)
{
    merged_table *merged = calloc(1, sizeof(*merged));
    PyObject *capsule =
        merged == NULL ? NULL : PyCapsule_New(merged, MERGED, NULL);
    if (capsule == NULL ||
        PyDict_SetItemString(dict, MERGED_ATTRIBUTE, capsule) < 0) {
        free(merged);
        merged = NULL;
    }
    Py_XDECREF(capsule);
    return merged;
}

/* The dict of SWIG's runtime module. @return borrowed; NULL: there is none,
 * or this is not the main interpreter */
static PyObject *
runtime_dict(void)
{
    PyObject *module = PyDict_GetItemString(PyImport_GetModuleDict(), RUNTIME);
    return module != NULL && PyModule_Check(module) &&
                   PyInterpreterState_GetID(PyInterpreterState_Get()) == 0
               ? PyModule_GetDict(module)
               : NULL;
}

/* Find the merged table, with all of the ring in it. @return NULL: it cannot
 * be had; an error may be set */
static merged_table *
open_ring(void)
{
    PyObject *dict = runtime_dict();
    if (dict == NULL) {
        return NULL;
    }
    if (PyDict_GetItemString(dict, ATTRIBUTE) != NULL && !take_over(dict)) {
        return NULL;
    }
    swig_table *head = get_pointer(dict, HEAD_ATTRIBUTE, CAPSULE);
    merged_table *merged = get_pointer(dict, MERGED_ATTRIBUTE, MERGED);
    if (head == NULL ||
        !is_ring(head, merged == NULL ? NULL : &merged->table)) {
        return NULL;
    }
    if (merged == NULL) {
        merged = new_merged(dict);
    }
    return merged != NULL && merge_ring(head, merged) ? merged : NULL;
}

/* -- Initialisation ------------------------------------------------------- */

void
swig_types_begin(swig_initialisation *self)
{
    *self = (swig_initialisation){.outer = innermost};
    innermost = self;
    if (open_ring() != NULL) {
        self->own = calloc(1, sizeof(*self->own));
    }
    if (self->own != NULL) {
        self->own->next = self->own;
        self->capsule = PyCapsule_New(self->own, CAPSULE, NULL);
    }
    PyErr_Clear(); /* then it goes SWIG's way */
}

/* Put a cast to a type, as SWIG_InitializeModule() does.
 * @param is_new Whether the type is the table's own. */
static bool
merge_cast(merged_table *merged, swig_type *type, swig_cast *cast, bool is_new)
{
    swig_type *known = find_type(merged, cast->type->name);
    if (known != NULL && is_new) {
        cast->type = known;
    }
    else if (known != NULL &&
             swig_casts_have(&merged->casts, type, known->name)) {
        return true;
    }
    if (!swig_casts_add(&merged->casts, type, cast)) {
        return false;
    }
    cast->next = type->cast;
    cast->prev = NULL;
    if (type->cast != NULL) {
        type->cast->prev = cast;
    }
    type->cast = cast;
    return true;
}

/* Put the types and casts of a table that was initialised by itself among the
 * others, as SWIG_InitializeModule() does in a ring. */
static bool
merge_table(merged_table *merged, swig_table *table)
{
    size_t missing = count_missing(merged, table);
    if (!reserve(merged, missing)) {
        return false;
    }
    for (size_t i = 0; i < table->size; i++) { /* as they were before it */
        swig_type *own = table->type_initial[i];
        own->cast = NULL;
        for (swig_cast *cast = table->cast_initial[i]; cast->type != NULL;
             cast++) {
            cast->next = cast->prev = NULL;
        }
    }
    bool done = true;
    for (size_t i = 0; i < table->size; i++) {
        swig_type *own = table->type_initial[i];
        swig_type *known = find_type(merged, own->name);
        swig_type *type = known == NULL ? own : known;
        if (known != NULL && own->clientdata != NULL) {
            known->clientdata = own->clientdata;
        }
        for (swig_cast *cast = table->cast_initial[i]; cast->type != NULL;
             cast++) {
            done = merge_cast(merged, type, cast, known == NULL) && done;
        }
        table->types[i] = type;
    }
    merge_types(merged, table, missing);
    return done;
}

int
swig_types_end(swig_initialisation *self)
{
    swig_table *own = self->own;
    bool taken = own != NULL && self->capsule == NULL, done = true;
    innermost = self->outer;
    Py_CLEAR(self->capsule);
    if (!taken) { /* it did not ask, or had asked before */
        free(own);
        return 0;
    }
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    /* What has come meanwhile, in other threads, comes before it. */
    merged_table *merged = open_ring();
    if (own->next != own) {
        done = merged != NULL && merge_table(merged, own->next);
    }
    if (merged != NULL) {
        /* The C half keeps it as its entry to the ring. */
        own->next = merged->table.next;
        merged->table.next = own;
    }
    if (!done && type == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    PyErr_Restore(type, error, traceback);
    return done ? 0 : -1;
}
