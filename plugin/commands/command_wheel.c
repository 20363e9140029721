#include "commands.h"

#include "apply_internal.h"
#include "embedded_runtime.h"
#include "base/interrupt.h"
#include "archive/wheel_file.h"
#include "scan/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Wheels are unpacked side by side, as pip would, `apply` does its work
 * there, and each RECORD then tells what goes into which wheel. */
typedef struct {
    lzi_arena *arena;
    lzi_diag diag;
    lzi_wheel *wheels;
    size_t count;
    const char *package;         /* "pkg" */
    lzi_wheel *init_wheel;       /* the wheel with the package's __init__.py */
    const char *extension_given; /* NULL: the one inside the tool */
    const char *extension;       /* its absolute path */
    const char *out;
    bool made_out;     /* out was not there before */
    int here;          /* working directory while in the stage; -1 */
    const char *stage; /* temporary directory in out; NULL: none */
    const char *site;  /* in it: the unpacked wheels */
    uint32_t time;     /* of new files, in DOS's form; 0: not given */
} wheel_job;

static bool
fail(wheel_job *self, const char *verb, const char *path)
{
    lzi_diag_at(&self->diag, LZI_ERROR, NULL, 0, "cannot %s '%s': %s", verb,
                path, strerror(errno));
    return false;
}

/* -- What was given ------------------------------------------------------- */

static bool
open_wheels(wheel_job *self, const char *const *paths)
{
    bool good = true;
    for (size_t i = 0; i < self->count; i++) {
        good = lzi_wheel_open(&self->wheels[i], self->arena, paths[i],
                              &self->diag) &&
               good;
    }
    return good;
}

static size_t
count_members(const wheel_job *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++) {
        count += self->wheels[i].zip.members.count;
    }
    return count;
}

/* No file may be in two wheels: one would overwrite the other. */
static bool
check_files(wheel_job *self)
{
    lzi_string_map places = lzi_map_new(self->arena);
    for (size_t w = 0; w < self->count; w++) {
        const lzi_zip *zip = &self->wheels[w].zip;
        for (size_t i = 0; i < zip->members.count; i++) {
            const char *name = zip->members.items[i].name;
            bool added;
            if (name[strlen(name) - 1] == '/') {
                continue;
            }
            size_t *place = lzi_map_put(&places, lzi_slice_of(name), &added);
            if (!added) {
                lzi_diag_at(&self->diag, LZI_ERROR, zip->path, 0,
                            "'%s' is in '%s', too: give each wheel once, and "
                            "all of one version",
                            name, self->wheels[*place].path);
                return false;
            }
            *place = w;
        }
    }
    return true;
}

/* The package that a file in a wheel is the mark of. */
static const char *
package_of(lzi_arena *arena, const char *path)
{
    const char *package = NULL;
    for (size_t i = 0; lzi_profiles[i] != NULL && package == NULL; i++) {
        package = lzi_profiles[i]->package_of(arena, path);
    }
    return package;
}

static bool
find_package(wheel_job *self)
{
    for (size_t w = 0; w < self->count; w++) {
        const lzi_zip *zip = &self->wheels[w].zip;
        for (size_t i = 0; i < zip->members.count; i++) {
            const char *package =
                package_of(self->arena, zip->members.items[i].name);
            if (package != NULL && self->package != NULL &&
                strcmp(package, self->package) != 0) {
                lzi_diag_at(&self->diag, LZI_ERROR, zip->path, 0,
                            "has modules of '%s', other wheels of '%s': give "
                            "the wheels of one package",
                            package, self->package);
                return false;
            }
            self->package = package != NULL ? package : self->package;
        }
    }
    if (self->package == NULL) {
        lzi_diag_at(&self->diag, LZI_ERROR, NULL, 0,
                    "no wheel has a package with %s: give the wheels of %s",
                    lzi_profile_marks(self->arena),
                    lzi_profile_names(self->arena));
        return false;
    }
    return true;
}

static bool
find_init_wheel(wheel_job *self)
{
    const char *init =
        lzi_arena_format(self->arena, "%s/__init__.py", self->package);
    for (size_t w = 0; w < self->count; w++) {
        if (lzi_wheel_member(&self->wheels[w], init) != NULL) {
            self->init_wheel = &self->wheels[w];
        }
    }
    if (self->init_wheel == NULL) {
        lzi_diag_at(&self->diag, LZI_ERROR, NULL, 0,
                    "no wheel has '%s': give the one that has it, and all "
                    "that the others import from",
                    init);
        return false;
    }
    return true;
}

/* -- The extension and the tags ------------------------------------------- */

static bool
read_needs(wheel_job *self, lzi_elf_needs *needs)
{
    lzi_slice bytes = lzi_embedded_extension();
    lzi_file_text text = {0};
    bool good = true;
    if (self->extension != NULL) {
        good = lzi_file_read(&text, self->extension, &self->diag);
        bytes = (lzi_slice){text.data, text.size};
    }
    if (good && !lzi_elf_needs_read(needs, bytes)) {
        lzi_diag_at(&self->diag, LZI_ERROR, self->extension_given, 0,
                    "not an extension module for 64-bit Linux");
        good = false;
    }
    lzi_file_free(&text);
    return good;
}

