#include "apply_internal.h"

#include "embedded_runtime.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* -- The package directory ------------------------------------------------ */

const char *
lzi_target_path(const lzi_target *target, const char *directory,
                const char *name)
{
    return lzi_arena_format(target->arena, "%s/%s", directory, name);
}

bool
lzi_target_fail(lzi_target *target, const char *verb, const char *path)
{
    lzi_diag_at(&target->diag, LZI_ERROR, NULL, 0, "cannot %s '%s': %s", verb,
                path, strerror(errno));
    return false;
}

/* Without slashes at the end; "." and the like by their real name, for the
 * last component is the name of the package. */
static const char *
clean_directory(const lzi_target *target, const char *given)
{
    size_t size = strlen(given);
    while (size > 1 && given[size - 1] == '/') {
        size--;
    }
    const char *path = lzi_arena_copy(target->arena, given, size);
    const char *slash = strrchr(path, '/');
    const char *last = slash == NULL ? path : slash + 1;
    if (strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
        char *real = realpath(path, NULL);
        if (real != NULL) {
            path = lzi_arena_copy(target->arena, real, strlen(real));
            free(real);
        }
    }
    return path;
}

static void
name_files(lzi_target *target)
{
    const char *slash = strrchr(target->directory, '/');
    target->package = slash == NULL ? target->directory : slash + 1;
    target->site =
        slash == NULL
            ? "."
            : lzi_arena_copy(target->arena, target->directory,
                             slash == target->directory
                                 ? 1
                                 : (size_t)(slash - target->directory));
    target->init = lzi_target_path(target, target->directory, "__init__.py");
    target->cache = lzi_target_path(target, target->directory, "__pycache__");
    target->own =
        lzi_target_path(target, target->directory, LZI_OUR_DIRECTORY);
    target->own_cache = lzi_target_path(target, target->own, "__pycache__");
    target->stock = lzi_target_path(target, target->own, LZI_STOCK_NAME);
    target->stage = lzi_target_path(target, target->own, LZI_STAGE_NAME);
}

/* The lock is on the directory itself, so no lock file is left behind. */
static bool
lock_directory(lzi_target *target)
{
    target->lock = open(target->directory,
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (target->lock < 0) {
        return lzi_target_fail(target, "open", target->directory);
    }
    if (flock(target->lock, LOCK_EX | LOCK_NB) == 0) {
        return true;
    }
    if (errno == EWOULDBLOCK) {
        lzi_diag_at(&target->diag, LZI_NOTE, NULL, 0,
                    "waiting for another lazyindex that changes '%s'",
                    target->directory);
        while (flock(target->lock, LOCK_EX) != 0) {
            if (errno != EINTR) {
                return lzi_target_fail(target, "lock", target->directory);
            }
        }
    }
    /* Any other failure: a file system without locks on directories (NFS),
     * where two at once are the user's affair. */
    return true;
}

bool
lzi_target_open(lzi_target *target, const char *directory, bool lock)
{
    *target = (lzi_target){.arena = lzi_arena_new(), .lock = -1};
    target->directory = clean_directory(target, directory);
    name_files(target);
    if (lstat(target->directory, &target->status) != 0) {
        return lzi_target_fail(target, "open", directory);
    }
    if (!S_ISDIR(target->status.st_mode)) {
        lzi_diag_at(&target->diag, LZI_ERROR, NULL, 0,
                    S_ISLNK(target->status.st_mode)
                        ? "'%s' is a symbolic link: give the directory that "
                          "it points to"
                        : "'%s' is not a directory: give the one of an "
                          "installed package",
                    directory);
        return false;
    }
    return !lock || lock_directory(target);
}

int
lzi_target_close(lzi_target *target)
{
    if (target->lock >= 0) {
        close(target->lock);
    }
    lzi_arena_free(target->arena);
    return target->diag.errors > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* -- Looking at files ----------------------------------------------------- */

lzi_presence
lzi_target_presence(lzi_target *target, const char *path, mode_t kind)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        if (errno == ENOENT) {
            return LZI_FILE_ABSENT;
        }
        lzi_target_fail(target, "open", path);
        return LZI_FILE_BAD;
    }
    if ((status.st_mode & S_IFMT) == kind) {
        return LZI_FILE_PRESENT;
    }
    lzi_diag_at(&target->diag, LZI_ERROR, NULL, 0, "'%s' is %s: %s", path,
                S_ISLNK(status.st_mode) ? "a symbolic link"
                : kind == S_IFDIR       ? "not a directory"
                                        : "not a regular file",
                S_ISLNK(status.st_mode) ? "put what it points to in its place"
                                        : "move it away");
    return LZI_FILE_BAD;
}

