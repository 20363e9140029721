#include "wheel_file.h"

#include "dist_info.h"
#include "base/interrupt.h"
#include "base/string_list.h"
#include "record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sha256.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
refuse(const lzi_wheel *wheel, const char *why)
{
    lzi_diag_at(wheel->diag, LZI_ERROR, wheel->path, 0, "%s", why);
    return false;
}

/* About a file in the wheel. */
static bool
refuse_file(const lzi_wheel *wheel, const char *name, const char *why)
{
    lzi_diag_at(wheel->diag, LZI_ERROR, wheel->path, 0, "'%s' %s", name, why);
    return false;
}

static bool
is_directory(const lzi_zip_member *member)
{
    return lzi_has_suffix(member->name, "/");
}

const char *
lzi_wheel_info(const lzi_wheel *wheel, const char *name)
{
    return lzi_arena_format(wheel->arena, "%s/%s", wheel->info, name);
}

const lzi_zip_member *
lzi_wheel_member(const lzi_wheel *wheel, const char *name)
{
    const size_t *index = lzi_map_get(&wheel->members, lzi_slice_of(name));
    return index == NULL ? NULL : &wheel->zip.members.items[*index];
}

/* -- Opening -------------------------------------------------------------- */

/* Whether a name leads to a place below the directory it is unpacked to, by
 * the rules of any system. */
static bool
is_safe_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == '\\' || *at == 0x7f) {
            return false;
        }
    }
    for (const char *at = name;;) {
        size_t size = strcspn(at, "/");
        if (size == 0 || (size == 1 && at[0] == '.') ||
            (size == 2 && at[0] == '.' && at[1] == '.') ||
            memchr(at, ':', size) != NULL) {
            return false;
        }
        if (at[size] == '\0' || at[size + 1] == '\0') {
            return true; /* the end, or the slash of a directory */
        }
        at += size + 1;
    }
}

static bool
take_member(lzi_wheel *wheel, size_t index)
{
    const lzi_zip_member *member = &wheel->zip.members.items[index];
    bool added;
    if (!is_safe_name(member->name)) {
        return refuse_file(wheel, member->name,
                           "is no path inside of a wheel: do not install it");
    }
    if (S_ISLNK(member->attributes >> 16)) {
        return refuse_file(wheel, member->name,
                           "is a symbolic link, which wheels cannot have");
    }
    *lzi_map_put(&wheel->members, lzi_slice_of(member->name), &added) = index;
    return added || refuse_file(wheel, member->name, "is there twice");
}

/* The one directory NAME.dist-info. */
static bool
find_info(lzi_wheel *wheel)
{
    for (size_t i = 0; i < wheel->zip.members.count; i++) {
        const char *name = wheel->zip.members.items[i].name;
        size_t size = strcspn(name, "/");
        const char *top = lzi_arena_copy(wheel->arena, name, size);
        if (name[size] != '/' || !lzi_has_suffix(top, LZI_INFO_SUFFIX)) {
            continue;
        }
        if (wheel->info == NULL) {
            wheel->info = top;
        }
        else if (strcmp(wheel->info, top) != 0) {
            return refuse_file(wheel, top, "is a second .dist-info directory");
        }
    }
    if (wheel->info == NULL) {
        return refuse(wheel, "not a wheel: it has no .dist-info directory");
    }
    return lzi_is_distribution_info(wheel->name.distribution, wheel->info) ||
           refuse_file(wheel, wheel->info,
                       "does not go with the name of the wheel: give it the "
                       "name it was built with");
}

static bool
check_info(lzi_wheel *wheel)
{
    static const char *const wanted[] = {"METADATA", "WHEEL", "RECORD"};
    static const char *const signatures[] = {"RECORD.jws", "RECORD.p7s"};
    lzi_slice text;
    for (size_t i = 0; i < 3; i++) {
        const char *path = lzi_wheel_info(wheel, wanted[i]);
        if (lzi_wheel_member(wheel, path) == NULL) {
            return refuse_file(wheel, path,
                               "is missing: build the wheel again");
        }
    }
    for (size_t i = 0; i < 2; i++) {
        const char *path = lzi_wheel_info(wheel, signatures[i]);
        if (lzi_wheel_member(wheel, path) != NULL) {
            return refuse_file(wheel, path,
                               "signs the wheel as it is: sign it afterwards");
        }
    }
    if (!lzi_zip_text(
            &text, wheel->arena, &wheel->zip,
            lzi_wheel_member(wheel, lzi_wheel_info(wheel, "WHEEL")))) {
        return false;
    }
    const char *version =
        lzi_metadata_header(wheel->arena, text.data, "Wheel-Version");
    return (version != NULL && lzi_has_prefix(version, "1.")) ||
           refuse_file(wheel, lzi_wheel_info(wheel, "WHEEL"),
                       "does not say Wheel-Version 1: this lazyindex knows "
                       "no other");
}

