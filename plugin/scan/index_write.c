#include "index_write.h"

#include "archive/dist_info.h"
#include "lzi_itk_names.h"
#include "lzi_itk_record.h"
#include "shard_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
    const lzi_model *model;
    size_t distribution;
    const char *path;
    lzi_diag *diag;
    lzi_arena *arena;
    lzi_shard_records records;
    lzi_buffer value; /* of the record that is being made */
    bool failed;
} shard_writer;

/* -- Records -------------------------------------------------------------- */

static void
put_text(shard_writer *shard, const char *text)
{
    lzi_put_string(&shard->value, lzi_slice_of(text));
}

static void
put_texts(shard_writer *shard, const lzi_strings *texts)
{
    lzi_put_varint(&shard->value, texts->count);
    for (size_t i = 0; i < texts->count; i++) {
        put_text(shard, texts->items[i]);
    }
}

/* Make a record of what is in shard->value, and empty that. */
static void
add_record(shard_writer *shard, char table, const char *name)
{
    size_t size = strlen(name);
    if (size > LZI_NAME_MAX) {
        lzi_diag_at(shard->diag, LZI_ERROR, NULL, 0,
                    "cannot write '%s': the name '%.40s...' is longer than "
                    "%u bytes",
                    shard->path, name, LZI_NAME_MAX);
        shard->failed = true;
    }
    char *key = lzi_arena_alloc(shard->arena, 1 + size);
    key[0] = table;
    memcpy(key + 1, name, size);
    const char *value = lzi_arena_copy(
        shard->arena, (const char *)shard->value.data, shard->value.size);
    *(lzi_shard_record *)LZI_PUSH(shard->arena, &shard->records) =
        (lzi_shard_record){{key, 1 + size}, {value, shard->value.size}};
    shard->value.size = 0;
}

static bool
has_modules(const lzi_model *model, size_t distribution)
{
    for (size_t i = 0; i < model->modules.count; i++) {
        if (model->modules.items[i].distribution == distribution) {
            return true;
        }
    }
    return false;
}

/* Whether the module is described by this shard. */
static bool
is_own(const shard_writer *shard, const lzi_model_module *module)
{
    return module->distribution == shard->distribution;
}

static void
add_meta(shard_writer *shard)
{
    const lzi_model *model = shard->model;
    const lzi_distribution *distribution =
        &model->distributions.items[shard->distribution];
    lzi_strings modules = {0}, hooks = {0};
    uint64_t sum = 0;
    for (size_t i = 0; i < model->modules.count; i++) {
        const lzi_model_module *module = &model->modules.items[i];
        if (!is_own(shard, module)) {
            continue;
        }
        lzi_strings_add(shard->arena, &modules, module->name);
        sum += lzi_name_hash(lzi_slice_of(module->name));
        if (module->has_hook) {
            lzi_strings_add(shard->arena, &hooks, module->name);
        }
    }
    put_text(shard, model->package);
    put_text(shard, LZI_ITK_PROFILE);
    put_text(shard, distribution->name);
    put_text(shard, distribution->version);
    put_text(shard, "lazyindex " LAZYINDEX_VERSION);
    put_texts(shard, &modules);
    lzi_put_fixed64(&shard->value, sum);
    put_texts(shard, &hooks);
    add_record(shard, LZI_TABLE_META, "");
}

static void
add_eager(shard_writer *shard)
{
    const lzi_model *model = shard->model;
    for (size_t i = 0; i < model->eager.count; i++) {
        const lzi_model_eager *eager = &model->eager.items[i];
        put_text(shard, eager->module);
        put_text(shard, eager->attribute);
        add_record(shard, LZI_TABLE_EAGER, eager->name);
    }
}

/* An input goes to the shard of its distribution; to that of the package's
 * __init__ where its own gets none. */
static void
add_files(shard_writer *shard)
{
    const lzi_model *model = shard->model;
    for (size_t i = 0; i < model->inputs.count; i++) {
        const lzi_model_input *input = &model->inputs.items[i];
        size_t home = input->distribution;
        if (home == LZI_NONE || !has_modules(model, home)) {
            home = model->init_distribution;
        }
        if (home == shard->distribution) {
            lzi_put_varint(&shard->value, input->size);
            lzi_put_fixed64(&shard->value, input->hash);
            add_record(shard, LZI_TABLE_FILE, input->path);
        }
    }
}

/* -- Names ---------------------------------------------------------------- */

/* That a module provides a name, by one of its units. */
typedef struct {
    const char *name;
    size_t module, position, unit; /* position: of the unit in the module */
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
    return (left->position > right->position) -
           (left->position < right->position);
}

