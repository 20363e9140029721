#include "lzi_itk_record.h"

/* Modules, which are needed at once and become part of paths. */
static bool
are_modules(lzi_list names)
{
    lzi_slice name;
    while (lzi_list_next(&names, &name)) {
        if (!lzi_is_file_name(name) || !lzi_is_utf8(name)) {
            return false;
        }
    }
    return true;
}

lzi_status
lzi_contents_decode(lzi_contents *out, lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    out->modules = lzi_read_list(&cursor);
    out->module_sum = lzi_read_fixed64(&cursor);
    out->startups = lzi_read_list(&cursor);
    return are_modules(out->modules) && are_modules(out->startups)
               ? lzi_cursor_end(&cursor)
               : LZI_E_FORMAT;
}

lzi_status
lzi_swig_name_decode(lzi_slice *unit, lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    *unit = lzi_read_string(&cursor);
    return unit->size > 0 ? lzi_cursor_end(&cursor) : LZI_E_FORMAT;
}

lzi_status
lzi_groups_decode(lzi_list *out, lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    *out = lzi_read_list(&cursor);
    return lzi_cursor_end(&cursor);
}

lzi_status
lzi_candidate_decode(lzi_candidate *out, lzi_cursor *cursor)
{
    out->module = lzi_read_string(cursor);
    out->flags = lzi_read_count(cursor);
    out->cpp = (out->flags & LZI_NAME_TEMPLATE) != 0 ? lzi_read_string(cursor)
                                                     : (lzi_slice){"", 0};
    out->units = lzi_read_list(cursor);
    return cursor->bad ? LZI_E_FORMAT : LZI_OK;
}

void
lzi_factory_next(lzi_factory *out, lzi_cursor *factory_cursor)
{
    out->group = lzi_read_string(factory_cursor);
    out->prefix = lzi_read_string(factory_cursor);
    out->unit = lzi_read_string(factory_cursor);
}

void
lzi_function_next(lzi_function *out, lzi_cursor *function_cursor)
{
    out->name = lzi_read_string(function_cursor);
    out->unit = lzi_read_string(function_cursor);
}

lzi_status
lzi_module_decode(lzi_module *out, lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    out->library = lzi_read_string(&cursor);
    out->has_body = lzi_read_count(&cursor) != 0;
    out->depends = lzi_read_list(&cursor);
    out->factories = lzi_read_count(&cursor);
    out->factory_cursor = cursor;
    for (uint32_t i = 0; i < out->factories && !cursor.bad; i++) {
        lzi_factory skipped;
        lzi_factory_next(&skipped, &cursor);
    }
    out->functions = lzi_read_count(&cursor);
    out->function_cursor = cursor;
    for (uint32_t i = 0; i < out->functions && !cursor.bad; i++) {
        lzi_function skipped;
        lzi_function_next(&skipped, &cursor);
    }
    out->units = lzi_read_list(&cursor);
    out->names = lzi_read_list(&cursor);
    return lzi_is_file_name(out->library) ? lzi_cursor_end(&cursor)
                                          : LZI_E_FORMAT;
}

void
lzi_tuple_range_next(lzi_tuple_range *out, lzi_cursor *range_cursor)
{
    out->offset = lzi_read_count(range_cursor);
    out->first = lzi_read_count(range_cursor);
    out->count = lzi_read_count(range_cursor);
}

lzi_status
lzi_unit_decode(lzi_unit *out, lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    out->module = lzi_read_string(&cursor);
    out->imports = lzi_read_list(&cursor);
    out->soft = lzi_read_list(&cursor);
    out->ranges = lzi_read_count(&cursor);
    out->range_cursor = cursor;
    for (uint32_t i = 0; i < out->ranges && !cursor.bad; i++) {
        lzi_tuple_range skipped;
        lzi_tuple_range_next(&skipped, &cursor);
    }
    return lzi_cursor_end(&cursor);
}

lzi_status
lzi_tuple_next(lzi_tuple *out, lzi_cursor *cursor)
{
    uint32_t flags = lzi_read_count(cursor);
    out->in_module = (flags & LZI_TUPLE_IN_MODULE) != 0;
    out->has_params = (flags & LZI_TUPLE_HAS_PARAMS) != 0;
    out->python = lzi_read_string(cursor);
    out->cpp = lzi_read_string(cursor);
    out->swig = lzi_read_string(cursor);
    out->params = (lzi_slice){"", 0};
    if (out->has_params) {
        out->params = lzi_read_string(cursor);
    }
    return cursor->bad ? LZI_E_FORMAT : LZI_OK;
}

lzi_unit_tuples
lzi_unit_tuples_of(const lzi_unit *unit, lzi_slice table)
{
    return (lzi_unit_tuples){.ranges = unit->range_cursor,
                             .ranges_left = unit->ranges,
                             .table = (const uint8_t *)table.data,
                             .tuples = lzi_cursor_of(table)};
}

lzi_status
lzi_unit_tuple_next(lzi_tuple *out, lzi_unit_tuples *self)
{
    while (self->tuples_left == 0) {
        if (self->ranges_left == 0) {
            return LZI_NOT_FOUND;
        }
        lzi_tuple_range range;
        lzi_tuple_range_next(&range, &self->ranges);
        size_t at = (size_t)(self->tuples.at - self->table);
        if (range.offset < at) {
            return LZI_E_FORMAT;
        }
        (void)lzi_read_bytes(&self->tuples, range.offset - at);
        self->ranges_left--;
        self->tuples_left = range.count;
    }
    self->tuples_left--;
    return lzi_tuple_next(out, &self->tuples);
}
