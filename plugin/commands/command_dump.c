#include "commands.h"

#include "base/emit.h"
#include "lzi_trailer.h"
#include "scan/scan.h"
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
emit_table(lzi_emitter *out, const lzi_reader *reader, char table,
           const char *name, lzi_visit *visit, lzi_diag *diag)
{
    lzi_emit_object(out, text(name));
    lzi_status status = lzi_reader_each(reader, table, visit, out);
    lzi_emit_object_end(out);
    if (status != LZI_OK) {
        lzi_diag_at(diag, LZI_ERROR, lzi_reader_path(reader), 0,
                    "a record of the table '%s' does not decode", name);
    }
    return status == LZI_OK;
}

static bool
emit_tables(lzi_emitter *out, const lzi_reader *reader,
            const lzi_profile *profile, lzi_diag *diag)
{
    bool done =
        emit_table(out, reader, LZI_TABLE_EAGER, "eager", emit_eager, diag) &&
        emit_table(out, reader, LZI_TABLE_FILE, "files", emit_file, diag);
    for (const lzi_profile_table *at = profile->tables;
         done && at->table != '\0'; at++) {
        done = emit_table(out, reader, at->table, at->name, at->dump, diag);
    }
    return done;
}

static bool
dump(const lzi_reader *reader, const char *file, bool json, lzi_diag *diag)
{
    lzi_emitter out = {.json = json};
    const lzi_profile *profile = lzi_profile_of(reader, diag);
    if (profile == NULL) {
        return false;
    }
    lzi_emit_object(&out, LZI_NO_KEY);
    emit_trailer(&out, reader, file, diag);
    emit_meta(&out, reader);
    bool done = emit_tables(&out, reader, profile, diag);
    lzi_emit_object_end(&out);
    return done;
}

int
lzi_command_dump(const char *file, bool json)
{
    lzi_diag diag = {0};
    lzi_reader *reader = lzi_source_open_file(file, &diag);
    if (reader == NULL) {
        return EXIT_FAILURE;
    }
    if (!dump(reader, file, json, &diag)) {
        lzi_arena *arena = lzi_arena_new();
        lzi_source_advise(&diag, lzi_source_package_of(arena, file));
        lzi_arena_free(arena);
    }
    lzi_reader_close(reader);
    return diag.errors == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
