#include "itk_model.h"

#include "lzi_itk_names.h"

#include <ctype.h>
#include <string.h>

size_t
lzi_itk_find_module(const lzi_itk_model *itk, const char *name)
{
    return lzi_find_name(itk->modules.items, itk->modules.count,
                         sizeof(*itk->modules.items), name);
}

size_t
lzi_itk_find_unit(const lzi_itk_model *itk, const char *name)
{
    return lzi_find_name(itk->units.items, itk->units.count,
                         sizeof(*itk->units.items), name);
}

const char *
lzi_itk_advice(const lzi_itk_model *itk, const lzi_model_module *module)
{
    const lzi_model *model = itk->model;
    if (model->plan == NULL) {
        return lzi_arena_format(
            model->arena, "install %s again",
            model->distributions.items[module->distribution].name);
    }
    return lzi_arena_format(model->arena,
                            module->distribution == LZI_NONE
                                ? "build the project of module %s first"
                                : "name the target that writes it in "
                                  "lazyindex_add_module(%s DEPENDS)",
                            module->name);
}

const char *
lzi_itk_table_path(lzi_arena *arena, const char *module)
{
    return lzi_arena_format(
        arena, LZI_ITK_TABLE_DIRECTORY "/%s" LZI_ITK_TABLE_SUFFIX, module);
}

const char *
lzi_itk_startup_file(lzi_arena *arena, lzi_slice module)
{
    char *name =
        lzi_arena_format(arena, LZI_ITK_HOOK_PREFIX "%.*s" LZI_ITK_HOOK_SUFFIX,
                         (int)module.size, module.data);
    for (char *at = name; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    return name;
}

const char *
lzi_itk_table_directory(lzi_arena *arena, const char *directory)
{
    return lzi_arena_format(arena, "%s/" LZI_ITK_TABLE_DIRECTORY, directory);
}

bool
lzi_itk_list_modules(lzi_strings *out, lzi_arena *arena, const char *directory,
                     lzi_diag *diag)
{
    const char *tables = lzi_itk_table_directory(arena, directory);
    unsigned before = diag->errors;
    lzi_strings files;
    *out = (lzi_strings){0};
    if (!lzi_file_exists(tables, diag)) {
        return diag->errors == before;
    }
    if (!lzi_directory_list(&files, arena, tables, diag)) {
        return false;
    }
    for (size_t i = 0; i < files.count; i++) {
        const char *file = files.items[i];
        size_t size = strlen(file);
        if (size > LZI_ITK_SIZE(LZI_ITK_TABLE_SUFFIX) &&
            lzi_has_suffix(file, LZI_ITK_TABLE_SUFFIX)) {
            lzi_strings_add(
                arena, out,
                lzi_arena_copy(arena, file,
                               size - LZI_ITK_SIZE(LZI_ITK_TABLE_SUFFIX)));
        }
    }
    lzi_strings_sort(out);
    return true;
}
