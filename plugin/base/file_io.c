#include "file_io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- Reading -------------------------------------------------------------- */

/* Room for `size` bytes and the NUL. */
static bool
reserve(lzi_file_text *text, size_t size)
{
    if (text->data != NULL && size <= text->capacity) {
        return true;
    }
    /* Nothing in it is wanted: free and malloc instead of copying. */
    size_t capacity = size + size / 2 + 4096;
    lzi_file_free(text);
    text->data = malloc(capacity + 1);
    if (text->data == NULL) {
        errno = ENOMEM;
        return false;
    }
    text->capacity = capacity;
    return true;
}

static bool
read_all(lzi_file_text *text, int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        return false;
    }
    size_t expected = (size_t)status.st_size;
    if (!reserve(text, expected)) {
        return false;
    }
    text->size = 0;
    while (text->size < expected) {
        ssize_t got = read(fd, text->data + text->size, expected - text->size);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        if (got == 0) {
            break;
        }
        text->size += (size_t)got;
    }
    text->data[text->size] = '\0';
    return true;
}

bool
lzi_file_read(lzi_file_text *text, const char *path, lzi_diag *diag)
{
    /* O_NONBLOCK: do not wait for the other end of a FIFO. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && read_all(text, fd)) {
        close(fd);
        return true;
    }
    int code = errno;
    if (fd >= 0) {
        close(fd);
    }
    lzi_diag_at(diag, LZI_ERROR, path, 0, "cannot read: %s",
                code == EINVAL ? "Not a regular file" : strerror(code));
    return false;
}

void
lzi_file_free(lzi_file_text *text)
{
    free(text->data);
    *text = (lzi_file_text){0};
}

bool
lzi_file_exists(const char *path, lzi_diag *diag)
{
    bool there = access(path, F_OK) == 0;
    if (!there && errno != ENOENT && errno != ENOTDIR) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0, "cannot open '%s': %s", path,
                    strerror(errno));
    }
    return there;
}

/* -- Replacing ------------------------------------------------------------ */

static bool
write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, data, size);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        data += written;
        size -= (size_t)written;
    }
    return true;
}

static bool
sync_directory_of(const char *path)
{
    char directory[4096];
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    if (size >= sizeof(directory)) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(directory, size == 0 ? "." : path, size == 0 ? 1 : size);
    directory[size == 0 ? 1 : size] = '\0';
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    /* Some file systems cannot sync a directory; the rename stands. */
    bool synced = fsync(fd) == 0 || errno == EINVAL;
    int code = errno;
    close(fd);
    errno = code;
    return synced;
}

/* Contents, mode and owner of the new file, down to the disk. */
static bool
fill(int fd, const void *data, size_t size, unsigned mode,
     const struct stat *old)
{
    if (!write_all(fd, data, size)) {
        return false;
    }
    if (old != NULL &&
        (old->st_uid != geteuid() || old->st_gid != getegid())) {
        /* Only root may give a file away: where not permitted, the group
         * alone, else as it is. Before fchmod, which chown may undo. */
        if (fchown(fd, old->st_uid, old->st_gid) != 0 &&
            fchown(fd, (uid_t)-1, old->st_gid) != 0) {
            errno = 0;
        }
    }
    if (mode == 0) {
        mode = old != NULL ? old->st_mode & 07777u : 0644u;
    }
    return fchmod(fd, (mode_t)mode) == 0 && fsync(fd) == 0;
}

static bool
replace(const char *path, char *temporary, const void *data, size_t size,
        unsigned mode)
{
    struct stat old;
    bool exists = lstat(path, &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        errno = S_ISLNK(old.st_mode) ? ELOOP : EINVAL;
        return false;
    }
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool done = fill(fd, data, size, mode, exists ? &old : NULL);
    int code = errno;
    if (close(fd) != 0 && done) {
        done = false;
        code = errno;
    }
    if (done && rename(temporary, path) != 0) {
        done = false;
        code = errno;
    }
    if (!done) {
        unlink(temporary);
        errno = code;
        return false;
    }
    return sync_directory_of(path);
}

bool
lzi_file_replace(const char *path, const void *data, size_t size,
                 unsigned mode, lzi_diag *diag)
{
    lzi_arena *arena = lzi_arena_new();
    char *temporary = lzi_arena_format(arena, "%s.XXXXXX", path);
    bool done = replace(path, temporary, data, size, mode);
    if (!done) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0, "cannot write '%s': %s", path,
                    errno == ELOOP    ? "it is a symbolic link"
                    : errno == EINVAL ? "it is not a regular file"
                                      : strerror(errno));
    }
    lzi_arena_free(arena);
    return done;
}

static bool
has_content(const char *path, const char *data, size_t size)
{
    char buffer[1 << 14];
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool same = fd >= 0 && fstat(fd, &status) == 0 &&
                S_ISREG(status.st_mode) && (size_t)status.st_size == size;
    while (same && size > 0) {
        ssize_t got = read(fd, buffer, sizeof(buffer));
        same = got > 0 && (size_t)got <= size &&
               memcmp(buffer, data, (size_t)got) == 0;
        data += same ? got : 0;
        size -= same ? (size_t)got : 0;
    }
    if (fd >= 0) {
        close(fd);
    }
    return same;
}

bool
lzi_file_update(const char *path, const void *data, size_t size,
                lzi_diag *diag)
{
    return has_content(path, data, size) ||
           lzi_file_replace(path, data, size, 0, diag);
}

/* -- Directories ---------------------------------------------------------- */

bool
lzi_directory_list(lzi_strings *out, lzi_arena *arena, const char *path,
                   lzi_diag *diag)
{
    DIR *directory = opendir(path);
    int code = errno;
    *out = (lzi_strings){0};
    if (directory != NULL) {
        const struct dirent *entry;
        while (errno = 0, (entry = readdir(directory)) != NULL) {
            const char *name = entry->d_name;
            if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
                lzi_strings_add(arena, out,
                                lzi_arena_copy(arena, name, strlen(name)));
            }
        }
        code = errno;
        closedir(directory);
    }
    if (directory == NULL || code != 0) {
        lzi_diag_at(diag, LZI_ERROR, path, 0, "cannot list: %s",
                    strerror(code));
        return false;
    }
    lzi_strings_sort(out);
    return true;
}
