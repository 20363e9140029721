#include "lzi_set.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 32 };

/* The slot of a name, or the empty one where it would be. */
static size_t
find_slot(const lzi_set *set, lzi_slice name)
{
    size_t mask = set->capacity * 2 - 1;
    size_t slot = (size_t)lzi_name_hash(name) & mask;
    while (set->slots[slot] != 0 &&
           !lzi_slice_equal(set->names[set->slots[slot] - 1], name)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static bool
grow(lzi_set *set)
{
    size_t capacity = set->capacity == 0 ? FIRST_CAPACITY : set->capacity * 2;
    uint32_t *slots = capacity > UINT32_MAX / 2
                          ? NULL
                          : calloc(capacity * 2, sizeof(*slots));
    lzi_slice *names =
        slots == NULL ? NULL : realloc(set->names, capacity * sizeof(*names));
    if (names == NULL) {
        free(slots);
        return false;
    }
    free(set->slots);
    set->names = names;
    set->slots = slots;
    set->capacity = capacity;
    for (size_t i = 0; i < set->count; i++) {
        slots[find_slot(set, names[i])] = (uint32_t)i + 1;
    }
    return true;
}

lzi_status
lzi_set_add(lzi_set *set, lzi_slice name, bool *added)
{
    bool is_new = !lzi_set_has(set, name);
    if (is_new) { /* half of the slots stay empty: each search ends */
        if (set->count == set->capacity && !grow(set)) {
            return LZI_E_NOMEM;
        }
        set->slots[find_slot(set, name)] = (uint32_t)set->count + 1;
        set->names[set->count++] = name;
    }
    if (added != NULL) {
        *added = is_new;
    }
    return LZI_OK;
}

bool
lzi_set_has(const lzi_set *set, lzi_slice name)
{
    return set->count > 0 && set->slots[find_slot(set, name)] != 0;
}

void
lzi_set_free(lzi_set *set)
{
    free(set->names);
    free(set->slots);
    *set = (lzi_set){0};
}
