#include "arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)1 << 16)

typedef struct chunk {
    struct chunk *next;
    size_t used, size; /* bytes of data */
    alignas(max_align_t) char data[];
} chunk;

struct lzi_arena {
    chunk *head; /* the one that is being filled */
    char *last;  /* most recent allocation, which can grow in place */
};

static struct {
    void (*clean_up)(void *); /* NULL: nothing to do */
    void *context;
    void *kept; /* memory for it */
} at_exhaustion;

static bool malloc_is_covered;

static void
out_of_memory(void)
{
    void (*clean_up)(void *) = at_exhaustion.clean_up;
    fputs("lazyindex: error: out of memory\n", stderr);
    lzi_arena_forget(at_exhaustion.context);
    if (clean_up != NULL) {
        clean_up(at_exhaustion.context);
    }
    /* The one exit outside main.c: see arena.h. */
    exit(EXIT_FAILURE);
}

void
lzi_arena_at_exhaustion(void (*clean_up)(void *), void *context)
{
    if (at_exhaustion.clean_up == NULL) {
        at_exhaustion.kept = calloc(4, CHUNK_SIZE);
        if (at_exhaustion.kept == NULL) {
            out_of_memory();
        }
        at_exhaustion.clean_up = clean_up;
        at_exhaustion.context = context;
    }
}

void
lzi_arena_forget(const void *context)
{
    if (at_exhaustion.context == context) {
        free(at_exhaustion.kept);
        at_exhaustion.kept = NULL;
        at_exhaustion.clean_up = NULL;
    }
}

void
lzi_arena_cover_malloc(void)
{
    malloc_is_covered = true;
}

void
lzi_arena_malloc_failed(void)
{
    if (malloc_is_covered) {
        out_of_memory();
    }
}

static size_t
round_up(size_t size)
{
    size_t mask = alignof(max_align_t) - 1;
    if (size > SIZE_MAX / 2) {
        out_of_memory();
    }
    return (size + mask) & ~mask;
}

lzi_arena *
lzi_arena_new(void)
{
    lzi_arena *arena = calloc(1, sizeof(*arena));
    if (arena == NULL) {
        out_of_memory();
    }
    return arena;
}

void
lzi_arena_free(lzi_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (chunk *at = arena->head, *next; at != NULL; at = next) {
        next = at->next;
        free(at);
    }
    free(arena);
}

/* calloc, because fresh pages are zero already. */
static chunk *
chunk_new(size_t size)
{
    chunk *new = calloc(1, sizeof(*new) + size);
    if (new == NULL) {
        out_of_memory();
    }
    new->size = size;
    return new;
}

void
lzi_arena_reserve(lzi_arena *arena, size_t size)
{
    if (arena->head == NULL || arena->head->size - arena->head->used < size) {
        chunk *new = chunk_new(size);
        new->next = arena->head;
        arena->head = new;
    }
}

void *
lzi_arena_alloc(lzi_arena *arena, size_t size)
{
    size_t need = round_up(size);
    chunk *head = arena->head;
    if (head == NULL || head->size - head->used < need) {
        chunk *new = chunk_new(need > CHUNK_SIZE / 4 ? need : CHUNK_SIZE);
        if (head != NULL && new->size == need) {
            /* A big block goes behind the head, which still has room. */
            new->used = need;
            new->next = head->next;
            head->next = new;
            return new->data;
        }
        new->next = head;
        arena->head = head = new;
    }
    arena->last = head->data + head->used;
    head->used += need;
    return arena->last;
}

char *
lzi_arena_copy(lzi_arena *arena, const char *data, size_t size)
{
    char *copy = lzi_arena_alloc(arena, size + 1);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    return copy;
}

char *
lzi_arena_format(lzi_arena *arena, const char *format, ...)
{
    char guess[256]; /* most texts fit */
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(guess, sizeof(guess), format, args);
    va_end(args);
    if (size < 0) {
        out_of_memory();
    }
    if ((size_t)size < sizeof(guess)) {
        va_end(again);
        return lzi_arena_copy(arena, guess, (size_t)size);
    }
    char *text = lzi_arena_alloc(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

/* Extend the most recent allocation without moving it. */
static bool
grow_in_place(lzi_arena *arena, void *items, size_t old_size, size_t new_size)
{
    chunk *head = arena->head;
    if (items == NULL || items != arena->last) {
        return false;
    }
    size_t more = round_up(new_size) - round_up(old_size);
    if (head->size - head->used < more) {
        return false;
    }
    head->used += more;
    return true;
}

void *
lzi_arena_push(lzi_arena *arena, void **items, size_t *count, size_t *capacity,
               size_t item_size)
{
    if (*count == *capacity) {
        size_t wanted = *capacity == 0 ? 4 : *capacity * 2;
        if (wanted > SIZE_MAX / 2 / item_size) {
            out_of_memory();
        }
        if (!grow_in_place(arena, *items, *capacity * item_size,
                           wanted * item_size)) {
            void *moved = lzi_arena_alloc(arena, wanted * item_size);
            if (*items != NULL) {
                memcpy(moved, *items, *count * item_size);
            }
            *items = moved;
        }
        *capacity = wanted;
    }
    char *item = (char *)*items + *count * item_size;
    /* A caller may have shortened the list: the room need not be zero. */
    memset(item, 0, item_size);
    ++*count;
    return item;
}
