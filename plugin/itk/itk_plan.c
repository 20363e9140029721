#include "itk_scan.h"

#include "lzi_itk_names.h"

#include <string.h>
#include <unistd.h>

static void
add_planned(lzi_itk_scanner *self)
{
    const lzi_build_plan *plan = self->model->plan;
    for (size_t i = 0; i < plan->modules.count; i++) {
        const lzi_planned_module *planned = &plan->modules.items[i];
        lzi_model_module *module =
            lzi_itk_add_module(self, planned->module, strlen(planned->module));
        module->library = planned->library;
        module->has_startup =
            lzi_strings_have(&planned->words, LZI_ITK_PLAN_HOOK);
        module->distribution =
            lzi_model_find_distribution(self->model, planned->shard);
    }
}

static bool
is_there(lzi_itk_scanner *self, const char *path)
{
    return access(lzi_itk_path(self, path), F_OK) == 0;
}

static bool
is_listed(const lzi_itk_model *itk, const char *name)
{
    for (size_t i = 0; i < itk->modules.count; i++) {
        if (strcmp(itk->modules.items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Adding moves the modules: @p depends is a copy. */
static void
add_depends(lzi_itk_scanner *self, lzi_strings depends)
{
    for (size_t i = 0; i < depends.count; i++) {
        const char *name = depends.items[i];
        if (!is_listed(self->itk, name) &&
            is_there(self, lzi_itk_table_path(self->scratch, name))) {
            lzi_itk_add_module(self, name, strlen(name))->distribution =
                LZI_NONE;
        }
    }
}

void
lzi_itk_find_planned(lzi_itk_scanner *self)
{
    const lzi_build_plan *plan = self->model->plan;
    lzi_itk_model *itk = self->itk;
    add_planned(self);
    for (size_t m = 0; m < itk->modules.count; m++) {
        lzi_model_module *module = &itk->modules.items[m];
        const char *functions = lzi_itk_functions_path(self, module);
        if (!is_there(self, module->table_path)) {
            lzi_itk_report_missing(self, module, module->table_path);
            continue;
        }
        lzi_itk_read_tables(self, module);
        if (m < plan->modules.count &&
            !lzi_strings_have(&plan->modules.items[m].words,
                              LZI_ITK_PLAN_NO_FUNCTIONS) &&
            !is_there(self, functions)) {
            lzi_itk_report_missing(self, module, functions);
        }
        add_depends(self, module->depends);
    }
    lzi_itk_sort_modules(itk);
}
