#include "commands.h"

#include "scan/explain.h"
#include "scan/scan.h"
#include "shard_source.h"

#include <stdlib.h>
#include <string.h>

/* Edit distance, with swaps of neighbours; anything above @p limit is as
 * good as infinite. */
static size_t
distance(lzi_slice a, lzi_slice b, size_t limit)
{
    size_t rows[3][LZI_NAME_MAX + 1];
    if (a.size > LZI_NAME_MAX || b.size > LZI_NAME_MAX ||
        (a.size > b.size ? a.size - b.size : b.size - a.size) > limit) {
        return limit + 1;
    }
    for (size_t k = 0; k <= b.size; k++) {
        rows[0][k] = k;
    }
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3],
               *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t k = 1; k <= b.size; k++) {
            size_t best = above[k - 1] + (a.data[i - 1] != b.data[k - 1]);
            if (best > above[k] + 1) {
                best = above[k] + 1;
            }
            if (best > row[k - 1] + 1) {
                best = row[k - 1] + 1;
            }
            if (i > 1 && k > 1 && a.data[i - 1] == b.data[k - 2] &&
                a.data[i - 2] == b.data[k - 1] && best > second[k - 2] + 1) {
                best = second[k - 2] + 1;
            }
            row[k] = best;
        }
    }
    return rows[a.size % 3][b.size];
}

enum { MATCHES = 3 };

typedef struct {
    const lzi_index *index;
    const lzi_profile *profile;
    lzi_slice name;
    size_t limit;
    struct {
        lzi_slice name;
        size_t distance;
    } best[MATCHES];
    size_t count;
} match_search;

static lzi_status
match_name(void *context, lzi_slice name, lzi_slice value)
{
    match_search *search = context;
    size_t found = distance(search->name, name, search->limit), at;
    (void)value;
    if (found > search->limit ||
        !search->profile->is_public(search->index, name)) {
        return LZI_OK;
    }
    for (size_t i = 0; i < search->count; i++) {
        if (lzi_slice_equal(search->best[i].name, name)) {
            return LZI_OK; /* met in another shard */
        }
    }
    for (at = search->count; at > 0; at--) {
        if (search->best[at - 1].distance <= found) {
            break;
        }
        if (at < MATCHES) {
            search->best[at] = search->best[at - 1];
        }
    }
    if (at < MATCHES) {
        search->best[at].name = name;
        search->best[at].distance = found;
        search->count += search->count < MATCHES;
    }
    return LZI_OK;
}

/* Look for similar names in one table. */
static void
match_table(match_search *search, char table)
{
    for (size_t i = 0; i < lzi_index_count(search->index); i++) {
        (void)lzi_reader_each(lzi_index_reader(search->index, i), table,
                              match_name, search);
    }
}

static void
report_unknown(const lzi_explanation *self, const lzi_profile *profile,
               const char *directory, lzi_slice name)
{
    match_search search = {.index = self->index,
                           .profile = profile,
                           .name = name,
                           .limit = 1 + name.size / 8};
    if (search.limit > 3) {
        search.limit = 3;
    }
    for (const char *table = profile->name_tables; *table != '\0'; table++) {
        match_table(&search, *table);
    }
    const char *list = "";
    for (size_t i = 0; i < search.count; i++) {
        list = lzi_arena_format(self->arena, "%s%s'%.*s'", list,
                                i == 0                  ? ""
                                : i + 1 == search.count ? " or "
                                                        : ", ",
                                (int)search.best[i].name.size,
                                search.best[i].name.data);
    }
    lzi_diag_at(self->diag, LZI_ERROR, NULL, 0,
                "'%.*s' is no public name of '%s'%s%s%s", (int)name.size,
                name.data, directory,
                search.count > 0 ? "; did you mean " : "", list,
                search.count > 0 ? "?" : "");
}

/* As the runtime does: what the index says about modules that are gone does
 * not count. */
static bool
hide_missing_modules(lzi_explanation *self, lzi_index *index,
                     const lzi_profile *profile, const char *directory)
{
    lzi_strings there;
    if (!profile->list_modules(&there, self->arena, directory, self->diag)) {
        return false;
    }
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        const lzi_reader *reader = lzi_index_reader(index, i);
        lzi_list modules;
        lzi_slice module;
        lzi_status status = profile->modules_in(&modules, reader);
        if (status != LZI_OK) {
            lzi_diag_at(self->diag, LZI_ERROR, lzi_reader_path(reader), 0,
                        "%s", lzi_status_text(status));
            lzi_source_advise(self->diag, self->applied ? directory : NULL);
            return false;
        }
        while (lzi_list_next(&modules, &module)) {
            const char *name =
                lzi_arena_copy(self->arena, module.data, module.size);
            if (lzi_find_name(there.items, there.count, sizeof(name), name) ==
                    LZI_NONE &&
                lzi_index_hide(index, module) != LZI_OK) {
                lzi_diag_at(self->diag, LZI_ERROR, NULL, 0, "out of memory");
                return false;
            }
        }
    }
    return true;
}

static bool
explain(lzi_explanation *self, lzi_index *index, const char *directory,
        lzi_slice name)
{
    const lzi_profile *profile =
        lzi_profile_of(lzi_index_reader(index, 0), self->diag);
    if (profile == NULL ||
        !hide_missing_modules(self, index, profile, directory)) {
        return false;
    }
    lzi_status status = profile->explain(self, name);
    if (status == LZI_NOT_FOUND) {
        report_unknown(self, profile, directory, name);
    }
    else if (status != LZI_OK) {
        if (self->diag->errors == 0) {
            lzi_explain_damage(self, "the name", name);
        }
        lzi_source_advise(self->diag, directory);
    }
    return status == LZI_OK;
}

/* @return NULL: reported */
static lzi_index *
open_index(const char *directory, lzi_diag *diag)
{
    return lzi_source_is_applied(directory)
               ? lzi_source_open_applied(directory, diag)
               : lzi_source_open_fresh(directory, diag);
}

int
lzi_command_explain(const char *package_dir, const char *name)
{
    lzi_diag diag = {0};
    bool applied = lzi_source_is_applied(package_dir);
    lzi_index *index = open_index(package_dir, &diag);
    if (index == NULL) {
        return EXIT_FAILURE;
    }
    lzi_explanation self = {index, applied, lzi_arena_new(), &diag};
    bool found = explain(&self, index, package_dir, lzi_slice_of(name));
    lzi_arena_free(self.arena);
    lzi_index_close(index);
    return found ? EXIT_SUCCESS : EXIT_FAILURE;
}

static bool
explain_units(const lzi_index *index, const char *directory, lzi_diag *diag)
{
    const lzi_profile *profile =
        lzi_profile_of(lzi_index_reader(index, 0), diag);
    if (profile != NULL && profile->list_units == NULL) {
        lzi_diag_at(diag, LZI_ERROR, directory, 0, "%s packages have no units",
                    profile->name);
        return false;
    }
    bool done = profile != NULL && profile->list_units(stdout, index, diag);
    if (!done) {
        lzi_source_advise(diag, directory);
    }
    return done;
}

int
lzi_command_explain_units(const char *package_dir)
{
    lzi_diag diag = {0};
    lzi_index *index = open_index(package_dir, &diag);
    bool done = index != NULL && explain_units(index, package_dir, &diag);
    lzi_index_close(index);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
