#include "lzi_reader.h"

#include "lzi_fail.h"
#include "lzi_filter.h"
#include "lzi_image.h"
#include "lzi_trailer.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Both know how LMDB works inside: lzi_image.c its file, and the promise about
 * threads what reading does. (Its documentation wants one thread at a time for
 * a transaction. But mdb_get() and a cursor of a read-only one write nothing
 * outside of themselves: such a transaction lists no cursors, and only a page
 * number that is too high, which no checked image has, would set a flag.) */
#if MDB_VERSION_MAJOR != 0 || MDB_VERSION_MINOR != 9
#    error "made for LMDB 0.9"
#endif

struct lzi_reader {
    MDB_env *env;
    MDB_txn *txn; /* one for the reader's life: the file never changes */
    MDB_dbi dbi;
    char *path;
    uint64_t size;
    lzi_meta meta;
    const uint8_t *filter;
    size_t filter_size;
};

/* Read exactly @p size bytes at @p offset. */
static lzi_status
read_at(int fd, void *data, size_t size, uint64_t offset, lzi_error *error)
{
    uint8_t *at = data;
    while (size > 0) {
        ssize_t got = pread(fd, at, size, (off_t)offset);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return lzi_fail(error, LZI_E_IO, "cannot read");
        }
        if (got == 0) {
            return lzi_fail(error, LZI_E_FORMAT, "file is truncated");
        }
        at += got;
        size -= (size_t)got;
        offset += (uint64_t)got;
    }
    return LZI_OK;
}

/* Read the image once, and take its digest and its structure on the way: what
 * has the right digest may still be made by hand. Through a small buffer
 * rather than a map: a disk that cannot be read is an error here, and a signal
 * there, and the process keeps no pages resident that it never asks for. */
static lzi_status
read_image(XXH128_hash_t *digest, lzi_image_walk *walk, int fd, uint64_t size,
           lzi_error *error)
{
    enum { CHUNK = 16 * LZI_PAGE_SIZE };
    lzi_status status = LZI_E_NOMEM;
    uint8_t *chunk = malloc(CHUNK);
    XXH3_state_t *state = XXH3_createState();
    if (chunk == NULL || state == NULL) {
        lzi_fail(error, status, "out of memory");
        goto done;
    }
    XXH3_128bits_reset(state);
    for (uint64_t at = 0; at < size; at += CHUNK) {
        size_t part = size - at < CHUNK ? (size_t)(size - at) : CHUNK;
        status = read_at(fd, chunk, part, at, error);
        if (status != LZI_OK) {
            goto done;
        }
        XXH3_128bits_update(state, chunk, part);
        lzi_image_walk_take(walk, chunk, part / LZI_PAGE_SIZE);
    }
    *digest = XXH3_128bits_digest(state);
    status = LZI_OK;
done:
    XXH3_freeState(state);
    free(chunk);
    return status;
}

static lzi_status
check_image(int fd, const lzi_trailer *trailer, lzi_error *error)
{
    XXH128_hash_t hash;
    XXH128_canonical_t digest;
    lzi_image_walk *walk =
        lzi_image_walk_new(trailer->body_size / LZI_PAGE_SIZE);
    if (walk == NULL) {
        return lzi_fail(error, LZI_E_NOMEM, "out of memory");
    }
    lzi_status status = read_image(&hash, walk, fd, trailer->body_size, error);
    if (status != LZI_OK) {
        goto done;
    }
    XXH128_canonicalFromHash(&digest, hash);
    status = memcmp(digest.digest, trailer->digest, sizeof(digest.digest)) == 0
                 ? lzi_image_walk_end(walk, error)
                 : lzi_fail(error, LZI_E_FORMAT,
                            "damaged: its digest is not the recorded one");
done:
    lzi_image_walk_free(walk);
    return status;
}

