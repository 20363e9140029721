/* plan_read.h: the list of modules of a build (build_plan.h), read. */
#ifndef LZI_PLAN_READ_H
#define LZI_PLAN_READ_H

#include "base/arena.h"
#include "base/diag.h"
#include "build_plan.h"

/** Read a list of modules.
 *
 * @param arena Everything in @p out lives in it.
 * @return false: reported. */
bool lzi_build_plan_read(lzi_build_plan *out, lzi_arena *arena,
                         const char *path, lzi_diag *diag);

#endif
