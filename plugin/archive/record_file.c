#include "record_file.h"

#include "base/our_files.h"

#include <sha256.h>

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* -- Lines ---------------------------------------------------------------- */

typedef struct {
    lzi_slice raw;  /* with its line end */
    lzi_slice path; /* inside raw: the first field, without its quotes */
    lzi_slice rest; /* inside raw: from behind the first field */
} record_line;

typedef struct {
    record_line *items;
    size_t count, capacity;
} record_lines;

/* Where the CSV row at `at` ends, line end included; quotes may hold line
 * ends. */
static const char *
row_end(const char *at, const char *end)
{
    bool quoted = false;
    for (; at < end; at++) {
        if (*at == '"') {
            quoted = !quoted;
        }
        else if (*at == '\n' && !quoted) {
            return at + 1;
        }
    }
    return end;
}

static record_line
read_line(const char *at, const char *end)
{
    bool quoted = *at == '"';
    const char *first = at + quoted;
    const char *last = first;
    while (last < end &&
           (quoted ? *last != '"'
                   : *last != ',' && *last != '\r' && *last != '\n')) {
        last++;
    }
    return (record_line){{at, (size_t)(end - at)},
                         {first, (size_t)(last - first)},
                         {last, (size_t)(end - last)}};
}

static record_lines
read_lines(lzi_arena *arena, lzi_slice record)
{
    record_lines lines = {0};
    const char *end = record.data + record.size;
    for (const char *at = record.data; at < end;) {
        const char *next = row_end(at, end);
        *(record_line *)LZI_PUSH(arena, &lines) = read_line(at, next);
        at = next;
    }
    return lines;
}

/* Whether the path is <package><middle>, followed, where `tail` is not NULL,
 * by what goes there. */
static bool
path_is(lzi_slice path, const char *package, const char *middle,
        lzi_slice *tail)
{
    size_t package_size = strlen(package);
    size_t middle_size = strlen(middle);
    size_t size = package_size + middle_size;
    if (path.size < size || (tail == NULL && path.size != size) ||
        memcmp(path.data, package, package_size) != 0 ||
        memcmp(path.data + package_size, middle, middle_size) != 0) {
        return false;
    }
    if (tail != NULL) {
        *tail = (lzi_slice){path.data + size, path.size - size};
    }
    return true;
}

typedef struct {
    lzi_slice *items;
    size_t count, capacity;
} slices;

static void
add_slice(lzi_arena *arena, slices *list, lzi_slice slice)
{
    *(lzi_slice *)LZI_PUSH(arena, list) = slice;
}

static lzi_slice
join(lzi_arena *arena, const slices *list)
{
    size_t size = 0;
    for (size_t i = 0; i < list->count; i++) {
        size += list->items[i].size;
    }
    char *data = lzi_arena_alloc(arena, size + 1);
    char *at = data;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].size > 0) {
            memcpy(at, list->items[i].data, list->items[i].size);
        }
        at += list->items[i].size;
    }
    return (lzi_slice){data, size};
}

/* A line with another path, "<package><middle><tail>"; all other bytes
 * stay. */
static record_line
with_path(lzi_arena *arena, record_line line, const char *package,
          const char *middle, lzi_slice tail)
{
    lzi_slice before = {line.raw.data,
                        (size_t)(line.path.data - line.raw.data)};
    slices parts = {0};
    add_slice(arena, &parts, before);
    add_slice(arena, &parts, lzi_slice_of(package));
    add_slice(arena, &parts, lzi_slice_of(middle));
    add_slice(arena, &parts, tail);
    add_slice(arena, &parts, line.rest);
    lzi_slice raw = join(arena, &parts);
    return read_line(raw.data, raw.data + raw.size);
}

static bool
line_has_hash(record_line line, const char *hash)
{
    return memmem(line.rest.data, line.rest.size, hash, strlen(hash)) != NULL;
}

/* -- The stock RECORD ----------------------------------------------------- */

#define INIT "/__init__.py"
#define OURS "/" LZI_OUR_DIRECTORY "/"
#define STOCK OURS LZI_STOCK_NAME
#define CACHE "/__pycache__/__init__."
#define STOCK_CACHE OURS "__pycache__/" LZI_STOCK_STEM "."
#define FALLBACK_CACHE OURS "__pycache__/" LZI_FALLBACK_STEM "."

static const lzi_slice none = {"", 0};

static const record_line *
find_line(const record_lines *lines, const char *package, const char *middle)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (path_is(lines->items[i].path, package, middle, NULL)) {
            return &lines->items[i];
        }
    }
    return NULL;
}

static const char *
line_end(lzi_slice record)
{
    const char *end = memchr(record.data, '\n', record.size);
    return end != NULL && end > record.data && end[-1] == '\r' ? "\r\n" : "\n";
}

/* Where the line of the package's __init__.py is, among those read: the
 * renamed one, unless the other describes the file that is the package's own
 * now (somebody has put a new one there). NULL: not in this RECORD. */
