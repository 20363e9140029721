#include "distributions.h"

#include "archive/dist_info.h"
#include "base/file_io.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -- RECORD --------------------------------------------------------------- */

/* Take the first field of a CSV row and step behind the row. */
static lzi_slice
take_row(const char **at, const char *end, char *buffer)
{
    const char *p = *at;
    size_t size = 0;
    bool quoted = false, first = true;
    for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
        if (*p == '"') {
            /* In quotes, "" is one quote. */
            if (quoted && p + 1 < end && p[1] == '"') {
                p++;
            }
            else {
                quoted = !quoted;
                continue;
            }
        }
        else if (*p == ',' && !quoted) {
            first = false;
        }
        if (first) {
            buffer[size++] = *p;
        }
    }
    while (p < end && (*p == '\n' || *p == '\r')) {
        p++;
    }
    *at = p;
    return (lzi_slice){.data = buffer, .size = size};
}

/* Absolute, or with a component `..`, or with a NUL. */
static bool
is_foreign(lzi_slice path)
{
    const char *at = path.data, *end = path.data + path.size;
    if (path.size == 0 || *at == '/' || memchr(at, '\0', path.size) != NULL) {
        return true;
    }
    while (at < end) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        size_t size = (size_t)((slash == NULL ? end : slash) - at);
        if (size == 2 && memcmp(at, "..", 2) == 0) {
            return true;
        }
        at += size + 1;
    }
    return false;
}

static void
add_file(lzi_installed *installed, size_t distribution, const char *package,
         lzi_slice path)
{
    size_t prefix = strlen(package);
    const char *key;
    bool added;
    if (is_foreign(path)) {
        return;
    }
    if (path.size > prefix && memcmp(path.data, package, prefix) == 0 &&
        path.data[prefix] == '/') {
        key = lzi_arena_copy(installed->arena, path.data + prefix + 1,
                             path.size - prefix - 1);
    }
    else if (memchr(path.data, '/', path.size) == NULL) {
        key = lzi_arena_format(installed->arena, "../%.*s", (int)path.size,
                               path.data);
    }
    else {
        return;
    }
    size_t *place = lzi_map_put(&installed->files, lzi_slice_of(key), &added);
    if (added) {
        *place = distribution;
    }
}

void
lzi_installed_add(lzi_installed *installed, size_t distribution,
                  const char *package, const char *data, size_t size)
{
    const char *at = data, *end = data + size;
    lzi_arena *scratch = lzi_arena_new();
    char *buffer = lzi_arena_alloc(scratch, size); /* the longest field */
    while (at < end) {
        add_file(installed, distribution, package, take_row(&at, end, buffer));
    }
    lzi_arena_free(scratch);
}

/* -- METADATA ------------------------------------------------------------- */

/* The index of a distribution, which is added where it is new. */
static size_t
put_distribution(lzi_installed *installed, const char *name,
                 const char *version, const char *record)
{
    for (size_t i = 0; i < installed->all.count; i++) {
        if (strcmp(installed->all.items[i].name, name) == 0) {
            return i; /* a leftover of another version */
        }
    }
    *(lzi_distribution *)LZI_PUSH(installed->arena, &installed->all) =
        (lzi_distribution){.name = name, .version = version, .record = record};
    return installed->all.count - 1;
}

