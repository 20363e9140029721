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

/* -- Meta ----------------------------------------------------------------- */

void
lzi_itk_check_meta(lzi_verification *self)
{
    const lzi_meta *meta = lzi_reader_meta(self->reader);
    lzi_list modules = meta->modules, startups = meta->hooks;
    lzi_slice name;
    lzi_module module;
    size_t count = 0;
    while (lzi_list_next(&modules, &name)) {
        if (!lzi_itk_get_module(self, &module, name)) {
            lzi_verify_problem(self, "module '%.*s' has no record",
                               LZI_SLICE_ARGS(name));
        }
    }
    (void)lzi_reader_each(self->reader, LZI_TABLE_MODULE, lzi_verify_count,
                          &count);
    if (count != meta->modules.count) {
        lzi_verify_problem(self,
                           "its modules are not those of its meta record");
    }
    while (self->directory != NULL && lzi_list_next(&startups, &name)) {
        const char *file = lzi_itk_startup_file(self->arena, name);
        if (lzi_verify_list_has(meta->modules, name) &&
            !lzi_verify_is_file(
                lzi_verify_path(self, lzi_slice_of(file), ""))) {
            lzi_verify_problem(self, "'%s' is not in the package", file);
        }
    }
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

lzi_status
lzi_itk_check_swig_name(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_slice unit, record;
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
        lzi_itk_verify_proxy(self, name, &unit, &module, is_body);
    }
    return LZI_OK;
}

lzi_status
lzi_itk_check_ranges(void *context, lzi_slice name, lzi_slice value)
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
        !lzi_itk_get_unit(self, &unit, name)) {
        lzi_verify_problem(self,
                           "the definitions of unit '%.*s' do not decode",
                           LZI_SLICE_ARGS(name));
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
