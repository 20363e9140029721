#include "shard_file.h"

#include "base/file_io.h"
#include "lzi_trailer.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct {
    const lzi_shard_records *records;
    const char *path;
    lzi_diag *diag;
    lzi_arena *arena;
} shard_file;

static bool
cannot_write(shard_file *shard, const char *why)
{
    lzi_diag_at(shard->diag, LZI_ERROR, NULL, 0, "cannot write '%s': %s",
                shard->path, why);
    return false;
}

/* An empty store with pages of LZI_PAGE_SIZE. By itself LMDB 0.9 takes the
 * page size of the host; that of an existing file it keeps. */
static bool
seed_store(int fd, uint64_t map_size)
{
    enum { META = 16, FREE_DB = META + 24, MAIN_DB = FREE_DB + 48 };
    uint16_t page_is_meta = 0x08, integer_keys = 0x08;
    uint32_t magic = 0xBEEFC0DE, version = 1, size = LZI_PAGE_SIZE;
    uint64_t last_page = 1, no_root = UINT64_MAX;
    uint8_t pages[2][LZI_PAGE_SIZE] = {{0}};
    for (uint64_t i = 0; i < 2; i++) {
        uint8_t *page = pages[i];
        memcpy(page, &i, 8);
        memcpy(page + 10, &page_is_meta, 2);
        memcpy(page + META, &magic, 4);
        memcpy(page + META + 4, &version, 4);
        memcpy(page + META + 16, &map_size, 8);
        memcpy(page + FREE_DB, &size, 4);
        memcpy(page + FREE_DB + 4, &integer_keys, 2);
        memcpy(page + FREE_DB + 40, &no_root, 8);
        memcpy(page + MAIN_DB + 40, &no_root, 8);
        memcpy(page + MAIN_DB + 48, &last_page, 8);
    }
    ssize_t written = write(fd, pages, sizeof(pages));
    if (written >= 0 && (size_t)written != sizeof(pages)) {
        errno = ENOSPC;
    }
    return written == (ssize_t)sizeof(pages);
}

/* A file beside the shard that has no name, or none for long: a killed
 * process leaves nothing behind. */
static int
open_temporary(shard_file *shard, char **name)
{
    const char *slash = strrchr(shard->path, '/');
    int directory = slash == NULL ? 0 : (int)(slash - shard->path) + 1;
    *name = lzi_arena_format(shard->arena, "%.*s.%s.XXXXXX", directory,
                             shard->path, shard->path + directory);
    int fd = mkostemp(*name, O_CLOEXEC);
    if (fd < 0) {
        cannot_write(shard, strerror(errno));
    }
    return fd;
}

static int
fill_store(const shard_file *shard, MDB_env *env)
{
    MDB_txn *txn = NULL;
    MDB_dbi dbi;
    int code = mdb_txn_begin(env, NULL, 0, &txn);
    if (code == 0) {
        code = mdb_dbi_open(txn, NULL, 0, &dbi);
    }
    for (size_t i = 0; i < shard->records->count && code == 0; i++) {
        const lzi_shard_record *record = &shard->records->items[i];
        MDB_val key = {record->key.size, (void *)record->key.data};
        MDB_val value = {record->value.size, (void *)record->value.data};
        code = mdb_put(txn, dbi, &key, &value, MDB_APPEND);
    }
    if (code == 0) {
        return mdb_txn_commit(txn);
    }
    mdb_txn_abort(txn); /* accepts NULL */
    return code;
}

/* Room for every record twice, and a page each: more than LMDB can need. */
static size_t
room_for(const shard_file *shard)
{
    size_t size = 64;
    for (size_t i = 0; i < shard->records->count; i++) {
        const lzi_shard_record *record = &shard->records->items[i];
        size +=
            1 + 2 * (record->key.size + record->value.size) / LZI_PAGE_SIZE;
    }
    return size * LZI_PAGE_SIZE;
}

/* The reason that the system has for not making a file longer. */
static int
why_short(int fd)
{
    struct stat info;
    int code = fstat(fd, &info) != 0
                   ? errno
                   : posix_fallocate(fd, info.st_size, 16 * LZI_PAGE_SIZE);
    return code == 0 ? EIO : code;
}

/* Put the LMDB image into @p image, by way of @p store, which loses its
 * name. */
static bool
make_image(shard_file *shard, int image, int store, const char *store_name)
{
    unsigned flags =
        MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC | MDB_NOTLS | MDB_NORDAHEAD;
    MDB_env *env = NULL;
    size_t map_size = room_for(shard);
    int code = seed_store(store, map_size) ? mdb_env_create(&env) : errno;
    if (code == 0) {
        code = mdb_env_set_mapsize(env, map_size);
    }
    if (code == 0) {
        code = mdb_env_open(env, store_name, flags, 0600);
    }
    if (unlink(store_name) != 0 && code == 0) {
        code = errno;
    }
    if (code == 0) {
        code = fill_store(shard, env);
    }
    if (code == 0) {
        /* The smallest there can be: no pages are free, so it is the size of
         * the copy, which records it. */
        code = mdb_env_set_mapsize(env, 1);
    }
    if (code == 0) {
        code = mdb_env_copyfd2(env, image, MDB_CP_COMPACT);
    }
    mdb_env_close(env);
    if (code == EIO) { /* what LMDB makes of a short write */
        code = why_short(store);
    }
    return code == 0 || cannot_write(shard, mdb_strerror(code));
}

/* The image in memory, with the trailer behind it. */
static bool
finish_image(shard_file *shard, int image)
{
    struct stat info;
    if (fstat(image, &info) != 0) {
        return cannot_write(shard, strerror(errno));
    }
    size_t size = (size_t)info.st_size, at = 0;
    uint8_t *data = lzi_arena_alloc(shard->arena, size + LZI_TRAILER_SIZE);
    while (at < size) {
        ssize_t got = pread(image, data + at, size - at, (off_t)at);
        if (got <= 0) {
            return cannot_write(shard, got == 0 ? "the image shrank"
                                                : strerror(errno));
        }
        at += (size_t)got;
    }
    lzi_trailer trailer = {.body_size = size, .page_size = LZI_PAGE_SIZE};
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits(data, size));
    memcpy(trailer.digest, digest.digest, sizeof(trailer.digest));
    lzi_trailer_encode(data + size, &trailer);
    return lzi_file_update(shard->path, data, size + LZI_TRAILER_SIZE,
                           shard->diag);
}

static bool
write_through_store(shard_file *shard)
{
    char *store_name = NULL, *image_name = NULL;
    bool done = false;
    int store = open_temporary(shard, &store_name);
    int image = store < 0 ? -1 : open_temporary(shard, &image_name);
    if (image >= 0 &&
        (unlink(image_name) == 0 || cannot_write(shard, strerror(errno)))) {
        done = make_image(shard, image, store, store_name);
    }
    else if (store >= 0) {
        unlink(store_name);
    }
    if (store >= 0) {
        close(store);
    }
    if (done) {
        done = finish_image(shard, image);
    }
    if (image >= 0) {
        close(image);
    }
    return done;
}

bool
lzi_shard_file_write(const lzi_shard_records *records, const char *path,
                     lzi_diag *diag)
{
    shard_file shard = {records, path, diag, lzi_arena_new()};
    bool done = write_through_store(&shard);
    lzi_arena_free(shard.arena);
    return done;
}
