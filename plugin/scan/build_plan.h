/* build_plan.h: which modules a build wraps, as CMake tells it.
 *
 * In a build tree nothing says who owns what: there is no RECORD yet, other
 * projects write into the same directory, and libraries are not linked. So
 * the modules are listed in a file, one a line, words set apart by blanks:
 *
 *     # a comment
 *     init SHARD
 *     module NAME SHARD LIBRARY [hook] [no-functions]
 *
 * `init` (at most once) names the shard that goes with the package's own
 * __init__.py; a project that only adds modules has none. LIBRARY is the
 * file name of the module's library, wherever that will be. A module without
 * `no-functions` must have its NAME_snake_case.py: one that is written too
 * late would not be missed otherwise. `hook`: it is installed with an
 * __init_<name>__.py that need not be in the build tree. */
#ifndef LZI_BUILD_PLAN_H
#define LZI_BUILD_PLAN_H

#include "base/arena.h"
#include "base/diag.h"

typedef struct {
    const char *module, *shard, *library;
    bool hook, no_functions;
} lzi_planned_module;

typedef struct {
    const char *init; /* shard; NULL: none */
    struct {
        lzi_planned_module *items;
        size_t count, capacity;
    } modules; /* as listed; no module twice */
} lzi_build_plan;

/** Read a list of modules.
 *
 * @param arena Everything in @p out lives in it.
 * @return false: reported. */
bool lzi_build_plan_read(lzi_build_plan *out, lzi_arena *arena,
                         const char *path, lzi_diag *diag);

#endif