static const record_line *
stock_init_line(const record_lines *lines, const lzi_record_wanted *wanted)
{
    const record_line *plain = find_line(lines, wanted->package, INIT);
    const record_line *renamed = find_line(lines, wanted->package, STOCK);
    if (renamed == NULL || (plain != NULL && wanted->stock.path != NULL &&
                            line_has_hash(*plain, wanted->stock.hash))) {
        return plain;
    }
    return renamed;
}

/* Whether <package><middle><tail> is listed. */
static bool
lists_cache(const record_lines *lines, const char *package, const char *middle,
            lzi_slice tail)
{
    for (size_t i = 0; i < lines->count; i++) {
        lzi_slice other;
        if (path_is(lines->items[i].path, package, middle, &other) &&
            lzi_slice_equal(other, tail)) {
            return true;
        }
    }
    return false;
}

/* The lines of the RECORD as if LazyIndex were not there; but while it is,
 * those of byte code that pip made of its files, where these came in a
 * wheel. */
static record_lines
stock_lines(lzi_arena *arena, const record_lines *lines,
            const lzi_record_wanted *wanted)
{
    const char *package = wanted->package;
    const record_line *stock_init = stock_init_line(lines, wanted);
    record_lines out = {0};
    for (size_t i = 0; i < lines->count; i++) {
        record_line line = lines->items[i];
        lzi_slice tail;
        if (&lines->items[i] == stock_init) {
            if (path_is(line.path, package, STOCK, NULL)) {
                line = with_path(arena, line, package, INIT, none);
            }
        }
        else if (path_is(line.path, package, INIT, NULL)) {
            continue;
        }
        else if (path_is(line.path, package, STOCK_CACHE, &tail)) {
            if (!lists_cache(lines, package, CACHE, tail)) {
                line = with_path(arena, line, package, CACHE, tail);
            }
            else if (!wanted->applied) {
                continue;
            }
        }
        else if (path_is(line.path, package, OURS, &tail) &&
                 !(wanted->applied &&
                   path_is(line.path, package, FALLBACK_CACHE, &tail))) {
            continue;
        }
        *(record_line *)LZI_PUSH(arena, &out) = line;
    }
    return out;
}

/* -- Writing -------------------------------------------------------------- */

static lzi_slice
entry_text(lzi_arena *arena, const lzi_record_entry *entry, const char *end)
{
    const char *path = entry->path;
    if (strpbrk(path, ",\"\r\n") != NULL) {
        char *quoted = lzi_arena_alloc(arena, 2 * strlen(path) + 3);
        char *at = quoted;
        *at++ = '"';
        for (const char *c = path; *c != '\0'; c++) {
            if (*c == '"') {
                *at++ = '"';
            }
            *at++ = *c;
        }
        *at = '"';
        path = quoted;
    }
    return lzi_slice_of(lzi_arena_format(arena, "%s,%s,%" PRIu64 "%s", path,
                                         entry->hash, entry->size, end));
}

/* A stock line as it reads while LazyIndex is applied. */
static record_line
applied_line(lzi_arena *arena, record_line line, const char *package,
             const record_lines *lines)
{
    lzi_slice tail;
    if (path_is(line.path, package, INIT, NULL)) {
        return with_path(arena, line, package, STOCK, none);
    }
    if (path_is(line.path, package, CACHE, &tail) &&
        !lists_cache(lines, package, STOCK_CACHE, tail)) {
        return with_path(arena, line, package, STOCK_CACHE, tail);
    }
    return line;
}

static int
compare_entries(const void *a, const void *b)
{
    return strcmp(((const lzi_record_entry *)a)->path,
                  ((const lzi_record_entry *)b)->path);
}

/* Each entry goes before the first line that does not sort before it, and all
 * before the last line, which may lack its line end. */
static lzi_slice
merge_lines(lzi_arena *arena, const record_lines *lines,
            const lzi_record_entries *entries, const char *package,
            bool has_init, const char *end)
{
    slices out = {0};
    size_t next = 0;
    for (size_t i = 0; i < lines->count; i++) {
        record_line line = lines->items[i];
        if (has_init) {
            line = applied_line(arena, line, package, lines);
        }
        while (next < entries->count &&
               (i + 1 == lines->count ||
                lzi_slice_compare(lzi_slice_of(entries->items[next].path),
                                  line.path) <= 0)) {
            add_slice(arena, &out,
                      entry_text(arena, &entries->items[next++], end));
        }
        add_slice(arena, &out, line.raw);
    }
    while (next < entries->count) {
        add_slice(arena, &out,
                  entry_text(arena, &entries->items[next++], end));
    }
    return join(arena, &out);
}

/* The line of the package's __init__.py is ours and nothing tells what it
 * was: describe the file that is there. */
static void
repair_stock_init(lzi_arena *arena, record_lines *lines,
                  const lzi_record_wanted *wanted, const char *end)
{
    for (size_t i = 0; i < lines->count; i++) {
        record_line *line = &lines->items[i];
        if (wanted->stock.path != NULL &&
            path_is(line->path, wanted->package, INIT, NULL) &&
            line_has_hash(*line, wanted->init.hash)) {
            lzi_slice raw = entry_text(arena, &wanted->stock, end);
            *line = read_line(raw.data, raw.data + raw.size);
        }
    }
}

