#include "commands.h"

#include "shard_source.h"
#include "verify_internal.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
                            SLICE(name), suffix);
}

bool
lzi_verify_is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static bool
list_has(lzi_list list, lzi_slice wanted)
{
    lzi_slice item;
    while (lzi_list_next(&list, &item)) {
        if (lzi_slice_equal(item, wanted)) {
            return true;
        }
    }
    return false;
}

static bool
is_sorted(lzi_list list)
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

/* Decoded record of the shard itself; false where there is no good one. */
static bool
get_module(const lzi_verification *self, lzi_module *out, lzi_slice name)
{
    lzi_slice value;
    return lzi_reader_get(&value, self->reader, LZI_TABLE_MODULE, name) ==
               LZI_OK &&
           lzi_module_decode(out, value) == LZI_OK;
}

static bool
get_unit(const lzi_verification *self, lzi_unit *out, lzi_slice name)
{
    lzi_slice value;
    return lzi_reader_get(&value, self->reader, LZI_TABLE_UNIT, name) ==
               LZI_OK &&
           lzi_unit_decode(out, value) == LZI_OK;
}

/* Whether some shard of the package has a record; unknown, which is fine, for
 * a shard that stands for itself. */
static bool
is_known(const lzi_verification *self, char table, lzi_slice name)
{
    lzi_slice value;
    return self->index == NULL ||
           lzi_index_get(&value, NULL, self->index, table, name) == LZI_OK;
}

/* -- Meta and inputs ------------------------------------------------------ */

