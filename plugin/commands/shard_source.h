/* shard_source.h: where the commands get shards to read from.
 *
 * Failures are reported with the command that mends them.
 * Memory: a `directory` is borrowed; it is that of the package. */
#ifndef LZI_SHARD_SOURCE_H
#define LZI_SHARD_SOURCE_H

#include "base/arena.h"
#include "base/diag.h"
#include "lzi_merge.h"

/** The package that a shard is applied to: "DIR" for "DIR/_lazyindex/x.lzi".
 * @return In the arena; NULL: it stands for itself. */
const char *lzi_source_package_of(lzi_arena *arena, const char *file);

/** Tell how to mend what was reported about shards.
 * @param directory NULL: the shard stands for itself. */
void lzi_source_advise(lzi_diag *diag, const char *directory);

/** @return Owned by caller (lzi_reader_close()); NULL: reported. */
lzi_reader *lzi_source_open_file(const char *file, lzi_diag *diag);

/** Open the shards that are applied to a package.
 * @return Owned by caller (lzi_index_close()); NULL: reported. */
lzi_index *lzi_source_open_applied(const char *directory, lzi_diag *diag);

/** Whether shards are applied to a package. */
bool lzi_source_is_applied(const char *directory);

/** Open what `apply` would put there now: scans the package, and leaves no
 * file behind.
 * @return Owned by caller (lzi_index_close()); NULL: reported. */
lzi_index *lzi_source_open_fresh(const char *directory, lzi_diag *diag);

#endif
