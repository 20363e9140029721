#include "resolve_units.h"

#include "base/string_map.h"
#include "lzi_itk_names.h"

#include <string.h>

typedef struct {
    lzi_itk_model *itk;
    lzi_arena *scratch;
    lzi_diag *diag;
    /* Of the module at hand: name -> 1 + unit. Of several units that have it
     * the last counts, as with star-imports. */
    lzi_string_map defined; /* classes and functions */
    lzi_string_map bound;   /* other names */
} resolver;

static void
put_names(resolver *self, const lzi_model_module *module)
{
    lzi_map_clear(&self->defined);
    lzi_map_clear(&self->bound);
    for (size_t i = 0; i < module->units.count; i++) {
        size_t u = module->units.items[i];
        const lzi_model_unit *unit = &self->itk->units.items[u];
        for (size_t k = 0; k < unit->definitions.count; k++) {
            const char *name = unit->definitions.items[k].name;
            *lzi_map_put(&self->defined, lzi_slice_of(name), NULL) = u + 1;
        }
        for (size_t k = 0; k < unit->others.count; k++) {
            const char *name = unit->others.items[k];
            *lzi_map_put(&self->bound, lzi_slice_of(name), NULL) = u + 1;
        }
    }
    for (size_t i = 0; i < module->bodies.count; i++) {
        lzi_slice name = lzi_slice_of(module->bodies.items[i]);
        *lzi_map_put(&self->defined, name, NULL) = module->body_unit + 1;
    }
}

static size_t
find_name(const resolver *self, const char *name)
{
    const size_t *value = lzi_map_get(&self->defined, lzi_slice_of(name));
    if (value == NULL) {
        value = lzi_map_get(&self->bound, lzi_slice_of(name));
    }
    return value == NULL ? 0 : *value;
}

static void
report(resolver *self, const lzi_model_module *module, unsigned line,
       const char *what, const char *name, const char *problem)
{
    lzi_diag_at(self->diag, LZI_ERROR,
                lzi_arena_format(self->scratch, "%s/%s",
                                 self->itk->model->directory,
                                 module->table_path),
                line, "%s '%s' is defined in %s of module %s: %s", what, name,
                problem, module->name, lzi_itk_advice(self->itk, module));
}

static void
resolve_tuples(resolver *self, lzi_model_module *module)
{
    for (size_t i = 0; i < module->tuples.count; i++) {
        lzi_model_tuple *tuple = &module->tuples.items[i];
        size_t value = find_name(self, tuple->swig);
        if (value == 0) {
            report(self, module, tuple->line, "SWIG class", tuple->swig,
                   "no unit");
        }
        else {
            tuple->unit = value - 1;
        }
    }
}

static void
resolve_functions(resolver *self, lzi_model_module *module)
{
    for (size_t i = 0; i < module->functions.count; i++) {
        lzi_model_function *function = &module->functions.items[i];
        const size_t *value =
            lzi_map_get(&self->defined, lzi_slice_of(function->name));
        function->unit = value == NULL ? LZI_NONE : *value - 1;
    }
}

/* -- Factories ------------------------------------------------------------ */

static size_t
find_tuple_unit(const lzi_model_module *module, const char *python)
{
    for (size_t i = 0; i < module->tuples.count; i++) {
        if (strcmp(module->tuples.items[i].python, python) == 0) {
            return module->tuples.items[i].unit;
        }
    }
    return LZI_NONE;
}

/* The class is looked up by its public name after the module is loaded, so
 * it may come from elsewhere; the module itself goes first. */
static size_t
find_factory(const lzi_itk_model *itk, const lzi_model_module *module,
             const char *python)
{
    size_t unit = find_tuple_unit(module, python);
    for (size_t m = 0; m < itk->modules.count && unit == LZI_NONE; m++) {
        unit = find_tuple_unit(&itk->modules.items[m], python);
    }
    return unit;
}

static void
resolve_factories(resolver *self, lzi_model_module *module)
{
    for (size_t i = 0; i < module->factories.count; i++) {
        lzi_model_factory *factory = &module->factories.items[i];
        const char *python =
            lzi_arena_format(self->scratch, "%s%s" LZI_ITK_FACTORY_SUFFIX,
                             factory->prefix, factory->group);
        factory->unit = find_factory(self->itk, module, python);
        if (factory->unit == LZI_NONE) {
            report(self, module, factory->line, "factory class", python,
                   "no table");
        }
    }
}

bool
lzi_resolve_units(lzi_itk_model *itk, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    resolver self = {.itk = itk,
                     .scratch = scratch,
                     .diag = diag,
                     .defined = lzi_map_new(scratch),
                     .bound = lzi_map_new(scratch)};
    unsigned before = diag->errors;
    for (size_t m = 0; m < itk->modules.count; m++) {
        put_names(&self, &itk->modules.items[m]);
        resolve_tuples(&self, &itk->modules.items[m]);
        resolve_functions(&self, &itk->modules.items[m]);
    }
    for (size_t m = 0; m < itk->modules.count; m++) {
        resolve_factories(&self, &itk->modules.items[m]);
    }
    lzi_arena_free(scratch);
    return diag->errors == before;
}
