#include "itk_parts.h"

#include "base/emit.h"
#include "lzi_itk_record.h"

/* Each decodes before it emits anything. */

static lzi_slice
text(const char *literal)
{
    return lzi_slice_of(literal);
}

/* One record, which has no name: its fields stand for the table. */
lzi_status
lzi_itk_dump_contents(void *out, lzi_slice name, lzi_slice value)
{
    lzi_contents contents;
    if (name.size != 0 || lzi_contents_decode(&contents, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    lzi_emit_strings(out, text("modules"), contents.modules);
    lzi_emit_hash(out, text("module_sum"), contents.module_sum);
    lzi_emit_strings(out, text("startups"), contents.startups);
    return LZI_OK;
}

lzi_status
lzi_itk_dump_groups(void *out, lzi_slice name, lzi_slice value)
{
    lzi_list groups;
    if (lzi_groups_decode(&groups, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    lzi_emit_strings(out, name, groups);
    return LZI_OK;
}

lzi_status
lzi_itk_dump_swig_name(void *out, lzi_slice name, lzi_slice value)
{
    lzi_slice unit;
    if (lzi_swig_name_decode(&unit, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    lzi_emit_string(out, name, unit);
    return LZI_OK;
}

lzi_status
lzi_itk_dump_module(void *out, lzi_slice name, lzi_slice value)
{
    lzi_module module;
    if (lzi_module_decode(&module, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    lzi_emit_object(out, name);
    lzi_emit_string(out, text("library"), module.library);
    lzi_emit_bool(out, text("has_body"), module.has_body);
    lzi_emit_strings(out, text("depends"), module.depends);
    lzi_emit_list(out, text("factories"));
    for (uint32_t i = 0; i < module.factories; i++) {
        lzi_factory factory;
        lzi_factory_next(&factory, &module.factory_cursor);
        lzi_emit_row(out, LZI_NO_KEY);
        lzi_emit_string(out, LZI_NO_KEY, factory.group);
        lzi_emit_string(out, LZI_NO_KEY, factory.prefix);
        lzi_emit_string(out, LZI_NO_KEY, factory.unit);
        lzi_emit_row_end(out);
    }
    lzi_emit_list_end(out);
    lzi_emit_list(out, text("functions"));
    for (uint32_t i = 0; i < module.functions; i++) {
        lzi_function function;
        lzi_function_next(&function, &module.function_cursor);
        lzi_emit_row(out, LZI_NO_KEY);
        lzi_emit_string(out, LZI_NO_KEY, function.name);
        lzi_emit_string(out, LZI_NO_KEY, function.unit);
        lzi_emit_row_end(out);
    }
    lzi_emit_list_end(out);
    lzi_emit_strings(out, text("units"), module.units);
    lzi_emit_strings(out, text("names"), module.names);
    lzi_emit_object_end(out);
    return LZI_OK;
}

static lzi_status
check_candidates(lzi_slice value)
{
    lzi_candidate candidate;
    lzi_cursor cursor = lzi_cursor_of(value);
    uint32_t count = lzi_read_count(&cursor);
    for (uint32_t i = 0; i < count && !cursor.bad; i++) {
        lzi_candidate_decode(&candidate, &cursor);
    }
    return cursor.bad || cursor.at != cursor.end ? LZI_E_FORMAT : LZI_OK;
}

lzi_status
lzi_itk_dump_name(void *out, lzi_slice name, lzi_slice value)
{
    if (check_candidates(value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    lzi_cursor cursor = lzi_cursor_of(value);
    uint32_t count = lzi_read_count(&cursor);
    lzi_emit_list(out, name);
    for (uint32_t i = 0; i < count; i++) {
        lzi_candidate candidate;
        lzi_candidate_decode(&candidate, &cursor);
        lzi_emit_object(out, LZI_NO_KEY);
        lzi_emit_string(out, text("module"), candidate.module);
        lzi_emit_bool(out, text("in_module"),
                      (candidate.flags & LZI_NAME_IN_MODULE) != 0);
        lzi_emit_bool(out, text("function"),
                      (candidate.flags & LZI_NAME_FUNCTION) != 0);
        lzi_emit_bool(out, text("template"),
                      (candidate.flags & LZI_NAME_TEMPLATE) != 0);
        lzi_emit_string(out, text("cpp"), candidate.cpp);
        lzi_emit_strings(out, text("units"), candidate.units);
        lzi_emit_object_end(out);
    }
    lzi_emit_list_end(out);
    return LZI_OK;
}

static void
emit_tuple(lzi_emitter *out, const lzi_tuple *tuple)
{
    lzi_emit_row(out, LZI_NO_KEY);
    lzi_emit_string(out, LZI_NO_KEY, tuple->python);
    lzi_emit_string(out, LZI_NO_KEY, tuple->cpp);
    lzi_emit_string(out, LZI_NO_KEY, tuple->swig);
    lzi_emit_bool(out, LZI_NO_KEY, tuple->in_module);
    if (tuple->has_params) {
        lzi_emit_string(out, LZI_NO_KEY, tuple->params);
    }
    else {
        lzi_emit_null(out, LZI_NO_KEY);
    }
    lzi_emit_row_end(out);
}

lzi_status
lzi_itk_dump_tuples(void *out, lzi_slice name, lzi_slice value)
{
    for (int pass = 0; pass < 2; pass++) { /* check, then emit */
        lzi_tuple tuple;
        lzi_cursor cursor = lzi_cursor_of(value);
        uint32_t count = lzi_read_count(&cursor);
        if (pass == 1) {
            lzi_emit_list(out, name);
        }
        for (uint32_t i = 0; i < count && !cursor.bad; i++) {
            lzi_tuple_next(&tuple, &cursor);
            if (pass == 1) {
                emit_tuple(out, &tuple);
            }
        }
        if (cursor.bad || cursor.at != cursor.end) {
            return LZI_E_FORMAT;
        }
    }
    lzi_emit_list_end(out);
    return LZI_OK;
}

lzi_status
lzi_itk_dump_unit(void *out, lzi_slice name, lzi_slice value)
{
    lzi_unit unit;
    if (lzi_unit_decode(&unit, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    lzi_emit_object(out, name);
    lzi_emit_string(out, text("module"), unit.module);
    lzi_emit_strings(out, text("imports"), unit.imports);
    lzi_emit_strings(out, text("soft"), unit.soft);
    lzi_emit_list(out, text("tuples"));
    for (uint32_t i = 0; i < unit.ranges; i++) {
        lzi_tuple_range range;
        lzi_tuple_range_next(&range, &unit.range_cursor);
        lzi_emit_row(out, LZI_NO_KEY);
        lzi_emit_number(out, LZI_NO_KEY, range.offset);
        lzi_emit_number(out, LZI_NO_KEY, range.first);
        lzi_emit_number(out, LZI_NO_KEY, range.count);
        lzi_emit_row_end(out);
    }
    lzi_emit_list_end(out);
    lzi_emit_object_end(out);
    return LZI_OK;
}