/* A link that can be moved and leads to a file. */
static bool
is_usable_link(lzi_target *target, const char *path)
{
    char text[4096] = "";
    struct stat status;

    if (readlink(path, text, sizeof(text) - 1) < 0) {
        return lzi_target_fail(target, "read", path);
    }
    if (text[0] != '/') {
        lzi_diag_at(&target->diag, LZI_ERROR, NULL, 0,
                    "'%s' is a relative symbolic link, which cannot be "
                    "moved: put what it points to in its place",
                    path);
        return false;
    }
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        return true;
    }
    lzi_diag_at(&target->diag, LZI_ERROR, NULL, 0,
                "'%s' is a symbolic link to '%s', which is no file: "
                "reinstall the package",
                path, text);
    return false;
}

lzi_presence
lzi_target_presence_or_link(lzi_target *target, const char *path)
{
    struct stat status;

    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        return is_usable_link(target, path) ? LZI_FILE_PRESENT : LZI_FILE_BAD;
    }
    return lzi_target_presence(target, path, S_IFREG);
}

/* Every version's text for __init__.py has this call. */
static bool
hands_over(const lzi_file_text *text)
{
    static const char call[] = "_lazyindex.attach(__name__, ";
    return memmem(text->data, text->size, call, strlen(call)) != NULL;
}

lzi_init_kind
lzi_target_init_kind(lzi_target *target, const char *path)
{
    lzi_file_text text = {0};
    lzi_init_kind kind = LZI_INIT_BAD;
    switch (lzi_target_presence_or_link(target, path)) {
    case LZI_FILE_ABSENT:
        return LZI_INIT_ABSENT;
    case LZI_FILE_BAD:
        return LZI_INIT_BAD;
    case LZI_FILE_PRESENT:
        break;
    }
    if (lzi_file_read(&text, path, &target->diag)) {
        kind = hands_over(&text) ? LZI_INIT_OURS : LZI_INIT_STOCK;
    }
    lzi_file_free(&text);
    return kind;
}

/* A module-level function: what a type checker goes by. CMake has the same
 * rule, in LazyIndexFunctions.cmake. */
static bool
has_getattr(const lzi_file_text *text)
{
    static const char function[] = "\ndef __getattr__(";

    return text->data != NULL &&
           memmem(text->data, text->size, function, strlen(function)) != NULL;
}

lzi_slice
lzi_target_package_init(lzi_target *target, const char *stock)
{
    static const char name[] = "__getattr__, ";
    lzi_slice whole = lzi_embedded_package_init();
    lzi_file_text text = {0};
    const unsigned errors = target->diag.errors;

    if (stock != NULL && lzi_file_exists(stock, &target->diag)) {
        lzi_file_read(&text, stock, &target->diag);
    }
    if (target->diag.errors > errors) {
        whole.data = NULL;
    }
    else if (!has_getattr(&text)) {
        const char *at = memmem(whole.data, whole.size, name, strlen(name));
        assert(at != NULL);
        const size_t before = (size_t)(at - whole.data);

        whole.size -= strlen(name);
        whole.data = lzi_arena_format(target->arena, "%.*s%.*s", (int)before,
                                      whole.data, (int)(whole.size - before),
                                      at + strlen(name));
    }
    lzi_file_free(&text);
    return whole;
}

