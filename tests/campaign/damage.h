/* damage.h: shards in memory, damaged at random, and opened.
 *
 * Memory: a specimen owns its bytes and its file. Threads: one a specimen. */
#ifndef DAMAGE_H
#define DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lzi_format.h"

typedef struct {
    uint8_t *good; /* a shard */
    uint8_t *bad;  /* the same, damaged */
    size_t size;   /* bytes, of each */
    int fd;        /* file in memory that `bad` is opened from */
    char path[32];
} specimen;

/** Give a specimen its file. @return false: told on stderr. */
bool specimen_open_memory(specimen *self);

/** Read a shard. @return false: told on stderr. */
bool specimen_load(specimen *out, const char *path);
/** A shard with all kinds of records and pages, small. @return as above. */
bool specimen_make(specimen *out);
void specimen_free(specimen *self);

/** Damage a copy of the good bytes: flips, overwrites, swaps, splices, and
 * wild numbers where LMDB keeps its own. */
void specimen_damage(specimen *self, uint64_t *random);

/** Make length and digest in the trailer right again. */
void specimen_repair(specimen *self);

/** Open @p size of the damaged bytes as a shard, and read all of it.
 *
 * @param repaired The digest has been made right: it may be opened.
 * @return NULL: refused with a reason, or every answer agrees; else what is
 *         wrong. */
const char *specimen_open(specimen *self, size_t size, bool repaired);

/** Set the trailer of @p size bytes that end with it. */
void set_trailer(uint8_t *shard, size_t size);

#endif
