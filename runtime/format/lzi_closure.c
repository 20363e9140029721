#include "lzi_closure.h"

#include "lzi_set.h"

#include <stdlib.h>

/* A unit whose needs are being walked. */
typedef struct {
    lzi_slice unit;
    lzi_needs needs; /* those not visited yet */
} pending_unit;

struct lzi_closure {
    lzi_find_needs *find;
    lzi_is_loaded *is_loaded;
    void *context;
    lzi_set seen;
    lzi_slice *order;    /* room for all of `seen` */
    pending_unit *stack; /* likewise */
    size_t count, depth, capacity;
    lzi_slice culprit;
};

lzi_closure *
lzi_closure_new(lzi_find_needs *find, lzi_is_loaded *is_loaded, void *context)
{
    lzi_closure *closure = calloc(1, sizeof(*closure));
    if (closure != NULL) {
        closure->find = find;
        closure->is_loaded = is_loaded;
        closure->context = context;
    }
    return closure;
}

/* Make room for one unit more. */
static bool
grow(lzi_closure *closure)
{
    if (closure->seen.count < closure->capacity) {
        return true;
    }
    size_t capacity = closure->capacity == 0 ? 64 : closure->capacity * 2;
    lzi_slice *order = realloc(closure->order, capacity * sizeof(*order));
    if (order == NULL) {
        return false;
    }
    closure->order = order;
    pending_unit *stack = realloc(closure->stack, capacity * sizeof(*stack));
    if (stack == NULL) {
        return false;
    }
    closure->stack = stack;
    closure->capacity = capacity;
    return true;
}

/* Begin with a unit, unless that was done or need not be. */
static lzi_status
enter(lzi_closure *closure, lzi_slice unit, bool is_soft)
{
    pending_unit pending = {.unit = unit};
    if (lzi_set_has(&closure->seen, unit) ||
        (closure->is_loaded != NULL &&
         closure->is_loaded(closure->context, unit))) {
        return LZI_OK;
    }
    lzi_status status = closure->find(closure->context, unit, &pending.needs);
    if (status == LZI_NOT_FOUND && is_soft) {
        return LZI_OK;
    }
    if (status == LZI_OK) {
        status = grow(closure) ? lzi_set_add(&closure->seen, unit, NULL)
                               : LZI_E_NOMEM;
    }
    if (status == LZI_OK) {
        closure->stack[closure->depth++] = pending;
    }
    else {
        closure->culprit = unit;
    }
    return status;
}

lzi_status
lzi_closure_add(lzi_closure *closure, lzi_slice unit)
{
    lzi_status status = enter(closure, unit, false);
    while (status == LZI_OK && closure->depth > 0) {
        pending_unit *top = &closure->stack[closure->depth - 1];
        lzi_slice needed;
        if (lzi_list_next(&top->needs.imports, &needed)) {
            status = enter(closure, needed, false);
        }
        else if (lzi_list_next(&top->needs.soft, &needed)) {
            status = enter(closure, needed, true);
        }
        else {
            closure->order[closure->count++] = top->unit;
            closure->depth--;
        }
    }
    return status;
}

size_t
lzi_closure_count(const lzi_closure *closure)
{
    return closure->count;
}

lzi_slice
lzi_closure_unit(const lzi_closure *closure, size_t i)
{
    return closure->order[i];
}

lzi_slice
lzi_closure_culprit(const lzi_closure *closure)
{
    return closure->culprit;
}

void
lzi_closure_free(lzi_closure *closure)
{
    if (closure != NULL) {
        lzi_set_free(&closure->seen);
        free(closure->order);
        free(closure->stack);
        free(closure);
    }
}
