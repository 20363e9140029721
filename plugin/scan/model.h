/* model.h: what a scan found in a package, as far as all profiles have it.
 *
 * Plain data in an arena: filled by scan.h and by the package's profile, read
 * by the commands and by index_write.h. */
#ifndef LZI_MODEL_H
#define LZI_MODEL_H

#include "base/arena.h"
#include "build_plan.h"
#include "base/diag.h"
#include "base/file_io.h"
#include "base/string_list.h"

struct lzi_profile;

/** A name that the stock __init__ binds by importing it. */
typedef struct {
    const char *name, *module, *attribute; /* attribute "": the module */
} lzi_model_eager;

/** A file that was read; paths are relative to the package directory. */
typedef struct {
    const char *path;
    uint64_t size, hash; /* bytes; XXH3-64 */
    size_t distribution;
} lzi_model_input;

typedef struct {
    const char *name; /* as in METADATA: "pkg-core" */
    const char *version;
    const char *record; /* path of RECORD; NULL where there is none */
} lzi_distribution;

typedef struct {
    lzi_arena *arena;
    const struct lzi_profile *profile;
    const char *directory;      /* of the package, as given */
    const char *package;        /* last component: "pkg" */
    const lzi_build_plan *plan; /* NULL: the package is installed */
    struct {
        lzi_model_eager *items;
        size_t count, capacity;
    } eager; /* sorted by name */
    struct {
        lzi_model_input *items;
        size_t count, capacity;
    } inputs; /* sorted by path */
    struct {
        lzi_distribution *items;
        size_t count, capacity;
    } distributions; /* sorted by name; at least one. Of a plan: its shards */
    size_t init_distribution; /* installs <package>/__init__.py; LZI_NONE: none
                                 of the plan's does */
    void *detail;             /* what only the profile knows */
} lzi_model;

/** @return index, or LZI_NONE. */
size_t lzi_model_find_distribution(const lzi_model *model, const char *name);

/** @return Path of a file of the package, in @p arena, as it is to be opened:
 * the stock __init__.py stands elsewhere once LazyIndex is applied. */
const char *lzi_input_path(lzi_arena *arena, const char *directory,
                           const char *path, lzi_diag *diag);

/** Read a file and record it as an input.
 *
 * @param[in,out] text Zero-initialised or used before (file_io.h).
 * @param[in] path From the package directory.
 * @param[in] distribution Whose it is if no RECORD tells.
 * @return false: reported. */
bool lzi_model_read(lzi_model *model, lzi_file_text *text, const char *path,
                    size_t distribution, lzi_diag *diag);

/** Whether all inputs are still what was read. In a build, another step may
 * have written one meanwhile: the model would describe what never was.
 * @return false: reported. */
bool lzi_model_check_inputs(const lzi_model *model, lzi_diag *diag);

#endif
