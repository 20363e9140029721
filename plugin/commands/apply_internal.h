/* apply_internal.h: what the files of apply, revert, status and wheel share.
 *
 * LazyIndex in a package directory:
 *
 *     __init__.py                     short; hands over to _lazyindex
 *     _lazyindex/_lazyindex.abi3.so   extension
 *     _lazyindex/_lazyindex_stock.py  what is rarely needed of the start-up
 *     _lazyindex/<distribution>.lzi   shards
 *     _lazyindex/stock_init.py        the package's own __init__.py: the same
 *                                     inode where possible, so that its byte
 *                                     code, moved along, stays valid; where
 *                                     that is a symbolic link, the link
 *     _lazyindex/.new/                files being prepared
 *
 * apply prepares everything in .new, then moves it into place: _lazyindex,
 * the RECORDs, __init__.py last. revert goes the other way round. Either can
 * be interrupted anywhere: the package imports, and running either one again
 * finishes the job.
 *
 * Memory: strings live in the target's arena. */
#ifndef LZI_APPLY_INTERNAL_H
#define LZI_APPLY_INTERNAL_H

#include "base/file_io.h"
#include "archive/record_file.h"
#include "base/our_files.h"

#include <sys/stat.h>

/** A package directory that a command works on. */
typedef struct {
    lzi_arena *arena;
    lzi_diag diag;
    const char *given;     /* as the user wrote it */
    const char *directory; /* without slashes at its end */
    const char *package;   /* its last component */
    const char *site;      /* the directory that holds it */
    const char *init;      /* <directory>/__init__.py */
    const char *cache;     /* <directory>/__pycache__ */
    const char *own;       /* <directory>/_lazyindex */
    const char *own_cache; /* <own>/__pycache__ */
    const char *stock;     /* <own>/stock_init.py */
    const char *stage;     /* <own>/.new */
    struct stat status;    /* of the directory */
    int lock;              /* descriptor of the directory; -1: none */
    bool changed;          /* what was there is being changed */
} lzi_target;

/* -- apply.c ---------------------------------------------------------------
 */

/** Apply to a package. What goes wrong is reported.
 *
 * @param[in] runtime As for lzi_command_apply().
 * @return false: it was the scan that found something wrong. */
bool lzi_apply_package(lzi_target *target, const char *runtime);

/* -- apply_target.c: the package directory and single files --------------- */

/** Check the directory; with @p lock, wait until no other process changes
 * it. @return false: reported. */
bool lzi_target_open(lzi_target *target, const char *directory, bool lock);

/** @return exit code of the command. */
int lzi_target_close(lzi_target *target);

/** "<directory>/<name>" */
const char *lzi_target_path(const lzi_target *target, const char *directory,
                            const char *name);

/** Report "cannot <verb> '<path>': <errno>". @return false. */
bool lzi_target_fail(lzi_target *target, const char *verb, const char *path);

typedef enum {
    LZI_FILE_ABSENT,
    LZI_FILE_PRESENT,
    LZI_FILE_BAD /**< Of another kind, or a link; reported. */
} lzi_presence;

/** Whether there is a file of kind S_IFREG or S_IFDIR, and no link: what is
 * written through one would be elsewhere. */
lzi_presence lzi_target_presence(lzi_target *target, const char *path,
                                 mode_t kind);

/** The same of a regular file that is read, moved and replaced, but never
 * written: an absolute link to one will do. uv makes such links, into its
 * cache. */
lzi_presence lzi_target_presence_or_link(lzi_target *target, const char *path);

typedef enum {
    LZI_INIT_ABSENT,
    LZI_INIT_STOCK, /**< The package's own. */
    LZI_INIT_OURS,  /**< Written by this or another LazyIndex. */
    LZI_INIT_BAD    /**< Reported. */
} lzi_init_kind;

/** What a package's __init__.py is; @p path names it, or where it went. */
lzi_init_kind lzi_target_init_kind(lzi_target *target, const char *path);

/** The short __init__.py for a package whose own one is the file @p stock;
 * NULL, or a file that is gone: one that says nothing. For readers of source,
 * it has a __getattr__ where the package's own one has.
 *
 * @return In the arena or static; NULL: reported. */
lzi_slice lzi_target_package_init(lzi_target *target, const char *stock);

/** Report that the directory is not one of an installed package. */
void lzi_target_no_package(lzi_target *target);

/** Whether two files, or what links lead to, hold the same bytes; false also
 * if one is missing. */
bool lzi_target_same(lzi_target *target, const char *a, const char *b);

/** Names in a directory that begin and end so; none where it is missing. */
bool lzi_target_list(lzi_target *target, lzi_strings *out,
                     const char *directory, const char *prefix,
                     const char *suffix);

/** Move a file, or a link, to where there is a file, a link, or nothing. */
bool lzi_target_rename(lzi_target *target, const char *from, const char *to);
/** Missing files are fine. */
bool lzi_target_unlink(lzi_target *target, const char *path);
/** Unlink what lzi_target_list() finds. */
bool lzi_target_unlink_all(lzi_target *target, const char *directory,
                           const char *prefix, const char *suffix);
/** Directory like the package's own; an existing one is fine. */
bool lzi_target_mkdir(lzi_target *target, const char *path);
/** Remove a directory if it is one, and empty. @return whether it is gone. */
bool lzi_target_rmdir(lzi_target *target, const char *path);
bool lzi_target_sync(lzi_target *target, const char *directory);

/** Start the preparation: an empty .new. */
bool lzi_stage_open(lzi_target *target);
bool lzi_stage_write(lzi_target *target, const char *name, lzi_slice data,
                     const struct stat *like);
/** Give what was prepared, and names end so, the owner and the permissions of
 * @p like. */
bool lzi_stage_adopt(lzi_target *target, const char *suffix,
                     const struct stat *like);
/** A second name for a file, or for a symbolic link; a copy where the file
 * system or its rules have no hard links. */
bool lzi_stage_link(lzi_target *target, const char *from, const char *name);
/** End it: .new is gone, and so are _lazyindex and its __pycache__ if there
 * is nothing in them. */
bool lzi_stage_close(lzi_target *target);

/* -- apply_records.c: the RECORDs beside the package ---------------------- */

/** A RECORD that has to change. */
typedef struct {
    const char *path;
    const char *name;      /* "pkg_core-6.0" */
    const char *differing; /* first path that is not listed as it should be */
    const char *staged;    /* in .new; NULL: not prepared */
    lzi_slice text;
    struct stat status;
} lzi_record_plan;

typedef struct {
    lzi_record_plan *items;
    size_t count, capacity;
} lzi_record_plans;

/** Find out how the RECORDs have to change.
 *
 * @param[in] files Directory with the shards and the runtime; NULL: LazyIndex
 *                  is to go.
 * @param[in] stock The package's own __init__.py; NULL: it is gone.
 * @param[in] init  What stands in its place. */
bool lzi_records_plan(lzi_target *target, lzi_record_plans *plans,
                      const char *files, const char *stock, lzi_slice init);
bool lzi_records_stage(lzi_target *target, lzi_record_plans *plans);
bool lzi_records_commit(lzi_target *target, const lzi_record_plans *plans);

#endif