static void
add_claim(shard_writer *shard, claim_list *claims, const char *name,
          size_t module, const size_t *positions, size_t unit, unsigned flags)
{
    *(name_claim *)LZI_PUSH(shard->arena, claims) =
        (name_claim){name, module, positions[unit], unit, flags};
}

/* Everything that modules of this shard provide, sorted. */
static claim_list
collect_claims(shard_writer *shard)
{
    const lzi_model *model = shard->model;
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
            add_claim(shard, &claims, tuple->python, i, positions, tuple->unit,
                      flags);
        }
        for (size_t k = 0; k < module->functions.count; k++) {
            const lzi_model_function *function = &module->functions.items[k];
            if (function->unit != LZI_NONE) {
                add_claim(shard, &claims, function->name, i, positions,
                          function->unit, LZI_NAME_FUNCTION);
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
put_candidate(shard_writer *shard, const claim_list *claims, size_t first)
{
    const lzi_model *model = shard->model;
    const name_claim *items = claims->items;
    size_t end = first;
    unsigned flags = 0;
    lzi_strings units = {0};
    for (; end < claims->count && items[end].module == items[first].module &&
           strcmp(items[end].name, items[first].name) == 0;
         end++) {
        flags |= items[end].flags;
        if (end == first || items[end].unit != items[end - 1].unit) {
            lzi_strings_add(shard->arena, &units,
                            model->units.items[items[end].unit].name);
        }
    }
    put_text(shard, model->modules.items[items[first].module].name);
    lzi_put_varint(&shard->value, flags);
    put_texts(shard, &units);
    return end;
}

static void
add_names(shard_writer *shard, const claim_list *claims)
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
        add_record(shard, LZI_TABLE_NAME, name);
    }
}

static bool
is_filtered(const lzi_shard_record *record)
{
    return lzi_table_is_filtered(record->key.data[0]);
}

/* To be called when all of those are there. */
static void
add_filter(shard_writer *shard)
{
    const lzi_shard_records *records = &shard->records;
    size_t names = 0;
    for (size_t i = 0; i < records->count; i++) {
        names += is_filtered(&records->items[i]);
    }
    size_t size = lzi_filter_size(names);
    uint8_t *filter = lzi_arena_alloc(shard->arena, size);
    for (size_t i = 0; i < records->count; i++) {
        if (is_filtered(&records->items[i])) {
            lzi_slice key = records->items[i].key;
            lzi_slice name = {key.data + 1, key.size - 1};
            lzi_filter_add(filter, size, lzi_name_hash(name));
        }
    }
    lzi_put_bytes(&shard->value, filter, size);
    add_record(shard, LZI_TABLE_FILTER, "");
}

/* -- Modules, their tuples and units -------------------------------------- */

/* Sorted, unique names of one module out of the sorted claims of all. */
static lzi_strings
names_of_module(shard_writer *shard, const claim_list *claims, size_t module)
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
put_functions(shard_writer *shard, const lzi_model_module *module)
{
    size_t count = 0;
    for (size_t i = 0; i < module->functions.count; i++) {
        count += module->functions.items[i].unit != LZI_NONE;
    }
    lzi_put_varint(&shard->value, count);
    for (size_t i = 0; i < module->functions.count; i++) {
        const lzi_model_function *function = &module->functions.items[i];
        if (function->unit != LZI_NONE) {
            put_text(shard, function->name);
            put_text(shard, shard->model->units.items[function->unit].name);
        }
    }
}

static void
add_module(shard_writer *shard, const lzi_model_module *module,
           const lzi_strings *names)
{
    const lzi_model *model = shard->model;
    put_text(shard, module->library);
    lzi_put_varint(&shard->value, module->body_unit != LZI_NONE);
    put_texts(shard, &module->depends);
    lzi_put_varint(&shard->value, module->factories.count);
    for (size_t i = 0; i < module->factories.count; i++) {
        const lzi_model_factory *factory = &module->factories.items[i];
        put_text(shard, factory->group);
        put_text(shard, factory->prefix);
        put_text(shard, model->units.items[factory->unit].name);
    }
    put_functions(shard, module);
    lzi_put_varint(&shard->value, module->units.count);
    for (size_t i = 0; i < module->units.count; i++) {
        put_text(shard, model->units.items[module->units.items[i]].name);
    }
    put_texts(shard, names);
    add_record(shard, LZI_TABLE_MODULE, module->name);
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
add_tuples(shard_writer *shard, const lzi_model_module *module, run_list *runs)
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
    add_record(shard, LZI_TABLE_TUPLE, module->name);
}