void
lzi_target_no_package(lzi_target *target)
{
    lzi_diag_at(&target->diag, LZI_ERROR, NULL, 0,
                "'%s' has no __init__.py: give the directory of an installed "
                "package",
                target->directory);
}

bool
lzi_target_same(lzi_target *target, const char *a, const char *b)
{
    struct stat status;
    lzi_file_text first = {0}, second = {0};
    bool same = false;
    if (stat(a, &status) == 0 && S_ISREG(status.st_mode) &&
        stat(b, &status) == 0 && S_ISREG(status.st_mode) &&
        lzi_file_read(&first, a, &target->diag) &&
        lzi_file_read(&second, b, &target->diag)) {
        same = first.size == second.size &&
               memcmp(first.data, second.data, first.size) == 0;
    }
    lzi_file_free(&first);
    lzi_file_free(&second);
    return same;
}

bool
lzi_target_list(lzi_target *target, lzi_strings *out, const char *directory,
                const char *prefix, const char *suffix)
{
    lzi_strings names;
    *out = (lzi_strings){0};
    switch (lzi_target_presence(target, directory, S_IFDIR)) {
    case LZI_FILE_ABSENT:
        return true;
    case LZI_FILE_BAD:
        return false;
    case LZI_FILE_PRESENT:
        break;
    }
    if (!lzi_directory_list(&names, target->arena, directory, &target->diag)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        if (strlen(name) >= strlen(prefix) + strlen(suffix) &&
            lzi_has_prefix(name, prefix) && lzi_has_suffix(name, suffix)) {
            lzi_strings_add(target->arena, out, name);
        }
    }
    return true;
}

/* -- Changing files ------------------------------------------------------- */

bool
lzi_target_rename(lzi_target *target, const char *from, const char *to)
{
    struct stat status;
    bool is_link = lstat(to, &status) == 0 && S_ISLNK(status.st_mode);
    lzi_presence there =
        is_link ? LZI_FILE_PRESENT : lzi_target_presence(target, to, S_IFREG);
    if (there == LZI_FILE_BAD) {
        return false;
    }
    if (rename(from, to) != 0) {
        return lzi_target_fail(target, "write", to);
    }
    /* rename() does nothing to two names of one file. */
    return there == LZI_FILE_ABSENT || lzi_target_unlink(target, from);
}

bool
lzi_target_unlink(lzi_target *target, const char *path)
{
    return unlink(path) == 0 || errno == ENOENT ||
           lzi_target_fail(target, "remove", path);
}

bool
lzi_target_unlink_all(lzi_target *target, const char *directory,
                      const char *prefix, const char *suffix)
{
    lzi_strings names;
    if (!lzi_target_list(target, &names, directory, prefix, suffix)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        if (!lzi_target_unlink(
                target, lzi_target_path(target, directory, names.items[i]))) {
            return false;
        }
    }
    return true;
}

/* As far as is permitted: only root may give files away. */
static void
keep_owner(const char *path, const struct stat *like)
{
    struct stat status;
    if (lstat(path, &status) == 0 &&
        (status.st_uid != like->st_uid || status.st_gid != like->st_gid) &&
        lchown(path, like->st_uid, like->st_gid) != 0) {
        errno = 0;
    }
}

bool
lzi_target_mkdir(lzi_target *target, const char *path)
{
    lzi_presence there = lzi_target_presence(target, path, S_IFDIR);
    if (there == LZI_FILE_ABSENT) {
        /* At once with its permissions: killed before a chmod(), we should
         * leave one that others cannot read. */
        mode_t mask = umask(0);
        int made = mkdir(path, target->status.st_mode & 0777);
        umask(mask);
        if (made != 0) {
            return lzi_target_fail(target, "create", path);
        }
    }
    if (there != LZI_FILE_BAD && path != target->cache) {
        keep_owner(path, &target->status);
    }
    return there != LZI_FILE_BAD;
}

bool
lzi_target_rmdir(lzi_target *target, const char *path)
{
    if (rmdir(path) == 0 || errno == ENOENT) {
        return true;
    }
    /* After another error, that is the one to mend. */
    if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR &&
        target->diag.errors == 0) {
        lzi_target_fail(target, "remove", path);
    }
    return false;
}

