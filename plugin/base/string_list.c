#include "string_list.h"

#include <stdlib.h>
#include <string.h>

void
lzi_strings_add(lzi_arena *arena, lzi_strings *list, const char *text)
{
    *(const char **)LZI_PUSH(arena, list) = text;
}

bool
lzi_strings_have(const lzi_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

void
lzi_strings_sort(lzi_strings *list)
{
    size_t kept = 0;
    if (list->count > 1) {
        qsort(list->items, list->count, sizeof(*list->items),
              lzi_compare_names);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || strcmp(list->items[kept - 1], list->items[i]) != 0) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

int
lzi_compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t
lzi_find_name(const void *items, size_t count, size_t size, const char *name)
{
    const char *found =
        count == 0 ? NULL
                   : bsearch(&name, items, count, size, lzi_compare_names);
    return found == NULL ? LZI_NONE
                         : (size_t)(found - (const char *)items) / size;
}

bool
lzi_has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
lzi_has_suffix(const char *text, const char *suffix)
{
    size_t size = strlen(text), tail = strlen(suffix);
    return size >= tail && strcmp(text + size - tail, suffix) == 0;
}
