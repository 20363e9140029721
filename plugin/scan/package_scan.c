#include "package_scan.h"

#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* -- The package directory ------------------------------------------------ */

/* Sets the name of the package, which is that of the directory, whatever
 * links lead there. */
static bool
open_directory(lzi_model *model, lzi_diag *diag)
{
    struct stat status;
    char *real = realpath(model->directory, NULL);
    if (real == NULL || stat(real, &status) != 0 || !S_ISDIR(status.st_mode)) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0, "cannot open '%s': %s",
                    model->directory,
                    strerror(real == NULL ? errno : ENOTDIR));
        free(real);
        return false;
    }
    const char *name = strrchr(real, '/') + 1;
    model->package = lzi_arena_copy(model->arena, name, strlen(name));
    free(real);
    return true;
}

/* In a build tree, __init__.py may come later. */
static bool
has_init(const lzi_model *model, lzi_diag *diag)
{
    return model->plan != NULL ||
           lzi_file_exists(lzi_arena_format(model->arena, "%s/__init__.py",
                                            model->directory),
                           diag);
}

/* Is it a package that we know? Says so once if it is not. */
static bool
find_profile(lzi_model *model, lzi_diag *diag)
{
    unsigned before = diag->errors;
    bool is_package = has_init(model, diag);
    if (is_package) {
        model->profile = lzi_profile_of_directory(model->directory, diag);
    }
    if (model->profile == NULL && diag->errors == before) {
        const char *names = lzi_profile_names(model->arena);
        lzi_diag_at(diag, LZI_ERROR, NULL, 0,
                    "'%s' is no installed %s package: it has no %s; give the "
                    "directory that holds %s's __init__.py",
                    model->directory, names,
                    is_package ? lzi_profile_marks(model->arena)
                               : "__init__.py",
                    names);
    }
    return model->profile != NULL;
}

/* -- The whole ------------------------------------------------------------ */

/* A plan's shards stand for distributions. */
static void
add_shard(lzi_model *model, const char *name)
{
    for (size_t i = 0; i < model->distributions.count; i++) {
        if (strcmp(model->distributions.items[i].name, name) == 0) {
            return;
        }
    }
    *(lzi_distribution *)LZI_PUSH(model->arena, &model->distributions) =
        (lzi_distribution){.name = name, .version = ""};
}

static void
add_planned_shards(lzi_model *model)
{
    const lzi_build_plan *plan = model->plan;
    if (plan->init != NULL) {
        add_shard(model, plan->init);
    }
    for (size_t i = 0; i < plan->modules.count; i++) {
        add_shard(model, plan->modules.items[i].shard);
    }
    qsort(model->distributions.items, model->distributions.count,
          sizeof(*model->distributions.items), lzi_compare_names);
    model->init_distribution =
        plan->init == NULL ? LZI_NONE
                           : lzi_model_find_distribution(model, plan->init);
}

/* A file that was read twice stands there once. */
static void
sort_inputs(lzi_model *model, const lzi_installed *installed)
{
    lzi_model_input *items = model->inputs.items;
    size_t kept = 0;
    if (model->inputs.count > 0) {
        qsort(items, model->inputs.count, sizeof(*items), lzi_compare_names);
    }
    for (size_t i = 0; i < model->inputs.count; i++) {
        if (kept == 0 || strcmp(items[kept - 1].path, items[i].path) != 0) {
            items[kept] = items[i];
            items[kept].distribution = lzi_distribution_of(
                installed, items[kept].path, items[kept].distribution);
            kept++;
        }
    }
    model->inputs.count = kept;
}

bool
lzi_scan(lzi_model *model, lzi_arena *arena, const char *directory,
         const lzi_build_plan *plan, lzi_diag *diag)
{
    lzi_installed installed = {.arena = arena, .files = lzi_map_new(arena)};
    unsigned before = diag->errors;
    *model = (lzi_model){.arena = arena, .directory = directory, .plan = plan};
    if (open_directory(model, diag) && find_profile(model, diag)) {
        if (plan != NULL) {
            add_planned_shards(model);
        }
        model->profile->scan(model, &installed, diag);
        sort_inputs(model, &installed);
    }
    return diag->errors == before;
}