/* Everything that must hold before LMDB may see the file. */
static lzi_status
check_file(int fd, struct stat *info, lzi_error *error)
{
    if (fstat(fd, info) != 0) {
        return lzi_fail(error, LZI_E_IO, "cannot stat");
    }
    if (!S_ISREG(info->st_mode)) {
        return lzi_fail(error, LZI_E_FORMAT, "not a regular file");
    }
    uint64_t size = (uint64_t)info->st_size;
    if (size < 2 * LZI_PAGE_SIZE + LZI_TRAILER_SIZE) {
        return lzi_fail(error, LZI_E_FORMAT, "too short for a shard");
    }
    if (size > LZI_SIZE_MAX) {
        return lzi_fail(error, LZI_E_FORMAT, "too long for a shard");
    }
    uint8_t bytes[LZI_TRAILER_SIZE];
    lzi_status status =
        read_at(fd, bytes, sizeof(bytes), size - sizeof(bytes), error);
    if (status != LZI_OK) {
        return status;
    }
    lzi_trailer trailer;
    status = lzi_trailer_decode(&trailer, bytes, error);
    if (status != LZI_OK) {
        return status;
    }
    if (trailer.body_size != size - LZI_TRAILER_SIZE ||
        trailer.body_size % LZI_PAGE_SIZE != 0) {
        return lzi_fail(error, LZI_E_FORMAT,
                        "its length is not the recorded one");
    }
    if (trailer.page_size != LZI_PAGE_SIZE) {
        return lzi_fail(error, LZI_E_VERSION, "pages of %u bytes, not %u",
                        trailer.page_size, LZI_PAGE_SIZE);
    }
    return check_image(fd, &trailer, error);
}

static lzi_status
store_failed(lzi_error *error, int code, const char *what)
{
    if (code == ENOMEM) {
        return lzi_fail(error, LZI_E_NOMEM, "out of memory");
    }
    lzi_status status =
        lzi_fail(error, LZI_E_STORE, "%s: %s", what, mdb_strerror(code));
    if (error != NULL) {
        error->store_rc = code;
    }
    return status;
}

/* LMDB opens by path: make sure it got the file that was checked. */
static lzi_status
open_store(lzi_reader *reader, const struct stat *checked, lzi_error *error)
{
    const unsigned flags =
        MDB_RDONLY | MDB_NOLOCK | MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD;
    int code = mdb_env_create(&reader->env);
    if (code != 0) {
        return store_failed(error, code, "cannot create an environment");
    }
    code = mdb_env_set_mapsize(reader->env,
                               (size_t)checked->st_size - LZI_TRAILER_SIZE);
    if (code == 0) {
        code = mdb_env_open(reader->env, reader->path, flags, 0644);
    }
    if (code != 0) {
        return store_failed(error, code, "LMDB cannot open the file");
    }
    mdb_filehandle_t fd;
    struct stat opened;
    if (mdb_env_get_fd(reader->env, &fd) != 0 || fstat(fd, &opened) != 0) {
        return lzi_fail(error, LZI_E_IO, "cannot stat");
    }
    if (opened.st_dev != checked->st_dev || opened.st_ino != checked->st_ino) {
        errno = EAGAIN;
        return lzi_fail(error, LZI_E_IO, "replaced while being opened");
    }
    code = mdb_txn_begin(reader->env, NULL, MDB_RDONLY, &reader->txn);
    if (code == 0) {
        code = mdb_dbi_open(reader->txn, NULL, 0, &reader->dbi);
    }
    if (code != 0) {
        return store_failed(error, code, "LMDB cannot read the file");
    }
    return LZI_OK;
}

static lzi_status
load_meta(lzi_reader *reader, lzi_error *error)
{
    lzi_slice none = {"", 0}, value;
    lzi_status status = lzi_reader_get(&value, reader, LZI_TABLE_META, none);
    if (status == LZI_OK) {
        status = lzi_meta_decode(&reader->meta, value);
    }
    if (status == LZI_OK) {
        status = lzi_reader_get(&value, reader, LZI_TABLE_FILTER, none);
    }
    if (status == LZI_OK &&
        (value.size < 8 || (value.size & (value.size - 1)) != 0)) {
        status = LZI_E_FORMAT;
    }
    if (status != LZI_OK) {
        return lzi_fail(error, LZI_E_FORMAT,
                        "its meta records are missing or damaged");
    }
    reader->filter = (const uint8_t *)value.data;
    reader->filter_size = value.size;
    return LZI_OK;
}

