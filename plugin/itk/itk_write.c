/* itk_write.c: the records of ITK's tables. */
#include "itk_parts.h"

#include "itk_model.h"
#include "lzi_itk_put.h"

#include <stdlib.h>
#include <string.h>

/* Whether the module is described by this shard. */
static bool
is_own(const lzi_shard_writer *shard, const lzi_model_module *module)
{
    return module->distribution == shard->distribution;
}

/* -- Names ---------------------------------------------------------------- */

/* That a module provides a name, by one of its units. */
typedef struct {
    const char *name;
    size_t module, position, unit; /* position: of the unit in the module */
    size_t entry;                  /* of the module's table */
    const char *cpp;               /* of an instantiation; else NULL */
    unsigned flags;
} name_claim;

typedef struct {
    name_claim *items;
    size_t count, capacity;
} claim_list;

static int
compare_claims(const void *a, const void *b)
{
    const name_claim *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    if (order != 0) {
        return order;
    }
    if (left->module != right->module) {
        return left->module < right->module ? -1 : 1;
    }
    if (left->position != right->position) {
        return left->position < right->position ? -1 : 1;
    }
    return (left->entry > right->entry) - (left->entry < right->entry);
}

/* Everything that modules of this shard provide, sorted. */
static claim_list
collect_claims(lzi_shard_writer *shard)
{
    const lzi_itk_model *model = shard->model->detail;
    claim_list claims = {0};
    size_t *positions = lzi_arena_alloc(
        shard->arena, (model->units.count + 1) * sizeof(*positions));
    for (size_t i = 0; i < model->modules.count; i++) {
        const lzi_model_module *module = &model->modules.items[i];
        if (!is_own(shard, module)) {
            continue;
        }
        for (size_t k = 0; k < module->units.count; k++) {
            positions[module->units.items[k]] = k;
        }
        if (module->body_unit != LZI_NONE) {
            positions[module->body_unit] = module->units.count;
        }
        for (size_t k = 0; k < module->tuples.count; k++) {
            const lzi_model_tuple *tuple = &module->tuples.items[k];
            unsigned flags = (tuple->in_module ? LZI_NAME_IN_MODULE : 0u) |
                             (tuple->params != NULL ? LZI_NAME_TEMPLATE : 0u);
            *(name_claim *)LZI_PUSH(shard->arena, &claims) = (name_claim){
                tuple->python, i, positions[tuple->unit],
                tuple->unit,   k, tuple->params != NULL ? tuple->cpp : NULL,
                flags};
        }
        for (size_t k = 0; k < module->functions.count; k++) {
            const lzi_model_function *function = &module->functions.items[k];
            if (function->unit != LZI_NONE) {
                *(name_claim *)LZI_PUSH(shard->arena, &claims) = (name_claim){
                    function->name,   i, positions[function->unit],
                    function->unit,   k, NULL,
                    LZI_NAME_FUNCTION};
            }
        }
    }
    if (claims.count > 1) {
        qsort(claims.items, claims.count, sizeof(name_claim), compare_claims);
    }
    return claims;
}

/* One candidate out of the claims at @p first, all of one name and module.
 * @return index behind the last of them. */
static size_t
put_candidate(lzi_shard_writer *shard, const claim_list *claims, size_t first)
{
    const lzi_itk_model *model = shard->model->detail;
    const name_claim *items = claims->items;
    size_t end = first;
    unsigned flags = 0;
    const char *cpp = NULL;
    lzi_strings units = {0};
    for (; end < claims->count && items[end].module == items[first].module &&
           strcmp(items[end].name, items[first].name) == 0;
         end++) {
        flags |= items[end].flags;
        cpp = cpp == NULL ? items[end].cpp : cpp;
        if (end == first || items[end].unit != items[end - 1].unit) {
            lzi_strings_add(shard->arena, &units,
                            model->units.items[items[end].unit].name);
        }
    }
    lzi_shard_put(shard, model->modules.items[items[first].module].name);
    lzi_put_varint(&shard->value, flags);
    if (cpp != NULL) {
        lzi_shard_put(shard, cpp);
    }
    lzi_shard_put_all(shard, &units);
    return end;
}

static void
add_names(lzi_shard_writer *shard, const claim_list *claims)
{
    for (size_t i = 0; i < claims->count;) {
        const char *name = claims->items[i].name;
        size_t candidates = 0, end = i;
        while (end < claims->count &&
               strcmp(claims->items[end].name, name) == 0) {
            if (end == i ||
                claims->items[end].module != claims->items[end - 1].module) {
                candidates++;
            }
            end++;
        }
        lzi_put_varint(&shard->value, candidates);
        while (i < end) {
            i = put_candidate(shard, claims, i);
        }
        lzi_shard_add(shard, LZI_TABLE_NAME, name);
    }
}

/* -- Modules, their tuples and units -------------------------------------- */

