/* build_plan.h: which modules a build wraps, as CMake tells it.
 *
 * In a build tree nothing says who owns what: there is no RECORD yet, other
 * projects write into the same directory, and libraries are not linked. So
 * the modules are listed in a file, one a line, words set apart by blanks:
 *
 *     # a comment
 *     init SHARD
 *     module NAME SHARD LIBRARY [WORD]...
 *
 * `init` (at most once) names the shard that goes with the package's own
 * __init__.py; a project that only adds modules has none. LIBRARY is the
 * file name of the module's library, wherever that will be. What words may
 * follow it, and what they mean, is a matter of the package's profile. */
#ifndef LZI_BUILD_PLAN_H
#define LZI_BUILD_PLAN_H

#include "base/string_list.h"

typedef struct {
    const char *module, *shard, *library;
    lzi_strings words;
} lzi_planned_module;

typedef struct {
    const char *init; /* shard; NULL: none */
    struct {
        lzi_planned_module *items;
        size_t count, capacity;
    } modules; /* as listed; no module twice */
} lzi_build_plan;

#endif
