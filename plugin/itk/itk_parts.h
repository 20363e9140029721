/* itk_parts.h: what the files of this room give to the table of the profile
 * (itk_tool.c); scan.h says what each of them does. */
#ifndef LZI_ITK_PARTS_H
#define LZI_ITK_PARTS_H

#include "lzi_itk_index.h"
#include "scan/explain.h"
#include "scan/index_write.h"
#include "scan/scan.h"
#include "scan/verify.h"

/* -- itk_scan.c ----------------------------------------------------------- */

void lzi_itk_scan(lzi_model *model, lzi_installed *installed, lzi_diag *diag);

/* -- itk_write.c ---------------------------------------------------------- */

bool lzi_itk_has_modules(const lzi_model *model, size_t distribution);
void lzi_itk_write(lzi_shard_writer *shard);

/* -- itk_dump.c ----------------------------------------------------------- */

lzi_visit lzi_itk_dump_contents;
lzi_visit lzi_itk_dump_groups;
lzi_visit lzi_itk_dump_swig_name;
lzi_visit lzi_itk_dump_module;
lzi_visit lzi_itk_dump_name;
lzi_visit lzi_itk_dump_tuples;
lzi_visit lzi_itk_dump_unit;

/* -- itk_verify.c, verify_module.c ---------------------------------------- */

lzi_status lzi_itk_modules_in(lzi_list *out, const lzi_reader *reader);
void lzi_itk_check_shard(lzi_verification *self);
lzi_visit lzi_itk_check_groups;
lzi_visit lzi_itk_check_swig_name;
lzi_visit lzi_itk_check_module;
lzi_visit lzi_itk_check_name;
lzi_visit lzi_itk_check_tuples;
lzi_visit lzi_itk_check_unit;

/* -- itk_explain.c -------------------------------------------------------- */

lzi_status lzi_itk_explain(lzi_explanation *self, lzi_slice name);
bool lzi_itk_is_public(const lzi_index *index, lzi_slice name);

#endif