lzi_status
lzi_reader_open(lzi_reader **out, const char *path, lzi_error *error)
{
    struct stat info;
    lzi_status status = LZI_E_NOMEM;
    *out = NULL;
    /* Not blocking: a FIFO must be refused, not waited for. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return lzi_fail(error, LZI_E_IO, "cannot open");
    }
    lzi_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL || (reader->path = strdup(path)) == NULL) {
        lzi_fail(error, status, "out of memory");
        goto done;
    }
    status = check_file(fd, &info, error);
    if (status != LZI_OK) {
        goto done;
    }
    reader->size = (uint64_t)info.st_size;
    status = open_store(reader, &info, error);
    if (status != LZI_OK) {
        goto done;
    }
    status = load_meta(reader, error);
    if (status != LZI_OK) {
        goto done;
    }
    *out = reader;
    reader = NULL; /* ownership passed to the caller */
done:
    lzi_reader_close(reader);
    close(fd);
    return status;
}

void
lzi_reader_close(lzi_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    int saved = errno;
    if (reader->txn != NULL) {
        mdb_txn_abort(reader->txn);
    }
    if (reader->env != NULL) {
        mdb_env_close(reader->env);
    }
    free(reader->path);
    free(reader);
    errno = saved;
}

/* The start of a value is on a page that has its own number. */
void
lzi_reader_forget(const lzi_reader *reader)
{
    const uint8_t *value = reader->filter;
    const uint8_t *page = value - (uintptr_t)value % LZI_PAGE_SIZE;
    uint64_t number;
    memcpy(&number, page, sizeof(number));
    size_t size = (size_t)reader->size - LZI_TRAILER_SIZE;
    if (number < size / LZI_PAGE_SIZE) {
        madvise((void *)(uintptr_t)(page - number * LZI_PAGE_SIZE), size,
                MADV_DONTNEED);
    }
}

const char *
lzi_reader_path(const lzi_reader *reader)
{
    return reader->path;
}

const lzi_meta *
lzi_reader_meta(const lzi_reader *reader)
{
    return &reader->meta;
}

uint64_t
lzi_reader_size(const lzi_reader *reader)
{
    return reader->size;
}

lzi_status
lzi_reader_get(lzi_slice *out, const lzi_reader *reader, char table,
               lzi_slice name)
{
    char bytes[1 + LZI_NAME_MAX];
    if (name.size > LZI_NAME_MAX) {
        return LZI_NOT_FOUND;
    }
    bytes[0] = table;
    memcpy(bytes + 1, name.data, name.size);
    MDB_val key = {1 + name.size, bytes}, value;
    int code = mdb_get(reader->txn, reader->dbi, &key, &value);
    if (code != 0) {
        return code == MDB_NOTFOUND ? LZI_NOT_FOUND : LZI_E_STORE;
    }
    *out = (lzi_slice){value.mv_data, value.mv_size};
    return LZI_OK;
}

bool
lzi_reader_may_have(const lzi_reader *reader, uint64_t hash)
{
    return lzi_filter_has(reader->filter, reader->filter_size, hash);
}

lzi_status
lzi_reader_each(const lzi_reader *reader, char table, lzi_visit *visit,
                void *context)
{
    MDB_cursor *cursor;
    int code = mdb_cursor_open(reader->txn, reader->dbi, &cursor);
    if (code != 0) {
        return code == ENOMEM ? LZI_E_NOMEM : LZI_E_STORE;
    }
    lzi_status status = LZI_OK;
    MDB_val key = {1, &table}, value;
    code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    while (code == 0 && status == LZI_OK) {
        const char *bytes = key.mv_data;
        if (key.mv_size == 0 || bytes[0] != table) {
            break;
        }
        status = visit(context, (lzi_slice){bytes + 1, key.mv_size - 1},
                       (lzi_slice){value.mv_data, value.mv_size});
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    if (status == LZI_OK && code != 0 && code != MDB_NOTFOUND) {
        status = LZI_E_STORE;
    }
    return status;
}