static void
check_hook(lzi_verification *self, lzi_slice module)
{
    char *lower = lzi_arena_copy(self->arena, module.data, module.size);
    for (char *at = lower; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    char *path = lzi_arena_format(self->arena, "%s/__init_%s__.py",
                                  self->directory, lower);
    if (!lzi_verify_is_file(path)) {
        lzi_verify_problem(self, "'__init_%s__.py' is not in the package",
                           lower);
    }
}

static lzi_status
count_record(void *context, lzi_slice name, lzi_slice value)
{
    (void)name;
    (void)value;
    ++*(size_t *)context;
    return LZI_OK;
}

/* Two shards of one module would give answers that depend on file names. */
static void
check_only_here(lzi_verification *self, lzi_slice module)
{
    size_t count = self->index == NULL ? 0 : lzi_index_count(self->index);
    lzi_slice value;
    for (size_t i = 0; i < count; i++) {
        const lzi_reader *other = lzi_index_reader(self->index, i);
        if (other != self->reader &&
            lzi_reader_get(&value, other, LZI_TABLE_MODULE, module) ==
                LZI_OK) {
            lzi_verify_problem(self, "module '%.*s' is also in '%s'",
                               SLICE(module), lzi_reader_path(other));
        }
    }
}

static void
check_meta(lzi_verification *self)
{
    const lzi_meta *meta = lzi_reader_meta(self->reader);
    lzi_list modules = meta->modules, hooks = meta->hooks;
    lzi_slice name;
    lzi_module module;
    uint64_t sum = 0;
    size_t count = 0;
    if (!is_sorted(modules)) {
        lzi_verify_problem(self, "its modules are not sorted");
    }
    while (lzi_list_next(&modules, &name)) {
        sum += lzi_name_hash(name);
        check_only_here(self, name);
        if (!get_module(self, &module, name)) {
            lzi_verify_problem(self, "module '%.*s' has no record",
                               SLICE(name));
        }
    }
    (void)lzi_reader_each(self->reader, LZI_TABLE_MODULE, count_record,
                          &count);
    if (count != meta->modules.count || sum != meta->module_sum) {
        lzi_verify_problem(self,
                           "its modules are not those of its meta record");
    }
    while (lzi_list_next(&hooks, &name)) {
        if (!list_has(meta->modules, name)) {
            lzi_verify_problem(self, "hook of unknown module '%.*s'",
                               SLICE(name));
        }
        else if (self->directory != NULL) {
            check_hook(self, name);
        }
    }
}

static void
check_filter(lzi_verification *self, lzi_slice name)
{
    if (!lzi_reader_may_have(self->reader, lzi_name_hash(name))) {
        lzi_verify_problem(self, "'%.*s' is not in the filter", SLICE(name));
    }
}

static lzi_status
check_eager(void *context, lzi_slice name, lzi_slice value)
{
    lzi_eager eager;
    check_filter(context, name);
    if (lzi_eager_decode(&eager, value) != LZI_OK || eager.module.size == 0) {
        lzi_verify_problem(context, "eager name '%.*s' does not decode",
                           SLICE(name));
    }
    return LZI_OK;
}

/* The package's own __init__ is kept elsewhere once LazyIndex is applied. */
static const char *
input_path(const lzi_verification *self, lzi_slice name)
{
    if (lzi_slice_equal(name, lzi_slice_of("__init__.py"))) {
        const char *stock =
            lzi_arena_format(self->arena, "%s/%s/stock_init.py",
                             self->directory, LZI_APPLIED_DIRECTORY);
        if (lzi_verify_is_file(stock)) {
            return stock;
        }
    }
    return lzi_verify_path(self, name, "");
}

static lzi_status
check_file(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_file file;
    if (lzi_file_decode(&file, name, value) != LZI_OK) {
        lzi_verify_problem(self, "file '%.*s' does not decode", SLICE(name));
        return LZI_OK;
    }
    if (self->directory == NULL) {
        return LZI_OK;
    }
    const char *path = input_path(self, name);
    if (!lzi_verify_is_file(path)) {
        lzi_verify_problem(self, "'%.*s' is not in the package", SLICE(name));
    }
    else if (!lzi_file_read(&self->text, path, self->diag)) {
        self->problems++; /* reported */
    }
    else if (self->text.size != file.size ||
             lzi_name_hash((lzi_slice){self->text.data, self->text.size}) !=
                 file.hash) {
        lzi_verify_problem(self, "'%.*s' has changed since it was scanned",
                           SLICE(name));
    }
    lzi_progress_step(&self->progress);
    return LZI_OK;
}

/* -- Modules -------------------------------------------------------------- */

/* One use of a module's tuples by a unit. */
static void
claim_tuples(lzi_verification *self, lzi_slice unit_name,
             const uint32_t *offsets, bool *claimed, uint32_t count)
{
    lzi_unit unit;
    if (!get_unit(self, &unit, unit_name)) {
        return; /* reported by the caller */
    }
    for (uint32_t i = 0; i < unit.ranges; i++) {
        lzi_tuple_range range;
        lzi_tuple_range_next(&range, &unit.range_cursor);
        if (range.count == 0 || range.first >= count ||
            range.count > count - range.first ||
            range.offset != offsets[range.first]) {
            lzi_verify_problem(self, "unit '%.*s' has a wrong range of tuples",
                               SLICE(unit_name));
            return;
        }
        for (uint32_t k = 0; k < range.count; k++) {
            if (claimed[range.first + k]) {
                lzi_verify_problem(
                    self, "unit '%.*s' has a tuple that another unit has",
                    SLICE(unit_name));
                return;
            }
            claimed[range.first + k] = true;
        }
    }
}

/* The unit that stands for executing the aggregator. */
static lzi_slice
body_unit_of(const lzi_verification *self, lzi_slice module)
{
    return lzi_slice_of(
        lzi_arena_format(self->arena, "%.*sPython", SLICE(module)));
}

/* Every tuple belongs to exactly one unit of its module. */
static void
check_tuples(lzi_verification *self, lzi_slice name, const lzi_module *module)
{
    lzi_slice value, unit;
    if (lzi_reader_get(&value, self->reader, LZI_TABLE_TUPLE, name) !=
        LZI_OK) {
        lzi_verify_problem(self, "module '%.*s' has no tuples record",
                           SLICE(name));
        return;
    }
    lzi_cursor cursor = lzi_cursor_of(value);
    uint32_t count = lzi_read_count(&cursor), read = 0;
    /* A tuple takes at least four bytes: a wild count needs no memory. */
    bool good = !cursor.bad && count <= value.size / 4;
    uint32_t *offsets =
        lzi_arena_alloc(self->arena, good ? count * sizeof(*offsets) : 1);
    bool *claimed =
        lzi_arena_alloc(self->arena, good ? count * sizeof(*claimed) : 1);
    for (; good && read < count; read++) {
        lzi_tuple tuple;
        offsets[read] = (uint32_t)((const char *)cursor.at - value.data);
        good = lzi_tuple_next(&tuple, &cursor) == LZI_OK &&
               list_has(module->names, tuple.python);
    }
    if (!good || cursor.at != cursor.end) {
        lzi_verify_problem(self, "the tuples of module '%.*s' do not decode",
                           SLICE(name));
        return;
    }
    lzi_list units = module->units;
    while (lzi_list_next(&units, &unit)) {
        claim_tuples(self, unit, offsets, claimed, count);
    }
    if (module->has_body) {
        claim_tuples(self, body_unit_of(self, name), offsets, claimed, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!claimed[i]) {
            lzi_verify_problem(self,
                               "module '%.*s' has a tuple that no unit has",
                               SLICE(name));
            return;
        }
    }
}

static void
check_module_units(lzi_verification *self, lzi_slice name, lzi_module module)
{
    lzi_slice item;
    lzi_unit unit;
    while (lzi_list_next(&module.units, &item)) {
        if (!get_unit(self, &unit, item) ||
            !lzi_slice_equal(unit.module, name)) {
            lzi_verify_problem(self,
                               "module '%.*s' names the unknown unit '%.*s'",
                               SLICE(name), SLICE(item));
        }
    }
    if (module.has_body && !get_unit(self, &unit, body_unit_of(self, name))) {
        lzi_verify_problem(
            self, "module '%.*s' lacks the unit of its own body", SLICE(name));
    }
    for (uint32_t i = 0; i < module.factories; i++) {
        lzi_factory factory;
        lzi_factory_next(&factory, &module.factory_cursor);
        if (!is_known(self, LZI_TABLE_UNIT, factory.unit)) {
            lzi_verify_problem(
                self,
                "factory '%.*s' of module '%.*s' is in the unknown "
                "unit '%.*s'",
                SLICE(factory.prefix), SLICE(name), SLICE(factory.unit));
        }
    }
    for (uint32_t i = 0; i < module.functions; i++) {
        lzi_function function;
        lzi_function_next(&function, &module.function_cursor);
        if (!get_unit(self, &unit, function.unit) ||
            !list_has(module.names, function.name)) {
            lzi_verify_problem(
                self,
                "function '%.*s' of module '%.*s' is in the unknown "
                "unit '%.*s'",
                SLICE(function.name), SLICE(name), SLICE(function.unit));
        }
    }
}

static void
check_module_names(lzi_verification *self, lzi_slice name, lzi_module module)
{
    lzi_slice item, value;
    if (!is_sorted(module.names)) {
        lzi_verify_problem(self, "the names of module '%.*s' are not sorted",
                           SLICE(name));
    }
    while (lzi_list_next(&module.names, &item)) {
        lzi_candidate candidate;
        bool found = false;
        if (lzi_reader_get(&value, self->reader, LZI_TABLE_NAME, item) ==
            LZI_OK) {
            lzi_cursor cursor = lzi_cursor_of(value);
            uint32_t count = lzi_read_count(&cursor);
            for (uint32_t i = 0; i < count && !found && !cursor.bad; i++) {
                found = lzi_candidate_decode(&candidate, &cursor) == LZI_OK &&
                        lzi_slice_equal(candidate.module, name);
            }
        }
        if (!found) {
            lzi_verify_problem(self,
                               "name '%.*s' of module '%.*s' has no record",
                               SLICE(item), SLICE(name));
        }
    }
}

static lzi_status
check_module(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_module module;
    lzi_slice item;
    check_filter(self, name);
    if (lzi_module_decode(&module, value) != LZI_OK) {
        lzi_verify_problem(self, "module '%.*s' does not decode", SLICE(name));
        return LZI_OK;
    }
    lzi_list depends = module.depends;
    while (lzi_list_next(&depends, &item)) {
        if (!is_known(self, LZI_TABLE_MODULE, item)) {
            lzi_verify_problem(
                self, "module '%.*s' depends on the unknown module '%.*s'",
                SLICE(name), SLICE(item));
        }
    }
    check_module_units(self, name, module);
    check_module_names(self, name, module);
    check_tuples(self, name, &module);
    if (self->directory != NULL &&
        !lzi_verify_is_file(lzi_verify_path(self, module.library, ""))) {
        lzi_verify_problem(self, "library '%.*s' is not in the package",
                           SLICE(module.library));
    }
    return LZI_OK;
}

/* -- Names ---------------------------------------------------------------- */

static lzi_status
check_name(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_cursor cursor = lzi_cursor_of(value);
    uint32_t count = lzi_read_count(&cursor);
    lzi_slice before = {"", 0}, item;
    bool good = count > 0;
    check_filter(self, name);
    for (uint32_t i = 0; i < count && good; i++) {
        lzi_candidate candidate;
        lzi_module module;
        lzi_unit unit;
        good = lzi_candidate_decode(&candidate, &cursor) == LZI_OK &&
               candidate.flags <= 7 &&
               lzi_slice_compare(before, candidate.module) < 0;
        if (!good) {
            break;
        }
        before = candidate.module;
        if (!get_module(self, &module, candidate.module) ||
            !list_has(module.names, name)) {
            lzi_verify_problem(self, "name '%.*s' is not in its module '%.*s'",
                               SLICE(name), SLICE(candidate.module));
        }
        while (lzi_list_next(&candidate.units, &item)) {
            if (!get_unit(self, &unit, item) ||
                !lzi_slice_equal(unit.module, candidate.module)) {
                lzi_verify_problem(self,
                                   "name '%.*s' needs the unknown unit '%.*s'",
                                   SLICE(name), SLICE(item));
            }
        }
    }
    if (!good || cursor.bad || cursor.at != cursor.end) {
        lzi_verify_problem(self, "name '%.*s' does not decode", SLICE(name));
    }
    return LZI_OK;
}

/* -- Units ---------------------------------------------------------------- */

static lzi_status
check_unit(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_unit unit;
    lzi_module module;
    lzi_slice item;
    if (lzi_unit_decode(&unit, value) != LZI_OK) {
        lzi_verify_problem(self, "unit '%.*s' does not decode", SLICE(name));
        return LZI_OK;
    }
    bool known = get_module(self, &module, unit.module),
         is_body = known && module.has_body &&
                   lzi_slice_equal(name, body_unit_of(self, unit.module));
    if (!known || !(is_body || list_has(module.units, name))) {
        lzi_verify_problem(self, "unit '%.*s' is not in its module '%.*s'",
                           SLICE(name), SLICE(unit.module));
        return LZI_OK;
    }
    /* Those for returned types may be in a wheel that is not installed. */
    while (lzi_list_next(&unit.imports, &item)) {
        if (!is_known(self, LZI_TABLE_UNIT, item)) {
            lzi_verify_problem(self,
                               "unit '%.*s' needs the unknown unit '%.*s'",
                               SLICE(name), SLICE(item));
        }
    }
    if (self->directory != NULL) {
        lzi_arena *outer = self->arena;
        self->arena = lzi_arena_new();
        lzi_verify_proxy(self, name, &unit, &module, is_body);
        lzi_arena_free(self->arena);
        self->arena = outer;
        lzi_progress_step(&self->progress);
    }
    return LZI_OK;
}

static lzi_status
check_range_record(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_unit unit;
    lzi_range range = {0};
    lzi_cursor cursor = lzi_cursor_of(value);
    uint32_t count = lzi_read_count(&cursor);
    for (uint32_t i = 0; i < count && !cursor.bad; i++) {
        lzi_range_next(&range, &cursor);
    }
    if (cursor.bad || cursor.at != cursor.end ||
        !get_unit(self, &unit, name)) {
        lzi_verify_problem(
            self, "the definitions of unit '%.*s' do not decode", SLICE(name));
    }
    return LZI_OK;
}

static lzi_status
check_tuple_record(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_module module;
    (void)value; /* checked with the module */
    if (!get_module(self, &module, name)) {
        lzi_verify_problem(self, "tuples of the unknown module '%.*s'",
                           SLICE(name));
    }
    return LZI_OK;
}

/* META and FILTER: what matters about them was checked at open. */
static lzi_status
check_single(void *context, lzi_slice name, lzi_slice value)
{
    (void)value;
    if (name.size != 0) {
        lzi_verify_problem(context, "unexpected record '%.*s'", SLICE(name));
    }
    return LZI_OK;
}

static lzi_status
check_unknown(void *context, lzi_slice name, lzi_slice value)
{
    (void)value;
    lzi_verify_problem(context, "record '%.*s' in an unknown table",
                       SLICE(name));
    return LZI_OK;
}

/* -- Shards --------------------------------------------------------------- */

static lzi_visit *
visitor_of(int table)
{
    switch (table) {
    case LZI_TABLE_META:
    case LZI_TABLE_FILTER:
        return check_single;
    case LZI_TABLE_EAGER:
        return check_eager;
    case LZI_TABLE_FILE:
        return check_file;
    case LZI_TABLE_MODULE:
        return check_module;
    case LZI_TABLE_NAME:
        return check_name;
    case LZI_TABLE_RANGE:
        return check_range_record;
    case LZI_TABLE_TUPLE:
        return check_tuple_record;
    case LZI_TABLE_UNIT:
        return check_unit;
    default:
        return check_unknown;
    }
}

/* @return whether all is well. */
static bool
verify_shard(const lzi_reader *reader, const lzi_index *index,
             const char *directory, lzi_diag *diag)
{
    lzi_verification self = {
        .reader = reader,
        .index = index,
        .directory = directory,
        .arena = lzi_arena_new(),
        .diag = diag,
    };
    size_t steps = 0;
    (void)lzi_reader_each(reader, LZI_TABLE_FILE, count_record, &steps);
    (void)lzi_reader_each(reader, LZI_TABLE_UNIT, count_record, &steps);
    lzi_progress_begin(&self.progress, "verifying", steps);
    check_meta(&self);
    for (int table = 0; table < 256; table++) {
        lzi_status status =
            lzi_reader_each(reader, (char)table, visitor_of(table), &self);
        if (status != LZI_OK) {
            lzi_verify_problem(&self, "%s", lzi_status_text(status));
        }
    }
    lzi_progress_end(&self.progress);
    if (self.problems > PROBLEMS_SHOWN) {
        lzi_diag_at(diag, LZI_NOTE, lzi_reader_path(reader), 0,
                    "%u further problems are not shown",
                    self.problems - PROBLEMS_SHOWN);
    }
    lzi_file_free(&self.text);
    lzi_arena_free(self.arena);
    return self.problems == 0;
}

static bool
verify_package(const char *directory, lzi_diag *diag)
{
    bool good = true;
    lzi_index *index = lzi_source_open_applied(directory, diag);
    if (index == NULL) {
        return false;
    }
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        good &=
            verify_shard(lzi_index_reader(index, i), index, directory, diag);
    }
    lzi_index_close(index);
    if (!good) {
        lzi_source_advise(diag, directory);
    }
    return good;
}

