#include "lzi_merge.h"

#include "lzi_fail.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lzi_index {
    lzi_reader **readers;
    size_t count;
    lzi_slice *hidden;
    size_t hidden_count;
};

static int
is_shard(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name), suffix = strlen(LZI_SUFFIX);
    return size > suffix && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + size - suffix, LZI_SUFFIX) == 0;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Put the file's name in front of what went wrong with it. */
static void
name_file(lzi_error *error, const char *path)
{
    if (error != NULL) {
        char text[sizeof(error->text)];
        memcpy(text, error->text, sizeof(text));
        snprintf(error->text, sizeof(error->text), "%.*s: %.*s", 255, path,
                 250, text);
    }
}

/* Open a shard; once more where pip replaced it meanwhile. */
static lzi_status
open_shard(lzi_reader **out, const char *path, lzi_error *error)
{
    lzi_error local;
    lzi_status status = lzi_reader_open(out, path, &local);
    if (status == LZI_E_IO && local.sys_errno == EAGAIN) {
        status = lzi_reader_open(out, path, &local);
    }
    if (status != LZI_OK) {
        name_file(&local, path);
        if (error != NULL) {
            *error = local;
        }
    }
    return status;
}

static lzi_status
check_same_package(const lzi_index *index, lzi_error *error)
{
    const lzi_meta *first = lzi_reader_meta(index->readers[0]);
    for (size_t i = 1; i < index->count; i++) {
        const lzi_meta *meta = lzi_reader_meta(index->readers[i]);
        if (!lzi_slice_equal(meta->package, first->package) ||
            !lzi_slice_equal(meta->profile, first->profile)) {
            return lzi_fail(error, LZI_E_FORMAT,
                            "%.255s: a shard of another package",
                            lzi_reader_path(index->readers[i]));
        }
    }
    return LZI_OK;
}

static lzi_status
open_entries(lzi_index *index, const char *directory, struct dirent **entries,
             size_t count, lzi_error *error)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(directory) + strlen(entries[i]->d_name) + 2;
        char *path = malloc(size);
        if (path == NULL) {
            return lzi_fail(error, LZI_E_NOMEM, "out of memory");
        }
        snprintf(path, size, "%s/%s", directory, entries[i]->d_name);
        lzi_status status =
            open_shard(&index->readers[index->count], path, error);
        free(path);
        if (status != LZI_OK) {
            return status;
        }
        index->count++;
    }
    return check_same_package(index, error);
}

lzi_status
lzi_index_open(lzi_index **out, const char *directory, lzi_error *error)
{
    struct dirent **entries = NULL;
    lzi_index *index = NULL;
    lzi_status status = LZI_E_NOMEM;
    *out = NULL;
    int count = scandir(directory, &entries, is_shard, by_bytes);
    if (count < 0) {
        status = lzi_fail(error, LZI_E_IO, "%.255s: cannot read", directory);
        goto done;
    }
    if (count == 0) {
        status = lzi_fail(error, LZI_NOT_FOUND, "%.255s: no shard in there",
                          directory);
        goto done;
    }
    index = calloc(1, sizeof(*index));
    if (index == NULL || (index->readers = calloc(
                              (size_t)count, sizeof(lzi_reader *))) == NULL) {
        lzi_fail(error, status, "out of memory");
        goto done;
    }
    status = open_entries(index, directory, entries, (size_t)count, error);
    if (status == LZI_OK) {
        *out = index;
        index = NULL; /* ownership passed to the caller */
    }
done:
    lzi_index_close(index);
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    return status;
}

void
lzi_index_close(lzi_index *index)
{
    if (index != NULL) {
        for (size_t i = 0; i < index->count; i++) {
            lzi_reader_close(index->readers[i]);
        }
        free(index->readers);
        free(index->hidden);
        free(index);
    }
}

size_t
lzi_index_count(const lzi_index *index)
{
    return index->count;
}

const lzi_reader *
lzi_index_reader(const lzi_index *index, size_t i)
{
    return index->readers[i];
}

lzi_status
lzi_index_hide(lzi_index *index, lzi_slice part)
{
    lzi_slice *grown = realloc(index->hidden, (index->hidden_count + 1) *
                                                  sizeof(*index->hidden));
    if (grown == NULL) {
        return LZI_E_NOMEM;
    }
    index->hidden = grown;
    index->hidden[index->hidden_count++] = part;
    return LZI_OK;
}

bool
lzi_index_hides(const lzi_index *index, lzi_slice part)
{
    for (size_t i = 0; i < index->hidden_count; i++) {
        if (lzi_slice_equal(index->hidden[i], part)) {
            return true;
        }
    }
    return false;
}

enum { LAST_BIT = 63 };

static uint64_t
bit_of(size_t shard)
{
    return UINT64_C(1) << (shard < LAST_BIT ? shard : LAST_BIT);
}

lzi_lookup
lzi_index_lookup(const lzi_index *index, lzi_slice name)
{
    lzi_lookup lookup = {.name = name, .hash = lzi_name_hash(name)};
    for (size_t i = 0; i < index->count; i++) {
        if (lzi_reader_may_have(index->readers[i], lookup.hash)) {
            lookup.shards |= bit_of(i);
        }
    }
    return lookup;
}

const lzi_reader *
lzi_lookup_next(const lzi_lookup *lookup, const lzi_index *index, size_t *i)
{
    while (*i < index->count) {
        size_t shard = (*i)++;
        if ((lookup->shards & bit_of(shard)) != 0) {
            return index->readers[shard];
        }
    }
    return NULL;
}

lzi_status
lzi_index_find(lzi_slice *out, const lzi_reader **reader,
               const lzi_index *index, char table, const lzi_lookup *lookup)
{
    const lzi_reader *shard;
    for (size_t i = 0; (shard = lzi_lookup_next(lookup, index, &i)) != NULL;) {
        lzi_status status = lzi_reader_get(out, shard, table, lookup->name);
        if (status == LZI_NOT_FOUND) {
            continue;
        }
        if (status == LZI_OK && reader != NULL) {
            *reader = shard;
        }
        return status;
    }
    return LZI_NOT_FOUND;
}

lzi_status
lzi_index_get(lzi_slice *out, const lzi_reader **reader,
              const lzi_index *index, char table, lzi_slice name)
{
    lzi_lookup lookup = {.name = name, .shards = UINT64_MAX};
    if (lzi_table_is_filtered(table)) {
        lookup = lzi_index_lookup(index, name);
    }
    return lzi_index_find(out, reader, index, table, &lookup);
}
