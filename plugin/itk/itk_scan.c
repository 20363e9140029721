#include "itk_scan.h"

#include "itk_tables.h"
#include "lzi_itk_names.h"
#include "itk_parts.h"
#include "module_body.h"
#include "python/py_lexer.h"
#include "resolve_units.h"
#include "scan/init_names.h"
#include "soft_edges.h"

#include <stdlib.h>
#include <string.h>

/* -- Files ---------------------------------------------------------------- */

const char *
lzi_itk_path(const lzi_itk_scanner *self, const char *path)
{
    return lzi_arena_format(self->scratch, "%s/%s", self->model->directory,
                            path);
}

bool
lzi_itk_has_file(const lzi_itk_scanner *self, const char *name)
{
    return lzi_find_name(self->files.items, self->files.count, sizeof(char *),
                         name) != LZI_NONE;
}

void
lzi_itk_report_missing(lzi_itk_scanner *self, const lzi_model_module *module,
                       const char *file)
{
    lzi_diag_at(self->diag, LZI_ERROR, NULL, 0,
                "module %s of '%s' has no %s: %s", module->name,
                self->model->directory, file,
                lzi_itk_advice(self->itk, module));
}

bool
lzi_itk_read(lzi_itk_scanner *self, const char *path,
             const lzi_model_module *module)
{
    self->current = lzi_itk_path(self, path);
    return lzi_model_read(self->model, &self->text, path, module->distribution,
                          self->diag);
}

/* -- Modules -------------------------------------------------------------- */

lzi_model_module *
lzi_itk_add_module(lzi_itk_scanner *self, const char *name, size_t size)
{
    lzi_arena *arena = self->model->arena;
    lzi_model_module *module = LZI_PUSH(arena, &self->itk->modules);
    module->name = lzi_arena_copy(arena, name, size);
    module->table_path = lzi_itk_table_path(arena, module->name);
    module->body_unit = LZI_NONE;
    return module;
}

void
lzi_itk_sort_modules(lzi_itk_model *itk)
{
    if (itk->modules.count > 0) {
        qsort(itk->modules.items, itk->modules.count,
              sizeof(*itk->modules.items), lzi_compare_names);
    }
}

static bool
find_modules(lzi_itk_scanner *self)
{
    lzi_strings names;
    if (!lzi_itk_list_modules(&names, self->scratch, self->model->directory,
                              self->diag)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        size_t size = strlen(name);
        if (lzi_py_name_size(name, name + size) == size) {
            lzi_itk_add_module(self, name, size);
        }
    }
    if (self->itk->modules.count == 0) {
        lzi_diag_at(
            self->diag, LZI_ERROR, NULL, 0,
            "'%s' is no installed itk package: its " LZI_ITK_TABLE_DIRECTORY
            " directory holds no table",
            self->model->directory);
        return false;
    }
    lzi_itk_sort_modules(self->itk);
    return true;
}

static void
find_distributions(lzi_itk_scanner *self, lzi_installed *installed)
{
    lzi_itk_model *itk = self->itk;
    lzi_strings tables = {0};
    size_t *found =
        lzi_arena_alloc(self->scratch, itk->modules.count * sizeof(*found));
    for (size_t i = 0; i < itk->modules.count; i++) {
        lzi_strings_add(self->scratch, &tables,
                        itk->modules.items[i].table_path);
    }
    /* A failure is reported; what was read still tells whom to name. */
    lzi_installed_read(installed, self->model->arena, lzi_itk_path(self, ".."),
                       self->model->package, self->diag);
    lzi_installed_assign(installed, self->model, &tables, found);
    for (size_t i = 0; i < itk->modules.count; i++) {
        itk->modules.items[i].distribution = found[i];
    }
}

/* The library: _<module>Python, with a suffix for extensions. */
static void
find_library(lzi_itk_scanner *self, lzi_model_module *module)
{
    const char *stem = lzi_arena_format(
        self->scratch, LZI_ITK_C_PREFIX "%s" LZI_ITK_PYTHON_SUFFIX,
        module->name);
    const char *best =
        lzi_arena_format(self->scratch, "%s" LZI_ITK_LIBRARY_SUFFIX, stem);
    const char *start = lzi_arena_format(self->scratch, "%s.", stem);
    for (size_t i = 0; i < self->files.count && !lzi_itk_has_file(self, best);
         i++) {
        const char *file = self->files.items[i];
        if (lzi_has_prefix(file, start) && lzi_has_suffix(file, ".so")) {
            best = file;
        }
    }
    if (lzi_itk_has_file(self, best)) {
        module->library =
            lzi_arena_copy(self->model->arena, best, strlen(best));
    }
    else {
        lzi_itk_report_missing(self, module, best);
    }
}

