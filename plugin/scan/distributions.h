/* distributions.h: which distribution installed which file of a package.
 *
 * Read from the RECORD and METADATA of every *.dist-info directory beside
 * the package (the "Recording installed projects" specification).
 *
 * Memory: everything lives in the arena given. */
#ifndef LZI_DISTRIBUTIONS_H
#define LZI_DISTRIBUTIONS_H

#include "model.h"
#include "base/string_map.h"

typedef struct {
    lzi_arena *arena;
    struct {
        lzi_distribution *items;
        size_t count, capacity;
    } all;                /* as found */
    lzi_string_map files; /* path from the package directory -> all */
    size_t *kept;         /* all -> model's distributions, or LZI_NONE */
} lzi_installed;

/** Read every RECORD in @p site, the directory the package is in.
 *
 * Paths that are absolute or have a `..` are ignored, and so are files
 * outside the package except modules beside it ("../settings.py").
 * @return false: reported. */
bool lzi_installed_read(lzi_installed *out, lzi_arena *arena, const char *site,
                        const char *package, lzi_diag *diag);

/** Read one RECORD: @p distribution installed those of its files that no
 * other has yet. */
void lzi_installed_add(lzi_installed *installed, size_t distribution,
                       const char *package, const char *data, size_t size);

/** Fill the model's distributions with those that installed one of the files
 * or the package's __init__.py, and find that of __init__.py.
 *
 * Where __init__.py has none, that is a distribution named like the package;
 * files without one belong to it.
 *
 * @param[in] paths From the package directory: a file of each module.
 * @param[out] out The distribution of each path. */
void lzi_installed_assign(lzi_installed *installed, lzi_model *model,
                          const lzi_strings *paths, size_t *out);

/** @param[in] path From the package directory.
 * @param[in] fallback Given back where no distribution of the model installed
 *     it.
 * @return index into the model's distributions. */
size_t lzi_distribution_of(const lzi_installed *installed, const char *path,
                           size_t fallback);

#endif
