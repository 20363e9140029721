/* index_write.h: model -> shards. The only code that writes an index. */
#ifndef LZI_INDEX_WRITE_H
#define LZI_INDEX_WRITE_H

#include "lzi_buffer.h"
#include "model.h"
#include "shard_file.h"

/** The shard of a distribution under construction. */
typedef struct lzi_shard_writer {
    const lzi_model *model;
    size_t distribution;
    lzi_diag *diag;
    lzi_arena *arena; /* goes with the writer */
    lzi_buffer value; /* of the record that is being made */
    /* private */
    const char *path;
    lzi_shard_records records;
    bool failed;
} lzi_shard_writer;

/** Append to the value. */
void lzi_shard_put(lzi_shard_writer *shard, const char *text);
void lzi_shard_put_all(lzi_shard_writer *shard, const lzi_strings *texts);

/** Make a record of the value, and empty that. A name that is too long is
 * reported. @param[in] name Copied. */
void lzi_shard_add(lzi_shard_writer *shard, char table, const char *name);

/** Write the shard of one distribution: sorted, compacted, with trailer, to
 * a temporary file beside @p path that is synced and renamed over it.
 *
 * Identical models give identical bytes.
 * @return whether it was written; a failure is reported and leaves nothing
 *         behind. */
bool lzi_shard_write(const lzi_model *model, size_t distribution,
                     const char *path, lzi_diag *diag);

/** Write the shards of all distributions that have modules (or the package's
 * __init__) as <out>/<distribution>.lzi; creates @p out where missing. */
bool lzi_shards_write(const lzi_model *model, const char *out, lzi_diag *diag);

#endif