const char *
lzi_itk_functions_path(const lzi_itk_scanner *self,
                       const lzi_model_module *module)
{
    return lzi_arena_format(
        self->model->arena,
        LZI_ITK_TABLE_DIRECTORY "/%s" LZI_ITK_FUNCTIONS_SUFFIX, module->name);
}

void
lzi_itk_read_tables(lzi_itk_scanner *self, lzi_model_module *module)
{
    lzi_arena *arena = self->model->arena;
    const char *functions = lzi_itk_functions_path(self, module);
    if (lzi_itk_read(self, module->table_path, module)) {
        lzi_table_read(module, arena, self->text.data, self->text.size,
                       self->current, self->diag);
    }
    /* ITKPyBase has none. */
    if (lzi_file_exists(lzi_itk_path(self, functions), self->diag) &&
        lzi_itk_read(self, functions, module)) {
        lzi_functions_read(module, arena, self->text.data, self->text.size,
                           self->current, self->diag);
    }
}

static void
read_modules(lzi_itk_scanner *self)
{
    lzi_itk_model *itk = self->itk;
    self->aggregators = lzi_arena_alloc(
        self->scratch, itk->modules.count * sizeof(*self->aggregators));
    for (size_t m = 0; m < itk->modules.count; m++) {
        lzi_model_module *module = &itk->modules.items[m];
        const char *startup =
            lzi_itk_startup_file(self->scratch, lzi_slice_of(module->name));
        module->has_startup |= lzi_itk_has_file(self, startup);
        if (self->model->plan == NULL) {
            lzi_itk_read_tables(self, module);
            find_library(self, module);
        }
        lzi_itk_read_aggregator(self, m);
    }
}

/* -- The whole ------------------------------------------------------------ */

static void
check_depends(const lzi_itk_scanner *self)
{
    const lzi_itk_model *itk = self->itk;
    for (size_t m = 0; m < itk->modules.count; m++) {
        const lzi_model_module *module = &itk->modules.items[m];
        for (size_t i = 0; i < module->depends.count; i++) {
            const char *name = module->depends.items[i];
            if (lzi_itk_find_module(itk, name) == LZI_NONE) {
                lzi_diag_at(self->diag, LZI_WARNING,
                            lzi_itk_path(self, module->table_path), 0,
                            "module %s, which %s depends on, is not "
                            "installed",
                            name, module->name);
            }
        }
    }
}

static bool
find_tables(lzi_itk_scanner *self, lzi_installed *installed)
{
    if (!lzi_directory_list(&self->files, self->scratch,
                            self->model->directory, self->diag)) {
        return false;
    }
    if (self->model->plan != NULL) {
        lzi_itk_find_planned(self);
        return true;
    }
    if (!find_modules(self)) {
        return false;
    }
    find_distributions(self, installed);
    return true;
}

void
lzi_itk_scan(lzi_model *model, lzi_installed *installed, lzi_diag *diag)
{
    /* Importing a module of these sets them on the package. */
    static const char *const packages[] = {LZI_ITK_SUPPORT_PACKAGE,
                                           LZI_ITK_TABLE_DIRECTORY, NULL};
    lzi_itk_model *itk = lzi_arena_alloc(model->arena, sizeof(*itk));
    lzi_itk_scanner self = {
        .itk = itk,
        .model = model,
        .diag = diag,
        .scratch = lzi_arena_new(),
        .names = lzi_map_new(model->arena),
    };
    unsigned before = diag->errors;
    itk->model = model;
    model->detail = itk;
    if (find_tables(&self, installed)) {
        read_modules(&self);
        lzi_itk_read_units(&self);
        lzi_find_standalone_bodies(itk, self.aggregators);
        if (model->init_distribution != LZI_NONE) {
            lzi_init_names(model, packages, diag);
            lzi_itk_read_groups(&self);
        }
        check_depends(&self);
        /* What is not read cannot be found: no second complaint. */
        if (diag->errors == before && lzi_resolve_units(itk, diag)) {
            lzi_soft_edges(itk);
        }
    }
    lzi_file_free(&self.text);
    lzi_arena_free(self.scratch);
}
