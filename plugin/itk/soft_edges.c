#include "soft_edges.h"

#include "base/string_map.h"
#include "lzi_itk_cpp.h"

#include <string.h>

/* A set of units under a name: a list through `next`. */
typedef struct {
    size_t unit, next; /* next: 1 + position; 0: none */
} unit_link;

typedef struct {
    lzi_string_map heads; /* name -> 1 + position of the first link */
    unit_link *items;
    size_t count, capacity;
} unit_sets;

typedef struct {
    lzi_itk_model *itk;
    lzi_arena *scratch;
    unit_sets classes;    /* SWIG class -> units that define it */
    unit_sets templates;  /* full C++ name -> units of its tuples */
    lzi_indices *imports; /* of each unit, as indices */
    lzi_indices *tuples;  /* of each unit: module, tuple, module, ... */
    size_t *reached;      /* closure of which unit (1 + index) it is in */
    lzi_indices stack;
} edges;

static void
add_unit(edges *self, unit_sets *sets, lzi_slice name, size_t unit)
{
    size_t *head = lzi_map_put(&sets->heads, name, NULL);
    for (size_t at = *head; at != 0; at = sets->items[at - 1].next) {
        if (sets->items[at - 1].unit == unit) {
            return;
        }
    }
    unit_link link = {.unit = unit, .next = *head};
    *(unit_link *)LZI_PUSH(self->scratch, sets) = link;
    *head = sets->count;
}

static char *
put_normalized(char *out, lzi_slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (lzi_cpp_is_kept(text.data[i])) {
            *out++ = text.data[i];
        }
    }
    return out;
}

/* The name that a template is registered by; @p params with data NULL: that of
 * a class. */
static lzi_slice
full_name(lzi_arena *arena, lzi_slice cpp, lzi_slice params)
{
    char *name = lzi_arena_alloc(arena, cpp.size + params.size + 2);
    char *end = put_normalized(name, cpp);
    if (params.data != NULL) {
        *end++ = '<';
        end = put_normalized(end, params);
        *end++ = '>';
    }
    return (lzi_slice){name, (size_t)(end - name)};
}

/* -- Tables --------------------------------------------------------------- */

static void
index_units(edges *self)
{
    const lzi_itk_model *itk = self->itk;
    for (size_t u = 0; u < itk->units.count; u++) {
        const lzi_model_unit *unit = &itk->units.items[u];
        for (size_t i = 0; i < unit->definitions.count; i++) {
            const lzi_definition *at = &unit->definitions.items[i];
            if (at->is_class) {
                add_unit(self, &self->classes, lzi_slice_of(at->name), u);
            }
        }
        for (size_t i = 0; i < unit->imports.count; i++) {
            size_t target = lzi_itk_find_unit(itk, unit->imports.items[i]);
            if (target != LZI_NONE) {
                *(size_t *)LZI_PUSH(self->scratch, &self->imports[u]) = target;
            }
        }
    }
}

static void
index_tuples(edges *self)
{
    const lzi_itk_model *itk = self->itk;
    for (size_t m = 0; m < itk->modules.count; m++) {
        const lzi_model_module *module = &itk->modules.items[m];
        for (size_t i = 0; i < module->tuples.count; i++) {
            const lzi_model_tuple *at = &module->tuples.items[i];
            lzi_slice params =
                at->params == NULL ? (lzi_slice){0} : lzi_slice_of(at->params);
            add_unit(self, &self->templates,
                     full_name(self->scratch, lzi_slice_of(at->cpp), params),
                     at->unit);
            *(size_t *)LZI_PUSH(self->scratch, &self->tuples[at->unit]) = m;
            *(size_t *)LZI_PUSH(self->scratch, &self->tuples[at->unit]) = i;
        }
    }
}

/* -- One unit ------------------------------------------------------------- */

/* Mark the closure over imports. */
static void
mark_closure(edges *self, size_t unit)
{
    self->stack.count = 0;
    *(size_t *)LZI_PUSH(self->scratch, &self->stack) = unit;
    self->reached[unit] = unit + 1;
    while (self->stack.count > 0) {
        const lzi_indices *next =
            &self->imports[self->stack.items[--self->stack.count]];
        for (size_t i = 0; i < next->count; i++) {
            if (self->reached[next->items[i]] != unit + 1) {
                self->reached[next->items[i]] = unit + 1;
                *(size_t *)LZI_PUSH(self->scratch, &self->stack) =
                    next->items[i];
            }
        }
    }
}

/* A unit that provides a name: one is enough. @return whether the name is
 * known at all. */
static bool
need(edges *self, const unit_sets *sets, lzi_slice name, size_t unit)
{
    const size_t *head = lzi_map_get(&sets->heads, name);
    size_t first = LZI_NONE; /* by name, so that the choice is stable */
    if (head == NULL) {
        return false;
    }
    for (size_t at = *head; at != 0; at = sets->items[at - 1].next) {
        size_t candidate = sets->items[at - 1].unit;
        if (self->reached[candidate] == unit + 1) {
            return true;
        }
        first = candidate < first ? candidate : first;
    }
    lzi_model_unit *units = self->itk->units.items;
    self->reached[first] = unit + 1;
    lzi_strings_add(self->itk->model->arena, &units[unit].soft,
                    units[first].name);
    return true;
}

static void
need_returns(edges *self, size_t unit)
{
    static const char suffix[] = "_Pointer";
    const lzi_strings *returns = &self->itk->units.items[unit].returns;
    for (size_t i = 0; i < returns->count; i++) {
        lzi_slice type = lzi_slice_of(returns->items[i]);
        size_t tail = sizeof(suffix) - 1;
        if (!need(self, &self->classes, type, unit) && type.size > tail &&
            memcmp(type.data + type.size - tail, suffix, tail) == 0) {
            type.size -= tail;
            need(self, &self->classes, type, unit);
        }
    }
}

static void
need_params(edges *self, const char *params, size_t unit)
{
    lzi_slice rest = lzi_slice_of(params);
    while (rest.data != NULL) {
        lzi_slice name = full_name(self->scratch, lzi_cpp_next_param(&rest),
                                   (lzi_slice){NULL, 0});
        need(self, &self->templates, name, unit);
    }
}

static void
find_edges(edges *self, size_t unit)
{
    const lzi_indices *tuples = &self->tuples[unit];
    lzi_strings *soft = &self->itk->units.items[unit].soft;
    mark_closure(self, unit);
    need_returns(self, unit);
    for (size_t i = 0; i + 1 < tuples->count; i += 2) {
        const lzi_model_module *module =
            &self->itk->modules.items[tuples->items[i]];
        const lzi_model_tuple *tuple =
            &module->tuples.items[tuples->items[i + 1]];
        if (tuple->params != NULL) {
            need_params(self, tuple->params, unit);
        }
    }
    lzi_strings_sort(soft);
}

void
lzi_soft_edges(lzi_itk_model *itk)
{
    lzi_arena *scratch = lzi_arena_new();
    size_t count = itk->units.count;
    edges self = {
        .itk = itk,
        .scratch = scratch,
        .classes = {.heads = lzi_map_new(scratch)},
        .templates = {.heads = lzi_map_new(scratch)},
        .imports = lzi_arena_alloc(scratch, count * sizeof(*self.imports)),
        .tuples = lzi_arena_alloc(scratch, count * sizeof(*self.tuples)),
        .reached = lzi_arena_alloc(scratch, count * sizeof(*self.reached))};
    index_units(&self);
    index_tuples(&self);
    for (size_t u = 0; u < count; u++) {
        find_edges(&self, u);
    }
    lzi_arena_free(scratch);
}
