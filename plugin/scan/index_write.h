/* index_write.h: model -> shards. The only code that writes an index. */
#ifndef LZI_INDEX_WRITE_H
#define LZI_INDEX_WRITE_H

#include "package_model.h"

/** Write the shard of one distribution: sorted, compacted, with trailer, to
 * a temporary file beside @p path that is synced and renamed over it.
 *
 * Identical models give identical bytes.
 * @return whether it was written; a failure is reported and leaves nothing
 *         behind. */
bool lzi_shard_write(const lzi_model *model, size_t distribution,
                     const char *path, lzi_diag *diag);

/** Write the shards of all distributions that own modules (or the package's
 * __init__) as <out>/<distribution>.lzi; creates @p out where missing. */
bool lzi_shards_write(const lzi_model *model, const char *out, lzi_diag *diag);

#endif