/* @param runs Sorted by unit; offsets count from the start of the value of
 *             the unit's module. */
static void
add_unit(shard_writer *shard, size_t index, const run_list *runs)
{
    const lzi_model_unit *unit = &shard->model->units.items[index];
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
    put_text(shard, shard->model->modules.items[unit->module].name);
    put_texts(shard, &unit->imports);
    put_texts(shard, &unit->soft);
    lzi_put_varint(&shard->value, high - low);
    for (size_t i = low; i < high; i++) {
        lzi_put_varint(&shard->value, runs->items[i].offset);
        lzi_put_varint(&shard->value, runs->items[i].first);
        lzi_put_varint(&shard->value, runs->items[i].count);
    }
    add_record(shard, LZI_TABLE_UNIT, unit->name);
}

static void
add_ranges(shard_writer *shard, const lzi_model_unit *unit)
{
    uint64_t end = 0;
    lzi_put_varint(&shard->value, unit->definitions.count);
    for (size_t i = 0; i < unit->definitions.count; i++) {
        const lzi_definition *definition = &unit->definitions.items[i];
        lzi_put_varint(&shard->value, definition->offset - end);
        lzi_put_varint(&shard->value, definition->length);
        end = definition->offset + definition->length;
    }
    add_record(shard, LZI_TABLE_RANGE, unit->name);
}

static int
compare_records(const void *a, const void *b)
{
    return lzi_slice_compare(((const lzi_shard_record *)a)->key,
                             ((const lzi_shard_record *)b)->key);
}

/* Every record of the shard, sorted. */
static void
collect_records(shard_writer *shard)
{
    const lzi_model *model = shard->model;
    run_list runs = {0};
    add_meta(shard);
    if (shard->distribution == model->init_distribution) {
        add_eager(shard);
    }
    add_files(shard);
    claim_list claims = collect_claims(shard);
    add_names(shard, &claims);
    for (size_t i = 0; i < model->modules.count; i++) {
        const lzi_model_module *module = &model->modules.items[i];
        if (is_own(shard, module)) {
            lzi_strings names = names_of_module(shard, &claims, i);
            add_module(shard, module, &names);
            add_tuples(shard, module, &runs);
        }
    }
    add_filter(shard);
    if (runs.count > 1) {
        qsort(runs.items, runs.count, sizeof(tuple_run), compare_runs);
    }
    for (size_t i = 0; i < model->units.count; i++) {
        const lzi_model_unit *unit = &model->units.items[i];
        if (is_own(shard, &model->modules.items[unit->module])) {
            add_unit(shard, i, &runs);
            add_ranges(shard, unit);
        }
    }
    qsort(shard->records.items, shard->records.count, sizeof(lzi_shard_record),
          compare_records);
}

/* -- Shards --------------------------------------------------------------- */

bool
lzi_shard_write(const lzi_model *model, size_t distribution, const char *path,
                lzi_diag *diag)
{
    shard_writer shard = {
        .model = model,
        .distribution = distribution,
        .path = path,
        .diag = diag,
        .arena = lzi_arena_new(),
    };
    collect_records(&shard);
    bool done = !shard.failed;
    if (shard.value.failed) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0, "cannot write '%s': %s", path,
                    "out of memory");
        done = false;
    }
    if (done) {
        done = lzi_shard_file_write(&shard.records, path, diag);
    }
    lzi_buffer_free(&shard.value);
    lzi_arena_free(shard.arena);
    return done;
}

bool
lzi_shards_write(const lzi_model *model, const char *out, lzi_diag *diag)
{
    if (mkdir(out, 0777) != 0 && errno != EEXIST) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0,
                    "cannot create directory '%s': %s", out, strerror(errno));
        return false;
    }
    lzi_arena *arena = lzi_arena_new();
    bool done = true;
    for (size_t i = 0; i < model->distributions.count && done; i++) {
        const char *name = model->distributions.items[i].name;
        if (i != model->init_distribution && !has_modules(model, i)) {
            continue;
        }
        if (!lzi_is_distribution_name(name)) {
            lzi_diag_at(diag, LZI_ERROR, NULL, 0,
                        "cannot name a shard after the distribution '%s': "
                        "correct Name in its METADATA",
                        name);
            done = false;
            break;
        }
        char *path = lzi_arena_format(arena, "%s/%s%s", out, name, LZI_SUFFIX);
        done = lzi_shard_write(model, i, path, diag);
    }
    lzi_arena_free(arena);
    return done;
}
