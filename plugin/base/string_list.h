/* string_list.h: lists of strings, and arrays that are sorted by name.
 *
 * Memory: lists grow in the arena that is passed; strings are borrowed. */
#ifndef LZI_STRING_LIST_H
#define LZI_STRING_LIST_H

#include "arena.h"

/** An index that refers to nothing. */
#define LZI_NONE ((size_t)-1)

typedef struct {
    const char **items;
    size_t count, capacity;
} lzi_strings;

typedef struct {
    size_t *items;
    size_t count, capacity;
} lzi_indices;

void lzi_strings_add(lzi_arena *arena, lzi_strings *list, const char *text);
bool lzi_strings_have(const lzi_strings *list, const char *text);

/** Sort by bytes, and keep one of equal strings. */
void lzi_strings_sort(lzi_strings *list);

/** For qsort(): items whose first member is their name, a NUL-terminated
 * string. */
int lzi_compare_names(const void *a, const void *b);

/** Find an item in an array of such, sorted by name.
 *
 * @param[in] size Of an item, in bytes.
 * @return index, or LZI_NONE. */
size_t lzi_find_name(const void *items, size_t count, size_t size,
                     const char *name);

bool lzi_has_prefix(const char *text, const char *prefix);
bool lzi_has_suffix(const char *text, const char *suffix);

#endif
