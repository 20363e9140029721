/* faults.c: preloaded by tests to interrupt the tool anywhere.
 *
 * Counts the calls of one group (FAULT_GROUP: "memory", "files" for those
 * that look at files, "change" for those that change them). KILL_AT=N: the
 * process dies instead of making the N-th. TERM_AT=N: it gets a SIGTERM there.
 * FAIL_AT=N: that one fails. FULL_AT=N: from that one on, all that need space
 * do. NO_EXCHANGE: files cannot be exchanged, as on some file systems.
 * COUNT_TO=FILE: written there at the end are the number of calls, of blocks
 * of memory not freed and of files left open. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

typedef enum { NONE, MEMORY, FILES, CHANGE } call_group;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static call_group counted;
static long kill_at, term_at, fail_at, full_at;
static atomic_long calls, blocks;

static long
limit(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? 0 : atol(text);
}

__attribute__((constructor)) static void
start(void)
{
    const char *group = getenv("FAULT_GROUP");

    kill_at = limit("KILL_AT");
    term_at = limit("TERM_AT");
    fail_at = limit("FAIL_AT");
    full_at = limit("FULL_AT");
    if (group != NULL) {
        counted = strcmp(group, "memory") == 0  ? MEMORY
                  : strcmp(group, "files") == 0 ? FILES
                                                : CHANGE;
    }
}

/* Standard streams apart. */
static int
open_files(void)
{
    int count = 0;

    for (int fd = 3; fd < 64; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

/* By system calls: what is counted and may fail is not used. */
__attribute__((destructor)) static void
report(void)
{
    const char *path = getenv("COUNT_TO");
    char text[96];

    if (path == NULL) {
        return;
    }
    const int size =
        snprintf(text, sizeof(text), "%ld %ld %d", atomic_load(&calls),
                 atomic_load(&blocks), open_files());
    const long fd =
        syscall(SYS_open, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    syscall(SYS_write, fd, text, (size_t)size);
    syscall(SYS_close, fd);
}

/* What follows is not the tool's doing: buffers, counts of coverage. */
void
exit(int code)
{
    counted = NONE;
    NEXT(exit)(code);
    __builtin_unreachable();
}

/* Whether the call that is about to happen must fail. */
static int
fails(call_group group, int needs_space)
{
    if (group != counted) {
        return 0;
    }
    const long number = atomic_fetch_add(&calls, 1) + 1;
    if (number == kill_at) {
        raise(SIGKILL);
    }
    if (number == term_at) {
        raise(SIGTERM);
    }
    if (number == fail_at ||
        (needs_space && full_at > 0 && number >= full_at)) {
        errno = group == MEMORY ? ENOMEM : group == FILES ? EIO : ENOSPC;
        return 1;
    }
    return 0;
}

/* A call that fails with `failure`, or is made. */
#define CALL(type, name, parameters, arguments, group, space, failure)        \
    type name parameters                                                      \
    {                                                                         \
        return fails(group, space) ? (failure) : NEXT(name) arguments;        \
    }

/* -- Memory: dlsym() itself allocates, so not by way of it ---------------- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static void *
noted(void *block)
{
    atomic_fetch_add(&blocks, block != NULL);
    return block;
}

void *
malloc(size_t size)
{
    return fails(MEMORY, 0) ? NULL : noted(__libc_malloc(size));
}

void *
calloc(size_t count, size_t size)
{
    return fails(MEMORY, 0) ? NULL : noted(__libc_calloc(count, size));
}

void *
realloc(void *block, size_t size)
{
    if (fails(MEMORY, 0)) {
        return NULL;
    }
    return block == NULL ? noted(__libc_realloc(block, size))
                         : __libc_realloc(block, size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
    if (fails(MEMORY, 0)) {
        return ENOMEM;
    }
    *out = noted(__libc_memalign(alignment, size));
    return *out == NULL ? ENOMEM : 0;
}

void
free(void *block)
{
    atomic_fetch_sub(&blocks, block != NULL);
    __libc_free(block);
}

/* -- Looking at files ----------------------------------------------------- */

int
open(const char *path, int flags, ...)
{
    const int changes = (flags & O_CREAT) != 0;
    mode_t mode = 0;

    if (changes) {
        va_list arguments;

        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return fails(changes ? CHANGE : FILES, changes)
               ? -1
               : NEXT(open)(path, flags, mode);
}

/* Fails after it is done, as the system's does. */
int
close(int fd)
{
    const int failed = fd > 2 && fails(FILES, 0);
    const int code = errno;
    const int done = NEXT(close)(fd);

    if (failed) {
        errno = code;
    }
    return failed ? -1 : done;
}

CALL(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size), FILES, 0,
     -1)
CALL(ssize_t, pread, (int fd, void *to, size_t size, off_t at),
     (fd, to, size, at), FILES, 0, -1)
CALL(off_t, lseek, (int fd, off_t at, int from), (fd, at, from), FILES, 0, -1)
CALL(int, stat, (const char *path, struct stat *out), (path, out), FILES, 0,
     -1)
CALL(int, lstat, (const char *path, struct stat *out), (path, out), FILES, 0,
     -1)
CALL(int, fstat, (int fd, struct stat *out), (fd, out), FILES, 0, -1)
CALL(int, access, (const char *path, int mode), (path, mode), FILES, 0, -1)
CALL(DIR *, opendir, (const char *path), (path), FILES, 0, NULL)
CALL(struct dirent *, readdir, (DIR * directory), (directory), FILES, 0, NULL)
CALL(ssize_t, readlink, (const char *path, char *to, size_t size),
     (path, to, size), FILES, 0, -1)
CALL(char *, realpath, (const char *path, char *to), (path, to), FILES, 0,
     NULL)
CALL(void *, mmap,
     (void *at, size_t size, int access, int flags, int fd, off_t from),
     (at, size, access, flags, fd, from), FILES, 0, MAP_FAILED)
CALL(int, scandir,
     (const char *path, struct dirent ***out,
      int (*wanted)(const struct dirent *),
      int (*order)(const struct dirent **, const struct dirent **)),
     (path, out, wanted, order), FILES, 0, -1)

/* -- Changing files ------------------------------------------------------- */

CALL(int, rename, (const char *from, const char *to), (from, to), CHANGE, 0,
     -1)
int
renameat2(int from_in, const char *from, int to_in, const char *to,
          unsigned flags)
{
    if (getenv("NO_EXCHANGE") != NULL) {
        errno = EINVAL;
        return -1;
    }
    return fails(CHANGE, 0) ? -1
                            : NEXT(renameat2)(from_in, from, to_in, to, flags);
}

CALL(int, link, (const char *from, const char *to), (from, to), CHANGE, 1, -1)
CALL(int, symlink, (const char *text, const char *to), (text, to), CHANGE, 1,
     -1)
CALL(int, unlink, (const char *path), (path), CHANGE, 0, -1)
CALL(int, remove, (const char *path), (path), CHANGE, 0, -1)
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), CHANGE, 1, -1)
CALL(int, rmdir, (const char *path), (path), CHANGE, 0, -1)
CALL(int, mkostemp, (char *template, int flags), (template, flags), CHANGE, 1,
     -1)
CALL(char *, mkdtemp, (char *template), (template), CHANGE, 1, NULL)
CALL(int, ftruncate, (int fd, off_t size), (fd, size), CHANGE, 1, -1)
CALL(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at),
     (fd, data, size, at), CHANGE, 1, -1)