/* The wheel that gets the extension must not promise more than it keeps. */
static bool
check_tags(wheel_job *self)
{
    lzi_wheel_name *name = &self->init_wheel->name;
    lzi_elf_needs needs;
    if (!read_needs(self, &needs)) {
        return false;
    }
    const char *platform =
        lzi_wheel_platform(self->arena, name->platform, &needs);
    if (platform == NULL || !lzi_wheel_python_fits(name)) {
        lzi_diag_at(&self->diag, LZI_ERROR, self->init_wheel->path, 0,
                    "is for %s-%s-%s, the runtime for CPython 3.11 or later "
                    "(not free-threaded) and Linux on %s%s",
                    name->python, name->abi, name->platform, needs.machine,
                    platform == NULL ? ": give another with --runtime" : "");
        return false;
    }
    if (strcmp(platform, name->platform) != 0) {
        lzi_diag_at(&self->diag, LZI_WARNING, self->init_wheel->path, 0,
                    "the runtime needs glibc %u.%u, so the platform becomes "
                    "%s; to keep it, build lazyindex on an older system or "
                    "give a runtime built there with --runtime",
                    needs.glibc[0], needs.glibc[1], platform);
        name->platform = platform;
    }
    return true;
}

/* -- SOURCE_DATE_EPOCH ---------------------------------------------------- */

/* DOS knows the years 1980 to 2107. */
static uint32_t
dos_time(time_t seconds)
{
    struct tm date;
    if (gmtime_r(&seconds, &date) == NULL || date.tm_year > 207) {
        return 0xff9fbf7d; /* 2107-12-31 23:59:58 */
    }
    if (date.tm_year < 80) {
        return 1u << 21 | 1u << 16; /* 1980-01-01 00:00:00 */
    }
    return (uint32_t)(date.tm_year - 80) << 25 |
           (uint32_t)(date.tm_mon + 1) << 21 | (uint32_t)date.tm_mday << 16 |
           (uint32_t)date.tm_hour << 11 | (uint32_t)date.tm_min << 5 |
           (uint32_t)date.tm_sec / 2;
}

static bool
read_epoch(wheel_job *self)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");
    char *end;
    if (text == NULL) {
        return true;
    }
    errno = 0;
    long long seconds = strtoll(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        lzi_diag_at(&self->diag, LZI_ERROR, NULL, 0,
                    "SOURCE_DATE_EPOCH is '%s': it has to be seconds since "
                    "1970",
                    text);
        return false;
    }
    self->time = dos_time((time_t)seconds);
    return true;
}

/* -- The temporary directory ---------------------------------------------- */

