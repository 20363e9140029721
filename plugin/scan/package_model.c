#include "package_model.h"

#include "distributions.h"
#include "itk/itk_config.h"
#include "itk/module_body.h"
#include "base/progress.h"
#include "python/py_lexer.h"
#include "itk/resolve_units.h"
#include "itk/soft_edges.h"
#include "base/string_map.h"
#include "itk/support_names.h"
#include "itk/swig_proxy.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_DIRECTORY "Configuration"
#define CONFIG_SUFFIX "Config.py"
#define STOCK_INIT "_lazyindex/stock_init.py"

typedef struct {
    lzi_model *model;
    lzi_diag *diag;
    lzi_arena *scratch;
    lzi_file_text text;   /* of the file at hand; used again and again */
    lzi_string_map names; /* interned, in the model's arena */
    lzi_strings files;    /* of the package directory, sorted */
    lzi_owners owners;
    lzi_proxy *aggregators; /* of each module */
    const char *current;    /* path of the file in `text`, for messages */
} scanner;

static const char *
path_of(scanner *in, const char *path)
{
    return lzi_arena_format(in->scratch, "%s/%s", in->model->directory, path);
}

/* -- Looking up ----------------------------------------------------------- */

size_t
lzi_model_find_module(const lzi_model *model, const char *name)
{
    return lzi_find_name(model->modules.items, model->modules.count,
                         sizeof(*model->modules.items), name);
}

size_t
lzi_model_find_unit(const lzi_model *model, const char *name)
{
    return lzi_find_name(model->units.items, model->units.count,
                         sizeof(*model->units.items), name);
}

/* -- Inputs --------------------------------------------------------------- */

const char *
lzi_model_input_path(const lzi_model *model, lzi_arena *arena,
                     const char *path, lzi_diag *diag)
{
    const char *stock =
        lzi_arena_format(arena, "%s/" STOCK_INIT, model->directory);

    return strcmp(path, "__init__.py") == 0 && lzi_file_exists(stock, diag)
               ? stock
               : lzi_arena_format(arena, "%s/%s", model->directory, path);
}

bool
lzi_model_read(lzi_model *model, lzi_file_text *text, const char *path,
               size_t distribution, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    const bool good = lzi_file_read(
        text, lzi_model_input_path(model, scratch, path, diag), diag);

    lzi_arena_free(scratch);
    if (good) {
        *(lzi_model_input *)LZI_PUSH(model->arena, &model->inputs) =
            (lzi_model_input){.path = path,
                              .size = text->size,
                              .hash = XXH3_64bits(text->data, text->size),
                              .distribution = distribution};
    }
    return good;
}

static bool
read_input(scanner *in, const char *path, const lzi_model_module *module)
{
    in->current = path_of(in, path);
    return lzi_model_read(in->model, &in->text, path, module->distribution,
                          in->diag);
}

/* Sorted; a file that was read twice stands there once. */
static void
sort_inputs(scanner *in)
{
    lzi_model_input *items = in->model->inputs.items;
    size_t kept = 0;

    if (in->model->inputs.count > 0) {
        qsort(items, in->model->inputs.count, sizeof(*items),
              lzi_compare_names);
    }
    for (size_t i = 0; i < in->model->inputs.count; i++) {
        if (kept == 0 || strcmp(items[kept - 1].path, items[i].path) != 0) {
            items[kept] = items[i];
            items[kept].distribution = lzi_owner_of(
                &in->owners, items[kept].path, items[kept].distribution);
            kept++;
        }
    }
    in->model->inputs.count = kept;
}

bool
lzi_model_check_inputs(const lzi_model *model, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    lzi_file_text text = {0};
    bool same = true;

    for (size_t i = 0; i < model->inputs.count; i++) {
        const lzi_model_input *input = &model->inputs.items[i];
        const char *path =
            lzi_model_input_path(model, scratch, input->path, diag);

        if (!lzi_file_read(&text, path, diag)) {
            same = false;
        }
        else if (text.size != input->size ||
                 XXH3_64bits(text.data, text.size) != input->hash) {
            lzi_diag_at(diag, LZI_ERROR, path, 0,
                        "changed while it was read: name the target that "
                        "writes it in DEPENDS, and build again");
            same = false;
        }
    }
    lzi_file_free(&text);
    lzi_arena_free(scratch);
    return same;
}

/* -- The package directory ------------------------------------------------ */

