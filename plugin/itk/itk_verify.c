#include "itk_verify.h"

#include "itk_model.h"
#include "lzi_itk_names.h"
#include "itk_parts.h"

#include <string.h>

bool
lzi_itk_get_module(const lzi_verification *self, lzi_module *out,
                   lzi_slice name)
{
    lzi_slice value;
    return lzi_reader_get(&value, self->reader, LZI_TABLE_MODULE, name) ==
               LZI_OK &&
           lzi_module_decode(out, value) == LZI_OK;
}

bool
lzi_itk_get_unit(const lzi_verification *self, lzi_unit *out, lzi_slice name)
{
    lzi_slice value;
    return lzi_reader_get(&value, self->reader, LZI_TABLE_UNIT, name) ==
               LZI_OK &&
           lzi_unit_decode(out, value) == LZI_OK;
}

lzi_slice
lzi_itk_body_unit(const lzi_verification *self, lzi_slice module)
{
    return lzi_slice_of(lzi_arena_format(
        self->arena, "%.*s" LZI_ITK_PYTHON_SUFFIX, LZI_SLICE_ARGS(module)));
}

/* -- Contents ------------------------------------------------------------- */

/* Two shards of one module would give answers that depend on file names. */
static void
check_only_here(lzi_verification *self, lzi_slice module)
{
    size_t count = self->index == NULL ? 0 : lzi_index_count(self->index);
    for (size_t i = 0; i < count; i++) {
        const lzi_reader *other = lzi_index_reader(self->index, i);
        lzi_contents contents;
        if (other != self->reader &&
            lzi_itk_contents(&contents, other) == LZI_OK &&
            lzi_verify_list_has(contents.modules, module)) {
            lzi_verify_problem(self, "module '%.*s' is also in '%s'",
                               LZI_SLICE_ARGS(module), lzi_reader_path(other));
        }
    }
}

static void
check_modules(lzi_verification *self, const lzi_contents *contents)
{
    lzi_list modules = contents->modules;
    lzi_slice name;
    lzi_module module;
    uint64_t sum = 0;
    size_t count = 0;
    if (!lzi_verify_is_sorted(modules)) {
        lzi_verify_problem(self, "its modules are not sorted");
    }
    while (lzi_list_next(&modules, &name)) {
        sum += lzi_name_hash(name);
        check_only_here(self, name);
        if (!lzi_itk_get_module(self, &module, name)) {
            lzi_verify_problem(self, "module '%.*s' has no record",
                               LZI_SLICE_ARGS(name));
        }
    }
    if (sum != contents->module_sum) {
        lzi_verify_problem(self, "the sum of its modules is wrong");
    }
    (void)lzi_reader_each(self->reader, LZI_TABLE_MODULE, lzi_verify_count,
                          &count);
    if (count != contents->modules.count) {
        lzi_verify_problem(self, "its modules are not those of its contents");
    }
}

static void
check_startups(lzi_verification *self, const lzi_contents *contents)
{
    lzi_list startups = contents->startups;
    lzi_slice name;
    while (lzi_list_next(&startups, &name)) {
        const char *file = lzi_itk_startup_file(self->arena, name);
        if (!lzi_verify_list_has(contents->modules, name)) {
            lzi_verify_problem(self, "start-up file of unknown module '%.*s'",
                               LZI_SLICE_ARGS(name));
        }
        else if (self->directory != NULL &&
                 !lzi_verify_is_file(
                     lzi_verify_path(self, lzi_slice_of(file), ""))) {
            lzi_verify_problem(self, "'%s' is not in the package", file);
        }
    }
}

void
lzi_itk_check_shard(lzi_verification *self)
{
    lzi_contents contents;
    lzi_status status = lzi_itk_contents(&contents, self->reader);
    if (status != LZI_OK) {
        lzi_verify_problem(self, "its contents: %s", lzi_status_text(status));
        return;
    }
    check_modules(self, &contents);
    check_startups(self, &contents);
}

lzi_status
lzi_itk_modules_in(lzi_list *out, const lzi_reader *reader)
{
    lzi_contents contents;
    lzi_status status = lzi_itk_contents(&contents, reader);
    if (status == LZI_OK) {
        *out = contents.modules;
    }
    return status;
}

/* -- Groups of factories -------------------------------------------------- */

/* The module may be in a wheel that is not installed. */
lzi_status
lzi_itk_check_groups(void *context, lzi_slice name, lzi_slice value)
{
    lzi_list groups;
    if (lzi_groups_decode(&groups, value) != LZI_OK || groups.count == 0) {
        lzi_verify_problem(context,
                           "the factory groups of module '%.*s' do not decode",
                           LZI_SLICE_ARGS(name));
    }
    return LZI_OK;
}

/* -- Names ---------------------------------------------------------------- */