CALL(ssize_t, writev, (int fd, const struct iovec *parts, int count),
     (fd, parts, count), CHANGE, 1, -1)
CALL(int, fsync, (int fd), (fd), CHANGE, 0, -1)
CALL(int, fdatasync, (int fd), (fd), CHANGE, 0, -1)
CALL(int, chmod, (const char *path, mode_t mode), (path, mode), CHANGE, 0, -1)
CALL(int, fchmod, (int fd, mode_t mode), (fd, mode), CHANGE, 0, -1)
CALL(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group), CHANGE,
     0, -1)
CALL(int, lchown, (const char *path, uid_t user, gid_t group),
     (path, user, group), CHANGE, 0, -1)
CALL(int, utimensat,
     (int fd, const char *path, const struct timespec times[2], int flags),
     (fd, path, times, flags), CHANGE, 0, -1)

ssize_t
write(int fd, const void *data, size_t size)
{
    return fd > 2 && fails(CHANGE, 1) ? -1 : NEXT(write)(fd, data, size);
}

/* -- Streams: buffered as ever, but over the calls above ------------------ */

static ssize_t
stream_read(void *fd, char *to, size_t size)
{
    return read((int)(intptr_t)fd, to, size);
}

static ssize_t
stream_write(void *fd, const char *data, size_t size)
{
    const ssize_t done = write((int)(intptr_t)fd, data, size);

    return done < 0 ? 0 : done;
}

static int
stream_seek(void *fd, off64_t *at, int from)
{
    *at = lseek((int)(intptr_t)fd, *at, from);
    return *at < 0 ? -1 : 0;
}

static int
stream_close(void *fd)
{
    return close((int)(intptr_t)fd);
}

FILE *
fdopen(int fd, const char *mode)
{
    static const cookie_io_functions_t calls_above = {
        stream_read, stream_write, stream_seek, stream_close};

    return counted == NONE
               ? NEXT(fdopen)(fd, mode)
               : fopencookie((void *)(intptr_t)fd, mode, calls_above);
}

FILE *
fopen(const char *path, const char *mode)
{
    if (counted == NONE) {
        return NEXT(fopen)(path, mode);
    }
    const int fd = open(
        path, mode[0] == 'r' ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0666);
    FILE *file = fd < 0 ? NULL : fdopen(fd, mode);

    if (fd >= 0 && file == NULL) {
        close(fd);
    }
    return file;
}

FILE *
fopen64(const char *path, const char *mode)
{
    return fopen(path, mode);
}