static int
remove_one(const char *path, const struct stat *status, int kind,
           struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static bool
remove_stage(const wheel_job *self)
{
    return self->stage == NULL ||
           nftw(self->stage, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}

static void
close_stage(wheel_job *self)
{
    if (!remove_stage(self)) {
        lzi_arena_forget(self); /* memory is kept for this */
        if (!remove_stage(self)) {
            fail(self, "remove", self->stage);
        }
    }
    if (self->made_out && self->diag.errors > 0) {
        rmdir(self->out); /* unless somebody has put something there */
    }
    lzi_arena_forget(self);
}

static void
abandon_stage(void *context)
{
    wheel_job *self = context;
    self->diag.errors++; /* out of memory, which is reported */
    if (self->here < 0 || fchdir(self->here) == 0) {
        close_stage(self);
    }
}

static bool
open_stage(wheel_job *self)
{
    lzi_arena_at_exhaustion(abandon_stage, self);
    self->made_out = mkdir(self->out, 0777) == 0;
    if (!self->made_out && errno != EEXIST) {
        return fail(self, "create", self->out);
    }
    char *stage =
        lzi_arena_format(self->arena, "%s/.lazyindex-XXXXXX", self->out);
    if (mkdtemp(stage) == NULL) {
        return fail(self, "write into", self->out);
    }
    self->stage = stage;
    self->site = lzi_arena_format(self->arena, "%s/site", stage);
    return mkdir(self->site, 0777) == 0 || fail(self, "create", self->site);
}

/* -- The work ------------------------------------------------------------- */

static bool
unpack_wheels(wheel_job *self)
{
    lzi_progress progress;
    bool good = true;
    lzi_progress_begin(&progress, "checking", count_members(self));
    for (size_t w = 0; w < self->count && good; w++) {
        good = lzi_wheel_unpack(&self->wheels[w], self->package, self->site,
                                &progress) &&
               !lzi_interrupted(&self->diag);
    }
    lzi_progress_end(&progress);
    return good;
}

static bool
apply_here(wheel_job *self)
{
    lzi_target target;
    if (lzi_target_open(&target, self->package, false) &&
        !lzi_apply_package(&target, self->extension)) {
        lzi_diag_at(&self->diag, LZI_NOTE, NULL, 0,
                    "if something is missing: give all wheels of '%s' that "
                    "these import from, together with them",
                    self->package);
    }
    if (lzi_target_close(&target) == EXIT_SUCCESS) {
        return true;
    }
    self->diag.errors++; /* reported by the target's */
    return false;
}

/* From inside the directory, so that messages name files as wheels do:
 * "pkg/part/table.py:12: error: ..." */
static bool
apply_inside(wheel_job *self)
{
    self->here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->here < 0) {
        return fail(self, "open", ".");
    }
    bool done = (chdir(self->site) == 0 || fail(self, "open", self->site)) &&
                apply_here(self);
    if (fchdir(self->here) != 0) {
        done = fail(self, "return to", "the working directory");
    }
    close(self->here);
    self->here = -1;
    return done;
}

/* Put the tags of its name into its WHEEL, and that into RECORD. */
static bool
retag_init_wheel(wheel_job *self)
{
    const char *info = self->init_wheel->info;
    const char *wheel =
        lzi_arena_format(self->arena, "%s/%s/WHEEL", self->site, info);
    const char *record =
        lzi_arena_format(self->arena, "%s/%s/RECORD", self->site, info);
    lzi_file_text text = {0}, lines = {0};
    bool done = lzi_file_read(&text, wheel, &self->diag) &&
                lzi_file_read(&lines, record, &self->diag);
    if (done) {
        lzi_slice tagged =
            lzi_wheel_retag(self->arena, (lzi_slice){text.data, text.size},
                            &self->init_wheel->name);
        lzi_record_entry entry = {lzi_wheel_info(self->init_wheel, "WHEEL"),
                                  lzi_record_hash(self->arena, tagged),
                                  tagged.size};
        lzi_slice listed = lzi_record_update(
            self->arena, (lzi_slice){lines.data, lines.size}, &entry);
        done =
            lzi_file_replace(wheel, tagged.data, tagged.size, 0,
                             &self->diag) &&
            lzi_file_replace(record, listed.data, listed.size, 0, &self->diag);
    }
    lzi_file_free(&text);
    lzi_file_free(&lines);
    return done;
}

/* "<directory>/<name>" of what becomes of a wheel */
static const char *
output_path(const wheel_job *self, const char *directory, size_t wheel)
{
    return lzi_arena_format(
        self->arena, "%s/%s", directory,
        lzi_wheel_name_format(self->arena, &self->wheels[wheel].name));
}

static bool
check_outputs(wheel_job *self)
{
    for (size_t w = 0; w < self->count; w++) {
        struct stat from, to;
        const char *path = output_path(self, self->out, w);
        if (stat(self->wheels[w].path, &from) == 0 && stat(path, &to) == 0 &&
            from.st_dev == to.st_dev && from.st_ino == to.st_ino) {
            lzi_diag_at(&self->diag, LZI_ERROR, self->wheels[w].path, 0,
                        "would be overwritten: give another directory "
                        "with -o");
            return false;
        }
    }
    return true;
}

/* All of them, then put all in place: one that is there is whole. */
static bool
write_wheels(wheel_job *self)
{
    lzi_progress progress;
    bool done = true;
    lzi_progress_begin(&progress, "writing", count_members(self));
    for (size_t w = 0; w < self->count && done; w++) {
        done = lzi_wheel_write(&self->wheels[w], self->site,
                               output_path(self, self->stage, w), self->time,
                               &progress);
    }
    lzi_progress_end(&progress);
    for (size_t w = 0; w < self->count && done; w++) {
        const char *to = output_path(self, self->out, w);
        done = rename(output_path(self, self->stage, w), to) == 0 ||
               fail(self, "write", to);
    }
    return done;
}

static bool
find_extension(wheel_job *self)
{
    if (self->extension_given == NULL) {
        return true;
    }
    char *real = realpath(self->extension_given, NULL);
    if (real == NULL) {
        return fail(self, "read", self->extension_given);
    }
    self->extension = lzi_arena_copy(self->arena, real, strlen(real));
    free(real);
    return true;
}

int
lzi_command_wheel(const char *const *wheels, size_t count, const char *out_dir,
                  const char *runtime)
{
    lzi_arena *arena = lzi_arena_new();
    wheel_job self = {.arena = arena,
                      .count = count,
                      .wheels =
                          lzi_arena_alloc(arena, count * sizeof(lzi_wheel)),
                      .out = out_dir,
                      .extension_given = runtime,
                      .here = -1};
    lzi_arena_cover_malloc();
    lzi_interrupt_catch();
    if (read_epoch(&self) && find_extension(&self) &&
        open_wheels(&self, wheels) && check_files(&self) &&
        find_package(&self) && find_init_wheel(&self) && check_tags(&self) &&
        check_outputs(&self) && open_stage(&self) && unpack_wheels(&self) &&
        apply_inside(&self) && retag_init_wheel(&self)) {
        write_wheels(&self);
    }
    close_stage(&self);
    for (size_t w = 0; w < count; w++) {
        lzi_wheel_close(&self.wheels[w]);
    }
    lzi_arena_free(arena);
    return self.diag.errors > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
