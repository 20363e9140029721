/* scan.h: what a profile gives to the tool.
 *
 * A profile is a family of packages that are made alike. The tool knows of it
 * what stands in its lzi_profile: a new one is a room of its own,
 * plugin/<profile>/, which fills in such a table, and a line in
 * plugin/known_profiles.c.
 *
 * Memory: what a function takes is borrowed; what it returns lives in the
 * arena that it is passed, that of the model where there is none. */
#ifndef LZI_SCAN_H
#define LZI_SCAN_H

#include "distributions.h"
#include "lzi_merge.h"

#include <stdio.h>

struct lzi_explanation;  /* explain.h */
struct lzi_shard_writer; /* index_write.h */
struct lzi_verification; /* verify.h */

/** A record table of the profile. Those that all profiles share are known. */
typedef struct {
    char table;       /* first byte of its keys; '\0': end of the array */
    const char *name; /* of `dump` and `stats` */
    bool slow;        /* its check reads files: `verify` counts its records */
    lzi_visit *dump;  /* emits a record; context: lzi_emitter.
                         @return LZI_E_FORMAT, with nothing emitted, if it does
                         not decode */
    lzi_visit *check; /* context: lzi_verification */
} lzi_profile_table;

typedef struct lzi_profile {
    const char *name; /* in a shard's meta record, and in messages */
    const char *mark; /* what only its packages have, in messages:
                         "it has no <mark>" */
    /** What may follow a module's library in a list of modules
     * (build_plan.h); NULL at the end. */
    const char *const *plan_words;

    /* -- Packages -- */

    /** Whether a package directory has the mark. */
    bool (*recognises)(const char *directory, lzi_diag *diag);
    /** The package that a file of a wheel is the mark of; NULL: of none.
     * @param path From the root of the wheel. */
    const char *(*package_of)(lzi_arena *arena, const char *path);
    /** The modules whose files are in a package directory, sorted: those that
     * the package would have without an index.
     * @return false: reported. */
    bool (*list_modules)(lzi_strings *out, lzi_arena *arena,
                         const char *directory, lzi_diag *diag);

    /* -- Scan and shards -- */

    /** Complete a model: set `detail`, fill eager names, inputs and
     * distributions. Where it has a plan, that tells the modules, and the
     * distributions are there. Nothing is executed.
     *
     * @param[out] installed Zero-initialised; to be read where there is no
     *     plan. Gives inputs their distributions.
     * @param[in,out] diag Every problem is reported. */
    void (*scan)(lzi_model *model, lzi_installed *installed, lzi_diag *diag);
    /** Whether a distribution has modules, and so gets a shard. */
    bool (*has_modules)(const lzi_model *model, size_t distribution);
    /** Add the profile's own records. */
    void (*write)(struct lzi_shard_writer *shard);

    /* -- What is read from shards -- */

    const lzi_profile_table *tables; /* in the order they are printed */
    /** The modules that a shard describes, sorted; borrowed from it.
     * @return LZI_OK, LZI_E_FORMAT, LZI_E_STORE. */
    lzi_status (*modules_in)(lzi_list *out, const lzi_reader *reader);
    /** Check what no record alone tells. */
    void (*check_shard)(struct lzi_verification *self);
    /** Print what a name is, with what explain.h offers.
     * @return LZI_NOT_FOUND: it is none; LZI_E_FORMAT: a record is missing or
     *     damaged, which may have been reported. */
    lzi_status (*explain)(struct lzi_explanation *self, lzi_slice name);
    /** The record tables whose keys can be public names, NUL-terminated, and
     * whether such a key is one. */
    const char *name_tables;
    bool (*is_public)(const lzi_index *index, lzi_slice name);
    /** Write a line for each unit: all that it needs, and itself at the end,
     * in load order, with blanks between. NULL: the profile has no units.
     * @return false: reported. */
    bool (*list_units)(FILE *out, const lzi_index *index, lzi_diag *diag);
} lzi_profile;

/** All there are; NULL at the end (known_profiles.c). */
extern const lzi_profile *const lzi_profiles[];

/** @return NULL: this tool does not know it. */
const lzi_profile *lzi_profile_named(lzi_slice name);
/** The profile of a shard. @return NULL: reported. */
const lzi_profile *lzi_profile_of(const lzi_reader *reader, lzi_diag *diag);
/** That of a package directory. @return NULL: none. */
const lzi_profile *lzi_profile_of_directory(const char *directory,
                                            lzi_diag *diag);
/** Names, or marks, of all profiles: "this", "this or that". */
const char *lzi_profile_names(lzi_arena *arena);
const char *lzi_profile_marks(lzi_arena *arena);

#endif