/* Sorted, unique names of one module out of the sorted claims of all. */
static lzi_strings
names_of_module(lzi_shard_writer *shard, const claim_list *claims,
                size_t module)
{
    lzi_strings names = {0};
    for (size_t i = 0; i < claims->count; i++) {
        const name_claim *claim = &claims->items[i];
        if (claim->module == module &&
            (names.count == 0 ||
             strcmp(names.items[names.count - 1], claim->name) != 0)) {
            lzi_strings_add(shard->arena, &names, claim->name);
        }
    }
    return names;
}

static void
put_functions(lzi_shard_writer *shard, const lzi_model_module *module)
{
    const lzi_itk_model *model = shard->model->detail;
    size_t count = 0;
    for (size_t i = 0; i < module->functions.count; i++) {
        count += module->functions.items[i].unit != LZI_NONE;
    }
    lzi_put_varint(&shard->value, count);
    for (size_t i = 0; i < module->functions.count; i++) {
        const lzi_model_function *function = &module->functions.items[i];
        if (function->unit != LZI_NONE) {
            lzi_shard_put(shard, function->name);
            lzi_shard_put(shard, model->units.items[function->unit].name);
        }
    }
}

static void
add_module(lzi_shard_writer *shard, const lzi_model_module *module,
           const lzi_strings *names)
{
    const lzi_itk_model *model = shard->model->detail;
    lzi_shard_put(shard, module->library);
    lzi_put_varint(&shard->value, module->body_unit != LZI_NONE);
    lzi_shard_put_all(shard, &module->depends);
    lzi_put_varint(&shard->value, module->factories.count);
    for (size_t i = 0; i < module->factories.count; i++) {
        const lzi_model_factory *factory = &module->factories.items[i];
        lzi_shard_put(shard, factory->group);
        lzi_shard_put(shard, factory->prefix);
        lzi_shard_put(shard, model->units.items[factory->unit].name);
    }
    put_functions(shard, module);
    lzi_put_varint(&shard->value, module->units.count);
    for (size_t i = 0; i < module->units.count; i++) {
        lzi_shard_put(shard, model->units.items[module->units.items[i]].name);
    }
    lzi_shard_put_all(shard, names);
    lzi_shard_add(shard, LZI_TABLE_MODULE, module->name);
}

/* Consecutive tuples of one unit. */
typedef struct {
    size_t unit, offset, first, count;
} tuple_run;

typedef struct {
    tuple_run *items;
    size_t count, capacity;
} run_list;

static int
compare_runs(const void *a, const void *b)
{
    const tuple_run *left = a, *right = b;
    if (left->unit != right->unit) {
        return left->unit < right->unit ? -1 : 1;
    }
    return (left->first > right->first) - (left->first < right->first);
}

/* The module's tuples; where those of each unit are goes to @p runs. */
static void
add_tuples(lzi_shard_writer *shard, const lzi_model_module *module,
           run_list *runs)
{
    lzi_put_varint(&shard->value, module->tuples.count);
    for (size_t i = 0; i < module->tuples.count; i++) {
        const lzi_model_tuple *tuple = &module->tuples.items[i];
        if (i == 0 || tuple->unit != module->tuples.items[i - 1].unit) {
            *(tuple_run *)LZI_PUSH(shard->arena, runs) =
                (tuple_run){tuple->unit, shard->value.size, i, 0};
        }
        runs->items[runs->count - 1].count++;
        bool has_params = tuple->params != NULL;
        lzi_put_tuple(&shard->value, &(lzi_tuple){
                                         .python = lzi_slice_of(tuple->python),
                                         .cpp = lzi_slice_of(tuple->cpp),
                                         .swig = lzi_slice_of(tuple->swig),
                                         .params = lzi_slice_of(
                                             has_params ? tuple->params : ""),
                                         .in_module = tuple->in_module,
                                         .has_params = has_params,
                                     });
    }
    lzi_shard_add(shard, LZI_TABLE_TUPLE, module->name);
}

/* @param runs Sorted by unit; offsets count from the start of the value of
 *             the unit's module. */
static void
add_unit(lzi_shard_writer *shard, size_t index, const run_list *runs)
{
    const lzi_itk_model *model = shard->model->detail;
    const lzi_model_unit *unit = &model->units.items[index];
    size_t low = 0, high = runs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs->items[middle].unit < index) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    while (high < runs->count && runs->items[high].unit == index) {
        high++;
    }
    lzi_shard_put(shard, model->modules.items[unit->module].name);
    lzi_shard_put_all(shard, &unit->imports);
    lzi_shard_put_all(shard, &unit->soft);
    lzi_put_varint(&shard->value, high - low);
    for (size_t i = low; i < high; i++) {
        lzi_put_varint(&shard->value, runs->items[i].offset);
        lzi_put_varint(&shard->value, runs->items[i].first);
        lzi_put_varint(&shard->value, runs->items[i].count);
    }
    lzi_shard_add(shard, LZI_TABLE_UNIT, unit->name);
}

/* -- Names that are not public -------------------------------------------- */

/* That a unit has a name; the better claim comes first: of a unit that needs
 * fewer others. */
typedef struct {
    const char *name;
    const lzi_model_unit *unit;
} swig_claim;

typedef struct {
    swig_claim *items;
    size_t count, capacity;
} swig_claims;

