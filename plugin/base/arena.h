/* arena.h: memory that is freed all at once.
 *
 * A command of the tool allocates its model from one arena. Running out of
 * memory ends the tool with a message, after what lzi_arena_at_exhaustion()
 * asked for: a build tool has nothing else to save. */
#ifndef LZI_ARENA_H
#define LZI_ARENA_H

#include "lzi_format.h"

typedef struct lzi_arena lzi_arena;

lzi_arena *lzi_arena_new(void);
void lzi_arena_free(lzi_arena *arena); /* accepts NULL */

/** What to do before the tool ends for lack of memory, to remove files under
 * construction: @p clean_up may allocate some 256 kB that are kept for it.
 * It stands for what is asked for while it is in force: the files of a step
 * are among those of the whole. */
void lzi_arena_at_exhaustion(void (*clean_up)(void *), void *context);

/** The clean-up with this context, if it is in force, is not any more. */
void lzi_arena_forget(const void *context);

/** From now on a malloc() that fails ends the tool as well, whichever library
 * called it; see malloc_wrap.c. */
void lzi_arena_cover_malloc(void);

/** malloc() has failed. Returns where that is not covered. */
void lzi_arena_malloc_failed(void);

/** Make sure that @p size bytes in small pieces can be had without asking the
 * system. */
void lzi_arena_reserve(lzi_arena *arena, size_t size);

/** Zeroed, aligned for any type; lives as long as the arena. */
void *lzi_arena_alloc(lzi_arena *arena, size_t size);

/** NUL-terminated copy. */
char *lzi_arena_copy(lzi_arena *arena, const char *data, size_t size);

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
char *
lzi_arena_format(lzi_arena *arena, const char *format, ...);

/** A growing array: give it room for one more item and return its address,
 * zeroed. Use through LZI_PUSH. */
void *lzi_arena_push(lzi_arena *arena, void **items, size_t *count,
                     size_t *capacity, size_t item_size);

/** Append to a struct that has `items`, `count` and `capacity`; gives the
 * address of the new, zeroed item. Earlier addresses become invalid. */
#define LZI_PUSH(arena, list)                                                 \
    lzi_arena_push(arena, (void **)&(list)->items, &(list)->count,            \
                   &(list)->capacity, sizeof(*(list)->items))

#endif
