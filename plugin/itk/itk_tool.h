/* itk_tool.h: the profile "itk": packages of ITK's Python wrapping.
 *
 * Its files give these functions to the table in itk_tool.c; scan.h says
 * what they do. */
#ifndef LZI_ITK_TOOL_H
#define LZI_ITK_TOOL_H

#include "lzi_itk_index.h"
#include "scan/scan.h"

extern const lzi_profile lzi_itk_profile;

bool lzi_itk_list_modules(lzi_strings *out, lzi_arena *arena,
                          const char *directory, lzi_diag *diag);

/* -- itk_scan.c ----------------------------------------------------------- */

void lzi_itk_scan(lzi_model *model, lzi_installed *installed, lzi_diag *diag);

/* -- itk_write.c ---------------------------------------------------------- */

void lzi_itk_modules_of(lzi_strings *modules, lzi_strings *startups,
                        lzi_arena *arena, const lzi_model *model,
                        size_t distribution);
void lzi_itk_write(lzi_shard_writer *shard);

/* -- itk_dump.c ----------------------------------------------------------- */

lzi_visit lzi_itk_dump_groups;
lzi_visit lzi_itk_dump_module;
lzi_visit lzi_itk_dump_name;
lzi_visit lzi_itk_dump_ranges;
lzi_visit lzi_itk_dump_tuples;
lzi_visit lzi_itk_dump_unit;

/* -- itk_verify.c, verify_module.c ---------------------------------------- */

void lzi_itk_check_meta(lzi_verification *self);
lzi_visit lzi_itk_check_groups;
lzi_visit lzi_itk_check_module;
lzi_visit lzi_itk_check_name;
lzi_visit lzi_itk_check_ranges;
lzi_visit lzi_itk_check_tuples;
lzi_visit lzi_itk_check_unit;

/* -- itk_explain.c -------------------------------------------------------- */

lzi_status lzi_itk_explain(lzi_explanation *self, lzi_slice name);
bool lzi_itk_is_public(const lzi_index *index, lzi_slice name);

#endif