/* The shard of an index that is the given file; NULL: none. */
static const lzi_reader *
find_shard(const lzi_index *index, const char *file)
{
    const char *wanted = strrchr(file, '/') + 1;
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        const lzi_reader *reader = lzi_index_reader(index, i);
        if (strcmp(strrchr(lzi_reader_path(reader), '/') + 1, wanted) == 0) {
            return reader;
        }
    }
    return NULL;
}

/* One shard of a package. */
static bool
verify_applied(const char *file, const char *directory, lzi_diag *diag)
{
    /* By itself first: what is wrong with the others is not the question
     * before this one is known to open. */
    lzi_reader *alone = lzi_source_open_file(file, diag);
    if (alone == NULL) {
        return false;
    }
    lzi_reader_close(alone);
    lzi_index *index = lzi_source_open_applied(directory, diag);
    if (index == NULL) {
        return false;
    }
    const lzi_reader *reader = find_shard(index, file);
    bool good = false;
    if (reader == NULL) {
        lzi_diag_at(diag, LZI_ERROR, file, 0,
                    "no shard of '%s': its name must end in %s", directory,
                    LZI_SUFFIX);
    }
    else {
        good = verify_shard(reader, index, directory, diag);
        if (!good) {
            lzi_source_advise(diag, directory);
        }
    }
    lzi_index_close(index);
    return good;
}

static bool
verify_alone(const char *file, lzi_diag *diag)
{
    lzi_reader *reader = lzi_source_open_file(file, diag);
    if (reader == NULL) {
        return false;
    }
    bool good = verify_shard(reader, NULL, NULL, diag);
    lzi_reader_close(reader);
    if (!good) {
        lzi_source_advise(diag, NULL);
    }
    return good;
}

int
lzi_command_verify(const char *file_or_package_dir)
{
    lzi_diag diag = {0};
    struct stat info;
    bool good;
    if (stat(file_or_package_dir, &info) == 0 && S_ISDIR(info.st_mode)) {
        good = verify_package(file_or_package_dir, &diag);
    }
    else {
        lzi_arena *arena = lzi_arena_new();
        const char *directory =
            lzi_source_package_of(arena, file_or_package_dir);
        good = directory == NULL
                   ? verify_alone(file_or_package_dir, &diag)
                   : verify_applied(file_or_package_dir, directory, &diag);
        lzi_arena_free(arena);
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
