/* explain.h: what `explain` prints about a name.
 *
 * Threads: one at a time, as with stdout. */
#ifndef LZI_EXPLAIN_H
#define LZI_EXPLAIN_H

#include "base/arena.h"
#include "base/diag.h"
#include "lzi_merge.h"

typedef struct lzi_explanation {
    const lzi_index *index;
    bool applied; /* its shards are those in the package */
    lzi_arena *arena;
    lzi_diag *diag;
} lzi_explanation;

/** "<label>: <value>" */
void lzi_explain_text(const char *label, lzi_slice value);
/** "<label>: <item> <item>"; nothing if there is none. */
void lzi_explain_list(const char *label, lzi_list list);
/** The distribution and the shard that say so. */
void lzi_explain_source(const lzi_explanation *self, const lzi_reader *reader);

/** Report a record without which the index makes no sense.
 * @return false. */
bool lzi_explain_damage(lzi_explanation *self, const char *what,
                        lzi_slice name);

/** Print what a name is if the stock __init__ binds it by an import.
 * @return LZI_OK, LZI_NOT_FOUND, LZI_E_FORMAT, LZI_E_STORE. */
lzi_status lzi_explain_eager(const lzi_explanation *self, lzi_slice name);

#endif
