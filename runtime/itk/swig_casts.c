#include "itk/swig_casts.h"

#include "lzi_format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct swig_cast_entry {
    const swig_type *type; /* NULL: free */
    const char *name;      /* of the type that can become it */
} swig_cast_entry;

static size_t
hash_of(const swig_type *type, const char *name)
{
    return (
        size_t)(lzi_name_hash(lzi_slice_of(name)) ^
                ((uint64_t)(uintptr_t)type * UINT64_C(0x9E3779B97F4A7C15)));
}

/* The entry of a cast, or the free one where it belongs. */
static swig_cast_entry *
find_slot(const swig_casts *self, const swig_type *type, const char *name)
{
    size_t mask = self->capacity - 1;
    size_t at = hash_of(type, name) & mask;
    while (self->slots[at].type != NULL &&
           (self->slots[at].type != type ||
            strcmp(self->slots[at].name, name) != 0)) {
        at = (at + 1) & mask;
    }
    return &self->slots[at];
}

static bool
grow(swig_casts *self)
{
    swig_casts grown = {.size = self->size,
                        .capacity =
                            self->capacity == 0 ? 1024 : 2 * self->capacity};
    grown.slots = calloc(grown.capacity, sizeof(*grown.slots));
    if (grown.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < self->capacity; i++) {
        const swig_cast_entry *entry = &self->slots[i];
        if (entry->type != NULL) {
            *find_slot(&grown, entry->type, entry->name) = *entry;
        }
    }
    free(self->slots);
    *self = grown;
    return true;
}

bool
swig_casts_have(const swig_casts *self, const swig_type *type,
                const char *name)
{
    return self->capacity > 0 && find_slot(self, type, name)->type != NULL;
}

bool
swig_casts_add(swig_casts *self, const swig_type *type, const swig_cast *cast)
{
    if (2 * (self->size + 1) > self->capacity && !grow(self)) {
        return false;
    }
    swig_cast_entry *slot = find_slot(self, type, cast->type->name);
    if (slot->type == NULL) {
        *slot = (swig_cast_entry){type, cast->type->name};
        self->size++;
    }
    return true;
}

bool
swig_casts_add_all(swig_casts *self, const swig_table *table)
{
    for (size_t i = 0; i < table->size; i++) {
        const swig_type *type = table->types[i];
        for (const swig_cast *cast = type->cast; cast != NULL;
             cast = cast->next) {
            if (!swig_casts_add(self, type, cast)) {
                return false;
            }
        }
    }
    return true;
}