/* -- Reading -------------------------------------------------------------- */

/* Take one field of a CSV row, without its quotes, and step behind the comma.
 * @return NULL: no field is left. */
static const char *
take_field(lzi_arena *arena, lzi_slice *row)
{
    char *field = lzi_arena_alloc(arena, row->size + 1);
    size_t size = 0, at = 0;
    bool quoted = false;
    if (row->data == NULL) {
        return NULL;
    }
    for (; at < row->size && (quoted || row->data[at] != ','); at++) {
        char c = row->data[at];
        if (c != '"') {
            field[size++] = c;
        }
        else if (quoted && at + 1 < row->size && row->data[at + 1] == '"') {
            field[size++] = row->data[at++];
        }
        else {
            quoted = !quoted;
        }
    }
    *row = at < row->size ? (lzi_slice){row->data + at + 1, row->size - at - 1}
                          : (lzi_slice){NULL, 0};
    return field;
}

static bool
read_entry(lzi_arena *arena, lzi_record_entry *out, lzi_slice row)
{
    while (row.size > 0 && strchr("\r\n", row.data[row.size - 1]) != NULL) {
        row.size--;
    }
    out->path = take_field(arena, &row);
    out->hash = take_field(arena, &row);
    const char *size = take_field(arena, &row);
    if (size == NULL || row.data != NULL || out->path[0] == '\0') {
        return false;
    }
    out->size = LZI_RECORD_NO_SIZE;
    if (size[0] != '\0') {
        char *end;
        errno = 0;
        out->size = strtoull(size, &end, 10);
        return isdigit((unsigned char)size[0]) != 0 && *end == '\0' &&
               errno == 0;
    }
    return true;
}

/* -- Interface ------------------------------------------------------------ */

bool
lzi_record_read(lzi_record_entries *out, lzi_arena *arena, lzi_slice record,
                size_t *line)
{
    record_lines lines = read_lines(arena, record);
    *out = (lzi_record_entries){0};
    for (size_t i = 0; i < lines.count; i++) {
        if (!read_entry(arena, LZI_PUSH(arena, out), lines.items[i].raw)) {
            *line = i + 1;
            return false;
        }
    }
    return true;
}

lzi_slice
lzi_record_update(lzi_arena *arena, lzi_slice record,
                  const lzi_record_entry *entry)
{
    record_lines lines = read_lines(arena, record);
    slices out = {0};
    for (size_t i = 0; i < lines.count; i++) {
        add_slice(
            arena, &out,
            lzi_slice_equal(lines.items[i].path, lzi_slice_of(entry->path))
                ? entry_text(arena, entry, line_end(record))
                : lines.items[i].raw);
    }
    return join(arena, &out);
}

const char *
lzi_record_hash(lzi_arena *arena, lzi_slice data)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, (const uint8_t *)data.data, data.size);
    SHA256Final(digest, &context);
    return lzi_record_digest(arena, digest);
}

const char *
lzi_record_digest(lzi_arena *arena, const uint8_t *digest)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                 "qrstuvwxyz0123456789-_";
    uint8_t padded[SHA256_DIGEST_LENGTH + 1] = {0};
    char text[sizeof("sha256=") + 44] = "sha256=";
    char *at = text + strlen(text);
    memcpy(padded, digest, SHA256_DIGEST_LENGTH);
    for (size_t i = 0; i < sizeof(padded); i += 3) {
        unsigned bits = (unsigned)padded[i] << 16 |
                        (unsigned)padded[i + 1] << 8 | padded[i + 2];
        for (unsigned shift = 24; shift > 0;) {
            shift -= 6;
            *at++ = digits[bits >> shift & 63];
        }
    }
    at[-1] = '\0'; /* 32 bytes are 43 digits: the last was padding */
    return lzi_arena_copy(arena, text, strlen(text));
}

lzi_slice
lzi_record_rewrite(lzi_arena *arena, lzi_slice record,
                   const lzi_record_wanted *wanted,
                   const lzi_record_entry *shards, size_t count)
{
    record_lines lines = read_lines(arena, record);
    const char *end = line_end(record);
    record_lines stock = stock_lines(arena, &lines, wanted);
    bool has_init =
        wanted->applied && find_line(&stock, wanted->package, INIT) != NULL;
    lzi_record_entries entries = {0};
    repair_stock_init(arena, &stock, wanted, end);
    for (size_t i = 0; wanted->applied && i < count; i++) {
        *(lzi_record_entry *)LZI_PUSH(arena, &entries) = shards[i];
    }
    if (has_init) {
        *(lzi_record_entry *)LZI_PUSH(arena, &entries) = wanted->init;
        for (size_t i = 0; i < wanted->common_count; i++) {
            *(lzi_record_entry *)LZI_PUSH(arena, &entries) = wanted->common[i];
        }
    }
    if (entries.count > 1) {
        qsort(entries.items, entries.count, sizeof(*entries.items),
              compare_entries);
    }
    return merge_lines(arena, &stock, &entries, wanted->package, has_init,
                       end);
}
