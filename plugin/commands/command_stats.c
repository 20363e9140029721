#include "commands.h"

#include "base/emit.h"
#include "scan/scan.h"
#include "shard_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

typedef struct {
    uint64_t records, bytes; /* bytes: keys and values */
} table_size;

/* Those of all profiles. */
static const lzi_profile_table shared[] = {
    {.table = LZI_TABLE_META, .name = "meta"},
    {.table = LZI_TABLE_FILTER, .name = "filter"},
    {.table = LZI_TABLE_EAGER, .name = "eager"},
    {.table = LZI_TABLE_FILE, .name = "files"},
};
enum { SHARED = sizeof(shared) / sizeof(shared[0]) };

typedef struct {
    const lzi_profile *profile;
    table_size of[256]; /* by the first byte of their keys */
    uint64_t file;      /* bytes */
} shard_size;

static table_size *
size_of(shard_size *size, const lzi_profile_table *table)
{
    return &size->of[(unsigned char)table->table];
}

/* NULL at the end. */
static const lzi_profile_table *
table_at(const lzi_profile *profile, size_t i)
{
    if (i < SHARED) {
        return &shared[i];
    }
    const lzi_profile_table *table = &profile->tables[i - SHARED];
    return table->table == '\0' ? NULL : table;
}

static lzi_status
count_record(void *context, lzi_slice name, lzi_slice value)
{
    table_size *size = context;
    size->records++;
    size->bytes += 1 + name.size + value.size;
    return LZI_OK;
}

static bool
measure(shard_size *out, const lzi_reader *reader, lzi_diag *diag)
{
    const lzi_profile_table *table;
    *out = (shard_size){.profile = lzi_profile_of(reader, diag),
                        .file = lzi_reader_size(reader)};
    if (out->profile == NULL) {
        return false;
    }
    for (size_t i = 0; (table = table_at(out->profile, i)) != NULL; i++) {
        lzi_status status = lzi_reader_each(reader, table->table, count_record,
                                            size_of(out, table));
        if (status != LZI_OK) {
            lzi_diag_at(diag, LZI_ERROR, lzi_reader_path(reader), 0, "%s",
                        lzi_status_text(status));
            return false;
        }
    }
    return true;
}

static void
print_row(const char *name, uint64_t records, uint64_t bytes)
{
    printf("  %-12s %9" PRIu64 " %11" PRIu64 "\n", name, records, bytes);
}

static void
print_sizes(shard_size *size)
{
    table_size sum = {0};
    const lzi_profile_table *table;
    printf("  %-12s %9s %11s\n", "table", "records", "bytes");
    for (size_t i = 0; (table = table_at(size->profile, i)) != NULL; i++) {
        const table_size *of = size_of(size, table);
        print_row(table->name, of->records, of->bytes);
        sum.records += of->records;
        sum.bytes += of->bytes;
    }
    print_row("all", sum.records, sum.bytes);
    printf("  %-12s %9s %11" PRIu64 "\n", "file", "", size->file);
}

static void
add_sizes(shard_size *total, const shard_size *size)
{
    total->profile = size->profile;
    for (size_t i = 0; i < sizeof(size->of) / sizeof(size->of[0]); i++) {
        total->of[i].records += size->of[i].records;
        total->of[i].bytes += size->of[i].bytes;
    }
    total->file += size->file;
}

static bool
print_shard(const lzi_reader *reader, shard_size *total, lzi_diag *diag)
{
    const lzi_meta *meta = lzi_reader_meta(reader);
    shard_size size;
    if (!measure(&size, reader, diag)) {
        return false;
    }
    printf("%s: ", lzi_reader_path(reader));
    lzi_print_safely(meta->distribution);
    if (meta->version.size > 0) { /* a build knows of none */
        putchar(' ');
    }
    lzi_print_safely(meta->version);
    fputs(", package ", stdout);
    lzi_print_safely(meta->package);
    putchar('\n');
    print_sizes(&size);
    add_sizes(total, &size);
    return true;
}

static int
stats_of_package(const char *directory, lzi_diag *diag)
{
    shard_size total = {.file = 0};
    lzi_index *index = lzi_source_open_applied(directory, diag);
    if (index == NULL) {
        return EXIT_FAILURE;
    }
    size_t count = lzi_index_count(index);
    bool done = true;
    for (size_t i = 0; i < count && done; i++) {
        done = print_shard(lzi_index_reader(index, i), &total, diag);
        putchar('\n');
    }
    if (done) {
        printf("%zu shard%s\n", count, count == 1 ? "" : "s");
        print_sizes(&total);
    }
    lzi_index_close(index);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
lzi_command_stats(const char *file_or_package_dir)
{
    lzi_diag diag = {0};
    struct stat info;
    shard_size total = {.file = 0};
    if (stat(file_or_package_dir, &info) == 0 && S_ISDIR(info.st_mode)) {
        return stats_of_package(file_or_package_dir, &diag);
    }
    lzi_reader *reader = lzi_source_open_file(file_or_package_dir, &diag);
    if (reader == NULL) {
        return EXIT_FAILURE;
    }
    bool done = print_shard(reader, &total, &diag);
    lzi_reader_close(reader);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