static bool
has_file(const scanner *in, const char *name)
{
    return lzi_find_name(in->files.items, in->files.count, sizeof(char *),
                         name) != LZI_NONE;
}

/* What is it not, if it is no package with Configuration tables? In a build
 * tree, __init__.py may come later. */
static const char *
find_lack(scanner *in)
{
    const bool has_init =
        in->model->plan != NULL ||
        lzi_file_exists(path_of(in, "__init__.py"), in->diag);

    return !has_init ? "__init__.py"
           : !lzi_file_exists(path_of(in, CONFIG_DIRECTORY), in->diag)
               ? CONFIG_DIRECTORY " tables"
               : NULL;
}

/* Is it a package with Configuration tables? Says so once if it is not. */
static bool
open_package(scanner *in)
{
    lzi_model *model = in->model;
    struct stat status;
    char *real = realpath(model->directory, NULL);

    if (real == NULL || stat(real, &status) != 0 || !S_ISDIR(status.st_mode)) {
        lzi_diag_at(in->diag, LZI_ERROR, NULL, 0, "cannot open '%s': %s",
                    model->directory,
                    strerror(real == NULL ? errno : ENOTDIR));
        free(real);
        return false;
    }
    const char *name = strrchr(real, '/') + 1;
    model->package = lzi_arena_copy(model->arena, name, strlen(name));
    free(real);
    const unsigned before = in->diag->errors;
    const char *lack = find_lack(in);
    if (lack != NULL && in->diag->errors == before) {
        lzi_diag_at(in->diag, LZI_ERROR, NULL, 0,
                    "'%s' is no installed itk package: it has no %s; give "
                    "the directory that holds itk's __init__.py",
                    model->directory, lack);
    }
    return lack == NULL && lzi_directory_list(&in->files, in->scratch,
                                              model->directory, in->diag);
}

static lzi_model_module *
add_module(scanner *in, const char *name, size_t size)
{
    lzi_arena *arena = in->model->arena;
    lzi_model_module *module = LZI_PUSH(arena, &in->model->modules);

    module->name = lzi_arena_copy(arena, name, size);
    module->config_path = lzi_arena_format(
        arena, CONFIG_DIRECTORY "/%s" CONFIG_SUFFIX, module->name);
    module->body_unit = LZI_NONE;
    return module;
}

static bool
find_modules(scanner *in)
{
    lzi_model *model = in->model;
    const size_t tail = strlen(CONFIG_SUFFIX);
    lzi_strings names;

    if (!lzi_directory_list(&names, in->scratch, path_of(in, CONFIG_DIRECTORY),
                            in->diag)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        const size_t size = strlen(names.items[i]);

        if (size <= tail ||
            strcmp(names.items[i] + size - tail, CONFIG_SUFFIX) != 0 ||
            lzi_py_name_size(names.items[i], names.items[i] + size) !=
                size - 3) {
            continue; /* -3: ".py" */
        }
        add_module(in, names.items[i], size - tail);
    }
    if (model->modules.count == 0) {
        lzi_diag_at(in->diag, LZI_ERROR, NULL, 0,
                    "'%s' is no installed itk package: its " CONFIG_DIRECTORY
                    " directory holds no table",
                    model->directory);
        return false;
    }
    qsort(model->modules.items, model->modules.count,
          sizeof(*model->modules.items), lzi_compare_names);
    return true;
}

/* The plan's shards stand for distributions. */
static void
add_shard(scanner *in, const char *name)
{
    lzi_model *model = in->model;

    for (size_t i = 0; i < model->distributions.count; i++) {
        if (strcmp(model->distributions.items[i].name, name) == 0) {
            return;
        }
    }
    *(lzi_distribution *)LZI_PUSH(model->arena, &model->distributions) =
        (lzi_distribution){.name = name, .version = ""};
}

static size_t
find_shard(const lzi_model *model, const char *name)
{
    return lzi_find_name(model->distributions.items,
                         model->distributions.count,
                         sizeof(*model->distributions.items), name);
}

