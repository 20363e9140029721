#include "itk_scan.h"

#include "base/progress.h"
#include "lzi_itk_names.h"

#include <stdlib.h>
#include <string.h>

/* -- Aggregators ---------------------------------------------------------- */

/* Public names that the aggregator itself defines. What it imports is for
 * its own use, and every aggregator assigns `swig`. */
static void
find_bodies(lzi_itk_scanner *self, lzi_model_module *module,
            const lzi_proxy *from)
{
    lzi_strings all = {0};
    for (size_t i = 0; i < from->definitions.count; i++) {
        lzi_strings_add(self->scratch, &all, from->definitions.items[i].name);
    }
    for (size_t i = 0; i < from->assigned.count; i++) {
        lzi_strings_add(self->scratch, &all, from->assigned.items[i]);
    }
    lzi_strings_sort(&all);
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i][0] != '_' && strcmp(all.items[i], "swig") != 0) {
            lzi_strings_add(self->model->arena, &module->bodies, all.items[i]);
        }
    }
}

static lzi_model_unit *
add_unit(lzi_itk_scanner *self, const char *name, size_t module)
{
    lzi_model_unit *unit = LZI_PUSH(self->model->arena, &self->itk->units);
    unit->name = name;
    unit->module = module;
    return unit;
}

void
lzi_itk_read_aggregator(lzi_itk_scanner *self, size_t index)
{
    lzi_model_module *module = &self->itk->modules.items[index];
    lzi_proxy *proxy = &self->aggregators[index];
    const char *name = lzi_arena_format(
        self->model->arena, "%s" LZI_ITK_PYTHON_SUFFIX, module->name);
    const char *file =
        lzi_arena_format(self->model->arena, "%s" LZI_ITK_SOURCE_SUFFIX, name);
    if (!lzi_itk_has_file(self, file)) {
        lzi_itk_report_missing(self, module, file);
        return;
    }
    if (!lzi_itk_read(self, file, module) ||
        !lzi_proxy_scan(proxy, &self->names, self->text.data, self->text.size,
                        self->current, self->diag)) {
        return;
    }
    find_bodies(self, module, proxy);
    for (size_t i = 0; i < proxy->stars.count; i++) {
        add_unit(self, proxy->stars.items[i], index);
    }
    if (module->bodies.count > 0) {
        add_unit(self, name, index)->imports = proxy->stars;
        lzi_proxy_find_used(&proxy->used, &self->names, self->text.data,
                            self->text.size);
    }
}

/* -- Units ---------------------------------------------------------------- */

/* Sorted; a unit of two modules is reported. */
static void
sort_units(lzi_itk_scanner *self)
{
    lzi_itk_model *itk = self->itk;
    lzi_model_unit *items = itk->units.items;
    size_t kept = 0;
    if (itk->units.count > 0) {
        qsort(items, itk->units.count, sizeof(*items), lzi_compare_names);
    }
    for (size_t i = 0; i < itk->units.count; i++) {
        if (kept == 0 || strcmp(items[kept - 1].name, items[i].name) != 0) {
            items[kept++] = items[i];
        }
        else if (items[kept - 1].module != items[i].module) {
            lzi_diag_at(self->diag, LZI_ERROR, NULL, 0,
                        "'%s' belongs to two modules, %s and %s",
                        items[i].name,
                        itk->modules.items[items[kept - 1].module].name,
                        itk->modules.items[items[i].module].name);
        }
    }
    itk->units.count = kept;
    for (size_t m = 0; m < itk->modules.count; m++) {
        lzi_model_module *module = &itk->modules.items[m];
        const lzi_strings *stars = &self->aggregators[m].stars;
        for (size_t i = 0; i < stars->count; i++) {
            *(size_t *)LZI_PUSH(self->model->arena, &module->units) =
                lzi_itk_find_unit(itk, stars->items[i]);
        }
        if (module->bodies.count > 0) {
            module->body_unit = lzi_itk_find_unit(
                itk,
                lzi_arena_format(self->scratch, "%s" LZI_ITK_PYTHON_SUFFIX,
                                 module->name));
        }
    }
}

/* What is imported has to be a unit. Any other module of the package is
 * left to Python. */
static void
check_imports(lzi_itk_scanner *self, lzi_model_unit *unit)
{
    size_t kept = 0;
    for (size_t i = 0; i < unit->imports.count; i++) {
        const char *name = unit->imports.items[i];
        if (lzi_itk_find_unit(self->itk, name) != LZI_NONE) {
            unit->imports.items[kept++] = name;
        }
        else if (!lzi_itk_has_file(self,
                                   lzi_arena_format(self->scratch,
                                                    "%s" LZI_ITK_SOURCE_SUFFIX,
                                                    name))) {
            lzi_diag_at(
                self->diag, LZI_ERROR, self->current, 0,
                "imports '%s', which is not %s: %s", name,
                self->model->plan == NULL ? "installed" : "there",
                lzi_itk_advice(self->itk,
                               &self->itk->modules.items[unit->module]));
        }
    }
    unit->imports.count = kept;
}

static void
read_unit(lzi_itk_scanner *self, lzi_model_unit *unit)
{
    lzi_model_module *module = &self->itk->modules.items[unit->module];
    const char *file = lzi_arena_format(
        self->model->arena, "%s" LZI_ITK_SOURCE_SUFFIX, unit->name);
    lzi_proxy proxy = {0};
    if (!lzi_itk_has_file(self, file)) {
        lzi_itk_report_missing(self, module, file);
        return;
    }
    if (!lzi_itk_read(self, file, module) ||
        !lzi_proxy_scan(&proxy, &self->names, self->text.data, self->text.size,
                        self->current, self->diag)) {
        return;
    }
    unit->imports = proxy.imports;
    unit->definitions.items = proxy.definitions.items;
    unit->definitions.count = proxy.definitions.count;
    unit->definitions.capacity = proxy.definitions.capacity;
    unit->others = proxy.assigned;
    for (size_t i = 0; i < proxy.imported.count; i++) {
        lzi_strings_add(self->model->arena, &unit->others,
                        proxy.imported.items[i]);
    }
    unit->returns = proxy.returns;
    lzi_strings_sort(&unit->others);
    lzi_strings_sort(&unit->returns);
    check_imports(self, unit);
}

void
lzi_itk_read_units(lzi_itk_scanner *self)
{
    lzi_itk_model *itk = self->itk;
    lzi_progress progress;
    sort_units(self);
    lzi_progress_begin(&progress, "scanning", itk->units.count);
    for (size_t u = 0; u < itk->units.count; u++) {
        if (u != itk->modules.items[itk->units.items[u].module].body_unit) {
            read_unit(self, &itk->units.items[u]);
        }
        lzi_progress_step(&progress);
    }
    lzi_progress_end(&progress);
}
