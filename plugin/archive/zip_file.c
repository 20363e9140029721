#include "zip_file.h"

#include "zip_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <minizip/unzip.h>
#include <minizip/zip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENCRYPTED = 1, PIECE = 1 << 16, TEXT_LIMIT = 64 << 20 };

/* What is kept of a member's flags: compression level and UTF-8. Bit 3 says
 * that sizes stand behind the data, which they do not in what is written. */
enum { KEPT_FLAGS = 0x806, UTF8_NAME = 0x800 };

/* minizip 1.1 cannot read what needs zip64 for its size; wheels are
 * far from that. What is read leaves room for what is added. */
static const uint64_t member_limit = 0xffffffff, file_limit = 0xf0000000;

/* -- Reading -------------------------------------------------------------- */

static bool
refuse(const lzi_zip *zip, const char *name, const char *why)
{
    lzi_diag_at(zip->diag, LZI_ERROR, zip->path, 0, "'%s' %s", name, why);
    return false;
}

static bool
cannot_read(const lzi_zip *zip, int code)
{
    lzi_diag_at(zip->diag, LZI_ERROR, zip->path, 0, "cannot read: %s",
                strerror(code));
    return false;
}

static bool
is_damaged(const lzi_zip *zip)
{
    if (zip->code != 0) {
        return cannot_read(zip, zip->code);
    }
    lzi_diag_at(zip->diag, LZI_ERROR, zip->path, 0,
                "not a zip archive, or a damaged one: get it anew");
    return false;
}

static bool
is_damaged_member(const lzi_zip *zip, const lzi_zip_member *member)
{
    return zip->code != 0
               ? cannot_read(zip, zip->code)
               : refuse(zip, member->name, "is damaged: get the archive anew");
}

static bool
take_member(lzi_zip *zip, lzi_arena *arena)
{
    unz_file_info64 info;
    unz64_file_pos place;
    if (unzGetCurrentFileInfo64(zip->handle, &info, NULL, 0, NULL, 0, NULL,
                                0) != UNZ_OK ||
        unzGetFilePos64(zip->handle, &place) != UNZ_OK) {
        return is_damaged(zip);
    }
    char *name = lzi_arena_alloc(arena, info.size_filename + 1);
    if (unzGetCurrentFileInfo64(zip->handle, NULL, name, info.size_filename,
                                NULL, 0, NULL, 0) != UNZ_OK) {
        return is_damaged(zip);
    }
    if (strlen(name) != info.size_filename) {
        return refuse(zip, name, "has a NUL byte in its name");
    }
    if ((info.flag & ENCRYPTED) != 0) {
        return refuse(zip, name, "is encrypted");
    }
    if (info.uncompressed_size >= member_limit ||
        info.compressed_size >= member_limit) {
        return refuse(zip, name,
                      "is larger than 4 GiB, too large for a wheel");
    }
    if (info.compression_method != 0 &&
        info.compression_method != Z_DEFLATED) {
        return refuse(zip, name, "is compressed in an unknown way");
    }
    *(lzi_zip_member *)LZI_PUSH(arena, &zip->members) = (lzi_zip_member){
        .name = name,
        .size = info.uncompressed_size,
        .packed = info.compressed_size,
        .crc = (uint32_t)info.crc,
        .time = (uint32_t)info.dosDate,
        .attributes = (uint32_t)info.external_fa,
        .internal = (unsigned)info.internal_fa,
        .made_by = (unsigned)info.version,
        .method = (unsigned)info.compression_method,
        .flags = (unsigned)info.flag & KEPT_FLAGS,
        .place = {place.pos_in_zip_directory, place.num_of_file},
    };
    return true;
}

static bool
take_members(lzi_zip *zip, lzi_arena *arena)
{
    unz_global_info64 info;
    if (unzGetGlobalInfo64(zip->handle, &info) != UNZ_OK) {
        return is_damaged(zip);
    }
    for (uint64_t i = 0; i < info.number_entry; i++) {
        int code = i == 0 ? unzGoToFirstFile(zip->handle)
                          : unzGoToNextFile(zip->handle);
        if (code != UNZ_OK) {
            return is_damaged(zip);
        }
        if (!take_member(zip, arena)) {
            return false;
        }
    }
    return true;
}

