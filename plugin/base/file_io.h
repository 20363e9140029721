/* file_io.h: reading and replacing whole files.
 *
 * Failures are reported through diag with what the system said. */
#ifndef LZI_FILE_IO_H
#define LZI_FILE_IO_H

#include "arena.h"
#include "diag.h"
#include "string_list.h"

#include <stdbool.h>

/** Contents of a regular file; `data` is NUL-terminated behind `size`.
 * Zero-initialise. */
typedef struct {
    char *data;      /* owned; free with lzi_file_free() */
    size_t size;     /* bytes */
    size_t capacity; /* bytes that `data` has room for */
} lzi_file_text;

/** Read a regular file whole, reusing the memory @p text holds.
 * @return false: reported. */
bool lzi_file_read(lzi_file_text *text, const char *path, lzi_diag *diag);
void lzi_file_free(lzi_file_text *text); /* leaves it empty */

/** Whether something is there that can be looked at. Where the system cannot
 * tell, that is reported: files would silently be left out. */
bool lzi_file_exists(const char *path, lzi_diag *diag);

/** Replace a file atomically: temporary name (PATH.XXXXXX), fsync, mode,
 * rename, fsync of the directory. On failure the old file is as it was
 * and the temporary one is gone.
 *
 * A symbolic link at @p path is refused, not followed.
 * @param mode Permission bits; 0: those of the old file, else 0644. Owner
 *             and group of the old file are kept where permitted. */
bool lzi_file_replace(const char *path, const void *data, size_t size,
                      unsigned mode, lzi_diag *diag);

/** lzi_file_replace(), but a file that has this content already is left as
 * it is: its time tells build tools when it last changed. */
bool lzi_file_update(const char *path, const void *data, size_t size,
                     lzi_diag *diag);

/** Names in a directory, sorted by bytes, without "." and "..".
 * @return false: reported. */
bool lzi_directory_list(lzi_strings *out, lzi_arena *arena, const char *path,
                        lzi_diag *diag);

#endif
