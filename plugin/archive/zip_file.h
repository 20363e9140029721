/* zip_file.h: zip archives, read member by member and written anew.
 *
 * Members are copied as they were compressed. What is written depends on the
 * arguments alone: no time, no owner, no extra fields.
 *
 * Threads: one at a time per archive.
 * Memory:  members and names live in the arena that is passed.
 * Errors:  reported through diag, with the path of the archive. */
#ifndef LZI_ZIP_FILE_H
#define LZI_ZIP_FILE_H

#include "base/arena.h"
#include "base/diag.h"

#include <stdbool.h>

typedef struct {
    const char *name;    /* UTF-8, no NUL inside; a directory's ends in "/" */
    uint64_t size;       /* bytes, unpacked */
    uint64_t packed;     /* bytes, in the archive */
    uint32_t crc;        /* CRC-32 of the unpacked bytes */
    uint32_t time;       /* as DOS had it: date << 16 | time of day */
    uint32_t attributes; /* st_mode << 16, where a Unix wrote the archive */
    unsigned internal;   /* 1: looks like text */
    unsigned made_by;    /* system << 8 | version */
    unsigned method;     /* 0 stored, 8 deflated */
    unsigned flags;
    uint64_t place[2]; /* where in the directory */
} lzi_zip_member;

typedef struct {
    const char *path; /* borrowed */
    lzi_diag *diag;
    void *handle; /* NULL: not open */
    int code;     /* errno, where the system failed to read; else 0 */
    struct {
        lzi_zip_member *items;
        size_t count, capacity;
    } members; /* in the order of the archive's directory */
} lzi_zip;

/** Open an archive and read its directory. Refuses what is encrypted,
 * compressed in another way than by deflate, or too large without zip64 (more
 * than 65,535 members are fine).
 *
 * @param[out] zip Must stay where it is until it is closed.
 * @param[in] path Borrowed; must outlive the archive.
 * @return false: reported, and the archive is closed. */
bool lzi_zip_open(lzi_zip *zip, lzi_arena *arena, const char *path,
                  lzi_diag *diag);
void lzi_zip_close(lzi_zip *zip); /* a closed or zeroed one is fine */

/** Called for each piece of a member. @return false: reported; stop. */
typedef bool lzi_zip_sink(void *context, const void *data, size_t size);

/** Unpack a member, check its size and CRC.
 * @return false: reported. */
bool lzi_zip_read(lzi_zip *zip, const lzi_zip_member *member,
                  lzi_zip_sink *sink, void *context);

/** A member as text in an arena, NUL-terminated behind its size; members of
 * more than 64 MiB are refused.
 * @return false: reported. */
bool lzi_zip_text(lzi_slice *out, lzi_arena *arena, lzi_zip *zip,
                  const lzi_zip_member *member);

/** An archive that is being written. */
typedef struct {
    const char *path; /* borrowed */
    lzi_diag *diag;
    void *handle; /* NULL: not open */
    int code;     /* errno, where the system failed to write; else 0 */
} lzi_zip_output;

/** @param[out] out Must stay where it is until it is closed.
 * @return false: reported. */
bool lzi_zip_create(lzi_zip_output *out, const char *path, lzi_diag *diag);

/** Append a member of another archive, its bytes as they are there.
 * @return false: reported. */
bool lzi_zip_copy(lzi_zip_output *out, lzi_zip *from,
                  const lzi_zip_member *member);

/** Append a file, deflated. @param like Its name, time and attributes are
 * taken. @return false: reported. */
bool lzi_zip_add(lzi_zip_output *out, const lzi_zip_member *like,
                 lzi_slice data);

/** Write the directory, down to the disk, and close.
 * @return false: reported. */
bool lzi_zip_finish(lzi_zip_output *out);

/** Close without finishing; one that is finished or zeroed is fine. */
void lzi_zip_abandon(lzi_zip_output *out);

#endif
