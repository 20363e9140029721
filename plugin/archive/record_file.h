/* record_file.h: the RECORD of an installed distribution, rewritten.
 *
 * RECORD is the CSV list of a distribution's files ("path,sha256=...,size").
 * While LazyIndex is applied, the line of the package's own __init__.py (and
 * those of its byte code) stand, renamed, for _lazyindex/stock_init.py: that
 * is the same file. So the RECORD itself remembers what it was, and what
 * others change in it meanwhile survives.
 *
 * Threads: no shared state.
 * Memory:  results live in the arena that is passed. */
#ifndef LZI_RECORD_FILE_H
#define LZI_RECORD_FILE_H

#include "base/arena.h"

#include <stdbool.h>

/** What a RECORD says of a file. */
typedef struct {
    const char *path; /* from the directory of the .dist-info: "pkg/x.py" */
    const char *hash; /* "sha256=..." */
    uint64_t size;    /* bytes */
} lzi_record_entry;

/** What is installed for LazyIndex, as far as a RECORD is concerned. */
typedef struct {
    const char *package;    /* "pkg" */
    bool applied;           /* false: LazyIndex is to go from the RECORD */
    lzi_record_entry stock; /* the package's own __init__, as
                               "<package>/__init__.py"; path NULL where that
                               is gone */
    lzi_record_entry init;  /* what stands in its place, under the same path */
    const lzi_record_entry *common; /* other files for the RECORD that has the
                                       package's __init__.py */
    size_t common_count;
} lzi_record_wanted;

/** "sha256=" and the digest in RECORD's base64. */
const char *lzi_record_hash(lzi_arena *arena, lzi_slice data);
/** The same, of a digest of 32 bytes. */
const char *lzi_record_digest(lzi_arena *arena, const uint8_t *digest);

/** The size of a file of which a RECORD does not tell it. */
#define LZI_RECORD_NO_SIZE UINT64_MAX

typedef struct {
    lzi_record_entry *items; /* hash "" where the RECORD has none */
    size_t count, capacity;
} lzi_record_entries;

/** Read a RECORD as pip would: its lines in order, paths without quotes.
 *
 * @param[out] line Where it is wrong; from 1.
 * @return false: a line is not "path,hash,size". */
bool lzi_record_read(lzi_record_entries *out, lzi_arena *arena,
                     lzi_slice record, size_t *line);

/** A RECORD in which the line of entry->path, if there is one, tells what
 * @p entry does. @return In the arena, NUL-terminated. */
lzi_slice lzi_record_update(lzi_arena *arena, lzi_slice record,
                            const lzi_record_entry *entry);

/** A RECORD as it should be: without any line of LazyIndex's that is not
 * wanted, with all that are. Doing it again changes nothing, and wanting
 * nothing gives back what was there before, byte for byte.
 *
 * @param[in] shards  Files for this RECORD alone.
 * @return In the arena, NUL-terminated; the line ends are those of @p record.
 */
lzi_slice lzi_record_rewrite(lzi_arena *arena, lzi_slice record,
                             const lzi_record_wanted *wanted,
                             const lzi_record_entry *shards, size_t count);

#endif
