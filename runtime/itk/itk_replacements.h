/* itk_replacements.h: ways to make modules of ITK's support layer, of which
 * some parts are replaced. */
#ifndef LZI_ITK_REPLACEMENTS_H
#define LZI_ITK_REPLACEMENTS_H

#include "core/loader.h"

extern const loading_way itk_templates_way; /* template_class.py */
extern const loading_way itk_helpers_way;   /* init_helpers.py */
extern const loading_way itk_base_way;      /* base.py (itk_base.c) */
/** Those that ask importlib.metadata which packages there are
 * (itk_metadata.c). */
extern const loading_way itk_metadata_way;

#endif
