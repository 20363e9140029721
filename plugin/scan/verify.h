/* verify.h: the check of a shard against the package that it describes.
 *
 * Threads: one at a time. */
#ifndef LZI_VERIFY_H
#define LZI_VERIFY_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/file_io.h"
#include "base/progress.h"
#include "lzi_merge.h"

typedef struct lzi_verification {
    const lzi_reader *reader;
    const lzi_index *index; /* NULL: the shard stands for itself */
    const char *directory;  /* of the package; NULL likewise */
    lzi_arena *arena;       /* what one record needs is freed with it */
    lzi_file_text text;     /* of the file that is being checked */
    lzi_diag *diag;
    lzi_progress progress;
    unsigned problems;
} lzi_verification;

/** For "%.*s". */
#define LZI_SLICE_ARGS(slice) (int)(slice).size, (slice).data

/** Check every record of a shard, and the package where there is one.
 *
 * @param[in] index The shards of the package, this one among them.
 * @return false: reported. */
bool lzi_verify_shard(const lzi_reader *reader, const lzi_index *index,
                      const char *directory, lzi_diag *diag);

/* -- For the checks of a profile's tables --------------------------------- */

/** Report something wrong with the shard. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void
lzi_verify_problem(lzi_verification *self, const char *format, ...);

/** Check that the filter lets a public name pass. */
void lzi_verify_filter(lzi_verification *self, lzi_slice name);

/** "<package directory>/<name><suffix>", in the arena. */
const char *lzi_verify_path(const lzi_verification *self, lzi_slice name,
                            const char *suffix);
bool lzi_verify_is_file(const char *path);

/** Whether some shard of the package has a record; unknown, which is fine, for
 * a shard that stands for itself. */
bool lzi_verify_is_known(const lzi_verification *self, char table,
                         lzi_slice name);

bool lzi_verify_list_has(lzi_list list, lzi_slice wanted);
/** Sorted by bytes, each item once. */
bool lzi_verify_is_sorted(lzi_list list);

/** A visitor that counts; context: size_t. */
lzi_visit lzi_verify_count;

/** The check of a table that has one record, without a name. */
lzi_visit lzi_verify_single;

#endif