static int
compare_swig_claims(const void *a, const void *b)
{
    const swig_claim *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    if (order != 0) {
        return order;
    }
    size_t ours = left->unit->imports.count;
    size_t theirs = right->unit->imports.count;
    return ours != theirs ? (ours > theirs) - (ours < theirs)
                          : strcmp(left->unit->name, right->unit->name);
}

static int
compare_claim_name(const void *name, const void *claim)
{
    return strcmp(name, ((const name_claim *)claim)->name);
}

/* As ITK's own loader puts them into the package: without those that begin so.
 */
static void
claim_swig_name(lzi_shard_writer *shard, swig_claims *claims,
                const claim_list *public, const lzi_model_unit *unit,
                const char *name)
{
    if (name[0] != '_' && strncmp(name, "itk", 3) != 0 &&
        strcmp(name, "swig") != 0 &&
        bsearch(name, public->items, public->count, sizeof(name_claim),
                compare_claim_name) == NULL) {
        *(swig_claim *)LZI_PUSH(shard->arena, claims) =
            (swig_claim){name, unit};
    }
}

static void
add_swig_names(lzi_shard_writer *shard, const claim_list *public)
{
    const lzi_itk_model *model = shard->model->detail;
    swig_claims claims = {0};
    for (size_t i = 0; i < model->units.count; i++) {
        const lzi_model_unit *unit = &model->units.items[i];
        if (!is_own(shard, &model->modules.items[unit->module])) {
            continue;
        }
        for (size_t k = 0; k < unit->definitions.count; k++) {
            claim_swig_name(shard, &claims, public, unit,
                            unit->definitions.items[k].name);
        }
        for (size_t k = 0; k < unit->others.count; k++) {
            claim_swig_name(shard, &claims, public, unit,
                            unit->others.items[k]);
        }
    }
    if (claims.count > 1) {
        qsort(claims.items, claims.count, sizeof(swig_claim),
              compare_swig_claims);
    }
    for (size_t i = 0; i < claims.count; i++) {
        if (i == 0 ||
            strcmp(claims.items[i].name, claims.items[i - 1].name) != 0) {
            lzi_shard_put(shard, claims.items[i].unit->name);
            lzi_shard_add(shard, LZI_TABLE_SWIG, claims.items[i].name);
        }
    }
}

/* -- Groups of factories -------------------------------------------------- */

static void
add_groups(lzi_shard_writer *shard)
{
    const lzi_itk_model *model = shard->model->detail;
    for (size_t i = 0; i < model->groups.count; i++) {
        const lzi_model_group *group = &model->groups.items[i];
        lzi_slice name = lzi_slice_of(group->group);
        lzi_put_list(&shard->value, &name, 1);
        lzi_shard_add(shard, LZI_TABLE_GROUP, group->base);
    }
}

/* -- Shards --------------------------------------------------------------- */

bool
lzi_itk_has_modules(const lzi_model *model, size_t distribution)
{
    const lzi_itk_model *itk = model->detail;
    for (size_t i = 0; i < itk->modules.count; i++) {
        if (itk->modules.items[i].distribution == distribution) {
            return true;
        }
    }
    return false;
}

static void
add_contents(lzi_shard_writer *shard)
{
    const lzi_itk_model *itk = shard->model->detail;
    lzi_strings modules = {0}, startups = {0};
    uint64_t sum = 0;
    for (size_t i = 0; i < itk->modules.count; i++) {
        const lzi_model_module *module = &itk->modules.items[i];
        if (!is_own(shard, module)) {
            continue;
        }
        lzi_strings_add(shard->arena, &modules, module->name);
        sum += lzi_name_hash(lzi_slice_of(module->name));
        if (module->has_startup) {
            lzi_strings_add(shard->arena, &startups, module->name);
        }
    }
    lzi_shard_put_all(shard, &modules);
    lzi_put_fixed64(&shard->value, sum);
    lzi_shard_put_all(shard, &startups);
    lzi_shard_add(shard, LZI_TABLE_CONTENTS, "");
}

void
lzi_itk_write(lzi_shard_writer *shard)
{
    const lzi_itk_model *itk = shard->model->detail;
    run_list runs = {0};
    add_contents(shard);
    if (shard->distribution == shard->model->init_distribution) {
        add_groups(shard);
    }
    claim_list claims = collect_claims(shard);
    add_names(shard, &claims);
    add_swig_names(shard, &claims);
    for (size_t i = 0; i < itk->modules.count; i++) {
        const lzi_model_module *module = &itk->modules.items[i];
        if (is_own(shard, module)) {
            lzi_strings names = names_of_module(shard, &claims, i);
            add_module(shard, module, &names);
            add_tuples(shard, module, &runs);
        }
    }
    if (runs.count > 1) {
        qsort(runs.items, runs.count, sizeof(tuple_run), compare_runs);
    }
    for (size_t i = 0; i < itk->units.count; i++) {
        const lzi_model_unit *unit = &itk->units.items[i];
        if (is_own(shard, &itk->modules.items[unit->module])) {
            add_unit(shard, i, &runs);
        }
    }
}
