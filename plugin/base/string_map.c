#include "string_map.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string.h>

lzi_string_map
lzi_map_new(lzi_arena *arena)
{
    return (lzi_string_map){.arena = arena};
}

/* The slot of a key, or the free one where it belongs (linear probing). */
static lzi_map_slot *
find_slot(lzi_map_slot *slots, size_t capacity, lzi_slice key, uint64_t hash)
{
    size_t at = (size_t)hash & (capacity - 1);
    while (slots[at].key.data != NULL &&
           (slots[at].hash != hash || !lzi_slice_equal(slots[at].key, key))) {
        at = (at + 1) & (capacity - 1);
    }
    return &slots[at];
}

static void
grow(lzi_string_map *map)
{
    size_t capacity = map->capacity == 0 ? 16 : map->capacity * 2;
    lzi_map_slot *slots =
        lzi_arena_alloc(map->arena, capacity * sizeof(*slots));
    for (size_t i = 0; i < map->capacity; i++) {
        const lzi_map_slot *old = &map->slots[i];
        if (old->key.data != NULL) {
            *find_slot(slots, capacity, old->key, old->hash) = *old;
        }
    }
    map->slots = slots;
    map->capacity = capacity;
}

static lzi_map_slot *
put_slot(lzi_string_map *map, lzi_slice key, bool *added)
{
    uint64_t hash = XXH3_64bits(key.data, key.size);
    if (map->count >= map->capacity / 4 * 3) {
        grow(map);
    }
    lzi_map_slot *slot = find_slot(map->slots, map->capacity, key, hash);
    bool is_new = slot->key.data == NULL;

    if (is_new) {
        *slot = (lzi_map_slot){.key = key, .hash = hash};
        map->count++;
    }
    if (added != NULL) {
        *added = is_new;
    }
    return slot;
}

size_t *
lzi_map_put(lzi_string_map *map, lzi_slice key, bool *added)
{
    return &put_slot(map, key, added)->value;
}

const size_t *
lzi_map_get(const lzi_string_map *map, lzi_slice key)
{
    if (map->capacity == 0) {
        return NULL;
    }
    const lzi_map_slot *slot = find_slot(map->slots, map->capacity, key,
                                         XXH3_64bits(key.data, key.size));
    return slot->key.data == NULL ? NULL : &slot->value;
}

const char *
lzi_map_intern(lzi_string_map *map, lzi_slice text)
{
    bool added;
    lzi_map_slot *slot = put_slot(map, text, &added);
    if (added) {
        slot->key.data = lzi_arena_copy(map->arena, text.data, text.size);
    }
    return slot->key.data;
}

void
lzi_map_clear(lzi_string_map *map)
{
    if (map->count > 0) {
        memset(map->slots, 0, map->capacity * sizeof(*map->slots));
        map->count = 0;
    }
}
