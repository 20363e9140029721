#include "itk_parts.h"

#include "base/emit.h"
#include "base/string_map.h"
#include "lzi_itk_index.h"

#include <string.h>

/* -- The units of a closure, in load order -------------------------------- */

/* Without what only the types it returns are for. */
static lzi_status
find_imports(void *context, lzi_slice unit, lzi_needs *out)
{
    lzi_status status = lzi_itk_unit_needs(context, unit, out);
    out->soft.count = 0;
    return status;
}

/* @return NULL: reported */
static lzi_closure *
make_closure(lzi_explanation *self, lzi_find_needs *find, lzi_list units)
{
    lzi_closure *closure = lzi_closure_new(find, NULL, (void *)self->index);
    lzi_status status = closure == NULL ? LZI_E_NOMEM : LZI_OK;
    lzi_slice unit;
    while (status == LZI_OK && lzi_list_next(&units, &unit)) {
        status = lzi_closure_add(closure, unit);
    }
    if (status == LZI_E_NOMEM) {
        lzi_diag_at(self->diag, LZI_ERROR, NULL, 0, "out of memory");
    }
    else if (status != LZI_OK) {
        lzi_explain_damage(self, "unit", lzi_closure_culprit(closure));
    }
    if (status != LZI_OK) {
        lzi_closure_free(closure);
        closure = NULL;
    }
    return closure;
}

static bool
find_library(lzi_explanation *self, lzi_slice *library, lzi_slice name)
{
    lzi_slice value;
    lzi_unit unit;
    lzi_module module;
    if (lzi_index_get(&value, NULL, self->index, LZI_TABLE_UNIT, name) !=
            LZI_OK ||
        lzi_unit_decode(&unit, value) != LZI_OK) {
        return lzi_explain_damage(self, "unit", name);
    }
    if (lzi_index_get(&value, NULL, self->index, LZI_TABLE_MODULE,
                      unit.module) != LZI_OK ||
        lzi_module_decode(&module, value) != LZI_OK) {
        return lzi_explain_damage(self, "module", unit.module);
    }
    *library = module.library;
    return true;
}

/* A star for those that only returned types are for. */
static bool
print_units(lzi_explanation *self, const lzi_closure *all,
            const lzi_closure *imported)
{
    lzi_string_map needed = lzi_map_new(self->arena);
    size_t count = lzi_closure_count(all);
    size_t hard = lzi_closure_count(imported);
    lzi_slice *libraries =
        lzi_arena_alloc(self->arena, count * sizeof(*libraries));
    bool added;
    for (size_t i = 0; i < count; i++) {
        if (!find_library(self, &libraries[i], lzi_closure_unit(all, i))) {
            return false;
        }
    }
    for (size_t i = 0; i < hard; i++) {
        lzi_map_put(&needed, lzi_closure_unit(imported, i), &added);
    }
    printf("units, in load order: %zu\n", count);
    for (size_t i = 0; i < count; i++) {
        lzi_map_put(&needed, lzi_closure_unit(all, i), &added);
        fputs(added ? "* " : "  ", stdout);
        lzi_print_safely(lzi_closure_unit(all, i));
        fputs("  ", stdout);
        lzi_print_safely(libraries[i]);
        putchar('\n');
    }
    if (count > hard) {
        printf("* only for what the others return: %zu\n", count - hard);
    }
    return true;
}

static bool
print_closure(lzi_explanation *self, lzi_list units)
{
    lzi_closure *imported = NULL;
    lzi_closure *all = make_closure(self, lzi_itk_unit_needs, units);
    if (all != NULL) {
        imported = make_closure(self, find_imports, units);
    }
    bool done = imported != NULL && print_units(self, all, imported);
    lzi_closure_free(all);
    lzi_closure_free(imported);
    return done;
}

/* -- What a name can be ------------------------------------------------------
 * Each of these prints, or returns LZI_NOT_FOUND if the name is of another
 * kind. */

static const char *
rule_text(const lzi_candidate *owner, size_t others)
{
    if (others == 0) {
        return "no other module has it";
    }
    return (owner->flags & LZI_NAME_IN_MODULE) != 0
               ? "the last module, by name, with class_in_module True"
               : "class_in_module is True nowhere: the first module, by name";
}

