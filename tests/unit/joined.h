/* joined.h: lists of strings as one text, to compare.
 *
 * Memory: in the arena given. */
#ifndef JOINED_H
#define JOINED_H

#include "base/string_list.h"

/* "a b c" */
static inline const char *
joined(lzi_arena *arena, const lzi_strings *list)
{
    const char *text = "";

    for (size_t i = 0; i < list->count; i++) {
        text = lzi_arena_format(arena, "%s%s%s", text, i == 0 ? "" : " ",
                                list->items[i]);
    }
    return text;
}

#endif
