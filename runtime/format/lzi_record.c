#include "lzi_record.h"

bool
lzi_table_is_filtered(char table)
{
    return table == LZI_TABLE_EAGER || table == 'm' || table == 'n' ||
           table == 's';
}

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
lzi_meta_decode(lzi_meta *out, lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    out->package = lzi_read_string(&cursor);
    out->profile = lzi_read_string(&cursor);
    out->distribution = lzi_read_string(&cursor);
    out->version = lzi_read_string(&cursor);
    out->producer = lzi_read_string(&cursor);
    out->modules = lzi_read_list(&cursor);
    out->module_sum = lzi_read_fixed64(&cursor);
    out->hooks = lzi_read_list(&cursor);
    return are_modules(out->modules) && are_modules(out->hooks)
               ? lzi_cursor_end(&cursor)
               : LZI_E_FORMAT;
}

lzi_status
lzi_eager_decode(lzi_eager *out, lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    out->module = lzi_read_string(&cursor);
    out->attribute = lzi_read_string(&cursor);
    return lzi_cursor_end(&cursor);
}

lzi_status
lzi_file_decode(lzi_file *out, lzi_slice name, lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    out->size = lzi_read_varint(&cursor);
    out->hash = lzi_read_fixed64(&cursor);
    return lzi_is_inside(name) ? lzi_cursor_end(&cursor) : LZI_E_FORMAT;
}
