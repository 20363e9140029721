#include "commands.h"

#include "base/emit.h"
#include "shard_source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static lzi_slice
text(const char *literal)
{
    return lzi_slice_of(literal);
}

/* -- Records; each visitor decodes before it emits anything --------------- */

static lzi_status
emit_eager(void *out, lzi_slice name, lzi_slice value)
{
    lzi_eager eager;
    if (lzi_eager_decode(&eager, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    lzi_emit_row(out, name);
    lzi_emit_string(out, LZI_NO_KEY, eager.module);
    lzi_emit_string(out, LZI_NO_KEY, eager.attribute);
    lzi_emit_row_end(out);
    return LZI_OK;
}

static lzi_status
emit_file(void *out, lzi_slice name, lzi_slice value)
{
    lzi_file file;
    if (lzi_file_decode(&file, name, value) != LZI_OK) {
        return LZI_E_FORMAT;
    }
    lzi_emit_object(out, name);
    lzi_emit_number(out, text("size"), file.size);
    lzi_emit_hash(out, text("hash"), file.hash);
    lzi_emit_object_end(out);
    return LZI_OK;
}

static lzi_status
emit_module(void *out, lzi_slice name, lzi_slice value)
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

static lzi_status
emit_name(void *out, lzi_slice name, lzi_slice value)
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
        lzi_emit_strings(out, text("units"), candidate.units);
        lzi_emit_object_end(out);
    }
    lzi_emit_list_end(out);
    return LZI_OK;
}

static lzi_status
emit_ranges(void *out, lzi_slice name, lzi_slice value)
{
    for (int pass = 0; pass < 2; pass++) { /* check, then emit */
        lzi_range range = {0};
        lzi_cursor cursor = lzi_cursor_of(value);
        uint32_t count = lzi_read_count(&cursor);
        if (pass == 1) {
            lzi_emit_list(out, name);
        }
        for (uint32_t i = 0; i < count && !cursor.bad; i++) {
            lzi_range_next(&range, &cursor);
            if (pass == 1) {
                lzi_emit_row(out, LZI_NO_KEY);
                lzi_emit_number(out, LZI_NO_KEY, range.offset);
                lzi_emit_number(out, LZI_NO_KEY, range.length);
                lzi_emit_row_end(out);
            }
        }
        if (cursor.bad || cursor.at != cursor.end) {
            return LZI_E_FORMAT;
        }
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

static lzi_status
emit_tuples(void *out, lzi_slice name, lzi_slice value)
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

static lzi_status
emit_unit(void *out, lzi_slice name, lzi_slice value)
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

/* -- The shard ------------------------------------------------------------ */

static void
emit_trailer(lzi_emitter *out, const lzi_reader *reader, const char *file,
             lzi_diag *diag)
{
    uint8_t bytes[LZI_TRAILER_SIZE];
    lzi_trailer trailer;
    uint64_t body = lzi_reader_size(reader) - LZI_TRAILER_SIZE;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    bool known = fd >= 0 &&
                 pread(fd, bytes, sizeof(bytes), (off_t)body) ==
                     (ssize_t)sizeof(bytes) &&
                 lzi_trailer_decode(&trailer, bytes, NULL) == LZI_OK;
    if (fd >= 0) {
        close(fd);
    }
    lzi_emit_number(out, text("format"), LZI_FORMAT_VERSION);
    lzi_emit_number(out, text("size"), lzi_reader_size(reader));
    if (!known) {
        lzi_diag_at(diag, LZI_ERROR, file, 0,
                    "cannot read its trailer again: was it replaced?");
    }
    else {
        lzi_slice digest = {(const char *)trailer.digest,
                            sizeof(trailer.digest)};
        lzi_emit_number(out, text("page_size"), trailer.page_size);
        lzi_emit_hex(out, text("digest"), digest);
    }
}

static void
emit_meta(lzi_emitter *out, const lzi_reader *reader)
{
    const lzi_meta *meta = lzi_reader_meta(reader);
    lzi_slice filter = {"", 0};
    lzi_emit_object(out, text("meta"));
    lzi_emit_string(out, text("package"), meta->package);
    lzi_emit_string(out, text("profile"), meta->profile);
    lzi_emit_string(out, text("distribution"), meta->distribution);
    lzi_emit_string(out, text("version"), meta->version);
    lzi_emit_string(out, text("producer"), meta->producer);
    lzi_emit_strings(out, text("modules"), meta->modules);
    lzi_emit_hash(out, text("module_sum"), meta->module_sum);
    lzi_emit_strings(out, text("hooks"), meta->hooks);
    lzi_emit_object_end(out);
    (void)lzi_reader_get(&filter, reader, LZI_TABLE_FILTER, text(""));
    if (out->json) {
        lzi_emit_hex(out, text("filter"), filter);
    }
    else { /* nobody reads a thousand digits */
        lzi_emit_number(out, text("filter_size"), filter.size);
    }
}

static bool
emit_tables(lzi_emitter *out, const lzi_reader *reader, lzi_diag *diag)
{
    static const struct {
        char table;
        const char *name;
        lzi_visit *visit;
    } tables[] = {
        {LZI_TABLE_EAGER, "eager", emit_eager},
        {LZI_TABLE_FILE, "files", emit_file},
        {LZI_TABLE_MODULE, "modules", emit_module},
        {LZI_TABLE_NAME, "names", emit_name},
        {LZI_TABLE_RANGE, "definitions", emit_ranges},
        {LZI_TABLE_TUPLE, "tuples", emit_tuples},
        {LZI_TABLE_UNIT, "units", emit_unit},
    };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        lzi_emit_object(out, text(tables[i].name));
        lzi_status status =
            lzi_reader_each(reader, tables[i].table, tables[i].visit, out);
        lzi_emit_object_end(out);
        if (status != LZI_OK) {
            lzi_diag_at(diag, LZI_ERROR, lzi_reader_path(reader), 0,
                        "a record of the table '%s' does not decode",
                        tables[i].name);
            return false;
        }
    }
    return true;
}

int
lzi_command_dump(const char *file, bool json)
{
    lzi_diag diag = {0};
    lzi_emitter out = {.json = json};
    lzi_reader *reader = lzi_source_open_file(file, &diag);
    if (reader == NULL) {
        return EXIT_FAILURE;
    }
    lzi_emit_object(&out, LZI_NO_KEY);
    emit_trailer(&out, reader, file, &diag);
    emit_meta(&out, reader);
    bool done = emit_tables(&out, reader, &diag);
    lzi_emit_object_end(&out);
    if (!done) {
        lzi_arena *arena = lzi_arena_new();
        lzi_source_advise(&diag, lzi_source_package_of(arena, file));
        lzi_arena_free(arena);
    }
    lzi_reader_close(reader);
    return diag.errors == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
