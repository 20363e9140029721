#include "verify.h"

#include "model.h"
#include "scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A broken package has thousands; the first few tell the story. */
enum { PROBLEMS_SHOWN = 20 };

void
lzi_verify_problem(lzi_verification *self, const char *format, ...)
{
    const char *path = lzi_reader_path(self->reader);
    if (++self->problems <= PROBLEMS_SHOWN) {
        char what[1024];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(what, sizeof(what), format, arguments);
        va_end(arguments);
        lzi_progress_end(&self->progress);
        lzi_diag_at(self->diag, LZI_ERROR, path, 0, "%s", what);
    }
}

const char *
lzi_verify_path(const lzi_verification *self, lzi_slice name,
                const char *suffix)
{
    return lzi_arena_format(self->arena, "%s/%.*s%s", self->directory,
                            LZI_SLICE_ARGS(name), suffix);
}

bool
lzi_verify_is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool
lzi_verify_list_has(lzi_list list, lzi_slice wanted)
{
    lzi_slice item;
    while (lzi_list_next(&list, &item)) {
        if (lzi_slice_equal(item, wanted)) {
            return true;
        }
    }
    return false;
}

bool
lzi_verify_is_sorted(lzi_list list)
{
    lzi_slice before = {"", 0}, item;
    while (lzi_list_next(&list, &item)) {
        if (lzi_slice_compare(before, item) >= 0) {
            return false;
        }
        before = item;
    }
    return true;
}

bool
lzi_verify_is_known(const lzi_verification *self, char table, lzi_slice name)
{
    lzi_slice value;
    return self->index == NULL ||
           lzi_index_get(&value, NULL, self->index, table, name) == LZI_OK;
}

lzi_status
lzi_verify_count(void *context, lzi_slice name, lzi_slice value)
{
    (void)name;
    (void)value;
    ++*(size_t *)context;
    return LZI_OK;
}

void
lzi_verify_filter(lzi_verification *self, lzi_slice name)
{
    if (!lzi_reader_may_have(self->reader, lzi_name_hash(name))) {
        lzi_verify_problem(self, "'%.*s' is not in the filter",
                           LZI_SLICE_ARGS(name));
    }
}

lzi_status
lzi_verify_single(void *context, lzi_slice name, lzi_slice value)
{
    (void)value;
    if (name.size != 0) {
        lzi_verify_problem(context, "unexpected record '%.*s'",
                           LZI_SLICE_ARGS(name));
    }
    return LZI_OK;
}

/* -- What all profiles have ----------------------------------------------- */

static lzi_status
check_eager(void *context, lzi_slice name, lzi_slice value)
{
    lzi_eager eager;
    lzi_verify_filter(context, name);
    if (lzi_eager_decode(&eager, value) != LZI_OK || eager.module.size == 0) {
        lzi_verify_problem(context, "eager name '%.*s' does not decode",
                           LZI_SLICE_ARGS(name));
    }
    return LZI_OK;
}

static lzi_status
check_file(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_file file;
    if (lzi_file_decode(&file, name, value) != LZI_OK) {
        lzi_verify_problem(self, "file '%.*s' does not decode",
                           LZI_SLICE_ARGS(name));
        return LZI_OK;
    }
    if (self->directory == NULL) {
        return LZI_OK;
    }
    const char *path = lzi_input_path(
        self->arena, self->directory,
        lzi_arena_copy(self->arena, name.data, name.size), self->diag);
    if (!lzi_verify_is_file(path)) {
        lzi_verify_problem(self, "'%.*s' is not in the package",
                           LZI_SLICE_ARGS(name));
    }
    else if (!lzi_file_read(&self->text, path, self->diag)) {
        self->problems++; /* reported */
    }
    else if (self->text.size != file.size ||
             lzi_name_hash((lzi_slice){self->text.data, self->text.size}) !=
                 file.hash) {
        lzi_verify_problem(self, "'%.*s' has changed since it was scanned",
                           LZI_SLICE_ARGS(name));
    }
    return LZI_OK;
}

static lzi_status
check_unknown(void *context, lzi_slice name, lzi_slice value)
{
    (void)value;
    lzi_verify_problem(context, "record '%.*s' in an unknown table",
                       LZI_SLICE_ARGS(name));
    return LZI_OK;
}

/* -- The whole shard ------------------------------------------------------ */

/* A table, and how its records are checked. */
typedef struct {
    lzi_verification *self;
    lzi_visit *check;
    bool slow;
} table_check;

static table_check
check_of(lzi_verification *self, const lzi_profile *profile, int table)
{
    switch (table) {
    case LZI_TABLE_META:
    case LZI_TABLE_FILTER: /* what matters about them was checked at open */
        return (table_check){self, lzi_verify_single, false};
    case LZI_TABLE_EAGER:
        return (table_check){self, check_eager, false};
    case LZI_TABLE_FILE:
        return (table_check){self, check_file, true};
    default:
        for (const lzi_profile_table *at = profile->tables; at->table != '\0';
             at++) {
            if ((unsigned char)at->table == table) {
                return (table_check){self, at->check, at->slow};
            }
        }
        return (table_check){self, check_unknown, false};
    }
}

/* What one record needs is freed with it. */
static lzi_status
check_record(void *context, lzi_slice name, lzi_slice value)
{
    const table_check *table = context;
    lzi_verification *self = table->self;
    lzi_arena *outer = self->arena;
    self->arena = lzi_arena_new();
    lzi_status status = table->check(self, name, value);
    lzi_arena_free(self->arena);
    self->arena = outer;
    if (table->slow) {
        lzi_progress_step(&self->progress);
    }
    return status;
}

static size_t
count_steps(const lzi_reader *reader, const lzi_profile *profile)
{
    size_t steps = 0;
    (void)lzi_reader_each(reader, LZI_TABLE_FILE, lzi_verify_count, &steps);
    for (const lzi_profile_table *at = profile->tables; at->table != '\0';
         at++) {
        if (at->slow) {
            (void)lzi_reader_each(reader, at->table, lzi_verify_count, &steps);
        }
    }
    return steps;
}

static void
check_all(lzi_verification *self, const lzi_profile *profile)
{
    profile->check_shard(self);
    for (int table = 0; table < 256; table++) {
        table_check check = check_of(self, profile, table);
        lzi_status status =
            lzi_reader_each(self->reader, (char)table, check_record, &check);
        if (status != LZI_OK) {
            lzi_verify_problem(self, "%s", lzi_status_text(status));
        }
    }
}

bool
lzi_verify_shard(const lzi_reader *reader, const lzi_index *index,
                 const char *directory, lzi_diag *diag)
{
    lzi_verification self = {
        .reader = reader,
        .index = index,
        .directory = directory,
        .arena = lzi_arena_new(),
        .diag = diag,
    };
    const lzi_profile *profile = lzi_profile_of(reader, diag);
    if (profile != NULL) {
        lzi_progress_begin(&self.progress, "verifying",
                           count_steps(reader, profile));
        check_all(&self, profile);
        lzi_progress_end(&self.progress);
    }
    if (self.problems > PROBLEMS_SHOWN) {
        lzi_diag_at(diag, LZI_NOTE, lzi_reader_path(reader), 0,
                    "%u further problems are not shown",
                    self.problems - PROBLEMS_SHOWN);
    }
    lzi_file_free(&self.text);
    lzi_arena_free(self.arena);
    return profile != NULL && self.problems == 0;
}
