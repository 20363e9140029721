#include "commands.h"

#include "base/emit.h"
#include "base/file_io.h"
#include "shard_source.h"
#include "base/string_map.h"
#include "itk/unit_closures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const lzi_index *index;
    const char *directory;
    bool applied; /* the shards are those in the package */
    lzi_arena *arena;
    lzi_diag diag;
} explanation;

static void
print_line(const char *label, lzi_slice value)
{
    printf("%s: ", label);
    lzi_print_safely(value);
    putchar('\n');
}

static void
print_list(const char *label, lzi_list list)
{
    lzi_slice item;
    if (list.count > 0) {
        printf("%s:", label);
        while (lzi_list_next(&list, &item)) {
            putchar(' ');
            lzi_print_safely(item);
        }
        putchar('\n');
    }
}

static void
print_source(const explanation *self, const lzi_reader *reader)
{
    const lzi_meta *meta = lzi_reader_meta(reader);
    const char *path = lzi_reader_path(reader);
    const char *slash = strrchr(path, '/');
    fputs("distribution: ", stdout);
    lzi_print_safely(meta->distribution);
    if (meta->version.size > 0) { /* a build knows of none */
        putchar(' ');
    }
    lzi_print_safely(meta->version);
    fputs("\nshard: ", stdout);
    if (self->applied) {
        puts(path);
    }
    else { /* a temporary one: only its name means something */
        printf("%s, not applied\n", slash == NULL ? path : slash + 1);
    }
}

/* A record without which the index makes no sense. */
static bool
is_damaged(explanation *self, const char *what, lzi_slice name)
{
    lzi_diag_at(&self->diag, LZI_ERROR, NULL, 0,
                "the record of %s '%.*s' is missing or damaged", what,
                (int)name.size, name.data);
    lzi_source_advise(&self->diag, self->directory);
    return false;
}

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
make_closure(explanation *self, lzi_find_needs *find, lzi_list units)
{
    lzi_closure *closure = lzi_closure_new(find, NULL, (void *)self->index);
    lzi_status status = closure == NULL ? LZI_E_NOMEM : LZI_OK;
    lzi_slice unit;
    while (status == LZI_OK && lzi_list_next(&units, &unit)) {
        status = lzi_closure_add(closure, unit);
    }
    if (status == LZI_E_NOMEM) {
        lzi_diag_at(&self->diag, LZI_ERROR, NULL, 0, "out of memory");
    }
    else if (status != LZI_OK) {
        is_damaged(self, "unit", lzi_closure_culprit(closure));
    }
    if (status != LZI_OK) {
        lzi_closure_free(closure);
        closure = NULL;
    }
    return closure;
}

static bool
find_library(explanation *self, lzi_slice *library, lzi_slice name)
{
    lzi_slice value;
    lzi_unit unit;
    lzi_module module;
    if (lzi_index_get(&value, NULL, self->index, LZI_TABLE_UNIT, name) !=
            LZI_OK ||
        lzi_unit_decode(&unit, value) != LZI_OK) {
        return is_damaged(self, "unit", name);
    }
    if (lzi_index_get(&value, NULL, self->index, LZI_TABLE_MODULE,
                      unit.module) != LZI_OK ||
        lzi_module_decode(&module, value) != LZI_OK) {
        return is_damaged(self, "module", unit.module);
    }
    *library = module.library;
    return true;
}

/* A star for those that only returned types are for. */
static bool
print_units(explanation *self, const lzi_closure *all,
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
print_closure(explanation *self, lzi_list units)
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
explain_public(explanation *self, lzi_slice name)
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
    print_line("name", name);
    printf("kind: %s\n", (owner.flags & LZI_NAME_FUNCTION) != 0   ? "function"
                         : (owner.flags & LZI_NAME_TEMPLATE) != 0 ? "template"
                                                                  : "class");
    print_line("owner", owner.module);
    printf("rule: %s\n", rule_text(&owner, others.count));
    if (others.count > 0) {
        fputs("other owners:", stdout);
        others.print = true;
        (void)lzi_index_candidates(self->index, &lookup, visit_other, &others);
        putchar('\n');
    }
    print_source(self, reader);
    return print_closure(self, owner.units) ? LZI_OK : LZI_E_FORMAT;
}

static lzi_status
explain_eager(explanation *self, lzi_slice name)
{
    lzi_slice value;
    lzi_eager eager;
    const lzi_reader *reader;
    lzi_status status =
        lzi_index_get(&value, &reader, self->index, LZI_TABLE_EAGER, name);
    if (status == LZI_OK) {
        status = lzi_eager_decode(&eager, value);
    }
    if (status != LZI_OK) {
        return status;
    }
    print_line("name", name);
    puts("kind: helper");
    print_line("imported from", eager.module);
    if (eager.attribute.size > 0) {
        print_line("attribute", eager.attribute);
    }
    print_source(self, reader);
    return LZI_OK;
}

