/* itk_scan.h: what the files of the scan share.
 *
 * A scan goes from the tables (itk_scan.c, or itk_plan.c for a build tree) to
 * the aggregators and units (itk_proxies.c). */
#ifndef LZI_ITK_SCAN_H
#define LZI_ITK_SCAN_H

#include "itk_model.h"
#include "swig_proxy.h"

typedef struct {
    lzi_itk_model *itk;
    lzi_model *model;
    lzi_diag *diag;
    lzi_arena *scratch;
    lzi_file_text text;     /* of the file at hand; used again and again */
    const char *current;    /* its path, for messages */
    lzi_string_map names;   /* interned, in the model's arena */
    lzi_strings files;      /* of the package directory, sorted */
    lzi_proxy *aggregators; /* of each module */
} lzi_itk_scanner;

/* -- itk_scan.c ----------------------------------------------------------- */

/** "<package directory>/<path>", until the end of the scan. */
const char *lzi_itk_path(const lzi_itk_scanner *scanner, const char *path);
/** Whether it is directly in the package directory. */
bool lzi_itk_has_file(const lzi_itk_scanner *scanner, const char *name);
/** Report that something of a module is not there. */
void lzi_itk_report_missing(lzi_itk_scanner *scanner,
                            const lzi_model_module *module, const char *file);
/** Read an input of a module into `text`. @return false: reported. */
bool lzi_itk_read(lzi_itk_scanner *scanner, const char *path,
                  const lzi_model_module *module);

/** @param[in] size Of the name, in bytes. */
lzi_model_module *lzi_itk_add_module(lzi_itk_scanner *scanner,
                                     const char *name, size_t size);
/** Path of a module's list of functions, in the model's arena. */
const char *lzi_itk_functions_path(const lzi_itk_scanner *scanner,
                                   const lzi_model_module *module);
/** Read a module's tables. */
void lzi_itk_read_tables(lzi_itk_scanner *scanner, lzi_model_module *module);
void lzi_itk_sort_modules(lzi_itk_model *itk);

/* -- itk_plan.c ----------------------------------------------------------- */

/** A module with it is installed with a start-up file that need not be in the
 * build tree. */
#define LZI_ITK_PLAN_HOOK "hook"
/** A module without it must have its list of functions: one that is written
 * too late would not be missed otherwise. */
#define LZI_ITK_PLAN_NO_FUNCTIONS "no-functions"

/** The planned modules, and by their tables those below them: what a proxy
 * returns may be a class of one of these. */
void lzi_itk_find_planned(lzi_itk_scanner *scanner);

/* -- itk_groups.c --------------------------------------------------------- */

/** Read which modules need which groups of factories out of the support layer.
 * That has to be a dictionary of literals. A package without that file has no
 * groups. */
void lzi_itk_read_groups(lzi_itk_scanner *scanner);

/* -- itk_proxies.c ----------------------------------------------------------
 */

/** Read the aggregator of a module. */
void lzi_itk_read_aggregator(lzi_itk_scanner *scanner, size_t module);
/** Then the units they list. */
void lzi_itk_read_units(lzi_itk_scanner *scanner);

#endif
