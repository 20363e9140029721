/* shard_file.h: sorted records -> the file of a shard (see FORMAT.md).
 *
 * Memory: records are borrowed for the length of the call. */
#ifndef LZI_SHARD_FILE_H
#define LZI_SHARD_FILE_H

#include "base/arena.h"
#include "base/diag.h"

typedef struct {
    lzi_slice key; /* its table, then its name */
    lzi_slice value;
} lzi_shard_record;

typedef struct {
    lzi_shard_record *items;
    size_t count, capacity;
} lzi_shard_records;

/** Write an LMDB image of the records and the trailer, atomically. A file
 * that is the same already keeps its time.
 *
 * @param records Sorted by key, no key twice.
 * @return false: reported; an older file at @p path is as it was. */
bool lzi_shard_file_write(const lzi_shard_records *records, const char *path,
                          lzi_diag *diag);

#endif
