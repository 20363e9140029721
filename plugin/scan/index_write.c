#include "index_write.h"

#include "archive/dist_info.h"
#include "lzi_filter.h"
#include "lzi_record.h"
#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* -- Records -------------------------------------------------------------- */

void
lzi_shard_put(lzi_shard_writer *shard, const char *text)
{
    lzi_put_string(&shard->value, lzi_slice_of(text));
}

void
lzi_shard_put_all(lzi_shard_writer *shard, const lzi_strings *texts)
{
    lzi_put_varint(&shard->value, texts->count);
    for (size_t i = 0; i < texts->count; i++) {
        lzi_shard_put(shard, texts->items[i]);
    }
}

void
lzi_shard_add(lzi_shard_writer *shard, char table, const char *name)
{
    size_t size = strlen(name);
    if (size > LZI_NAME_MAX) {
        lzi_diag_at(shard->diag, LZI_ERROR, NULL, 0,
                    "cannot write '%s': the name '%.40s...' is longer than "
                    "%u bytes",
                    shard->path, name, LZI_NAME_MAX);
        shard->failed = true;
    }
    char *key = lzi_arena_alloc(shard->arena, 1 + size);
    key[0] = table;
    memcpy(key + 1, name, size);
    const char *value = lzi_arena_copy(
        shard->arena, (const char *)shard->value.data, shard->value.size);
    *(lzi_shard_record *)LZI_PUSH(shard->arena, &shard->records) =
        (lzi_shard_record){{key, 1 + size}, {value, shard->value.size}};
    shard->value.size = 0;
}

static void
add_meta(lzi_shard_writer *shard)
{
    const lzi_model *model = shard->model;
    const lzi_distribution *distribution =
        &model->distributions.items[shard->distribution];
    lzi_shard_put(shard, model->package);
    lzi_shard_put(shard, model->profile->name);
    lzi_shard_put(shard, distribution->name);
    lzi_shard_put(shard, distribution->version);
    lzi_shard_put(shard, "lazyindex " LAZYINDEX_VERSION);
    lzi_shard_add(shard, LZI_TABLE_META, "");
}

static void
add_eager(lzi_shard_writer *shard)
{
    const lzi_model *model = shard->model;
    for (size_t i = 0; i < model->eager.count; i++) {
        const lzi_model_eager *eager = &model->eager.items[i];
        lzi_shard_put(shard, eager->module);
        lzi_shard_put(shard, eager->attribute);
        lzi_shard_add(shard, LZI_TABLE_EAGER, eager->name);
    }
}

/* An input goes to the shard of its distribution; to that of the package's
 * __init__ where its own gets none. */
static void
add_files(lzi_shard_writer *shard)
{
    const lzi_model *model = shard->model;
    for (size_t i = 0; i < model->inputs.count; i++) {
        const lzi_model_input *input = &model->inputs.items[i];
        size_t home = input->distribution;
        if (home == LZI_NONE || !model->profile->has_modules(model, home)) {
            home = model->init_distribution;
        }
        if (home == shard->distribution) {
            lzi_put_varint(&shard->value, input->size);
            lzi_put_fixed64(&shard->value, input->hash);
            lzi_shard_add(shard, LZI_TABLE_FILE, input->path);
        }
    }
}

static bool
is_filtered(const lzi_shard_record *record)
{
    return lzi_table_is_filtered(record->key.data[0]);
}

/* To be called when all of those are there. */
static void
add_filter(lzi_shard_writer *shard)
{
    const lzi_shard_records *records = &shard->records;
    size_t names = 0;
    for (size_t i = 0; i < records->count; i++) {
        names += is_filtered(&records->items[i]);
    }
    size_t size = lzi_filter_size(names);
    uint8_t *filter = lzi_arena_alloc(shard->arena, size);
    for (size_t i = 0; i < records->count; i++) {
        if (is_filtered(&records->items[i])) {
            lzi_slice key = records->items[i].key;
            lzi_slice name = {key.data + 1, key.size - 1};
            lzi_filter_add(filter, size, lzi_name_hash(name));
        }
    }
    lzi_put_bytes(&shard->value, filter, size);
    lzi_shard_add(shard, LZI_TABLE_FILTER, "");
}

static int
compare_records(const void *a, const void *b)
{
    return lzi_slice_compare(((const lzi_shard_record *)a)->key,
                             ((const lzi_shard_record *)b)->key);
}

/* Every record of the shard, sorted. */
static void
collect_records(lzi_shard_writer *shard)
{
    const lzi_model *model = shard->model;
    add_meta(shard);
    if (shard->distribution == model->init_distribution) {
        add_eager(shard);
    }
    add_files(shard);
    model->profile->write(shard);
    add_filter(shard);
    qsort(shard->records.items, shard->records.count, sizeof(lzi_shard_record),
          compare_records);
}

/* -- Shards --------------------------------------------------------------- */

bool
lzi_shard_write(const lzi_model *model, size_t distribution, const char *path,
                lzi_diag *diag)
{
    lzi_shard_writer shard = {
        .model = model,
        .distribution = distribution,
        .path = path,
        .diag = diag,
        .arena = lzi_arena_new(),
    };
    collect_records(&shard);
    bool done = !shard.failed;
    if (shard.value.failed) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0, "cannot write '%s': %s", path,
                    "out of memory");
        done = false;
    }
    if (done) {
        done = lzi_shard_file_write(&shard.records, path, diag);
    }
    lzi_buffer_free(&shard.value);
    lzi_arena_free(shard.arena);
    return done;
}

bool
lzi_shards_write(const lzi_model *model, const char *out, lzi_diag *diag)
{
    if (mkdir(out, 0777) != 0 && errno != EEXIST) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0,
                    "cannot create directory '%s': %s", out, strerror(errno));
        return false;
    }
    lzi_arena *arena = lzi_arena_new();
    bool done = true;
    for (size_t i = 0; i < model->distributions.count && done; i++) {
        const char *name = model->distributions.items[i].name;
        if (i != model->init_distribution &&
            !model->profile->has_modules(model, i)) {
            continue;
        }
        if (!lzi_is_distribution_name(name)) {
            lzi_diag_at(diag, LZI_ERROR, NULL, 0,
                        "cannot name a shard after the distribution '%s': "
                        "correct Name in its METADATA",
                        name);
            done = false;
            break;
        }
        char *path = lzi_arena_format(arena, "%s/%s%s", out, name, LZI_SUFFIX);
        done = lzi_shard_write(model, i, path, diag);
    }
    lzi_arena_free(arena);
    return done;
}