static void
add_planned(scanner *in)
{
    lzi_model *model = in->model;
    const lzi_build_plan *plan = model->plan;

    in->owners = (lzi_owners){.arena = model->arena,
                              .owner = lzi_map_new(model->arena)};
    if (plan->init != NULL) {
        add_shard(in, plan->init);
    }
    for (size_t i = 0; i < plan->modules.count; i++) {
        add_shard(in, plan->modules.items[i].shard);
    }
    qsort(model->distributions.items, model->distributions.count,
          sizeof(*model->distributions.items), lzi_compare_names);
    model->init_distribution =
        plan->init == NULL ? LZI_NONE : find_shard(model, plan->init);
    for (size_t i = 0; i < plan->modules.count; i++) {
        const lzi_planned_module *planned = &plan->modules.items[i];
        lzi_model_module *module =
            add_module(in, planned->module, strlen(planned->module));

        module->library = planned->library;
        module->has_hook = planned->hook;
        module->distribution = find_shard(model, planned->shard);
    }
}

static bool
is_listed(const lzi_model *model, const char *name)
{
    for (size_t i = 0; i < model->modules.count; i++) {
        if (strcmp(model->modules.items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void
find_distributions(scanner *in)
{
    /* A failure is reported; what was read still tells whom to name. */
    lzi_owners_read(&in->owners, in->model->arena, path_of(in, ".."),
                    in->model->package, in->diag);
    lzi_owners_assign(&in->owners, in->model);
}

/* -- Modules -------------------------------------------------------------- */

const char *
lzi_model_advice(const lzi_model *model, const lzi_model_module *module)
{
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

/* Something of a module is not there. */
static void
report_missing(scanner *in, const lzi_model_module *module, const char *file)
{
    lzi_diag_at(in->diag, LZI_ERROR, NULL, 0,
                "module %s of '%s' has no %s: %s", module->name,
                in->model->directory, file,
                lzi_model_advice(in->model, module));
}

/* The library: _<module>Python, with a suffix for extensions. */
static void
find_library(scanner *in, lzi_model_module *module)
{
    const char *stem =
        lzi_arena_format(in->scratch, "_%sPython.", module->name);
    const char *best =
        lzi_arena_format(in->scratch, "_%sPython.abi3.so", module->name);

    for (size_t i = 0; i < in->files.count && !has_file(in, best); i++) {
        const char *file = in->files.items[i];
        const size_t size = strlen(file);

        if (strncmp(file, stem, strlen(stem)) == 0 && size > 3 &&
            strcmp(file + size - 3, ".so") == 0) {
            best = file;
        }
    }
    if (has_file(in, best)) {
        module->library = lzi_arena_copy(in->model->arena, best, strlen(best));
    }
    else {
        report_missing(in, module, best);
    }
}

static const char *
functions_of(scanner *in, const lzi_model_module *module)
{
    return lzi_arena_format(
        in->model->arena, CONFIG_DIRECTORY "/%s_snake_case.py", module->name);
}

static void
read_tables(scanner *in, lzi_model_module *module)
{
    lzi_model *model = in->model;
    const char *functions = functions_of(in, module);

    if (read_input(in, module->config_path, module)) {
        lzi_config_read(module, model->arena, in->text.data, in->text.size,
                        in->current, in->diag);
    }
    /* ITKPyBase has none. */
    if (lzi_file_exists(path_of(in, functions), in->diag) &&
        read_input(in, functions, module)) {
        lzi_snake_case_read(module, model->arena, in->text.data, in->text.size,
                            in->current, in->diag);
    }
}

/* Public names that the aggregator itself defines. What it imports is for
 * its own use, and every aggregator assigns `swig`. */
static void
find_bodies(scanner *in, lzi_model_module *module, const lzi_proxy *from)
{
    lzi_strings all = {0};

    for (size_t i = 0; i < from->definitions.count; i++) {
        lzi_strings_add(in->scratch, &all, from->definitions.items[i].name);
    }
    for (size_t i = 0; i < from->assigned.count; i++) {
        lzi_strings_add(in->scratch, &all, from->assigned.items[i]);
    }
    lzi_strings_sort(&all);
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i][0] != '_' && strcmp(all.items[i], "swig") != 0) {
            lzi_strings_add(in->model->arena, &module->bodies, all.items[i]);
        }
    }
}

static lzi_model_unit *
add_unit(scanner *in, const char *name, size_t module)
{
    lzi_model_unit *unit = LZI_PUSH(in->model->arena, &in->model->units);

    unit->name = name;
    unit->module = module;
    return unit;
}

static void
read_aggregator(scanner *in, size_t index)
{
    lzi_model_module *module = &in->model->modules.items[index];
    lzi_proxy *proxy = &in->aggregators[index];
    const char *name =
        lzi_arena_format(in->model->arena, "%sPython", module->name);
    const char *file = lzi_arena_format(in->model->arena, "%s.py", name);

    if (!has_file(in, file)) {
        report_missing(in, module, file);
        return;
    }
    if (!read_input(in, file, module) ||
        !lzi_proxy_scan(proxy, &in->names, in->text.data, in->text.size,
                        in->current, in->diag)) {
        return;
    }
    find_bodies(in, module, proxy);
    for (size_t i = 0; i < proxy->stars.count; i++) {
        add_unit(in, proxy->stars.items[i], index);
    }
    if (module->bodies.count > 0) {
        add_unit(in, name, index)->imports = proxy->stars;
        lzi_proxy_find_used(&proxy->used, &in->names, in->text.data,
                            in->text.size);
    }
}

/* The planned modules, and by their tables those below them: what a proxy
 * returns may be a class of one of these. */
static bool
find_planned_modules(scanner *in)
{
    lzi_model *model = in->model;

    add_planned(in);
    for (size_t m = 0; m < model->modules.count; m++) {
        lzi_model_module *module = &model->modules.items[m];

        if (access(path_of(in, module->config_path), F_OK) != 0) {
            report_missing(in, module, module->config_path);
            continue;
        }
        read_tables(in, module);
        if (m < model->plan->modules.count &&
            !model->plan->modules.items[m].no_functions &&
            access(path_of(in, functions_of(in, module)), F_OK) != 0) {
            report_missing(in, module, functions_of(in, module));
        }
        const lzi_strings depends = module->depends;
        for (size_t i = 0; i < depends.count; i++) {
            const char *name = depends.items[i];
            const char *table = path_of(
                in,
                lzi_arena_format(in->scratch,
                                 CONFIG_DIRECTORY "/%s" CONFIG_SUFFIX, name));

            if (!is_listed(model, name) && access(table, F_OK) == 0) {
                add_module(in, name, strlen(name))->distribution = LZI_NONE;
            }
        }
    }
    qsort(model->modules.items, model->modules.count,
          sizeof(*model->modules.items), lzi_compare_names);
    return true;
}

static void
read_modules(scanner *in)
{
    lzi_model *model = in->model;

    in->aggregators = lzi_arena_alloc(
        in->scratch, model->modules.count * sizeof(*in->aggregators));
    for (size_t m = 0; m < model->modules.count; m++) {
        lzi_model_module *module = &model->modules.items[m];
        char *hook =
            lzi_arena_format(in->scratch, "__init_%s__.py", module->name);

        for (char *at = hook; *at != '\0'; at++) {
            *at = (char)tolower((unsigned char)*at);
        }
        module->has_hook = module->has_hook || has_file(in, hook);
        if (model->plan == NULL) {
            read_tables(in, module);
            find_library(in, module);
        }
        read_aggregator(in, m);
    }
}

/* -- Units ---------------------------------------------------------------- */

/* Sorted; a unit of two modules is reported. */
static void
sort_units(scanner *in)
{
    lzi_model *model = in->model;
    lzi_model_unit *items = model->units.items;
    size_t kept = 0;

    if (model->units.count > 0) {
        qsort(items, model->units.count, sizeof(*items), lzi_compare_names);
    }
    for (size_t i = 0; i < model->units.count; i++) {
        if (kept == 0 || strcmp(items[kept - 1].name, items[i].name) != 0) {
            items[kept++] = items[i];
        }
        else if (items[kept - 1].module != items[i].module) {
            lzi_diag_at(in->diag, LZI_ERROR, NULL, 0,
                        "'%s' belongs to two modules, %s and %s",
                        items[i].name,
                        model->modules.items[items[kept - 1].module].name,
                        model->modules.items[items[i].module].name);
        }
    }
    model->units.count = kept;
    for (size_t m = 0; m < model->modules.count; m++) {
        lzi_model_module *module = &model->modules.items[m];
        const lzi_strings *stars = &in->aggregators[m].stars;

        for (size_t i = 0; i < stars->count; i++) {
            *(size_t *)LZI_PUSH(model->arena, &module->units) =
                lzi_model_find_unit(model, stars->items[i]);
        }
        if (module->bodies.count > 0) {
            module->body_unit = lzi_model_find_unit(
                model,
                lzi_arena_format(in->scratch, "%sPython", module->name));
        }
    }
}

/* What is imported has to be a unit. Any other module of the package is
 * left to Python. */
static void
check_imports(scanner *in, lzi_model_unit *unit)
{
    size_t kept = 0;

    for (size_t i = 0; i < unit->imports.count; i++) {
        const char *name = unit->imports.items[i];

        if (lzi_model_find_unit(in->model, name) != LZI_NONE) {
            unit->imports.items[kept++] = name;
        }
        else if (!has_file(in, lzi_arena_format(in->scratch, "%s.py", name))) {
            lzi_diag_at(
                in->diag, LZI_ERROR, in->current, 0,
                "imports '%s', which is not %s: %s", name,
                in->model->plan == NULL ? "installed" : "there",
                lzi_model_advice(in->model,
                                 &in->model->modules.items[unit->module]));
        }
    }
    unit->imports.count = kept;
}

static void
read_unit(scanner *in, lzi_model_unit *unit)
{
    lzi_model_module *module = &in->model->modules.items[unit->module];
    const char *file = lzi_arena_format(in->model->arena, "%s.py", unit->name);
    lzi_proxy proxy = {0};

    if (!has_file(in, file)) {
        report_missing(in, module, file);
        return;
    }
    if (!read_input(in, file, module) ||
        !lzi_proxy_scan(&proxy, &in->names, in->text.data, in->text.size,
                        in->current, in->diag)) {
        return;
    }
    unit->imports = proxy.imports;
    unit->definitions.items = proxy.definitions.items;
    unit->definitions.count = proxy.definitions.count;
    unit->definitions.capacity = proxy.definitions.capacity;
    unit->others = proxy.assigned;
    for (size_t i = 0; i < proxy.imported.count; i++) {
        lzi_strings_add(in->model->arena, &unit->others,
                        proxy.imported.items[i]);
    }
    unit->returns = proxy.returns;
    lzi_strings_sort(&unit->others);
    lzi_strings_sort(&unit->returns);
    check_imports(in, unit);
}

static void
read_units(scanner *in)
{
    lzi_model *model = in->model;
    lzi_progress progress;

    sort_units(in);
    lzi_progress_begin(&progress, "scanning", model->units.count);
    for (size_t u = 0; u < model->units.count; u++) {
        if (u !=
            model->modules.items[model->units.items[u].module].body_unit) {
            read_unit(in, &model->units.items[u]);
        }
        lzi_progress_step(&progress);
    }
    lzi_progress_end(&progress);
}

/* -- The whole ------------------------------------------------------------ */

static void
check_depends(scanner *in)
{
    const lzi_model *model = in->model;

    for (size_t m = 0; m < model->modules.count; m++) {
        const lzi_model_module *module = &model->modules.items[m];

        for (size_t i = 0; i < module->depends.count; i++) {
            const char *name = module->depends.items[i];

            if (lzi_model_find_module(model, name) == LZI_NONE) {
                lzi_diag_at(in->diag, LZI_WARNING,
                            path_of(in, module->config_path), 0,
                            "module %s, which %s depends on, is not "
                            "installed",
                            name, module->name);
            }
        }
    }
}

bool
lzi_model_scan(lzi_model *model, lzi_arena *arena, const char *directory,
               lzi_diag *diag)
{
    return lzi_model_scan_plan(model, arena, directory, NULL, diag);
}

bool
lzi_model_scan_plan(lzi_model *model, lzi_arena *arena, const char *directory,
                    const lzi_build_plan *plan, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    scanner in = {.model = model,
                  .diag = diag,
                  .scratch = scratch,
                  .names = lzi_map_new(arena)};
    const unsigned before = diag->errors;

    *model = (lzi_model){.arena = arena, .directory = directory, .plan = plan};
    if (open_package(&in) &&
        (plan == NULL ? find_modules(&in) : find_planned_modules(&in))) {
        if (plan == NULL) {
            find_distributions(&in);
        }
        read_modules(&in);
        read_units(&in);
        lzi_find_free_bodies(model, in.aggregators);
        if (model->init_distribution != LZI_NONE) {
            lzi_support_names(model, diag);
        }
        check_depends(&in);
        /* What is not read cannot be found: no second complaint. */
        if (diag->errors == before && lzi_resolve_units(model, diag)) {
            lzi_soft_edges(model);
        }
        sort_inputs(&in);
    }
    lzi_file_free(&in.text);
    lzi_arena_free(scratch);
    return diag->errors == before;
}
