/* distributions.h: which installed distribution owns which file.
 *
 * Read from the RECORD and METADATA of every *.dist-info directory beside
 * the package (the "Recording installed projects" specification).
 *
 * Memory: everything lives in the arena given. */
#ifndef LZI_DISTRIBUTIONS_H
#define LZI_DISTRIBUTIONS_H

#include "package_model.h"
#include "base/string_map.h"

typedef struct {
    lzi_arena *arena;
    struct {
        lzi_distribution *items;
        size_t count, capacity;
    } all;                /* as found */
    lzi_string_map owner; /* path from the package directory -> all */
    size_t *kept;         /* all -> model's distributions, or LZI_NONE */
} lzi_owners;

/** Read every RECORD in @p site, the directory the package is in.
 *
 * Paths that are absolute or have a `..` are ignored, and so are files
 * outside the package except modules beside it ("../itkConfig.py").
 * @return false: reported. */
bool lzi_owners_read(lzi_owners *out, lzi_arena *arena, const char *site,
                     const char *package, lzi_diag *diag);

/** Read one RECORD; @p distribution becomes the owner of its files that have
 * none yet. */
void lzi_owners_add(lzi_owners *owners, size_t distribution,
                    const char *package, const char *data, size_t size);

/** Fill the model's distributions with those that own a module's
 * Configuration table or the package's __init__.py, and set the owner of
 * each module and of __init__.py.
 *
 * Where __init__.py has none, that is a distribution named like the package;
 * modules without one belong to it. */
void lzi_owners_assign(lzi_owners *owners, lzi_model *model);

/** @param[in] path From the package directory.
 * @param[in] fallback Given back where no distribution of the model owns it.
 * @return index into the model's distributions. */
size_t lzi_owner_of(const lzi_owners *owners, const char *path,
                    size_t fallback);

#endif
