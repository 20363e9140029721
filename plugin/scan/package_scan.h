/* package_scan.h: a package directory -> model. */
#ifndef LZI_PACKAGE_SCAN_H
#define LZI_PACKAGE_SCAN_H

#include "model.h"

/** Scan a package.
 *
 * Nothing is executed. Reports every problem through @p diag; the model is
 * complete only if it returns true. The stock __init__.py is read from where
 * it is (lzi_input_path()).
 *
 * @param[in] directory Borrowed; must outlive the model.
 * @param[in] plan What a build tree will install: no directory is searched
 *     for modules, libraries need not be there, and the plan's shards take the
 *     place of distributions. Borrowed; must outlive the model. NULL: the
 *     package is installed. */
bool lzi_scan(lzi_model *model, lzi_arena *arena, const char *directory,
              const lzi_build_plan *plan, lzi_diag *diag);

#endif