typedef struct {
    lzi_slice owner;
    size_t count;
    bool print;
} other_owners;

static lzi_status
visit_other(void *context, const lzi_candidate *candidate,
            const lzi_reader *reader)
{
    other_owners *others = context;
    (void)reader;
    if (!lzi_slice_equal(candidate->module, others->owner)) {
        others->count++;
        if (others->print) {
            putchar(' ');
            lzi_print_safely(candidate->module);
        }
    }
    return LZI_OK;
}

static lzi_status
explain_public(lzi_explanation *self, lzi_slice name)
{
    lzi_candidate owner;
    const lzi_reader *reader = NULL;
    lzi_lookup lookup = lzi_index_lookup(self->index, name);
    lzi_status status = lzi_index_owner(&owner, &reader, self->index, &lookup);
    if (status != LZI_OK) {
        return status;
    }
    other_owners others = {owner.module, 0, false};
    (void)lzi_index_candidates(self->index, &lookup, visit_other, &others);
    lzi_explain_text("name", name);
    printf("kind: %s\n", (owner.flags & LZI_NAME_FUNCTION) != 0   ? "function"
                         : (owner.flags & LZI_NAME_TEMPLATE) != 0 ? "template"
                                                                  : "class");
    lzi_explain_text("owner", owner.module);
    printf("rule: %s\n", rule_text(&owner, others.count));
    if (others.count > 0) {
        fputs("other owners:", stdout);
        others.print = true;
        (void)lzi_index_candidates(self->index, &lookup, visit_other, &others);
        putchar('\n');
    }
    lzi_explain_source(self, reader);
    return print_closure(self, owner.units) ? LZI_OK : LZI_E_FORMAT;
}

/* The groups of factories that a module needs; most need none. */
static lzi_status
find_groups(lzi_list *out, const lzi_index *index, lzi_slice module)
{
    lzi_slice value;
    lzi_status status =
        lzi_index_get(&value, NULL, index, LZI_TABLE_GROUP, module);
    *out = (lzi_list){.count = 0};
    return status == LZI_OK          ? lzi_groups_decode(out, value)
           : status == LZI_NOT_FOUND ? LZI_OK
                                     : status;
}

static lzi_status
explain_module(lzi_explanation *self, lzi_slice name)
{
    lzi_slice value;
    lzi_module module;
    lzi_list groups;
    const lzi_reader *reader;
    lzi_status status =
        lzi_index_get(&value, &reader, self->index, LZI_TABLE_MODULE, name);
    if (status == LZI_OK && lzi_index_hides(self->index, name)) {
        status = LZI_NOT_FOUND;
    }
    if (status == LZI_OK) {
        status = lzi_module_decode(&module, value);
    }
    if (status == LZI_OK) {
        status = find_groups(&groups, self->index, name);
    }
    if (status != LZI_OK) {
        return status;
    }
    lzi_explain_text("name", name);
    puts("kind: module");
    lzi_explain_text("library", module.library);
    printf("names: %u\n", module.names.count);
    printf("units: %u\n", module.units.count);
    lzi_explain_list("depends", module.depends);
    lzi_explain_list("factory groups", groups);
    lzi_explain_source(self, reader);
    return LZI_OK;
}

lzi_status
lzi_itk_explain(lzi_explanation *self, lzi_slice name)
{
    lzi_status status = explain_public(self, name);
    if (status == LZI_NOT_FOUND) {
        status = lzi_explain_eager(self, name);
    }
    if (status == LZI_NOT_FOUND) {
        status = explain_module(self, name);
    }
    return status;
}

/* Names of modules that are gone are none. */
bool
lzi_itk_is_public(const lzi_index *index, lzi_slice name)
{
    lzi_slice value;
    lzi_candidate owner;
    lzi_lookup lookup = lzi_index_lookup(index, name);
    return lzi_index_owner(&owner, NULL, index, &lookup) == LZI_OK ||
           lzi_index_find(&value, NULL, index, LZI_TABLE_EAGER, &lookup) ==
               LZI_OK ||
           (lzi_index_find(&value, NULL, index, LZI_TABLE_MODULE, &lookup) ==
                LZI_OK &&
            !lzi_index_hides(index, name));
}