/* A template's C++ name is that of its first instantiation. */
static void
check_cpp(lzi_verification *self, lzi_slice name,
          const lzi_candidate *candidate)
{
    lzi_list units = candidate->units;
    lzi_slice unit_name, table, cpp = {"", 0};
    bool found = false;
    while (!found && lzi_list_next(&units, &unit_name)) {
        lzi_unit unit;
        lzi_tuple tuple;
        if (!lzi_itk_get_unit(self, &unit, unit_name) ||
            lzi_reader_get(&table, self->reader, LZI_TABLE_TUPLE,
                           unit.module) != LZI_OK) {
            return; /* reported elsewhere */
        }
        lzi_unit_tuples tuples = lzi_unit_tuples_of(&unit, table);
        while (!found && lzi_unit_tuple_next(&tuple, &tuples) == LZI_OK) {
            found = tuple.has_params && lzi_slice_equal(tuple.python, name);
            cpp = found ? tuple.cpp : cpp;
        }
    }
    if (found != ((candidate->flags & LZI_NAME_TEMPLATE) != 0) ||
        !lzi_slice_equal(cpp, candidate->cpp)) {
        lzi_verify_problem(self,
                           "template '%.*s' has not the C++ name of its "
                           "first instantiation",
                           LZI_SLICE_ARGS(name));
    }
}

lzi_status
lzi_itk_check_swig_name(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_slice unit, record;
    lzi_verify_filter(self, name);
    if (lzi_swig_name_decode(&unit, value) != LZI_OK ||
        lzi_reader_get(&record, self->reader, LZI_TABLE_UNIT, unit) !=
            LZI_OK) {
        lzi_verify_problem(self, "name '%.*s' has no unit",
                           LZI_SLICE_ARGS(name));
    }
    return LZI_OK;
}

lzi_status
lzi_itk_check_name(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_cursor cursor = lzi_cursor_of(value);
    uint32_t count = lzi_read_count(&cursor);
    lzi_slice before = {"", 0}, item;
    bool good = count > 0;
    lzi_verify_filter(self, name);
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
        check_cpp(self, name, &candidate);
        if (!lzi_itk_get_module(self, &module, candidate.module) ||
            !lzi_verify_list_has(module.names, name)) {
            lzi_verify_problem(self, "name '%.*s' is not in its module '%.*s'",
                               LZI_SLICE_ARGS(name),
                               LZI_SLICE_ARGS(candidate.module));
        }
        while (lzi_list_next(&candidate.units, &item)) {
            if (!lzi_itk_get_unit(self, &unit, item) ||
                !lzi_slice_equal(unit.module, candidate.module)) {
                lzi_verify_problem(self,
                                   "name '%.*s' needs the unknown unit '%.*s'",
                                   LZI_SLICE_ARGS(name), LZI_SLICE_ARGS(item));
            }
        }
    }
    if (!good || cursor.bad || cursor.at != cursor.end) {
        lzi_verify_problem(self, "name '%.*s' does not decode",
                           LZI_SLICE_ARGS(name));
    }
    return LZI_OK;
}

/* -- Units ---------------------------------------------------------------- */

lzi_status
lzi_itk_check_unit(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_unit unit;
    lzi_module module;
    lzi_slice item;
    if (lzi_unit_decode(&unit, value) != LZI_OK) {
        lzi_verify_problem(self, "unit '%.*s' does not decode",
                           LZI_SLICE_ARGS(name));
        return LZI_OK;
    }
    bool known = lzi_itk_get_module(self, &module, unit.module),
         is_body = known && module.has_body &&
                   lzi_slice_equal(name, lzi_itk_body_unit(self, unit.module));
    if (!known || !(is_body || lzi_verify_list_has(module.units, name))) {
        lzi_verify_problem(self, "unit '%.*s' is not in its module '%.*s'",
                           LZI_SLICE_ARGS(name), LZI_SLICE_ARGS(unit.module));
        return LZI_OK;
    }
    /* Those for returned types may be in a wheel that is not installed. */
    while (lzi_list_next(&unit.imports, &item)) {
        if (!lzi_verify_is_known(self, LZI_TABLE_UNIT, item)) {
            lzi_verify_problem(self,
                               "unit '%.*s' needs the unknown unit '%.*s'",
                               LZI_SLICE_ARGS(name), LZI_SLICE_ARGS(item));
        }
    }
    if (self->directory != NULL) {
        lzi_itk_verify_proxy(self, name, &unit, &module);
    }
    return LZI_OK;
}

lzi_status
lzi_itk_check_tuples(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_module module;
    (void)value; /* checked with the module */
    if (!lzi_itk_get_module(self, &module, name)) {
        lzi_verify_problem(self, "tuples of the unknown module '%.*s'",
                           LZI_SLICE_ARGS(name));
    }
    return LZI_OK;
}