static bool
check_file(const lzi_zip *zip, int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return cannot_read(zip, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return cannot_read(zip, S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
    }
    if ((uint64_t)status.st_size > file_limit) {
        lzi_diag_at(zip->diag, LZI_ERROR, zip->path, 0,
                    "larger than 3.75 GiB, too large for a wheel");
        return false;
    }
    return true;
}

/* @return NULL: reported. */
static FILE *
open_file(const lzi_zip *zip)
{
    /* O_NONBLOCK: do not wait for the other end of a FIFO. */
    int fd = open(zip->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        cannot_read(zip, errno);
        return NULL;
    }
    FILE *file = NULL;
    if (check_file(zip, fd) && (file = fdopen(fd, "rb")) == NULL) {
        cannot_read(zip, errno);
    }
    if (file == NULL) {
        close(fd);
    }
    return file;
}

bool
lzi_zip_open(lzi_zip *zip, lzi_arena *arena, const char *path, lzi_diag *diag)
{
    zlib_filefunc64_def functions;
    *zip = (lzi_zip){.path = path, .diag = diag};
    FILE *file = open_file(zip);
    if (file == NULL) {
        return false;
    }
    lzi_zip_stream(&functions, &zip->code);
    zip->handle = unzOpen2_64(file, &functions);
    if (zip->handle == NULL) {
        return is_damaged(zip);
    }
    if (take_members(zip, arena) && (zip->code == 0 || is_damaged(zip))) {
        return true;
    }
    lzi_zip_close(zip);
    return false;
}

void
lzi_zip_close(lzi_zip *zip)
{
    if (zip->handle != NULL) {
        unzClose(zip->handle);
        zip->handle = NULL;
    }
}

static bool
open_member(lzi_zip *zip, const lzi_zip_member *member, int raw)
{
    unz64_file_pos place = {member->place[0], member->place[1]};
    int method, level;
    return (unzGoToFilePos64(zip->handle, &place) == UNZ_OK &&
            unzOpenCurrentFile2(zip->handle, &method, &level, raw) ==
                UNZ_OK) ||
           is_damaged_member(zip, member);
}

/* @param size What has to come. */
static bool
read_pieces(lzi_zip *zip, const lzi_zip_member *member, uint64_t size,
            lzi_zip_sink *sink, void *context)
{
    static char piece[PIECE];
    uint64_t total = 0;
    int got;
    while ((got = unzReadCurrentFile(zip->handle, piece, PIECE)) > 0) {
        if (!sink(context, piece, (size_t)got)) {
            unzCloseCurrentFile(zip->handle);
            return false;
        }
        total += (uint64_t)got;
    }
    /* Closing tells of a wrong CRC. */
    return (unzCloseCurrentFile(zip->handle) == UNZ_OK && got == 0 &&
            total == size && zip->code == 0) ||
           is_damaged_member(zip, member);
}

bool
lzi_zip_read(lzi_zip *zip, const lzi_zip_member *member, lzi_zip_sink *sink,
             void *context)
{
    return open_member(zip, member, 0) &&
           read_pieces(zip, member, member->size, sink, context);
}

static bool
append_piece(void *context, const void *data, size_t size)
{
    char **end = context;
    memcpy(*end, data, size);
    *end += size;
    return true;
}

bool
lzi_zip_text(lzi_slice *out, lzi_arena *arena, lzi_zip *zip,
             const lzi_zip_member *member)
{
    if (member->size > TEXT_LIMIT) {
        return refuse(zip, member->name, "is too large for what it is");
    }
    /* minizip gives no more than the size that the directory tells. */
    char *data = lzi_arena_alloc(arena, (size_t)member->size + 1);
    char *end = data;

    *out = (lzi_slice){data, (size_t)member->size};
    return lzi_zip_read(zip, member, append_piece, &end);
}

/* -- Writing -------------------------------------------------------------- */

static bool
cannot_write(const lzi_zip_output *out, int code)
{
    lzi_diag_at(out->diag, LZI_ERROR, NULL, 0, "cannot write '%s': %s",
                out->path,
                code != 0 ? strerror(code) : "the archive is too large");
    return false;
}

/* @param result Of a call of minizip. */
static bool
is_written(const lzi_zip_output *out, int result)
{
    return (result == ZIP_OK && out->code == 0) ||
           cannot_write(out, out->code);
}

bool
lzi_zip_create(lzi_zip_output *out, const char *path, lzi_diag *diag)
{
    zlib_filefunc64_def functions;
    *out = (lzi_zip_output){.path = path, .diag = diag};
    FILE *file = fopen(path, "wbe");
    if (file == NULL) {
        return cannot_write(out, errno);
    }
    lzi_zip_stream(&functions, &out->code);
    out->handle = zipOpen2_64(file, APPEND_STATUS_CREATE, NULL, &functions);
    return out->handle != NULL || cannot_write(out, out->code);
}

/* @param raw The bytes to come are compressed already. */
static bool
begin_member(lzi_zip_output *out, const lzi_zip_member *member, int raw)
{
    zip_fileinfo info = {.dosDate = member->time,
                         .internal_fa = member->internal,
                         .external_fa = member->attributes};
    /* minizip takes 0 for "not given"; this is what it makes of that. */
    if (info.dosDate == 0) {
        info.tmz_date = (tm_zip){.tm_mday = 1, .tm_year = 1980};
    }
    return is_written(
        out, zipOpenNewFileInZip4_64(out->handle, member->name, &info, NULL, 0,
                                     NULL, 0, NULL, (int)member->method,
                                     Z_BEST_COMPRESSION, raw, -MAX_WBITS,
                                     MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY, NULL,
                                     0, member->made_by, member->flags, 0));
}

static bool
write_piece(void *context, const void *data, size_t size)
{
    lzi_zip_output *out = context;
    return is_written(out,
                      zipWriteInFileInZip(out->handle, data, (unsigned)size));
}

bool
lzi_zip_copy(lzi_zip_output *out, lzi_zip *from, const lzi_zip_member *member)
{
    if (!open_member(from, member, 1)) {
        return false;
    }
    if (!begin_member(out, member, 1)) {
        unzCloseCurrentFile(from->handle);
        return false;
    }
    if (!read_pieces(from, member, member->packed, write_piece, out)) {
        return false;
    }
    return is_written(
        out, zipCloseFileInZipRaw64(out->handle, member->size, member->crc));
}

bool
lzi_zip_add(lzi_zip_output *out, const lzi_zip_member *like, lzi_slice data)
{
    lzi_zip_member member = *like;
    member.method = Z_DEFLATED;
    member.flags = like->flags & UTF8_NAME;
    member.internal = 0; /* minizip finds out */
    if (!begin_member(out, &member, 0)) {
        return false;
    }
    for (size_t at = 0; at < data.size; at += PIECE) {
        size_t left = data.size - at;
        if (!write_piece(out, data.data + at, left < PIECE ? left : PIECE)) {
            return false;
        }
    }
    return is_written(out, zipCloseFileInZip(out->handle));
}

bool
lzi_zip_finish(lzi_zip_output *out)
{
    int result = zipClose(out->handle, NULL);
    out->handle = NULL;
    if (!is_written(out, result)) {
        return false;
    }
    int fd = open(out->path, O_RDONLY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int code = errno;
    if (fd >= 0) {
        close(fd);
    }
    return synced || cannot_write(out, code);
}

void
lzi_zip_abandon(lzi_zip_output *out)
{
    if (out->handle != NULL) {
        zipClose(out->handle, NULL);
        out->handle = NULL;
    }
}
