#include "read_all.h"

#include <string.h>

typedef struct {
    const lzi_reader *reader;
    char table;
    uint64_t room; /* records that there can still be */
    lzi_slice last;
    const char *wrong;
} reading;

/* -- Values --------------------------------------------------------------- */

/* Reads every byte: where one cannot be read, a signal says so. */
static bool
is_inside(lzi_slice part, lzi_slice whole)
{
    unsigned sum = 0;
    for (size_t i = 0; i < part.size; i++) {
        sum += (uint8_t)part.data[i];
    }
    *(volatile unsigned *)&sum = sum;
    return part.size == 0 ||
           (part.data >= whole.data && part.size <= whole.size &&
            part.data - whole.data <= (ptrdiff_t)(whole.size - part.size));
}

static bool
are_inside(lzi_list list, lzi_slice whole)
{
    lzi_slice item;
    while (lzi_list_next(&list, &item)) {
        if (list.cursor.bad || !is_inside(item, whole)) {
            return false;
        }
    }
    return true;
}

static bool
read_candidates(lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    lzi_candidate candidate;
    for (uint32_t left = lzi_read_count(&cursor);
         left > 0 && lzi_candidate_decode(&candidate, &cursor) == LZI_OK;
         left--) {
        if (!is_inside(candidate.module, value) ||
            !is_inside(candidate.cpp, value) ||
            !are_inside(candidate.units, value)) {
            return false;
        }
    }
    return true;
}

static bool
read_module(lzi_slice value)
{
    lzi_module module;
    if (lzi_module_decode(&module, value) != LZI_OK) {
        return true;
    }
    for (uint32_t i = 0; i < module.factories; i++) {
        lzi_factory factory;
        lzi_factory_next(&factory, &module.factory_cursor);
        if (module.factory_cursor.bad || !is_inside(factory.group, value) ||
            !is_inside(factory.prefix, value) ||
            !is_inside(factory.unit, value)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < module.functions; i++) {
        lzi_function function;
        lzi_function_next(&function, &module.function_cursor);
        if (module.function_cursor.bad || !is_inside(function.name, value) ||
            !is_inside(function.unit, value)) {
            return false;
        }
    }
    return lzi_is_file_name(module.library) &&
           are_inside(module.depends, value) &&
           are_inside(module.units, value) && are_inside(module.names, value);
}

static bool
is_tuple_inside(const lzi_tuple *tuple, lzi_slice value)
{
    return is_inside(tuple->python, value) && is_inside(tuple->cpp, value) &&
           is_inside(tuple->swig, value) && is_inside(tuple->params, value);
}

/* Each tuple takes four bytes, so there cannot be more of them. */
static bool
read_unit(lzi_slice value, lzi_slice table)
{
    lzi_unit unit;
    lzi_tuple tuple;
    if (lzi_unit_decode(&unit, value) != LZI_OK) {
        return true;
    }
    lzi_unit_tuples walk = lzi_unit_tuples_of(&unit, table);
    size_t tuples = 0;
    while (lzi_unit_tuple_next(&tuple, &walk) == LZI_OK) {
        if (++tuples > table.size / 4 || !is_tuple_inside(&tuple, table)) {
            return false;
        }
    }
    return are_inside(unit.imports, value) && are_inside(unit.soft, value);
}

static bool
read_tuples(lzi_slice value)
{
    lzi_cursor cursor = lzi_cursor_of(value);
    lzi_tuple tuple;
    for (uint32_t left = lzi_read_count(&cursor);
         left > 0 && lzi_tuple_next(&tuple, &cursor) == LZI_OK; left--) {
        if (!is_tuple_inside(&tuple, value)) {
            return false;
        }
    }
    return true;
}

static bool
read_others(char table, lzi_slice name, lzi_slice value)
{
    lzi_meta meta;
    lzi_eager eager;
    lzi_file file;
    lzi_contents contents;
    lzi_list groups;
    lzi_slice unit;
    switch (table) {
    case LZI_TABLE_META:
        return lzi_meta_decode(&meta, value) != LZI_OK ||
               (is_inside(meta.package, value) &&
                is_inside(meta.profile, value) &&
                is_inside(meta.distribution, value) &&
                is_inside(meta.version, value) &&
                is_inside(meta.producer, value));
    case LZI_TABLE_EAGER:
        return lzi_eager_decode(&eager, value) != LZI_OK ||
               (is_inside(eager.module, value) &&
                is_inside(eager.attribute, value));
    case LZI_TABLE_FILE:
        return lzi_file_decode(&file, name, value) != LZI_OK ||
               lzi_is_inside(name);
    case LZI_TABLE_CONTENTS:
        return lzi_contents_decode(&contents, value) != LZI_OK ||
               (are_inside(contents.modules, value) &&
                are_inside(contents.startups, value));
    case LZI_TABLE_GROUP:
        return lzi_groups_decode(&groups, value) != LZI_OK ||
               are_inside(groups, value);
    case LZI_TABLE_SWIG:
        return lzi_swig_name_decode(&unit, value) != LZI_OK ||
               is_inside(unit, value);
    default:
        return is_inside(value, value);
    }
}

const char *
read_record(char table, lzi_slice name, lzi_slice value, lzi_slice tuples)
{
    bool good = false;
    switch (table) {
    case LZI_TABLE_MODULE:
        good = read_module(value);
        break;
    case LZI_TABLE_NAME:
        good = read_candidates(value);
        break;
    case LZI_TABLE_TUPLE:
        good = read_tuples(value);
        break;
    case LZI_TABLE_UNIT:
        good = read_unit(value, tuples);
        break;
    default:
        good = read_others(table, name, value);
    }
    return good ? NULL : "a part of a record is not inside it";
}

/* -- Shards --------------------------------------------------------------- */

static lzi_status
stop(reading *self, const char *wrong)
{
    self->wrong = wrong;
    return LZI_E_STORE;
}

static lzi_status
visit(void *context, lzi_slice name, lzi_slice value)
{
    reading *self = context;
    lzi_slice found, tuples = {"", 0};
    lzi_unit unit;
    if (self->room-- == 0) {
        return stop(self, "more records than there is room for");
    }
    if (self->last.data != NULL && lzi_slice_compare(self->last, name) >= 0) {
        return stop(self, "records out of order");
    }
    self->last = name;
    if (lzi_reader_get(&found, self->reader, self->table, name) != LZI_OK ||
        found.data != value.data || found.size != value.size) {
        return stop(self, "a record is not found by its name");
    }
    if (self->table == LZI_TABLE_UNIT &&
        lzi_unit_decode(&unit, value) == LZI_OK) {
        (void)lzi_reader_get(&tuples, self->reader, LZI_TABLE_TUPLE,
                             unit.module);
    }
    const char *wrong = read_record(self->table, name, value, tuples);
    (void)lzi_reader_may_have(self->reader, lzi_name_hash(name));
    return wrong == NULL ? LZI_OK : stop(self, wrong);
}

const char *
read_all(const lzi_reader *reader, uint64_t size)
{
    reading self = {.reader = reader, .room = size / 10};
    for (int table = 0; table < 256; table++) {
        self.table = (char)table;
        self.last = (lzi_slice){NULL, 0};
        lzi_status status = lzi_reader_each(reader, self.table, visit, &self);
        if (status != LZI_OK) {
            return self.wrong != NULL ? self.wrong : "a walk failed";
        }
    }
    return NULL;
}
