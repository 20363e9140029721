#include "lzi_record.h"

bool
lzi_table_is_filtered(char table)
{
    return table >= 'A' && table <= 'Z';
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
    return lzi_cursor_end(&cursor);
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