bool
lzi_target_sync(lzi_target *target, const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return lzi_target_fail(target, "open", directory);
    }
    /* EINVAL: a file system that cannot sync directories. */
    bool done = fsync(fd) == 0 || errno == EINVAL ||
                lzi_target_fail(target, "write", directory);
    close(fd);
    return done;
}

/* -- Preparation ---------------------------------------------------------- */

static void
abandon_stage(void *target)
{
    lzi_stage_close(target);
}

bool
lzi_stage_open(lzi_target *target)
{
    lzi_arena_at_exhaustion(abandon_stage, target);
    return lzi_target_mkdir(target, target->own) &&
           lzi_target_mkdir(target, target->stage) &&
           lzi_target_unlink_all(target, target->stage, "", "");
}

bool
lzi_stage_write(lzi_target *target, const char *name, lzi_slice data,
                const struct stat *like)
{
    const char *path = lzi_target_path(target, target->stage, name);
    if (!lzi_file_replace(path, data.data, data.size, like->st_mode & 0777,
                          &target->diag)) {
        return false;
    }
    keep_owner(path, like);
    return true;
}

/* chmod() would follow a link that somebody puts there meanwhile. */
static bool
set_mode(const char *path, mode_t mode)
{
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    const bool done = fd >= 0 && fchmod(fd, mode) == 0;
    const int code = errno;

    if (fd >= 0) {
        close(fd);
    }
    errno = code;
    return done;
}

bool
lzi_stage_adopt(lzi_target *target, const char *suffix,
                const struct stat *like)
{
    lzi_strings names;
    if (!lzi_target_list(target, &names, target->stage, "", suffix)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *path =
            lzi_target_path(target, target->stage, names.items[i]);
        keep_owner(path, like);
        if (!set_mode(path, like->st_mode & 0777)) {
            return lzi_target_fail(target, "set the permissions of", path);
        }
    }
    return true;
}

static bool
copy_link(lzi_target *target, const char *from, const char *to,
          const struct stat *like)
{
    char text[4096] = "";

    if (readlink(from, text, sizeof(text) - 1) < 0) {
        return lzi_target_fail(target, "read", from);
    }
    if (symlink(text, to) != 0) {
        return lzi_target_fail(target, "create", to);
    }
    keep_owner(to, like);
    return true;
}

static bool
copy_file(lzi_target *target, const char *from, const char *name,
          const struct stat *like)
{
    lzi_file_text text = {0};
    const bool done =
        lzi_file_read(&text, from, &target->diag) &&
        lzi_stage_write(target, name, (lzi_slice){text.data, text.size}, like);

    lzi_file_free(&text);
    return done;
}

static bool
stage_copy(lzi_target *target, const char *from, const char *name)
{
    const char *to = lzi_target_path(target, target->stage, name);
    struct stat like;
    if (lstat(from, &like) != 0) {
        return lzi_target_fail(target, "read", from);
    }
    const struct timespec times[] = {like.st_atim, like.st_mtim};
    const bool done = S_ISLNK(like.st_mode)
                          ? copy_link(target, from, to, &like)
                          : copy_file(target, from, name, &like);
    return done && (utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW) == 0 ||
                    lzi_target_fail(target, "set the time of", to));
}

bool
lzi_stage_link(lzi_target *target, const char *from, const char *name)
{
    return link(from, lzi_target_path(target, target->stage, name)) == 0 ||
           stage_copy(target, from, name);
}

bool
lzi_stage_close(lzi_target *target)
{
    lzi_arena_forget(target);
    if (!lzi_target_unlink_all(target, target->stage, "", "") ||
        !lzi_target_rmdir(target, target->stage)) {
        struct stat status;
        target->changed |= lstat(target->stage, &status) == 0;
        return false;
    }
    lzi_target_rmdir(target, target->own_cache);
    lzi_target_rmdir(target, target->own); /* if nothing else is in it */
    return true;
}
