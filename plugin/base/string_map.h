/* string_map.h: strings to numbers.
 *
 * Memory: the table lives in an arena; keys are borrowed and must live as
 *         long as the map.
 * Threads: none of its own; reading from several threads is fine. */
#ifndef LZI_STRING_MAP_H
#define LZI_STRING_MAP_H

#include "arena.h"

#include <stdbool.h>

typedef struct {
    lzi_slice key; /* data NULL: free */
    uint64_t hash; /* XXH3-64 */
    size_t value;
} lzi_map_slot;

typedef struct {
    lzi_arena *arena;
    lzi_map_slot *slots;
    size_t count, capacity; /* capacity: 0 or a power of two */
} lzi_string_map;

lzi_string_map lzi_map_new(lzi_arena *arena);

/** The value of a key, which is added where missing.
 *
 * @param[in]  key   Borrowed by the map if it is new.
 * @param[out] added Whether it is new; then the value is 0. May be NULL.
 * @return Address of the value; valid until the next call. */
size_t *lzi_map_put(lzi_string_map *map, lzi_slice key, bool *added);

/** @return Address of the value; NULL: no such key. */
const size_t *lzi_map_get(const lzi_string_map *map, lzi_slice key);

/** One copy of a string in the map's arena, the same for equal strings.
 *
 * For a map that is used for nothing else. */
const char *lzi_map_intern(lzi_string_map *map, lzi_slice text);

/** Forget all keys; the table keeps its size. */
void lzi_map_clear(lzi_string_map *map);

#endif