/* NAME.data/purelib and NAME.data/platlib end up where the package is. */
static bool
check_layout(const lzi_wheel *wheel)
{
    const char *data = lzi_arena_format(
        wheel->arena, "%.*s.data/",
        (int)(strlen(wheel->info) - strlen(LZI_INFO_SUFFIX)), wheel->info);
    for (size_t i = 0; i < wheel->zip.members.count; i++) {
        const char *name = wheel->zip.members.items[i].name;
        if (lzi_has_prefix(name, data) &&
            (lzi_has_prefix(name + strlen(data), "purelib/") ||
             lzi_has_prefix(name + strlen(data), "platlib/"))) {
            return refuse_file(wheel, name,
                               "is a module outside of the wheel's root: "
                               "build the wheel with its modules there");
        }
    }
    return true;
}

static bool
look_inside(lzi_wheel *wheel)
{
    for (size_t i = 0; i < wheel->zip.members.count; i++) {
        if (!take_member(wheel, i)) {
            return false;
        }
    }
    return find_info(wheel) && check_info(wheel) && check_layout(wheel);
}

bool
lzi_wheel_open(lzi_wheel *wheel, lzi_arena *arena, const char *path,
               lzi_diag *diag)
{
    const char *slash = strrchr(path, '/');
    *wheel = (lzi_wheel){.arena = arena,
                         .diag = diag,
                         .path = path,
                         .members = lzi_map_new(arena)};
    if (!lzi_zip_open(&wheel->zip, arena, path, diag)) {
        return false;
    }
    if (!lzi_wheel_name_parse(&wheel->name, arena,
                              slash == NULL ? path : slash + 1)) {
        refuse(wheel, "not the name of a wheel: it has to be "
                      "NAME-VERSION-PYTHON-ABI-PLATFORM.whl");
    }
    else if (look_inside(wheel)) {
        return true;
    }
    lzi_wheel_close(wheel);
    return false;
}

void
lzi_wheel_close(lzi_wheel *wheel)
{
    lzi_zip_close(&wheel->zip);
}

/* -- RECORD --------------------------------------------------------------- */

const lzi_record_entry *
lzi_wheel_record_find(const lzi_wheel_record *record, const char *path)
{
    const size_t *index = lzi_map_get(&record->index, lzi_slice_of(path));
    return index == NULL ? NULL : &record->list.items[*index];
}

static bool
refuse_line(const lzi_wheel *wheel, size_t line, const char *what,
            const char *why)
{
    const char *file = lzi_arena_format(wheel->arena, "%s/%s", wheel->path,
                                        lzi_wheel_info(wheel, "RECORD"));
    lzi_diag_at(wheel->diag, LZI_ERROR, file, (unsigned)line,
                "'%s' %s: build the wheel again", what, why);
    return false;
}

bool
lzi_wheel_record_read(lzi_wheel_record *out, const lzi_wheel *wheel,
                      lzi_slice text)
{
    size_t line;
    *out =
        (lzi_wheel_record){.text = text, .index = lzi_map_new(wheel->arena)};
    if (!lzi_record_read(&out->list, wheel->arena, text, &line)) {
        return refuse_line(wheel, line, "RECORD", "is not path,hash,size");
    }
    for (size_t i = 0; i < out->list.count; i++) {
        const char *path = out->list.items[i].path;
        bool added;
        *lzi_map_put(&out->index, lzi_slice_of(path), &added) = i;
        if (!added) {
            return refuse_line(wheel, i + 1, path, "is listed twice");
        }
    }
    return true;
}

/* Read the RECORD of the wheel. */
static bool
read_record(lzi_wheel *wheel)
{
    const lzi_zip_member *file =
        lzi_wheel_member(wheel, lzi_wheel_info(wheel, "RECORD"));
    lzi_slice text;
    return lzi_zip_text(&text, wheel->arena, &wheel->zip, file) &&
           lzi_wheel_record_read(&wheel->record, wheel, text);
}

/* Whether all that RECORD lists is there. */
static bool
check_listed(const lzi_wheel *wheel)
{
    bool good = true;
    for (size_t i = 0; i < wheel->record.list.count; i++) {
        const char *path = wheel->record.list.items[i].path;
        if (lzi_wheel_member(wheel, path) == NULL) {
            good = refuse_line(wheel, i + 1, path, "is not in the wheel");
        }
    }
    return good;
}

/* -- Checking and unpacking ----------------------------------------------- */

typedef struct {
    const lzi_wheel *wheel;
    const char *path; /* unpacked to */
    int file;         /* descriptor; -1: it is only checked */
    bool stopped;     /* the system refused: no use in going on */
    SHA256_CTX digest;
} unpacking;

static bool
cannot_unpack(unpacking *self)
{
    self->stopped = true;
    lzi_diag_at(self->wheel->diag, LZI_ERROR, NULL, 0, "cannot write '%s': %s",
                self->path, strerror(errno));
    return false;
}

