#include "itk_tool.h"

#include "itk_parts.h"

#include "lzi_itk_names.h"
#include "itk_scan.h"
#include "unit_closures.h"

#include <string.h>

static bool
recognises(const char *directory, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    bool there =
        lzi_file_exists(lzi_itk_table_directory(scratch, directory), diag);
    lzi_arena_free(scratch);
    return there;
}

/* "itk" of "itk/Configuration/ITKCommonConfig.py" */
static const char *
package_of(lzi_arena *arena, const char *path)
{
    static const char middle[] = "/" LZI_ITK_TABLE_DIRECTORY "/";
    size_t size = strcspn(path, "/");
    return lzi_has_prefix(path + size, middle) &&
                   strlen(path) > size + LZI_ITK_SIZE(middle) +
                                      LZI_ITK_SIZE(LZI_ITK_TABLE_SUFFIX) &&
                   lzi_has_suffix(path, LZI_ITK_TABLE_SUFFIX)
               ? lzi_arena_copy(arena, path, size)
               : NULL;
}

static const char *const plan_words[] = {LZI_ITK_PLAN_HOOK,
                                         LZI_ITK_PLAN_NO_FUNCTIONS, NULL};

static const lzi_profile_table tables[] = {
    {LZI_TABLE_CONTENTS, "contents", false, lzi_itk_dump_contents,
     lzi_verify_single},
    {LZI_TABLE_GROUP, "groups", false, lzi_itk_dump_groups,
     lzi_itk_check_groups},
    {LZI_TABLE_MODULE, "modules", false, lzi_itk_dump_module,
     lzi_itk_check_module},
    {LZI_TABLE_NAME, "names", false, lzi_itk_dump_name, lzi_itk_check_name},
    {LZI_TABLE_SWIG, "swig_names", false, lzi_itk_dump_swig_name,
     lzi_itk_check_swig_name},
    {LZI_TABLE_TUPLE, "tuples", false, lzi_itk_dump_tuples,
     lzi_itk_check_tuples},
    {LZI_TABLE_UNIT, "units", true, lzi_itk_dump_unit, lzi_itk_check_unit},
    {0},
};

/* As a name is looked up. */
static const char name_tables[] = {LZI_TABLE_NAME, LZI_TABLE_EAGER,
                                   LZI_TABLE_MODULE, '\0'};

const lzi_profile lzi_itk_profile = {
    .name = LZI_ITK_PROFILE,
    .mark = LZI_ITK_TABLE_DIRECTORY " tables",
    .plan_words = plan_words,
    .recognises = recognises,
    .package_of = package_of,
    .list_modules = lzi_itk_list_modules,
    .scan = lzi_itk_scan,
    .has_modules = lzi_itk_has_modules,
    .write = lzi_itk_write,
    .tables = tables,
    .modules_in = lzi_itk_modules_in,
    .check_shard = lzi_itk_check_shard,
    .explain = lzi_itk_explain,
    .name_tables = name_tables,
    .is_public = lzi_itk_is_public,
    .list_units = lzi_print_closures,
};