/* Name and version: of METADATA, else of the directory. */
static bool
read_distribution(lzi_installed *installed, const char *site,
                  const char *package, const char *directory,
                  lzi_file_text *text, lzi_diag *diag)
{
    lzi_arena *arena = installed->arena;
    const char *record =
        lzi_arena_format(arena, "%s/%s/RECORD", site, directory);
    const char *metadata =
        lzi_arena_format(arena, "%s/%s/METADATA", site, directory);
    const char *name = NULL, *version = NULL;
    if (!lzi_file_exists(record, diag)) {
        return true; /* installed by something that keeps no record */
    }
    if (lzi_file_exists(metadata, diag)) {
        if (!lzi_file_read(text, metadata, diag)) {
            return false;
        }
        name = lzi_metadata_header(arena, text->data, "Name");
        version = lzi_metadata_header(arena, text->data, "Version");
    }
    size_t stem = strlen(directory) - strlen(LZI_INFO_SUFFIX);
    const char *dash = memchr(directory, '-', stem);
    size_t name_size = dash == NULL ? stem : (size_t)(dash - directory);
    if (name == NULL || !lzi_is_distribution_name(name)) {
        name = lzi_arena_copy(arena, directory, name_size);
    }
    if (version == NULL) {
        version = dash == NULL
                      ? ""
                      : lzi_arena_copy(arena, dash + 1, stem - name_size - 1);
    }
    if (!lzi_file_read(text, record, diag)) {
        return false;
    }
    lzi_installed_add(installed,
                      put_distribution(installed, name, version, record),
                      package, text->data, text->size);
    return true;
}

bool
lzi_installed_read(lzi_installed *out, lzi_arena *arena, const char *site,
                   const char *package, lzi_diag *diag)
{
    lzi_strings names;
    lzi_file_text text = {0};
    bool good = true;
    *out = (lzi_installed){.arena = arena, .files = lzi_map_new(arena)};
    if (!lzi_directory_list(&names, arena, site, diag)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        if (strlen(names.items[i]) > strlen(LZI_INFO_SUFFIX) &&
            lzi_has_suffix(names.items[i], LZI_INFO_SUFFIX)) {
            good = read_distribution(out, site, package, names.items[i], &text,
                                     diag) &&
                   good;
        }
    }
    lzi_file_free(&text);
    return good;
}

/* -- The model's distributions -------------------------------------------- */

/* Index into all; `fallback` where nothing installed the file. */
static size_t
find_file(const lzi_installed *installed, const char *path, size_t fallback)
{
    const size_t *found = lzi_map_get(&installed->files, lzi_slice_of(path));
    return found == NULL ? fallback : *found;
}

/* Copy the kept ones, sorted, and note where each one went. */
static void
sort_kept(lzi_installed *installed, lzi_model *model)
{
    for (size_t i = 0; i < installed->all.count; i++) {
        if (installed->kept[i] != LZI_NONE) {
            *(lzi_distribution *)LZI_PUSH(
                model->arena, &model->distributions) = installed->all.items[i];
        }
    }
    qsort(model->distributions.items, model->distributions.count,
          sizeof(lzi_distribution), lzi_compare_names);
    for (size_t i = 0; i < installed->all.count; i++) {
        if (installed->kept[i] != LZI_NONE) {
            installed->kept[i] = lzi_model_find_distribution(
                model, installed->all.items[i].name);
        }
    }
}

void
lzi_installed_assign(lzi_installed *installed, lzi_model *model,
                     const lzi_strings *paths, size_t *out)
{
    size_t init = find_file(installed, "__init__.py", LZI_NONE);
    if (init == LZI_NONE) {
        init = put_distribution(installed, model->package, "", NULL);
    }
    installed->kept = lzi_arena_alloc(installed->arena,
                                      installed->all.count * sizeof(size_t));
    for (size_t i = 0; i < installed->all.count; i++) {
        installed->kept[i] = LZI_NONE;
    }
    installed->kept[init] = 0;
    for (size_t i = 0; i < paths->count; i++) {
        out[i] = find_file(installed, paths->items[i], init);
        installed->kept[out[i]] = 0;
    }
    sort_kept(installed, model);
    model->init_distribution = installed->kept[init];
    for (size_t i = 0; i < paths->count; i++) {
        out[i] = installed->kept[out[i]];
    }
}

size_t
lzi_distribution_of(const lzi_installed *installed, const char *path,
                    size_t fallback)
{
    size_t found = find_file(installed, path, LZI_NONE);
    return found == LZI_NONE || installed->kept[found] == LZI_NONE
               ? fallback
               : installed->kept[found];
}