static bool
unpack_piece(void *context, const void *data, size_t size)
{
    unpacking *self = context;
    const char *at = data;
    if (lzi_interrupted(self->wheel->diag)) {
        self->stopped = true;
        return false;
    }
    SHA256Update(&self->digest, data, size);
    while (self->file >= 0 && size > 0) {
        ssize_t written = write(self->file, at, size);
        if (written < 0 && errno != EINTR) {
            return cannot_unpack(self);
        }
        if (written > 0) {
            at += written;
            size -= (size_t)written;
        }
    }
    return true;
}

/* The directories that a path below `site` needs. */
static bool
make_directories(unpacking *self, size_t site)
{
    char *path =
        lzi_arena_copy(self->wheel->arena, self->path, strlen(self->path));
    for (char *at = path + site + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            return cannot_unpack(self);
        }
        *at = '/';
    }
    return true;
}

typedef enum { NOT_WANTED, NAME_WANTED, FILE_WANTED } want;

/* What the scan of a package and `apply` look at. */
static want
what_is_wanted(const lzi_wheel *wheel, const char *package, const char *name)
{
    const char *inside = lzi_arena_format(wheel->arena, "%s/", package);
    const char *info = lzi_arena_format(wheel->arena, "%s/", wheel->info);
    const char *cache =
        lzi_arena_format(wheel->arena, "%s__pycache__/__init__.", inside);
    if (lzi_has_prefix(name, info) || lzi_has_prefix(name, cache) ||
        (lzi_has_suffix(name, ".py") &&
         (lzi_has_prefix(name, inside) || strchr(name, '/') == NULL))) {
        return FILE_WANTED;
    }
    return lzi_has_prefix(name, inside) &&
                   strchr(name + strlen(inside), '/') == NULL
               ? NAME_WANTED
               : NOT_WANTED;
}

static bool
open_file(unpacking *self, size_t site)
{
    if (!make_directories(self, site)) {
        return false;
    }
    self->file =
        open(self->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
             0666);
    return self->file >= 0 || cannot_unpack(self);
}

/* Read a member, compare it with its line in RECORD. */
static bool
check_member(unpacking *self, lzi_zip *zip, const lzi_zip_member *member)
{
    const lzi_wheel *wheel = self->wheel;
    const lzi_record_entry *entry =
        lzi_wheel_record_find(&wheel->record, member->name);
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Init(&self->digest);
    if (!lzi_zip_read(zip, member, unpack_piece, self)) {
        return false;
    }
    if (strcmp(member->name, lzi_wheel_info(wheel, "RECORD")) == 0) {
        return true;
    }
    if (entry == NULL) {
        return refuse_file(wheel, member->name,
                           "is not listed in RECORD: build the wheel again");
    }
    if (!lzi_has_prefix(entry->hash, "sha256=")) {
        return refuse_file(wheel, member->name,
                           "has no sha256 in RECORD: build the wheel again");
    }
    SHA256Final(digest, &self->digest);
    return (strcmp(entry->hash, lzi_record_digest(wheel->arena, digest)) ==
                0 &&
            (entry->size == member->size ||
             entry->size == LZI_RECORD_NO_SIZE)) ||
           refuse_file(wheel, member->name,
                       "is not the file that RECORD describes: get the wheel "
                       "anew");
}

/* @param[out] stopped Whether to leave the others alone. */
static bool
unpack_member(lzi_wheel *wheel, const lzi_zip_member *member,
              const char *package, const char *site, bool *stopped)
{
    unpacking self = {
        .wheel = wheel,
        .path = lzi_arena_format(wheel->arena, "%s/%s", site, member->name),
        .file = -1,
    };
    want wanted = what_is_wanted(wheel, package, member->name);
    bool good = wanted == NOT_WANTED || open_file(&self, strlen(site));
    if (wanted == NAME_WANTED && good) {
        close(self.file);
        self.file = -1;
    }
    good = good && check_member(&self, &wheel->zip, member);
    if (self.file >= 0 && close(self.file) != 0) {
        good = cannot_unpack(&self);
    }
    /* A disk that fails would for the rest, too. */
    *stopped = self.stopped || wheel->zip.code != 0;
    return good;
}

bool
lzi_wheel_unpack(lzi_wheel *wheel, const char *package, const char *site,
                 lzi_progress *progress)
{
    bool stopped = false;
    if (!read_record(wheel)) {
        return false;
    }
    bool good = check_listed(wheel);
    for (size_t i = 0; i < wheel->zip.members.count && !stopped; i++) {
        const lzi_zip_member *member = &wheel->zip.members.items[i];
        if (!is_directory(member)) {
            good =
                unpack_member(wheel, member, package, site, &stopped) && good;
        }
        lzi_progress_step(progress);
    }
    return good;
}