static lzi_status
explain_module(explanation *self, lzi_slice name)
{
    lzi_slice value;
    lzi_module module;
    const lzi_reader *reader;
    lzi_status status =
        lzi_index_get(&value, &reader, self->index, LZI_TABLE_MODULE, name);
    if (status == LZI_OK && lzi_index_hides(self->index, name)) {
        status = LZI_NOT_FOUND;
    }
    if (status == LZI_OK) {
        status = lzi_module_decode(&module, value);
    }
    if (status != LZI_OK) {
        return status;
    }
    print_line("name", name);
    puts("kind: module");
    print_line("library", module.library);
    printf("names: %u\n", module.names.count);
    printf("units: %u\n", module.units.count);
    print_list("depends", module.depends);
    print_source(self, reader);
    return LZI_OK;
}

/* -- Names that are none -------------------------------------------------- */

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
    lzi_slice name;
    size_t limit;
    struct {
        lzi_slice name;
        size_t distance;
    } best[MATCHES];
    size_t count;
} match_search;

/* Names of modules that are gone are none. */
static bool
is_public(const lzi_index *index, lzi_slice name)
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

static lzi_status
match_name(void *context, lzi_slice name, lzi_slice value)
{
    match_search *search = context;
    size_t found = distance(search->name, name, search->limit), at;
    (void)value;
    if (found > search->limit || !is_public(search->index, name)) {
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

static void
report_unknown(explanation *self, lzi_slice name)
{
    static const char tables[] = {LZI_TABLE_NAME, LZI_TABLE_EAGER,
                                  LZI_TABLE_MODULE};
    match_search search = {
        .index = self->index, .name = name, .limit = 1 + name.size / 8};
    if (search.limit > 3) {
        search.limit = 3;
    }
    for (size_t t = 0; t < sizeof(tables); t++) {
        for (size_t i = 0; i < lzi_index_count(self->index); i++) {
            (void)lzi_reader_each(lzi_index_reader(self->index, i), tables[t],
                                  match_name, &search);
        }
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
    lzi_diag_at(&self->diag, LZI_ERROR, NULL, 0,
                "'%.*s' is no public name of '%s'%s%s%s", (int)name.size,
                name.data, self->directory,
                search.count > 0 ? "; did you mean " : "", list,
                search.count > 0 ? "?" : "");
}

/* As the runtime does: what the index says about modules that are gone does
 * not count. */
static bool
hide_missing_modules(explanation *self, lzi_index *index)
{
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        lzi_list modules =
            lzi_reader_meta(lzi_index_reader(index, i))->modules;
        lzi_slice module;
        while (lzi_list_next(&modules, &module)) {
            char *path = lzi_arena_format(
                self->arena, "%s/Configuration/%.*sConfig.py", self->directory,
                (int)module.size, module.data);
            if (!lzi_file_exists(path, &self->diag) &&
                lzi_index_hide(index, module) != LZI_OK) {
                lzi_diag_at(&self->diag, LZI_ERROR, NULL, 0, "out of memory");
            }
        }
    }
    return self->diag.errors == 0;
}

static bool
explain_name(explanation *self, lzi_slice name)
{
    lzi_status status = explain_public(self, name);
    if (status == LZI_NOT_FOUND) {
        status = explain_eager(self, name);
    }
    if (status == LZI_NOT_FOUND) {
        status = explain_module(self, name);
    }
    if (status == LZI_NOT_FOUND) {
        report_unknown(self, name);
    }
    else if (status != LZI_OK && self->diag.errors == 0) {
        is_damaged(self, "the name", name);
    }
    return status == LZI_OK;
}

/* @return NULL: reported */
static lzi_index *
open_index(explanation *self, const char *directory)
{
    self->directory = directory;
    self->applied = lzi_source_is_applied(directory);
    lzi_index *index = self->applied
                           ? lzi_source_open_applied(directory, &self->diag)
                           : lzi_source_open_fresh(directory, &self->diag);
    self->index = index;
    return index;
}

int
lzi_command_explain(const char *package_dir, const char *name)
{
    explanation self = {0};
    lzi_index *index = open_index(&self, package_dir);
    if (index == NULL) {
        return EXIT_FAILURE;
    }
    self.arena = lzi_arena_new();
    bool found = hide_missing_modules(&self, index) &&
                 explain_name(&self, lzi_slice_of(name));
    lzi_arena_free(self.arena);
    lzi_index_close(index);
    return found ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
lzi_command_explain_units(const char *package_dir)
{
    explanation self = {0};
    lzi_index *index = open_index(&self, package_dir);
    bool done = index != NULL && lzi_print_closures(stdout, index, &self.diag);
    if (index != NULL && !done) {
        lzi_source_advise(&self.diag, package_dir);
    }
    lzi_index_close(index);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
