/* kill_at.c: preloaded by test_apply.py to interrupt the tool anywhere.
 *
 * Counts the calls that change files. KILL_AT=N: the process dies instead of
 * making the N-th. FAIL_AT=N: that one fails, for lack of space. FULL_AT=N:
 * from that one on, all that need space do. COUNT_TO=FILE: the number of
 * calls is written there at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static long count;

static long
limit(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? 0 : atol(text);
}

/* Whether the call that is about to happen must fail. */
static int
fails(int needs_space)
{
    count++;
    if (count == limit("KILL_AT")) {
        raise(SIGKILL);
    }
    const long full = limit("FULL_AT");
    if (count == limit("FAIL_AT") ||
        (needs_space && full > 0 && count >= full)) {
        errno = ENOSPC;
        return 1;
    }
    return 0;
}

__attribute__((destructor)) static void
report(void)
{
    const char *path = getenv("COUNT_TO");
    FILE *file = path == NULL ? NULL : fopen(path, "w");

    if (file != NULL) {
        fprintf(file, "%ld", count);
        fclose(file);
    }
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int
rename(const char *from, const char *to)
{
    return fails(0) ? -1 : NEXT(rename)(from, to);
}

int
link(const char *from, const char *to)
{
    return fails(1) ? -1 : NEXT(link)(from, to);
}

int
unlink(const char *path)
{
    return fails(0) ? -1 : NEXT(unlink)(path);
}

int
mkdir(const char *path, mode_t mode)
{
    return fails(1) ? -1 : NEXT(mkdir)(path, mode);
}

int
rmdir(const char *path)
{
    return fails(0) ? -1 : NEXT(rmdir)(path);
}

int
mkostemp(char *template, int flags)
{
    return fails(1) ? -1 : NEXT(mkostemp)(template, flags);
}

ssize_t
write(int fd, const void *data, size_t size)
{
    return fd > 2 && fails(1) ? -1 : NEXT(write)(fd, data, size);
}

int
fsync(int fd)
{
    return fails(0) ? -1 : NEXT(fsync)(fd);
}
