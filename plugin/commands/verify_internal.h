/* verify_internal.h: what the files of `verify` share.
 *
 * Threads: one at a time. */
#ifndef LZI_VERIFY_INTERNAL_H
#define LZI_VERIFY_INTERNAL_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/file_io.h"
#include "lzi_itk_index.h"
#include "base/progress.h"

/* A broken package has thousands; the first few tell the story. */
enum { PROBLEMS_SHOWN = 20 };

typedef struct {
    const lzi_reader *reader;
    const lzi_index *index; /* NULL: the shard stands for itself */
    const char *directory;  /* of the package; NULL likewise */
    lzi_arena *arena;       /* what one unit needs is freed with it */
    lzi_file_text text;     /* of the file that is being checked */
    lzi_diag *diag;
    lzi_progress progress;
    unsigned problems;
} lzi_verification;

/** For "%.*s". */
#define SLICE(slice) (int)(slice).size, (slice).data

/** Report something wrong with the shard. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void
lzi_verify_problem(lzi_verification *self, const char *format, ...);

/** "<package directory>/<name><suffix>", in the arena. */
const char *lzi_verify_path(const lzi_verification *self, lzi_slice name,
                            const char *suffix);
bool lzi_verify_is_file(const char *path);

/** Check that the proxy of a unit exists and defines what the records of the
 * unit and its module say (verify_proxy.c). Needs `directory`.
 * @param is_body It is the aggregator of its module. */
void lzi_verify_proxy(lzi_verification *self, lzi_slice name,
                      const lzi_unit *unit, const lzi_module *module,
                      bool is_body);

#endif
