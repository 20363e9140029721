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
    const char *package;       /* "itk" */
    lzi_wheel *owner;          /* the wheel with the package's __init__.py */
    const char *runtime_given; /* NULL: the one inside the tool */
    const char *runtime;       /* its absolute path */
    const char *out;
    bool made_out;     /* out was not there before */
    int here;          /* working directory while in the stage; -1 */
    const char *stage; /* temporary directory in out; NULL: none */
    const char *site;  /* in it: the unpacked wheels */
    uint32_t time;     /* of new files, in DOS's form; 0: not given */
} wheel_job;

static bool
fail(wheel_job *job, const char *verb, const char *path)
{
    lzi_diag_at(&job->diag, LZI_ERROR, NULL, 0, "cannot %s '%s': %s", verb,
                path, strerror(errno));
    return false;
}

/* -- What was given ------------------------------------------------------- */

static bool
open_wheels(wheel_job *job, const char *const *paths)
{
    bool good = true;

    for (size_t i = 0; i < job->count; i++) {
        good = lzi_wheel_open(&job->wheels[i], job->arena, paths[i],
                              &job->diag) &&
               good;
    }
    return good;
}

static size_t
count_members(const wheel_job *job)
{
    size_t count = 0;

    for (size_t i = 0; i < job->count; i++) {
        count += job->wheels[i].zip.members.count;
    }
    return count;
}

/* No file may be in two wheels: one would overwrite the other. */
static bool
check_files(wheel_job *job)
{
    lzi_string_map owners = lzi_map_new(job->arena);

    for (size_t w = 0; w < job->count; w++) {
        const lzi_zip *zip = &job->wheels[w].zip;

        for (size_t i = 0; i < zip->members.count; i++) {
            const char *name = zip->members.items[i].name;
            bool added;

            if (name[strlen(name) - 1] == '/') {
                continue;
            }
            size_t *owner = lzi_map_put(&owners, lzi_slice_of(name), &added);
            if (!added) {
                lzi_diag_at(&job->diag, LZI_ERROR, zip->path, 0,
                            "'%s' is in '%s', too: give each wheel once, and "
                            "all of one version",
                            name, job->wheels[*owner].path);
                return false;
            }
            *owner = w;
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
find_package(wheel_job *job)
{
    for (size_t w = 0; w < job->count; w++) {
        const lzi_zip *zip = &job->wheels[w].zip;

        for (size_t i = 0; i < zip->members.count; i++) {
            const char *package =
                package_of(job->arena, zip->members.items[i].name);

            if (package != NULL && job->package != NULL &&
                strcmp(package, job->package) != 0) {
                lzi_diag_at(&job->diag, LZI_ERROR, zip->path, 0,
                            "has modules of '%s', other wheels of '%s': give "
                            "the wheels of one package",
                            package, job->package);
                return false;
            }
            job->package = package != NULL ? package : job->package;
        }
    }
    if (job->package == NULL) {
        lzi_diag_at(&job->diag, LZI_ERROR, NULL, 0,
                    "no wheel has a package with %s: give the wheels of %s",
                    lzi_profile_marks(job->arena),
                    lzi_profile_names(job->arena));
        return false;
    }
    return true;
}

static bool
find_owner(wheel_job *job)
{
    const char *init =
        lzi_arena_format(job->arena, "%s/__init__.py", job->package);

    for (size_t w = 0; w < job->count; w++) {
        if (lzi_wheel_member(&job->wheels[w], init) != NULL) {
            job->owner = &job->wheels[w];
        }
    }
    if (job->owner == NULL) {
        lzi_diag_at(&job->diag, LZI_ERROR, NULL, 0,
                    "no wheel has '%s': give the one that has it, and all "
                    "that the others import from",
                    init);
        return false;
    }
    return true;
}

/* -- The runtime and the tags --------------------------------------------- */

static bool
read_needs(wheel_job *job, lzi_elf_needs *needs)
{
    lzi_slice bytes = lzi_embedded_extension();
    lzi_file_text text = {0};
    bool good = true;

    if (job->runtime != NULL) {
        good = lzi_file_read(&text, job->runtime, &job->diag);
        bytes = (lzi_slice){text.data, text.size};
    }
    if (good && !lzi_elf_needs_read(needs, bytes)) {
        lzi_diag_at(&job->diag, LZI_ERROR, job->runtime_given, 0,
                    "not an extension module for 64-bit Linux");
        good = false;
    }
    lzi_file_free(&text);
    return good;
}

/* The wheel that gets the runtime must not promise more than it keeps. */
static bool
check_tags(wheel_job *job)
{
    lzi_wheel_name *name = &job->owner->name;
    lzi_elf_needs needs;

    if (!read_needs(job, &needs)) {
        return false;
    }
    const char *platform =
        lzi_wheel_platform(job->arena, name->platform, &needs);
    if (platform == NULL || !lzi_wheel_python_fits(name)) {
        lzi_diag_at(&job->diag, LZI_ERROR, job->owner->path, 0,
                    "is for %s-%s-%s, the runtime for CPython 3.11 or later "
                    "(not free-threaded) and Linux on %s%s",
                    name->python, name->abi, name->platform, needs.machine,
                    platform == NULL ? ": give another with --runtime" : "");
        return false;
    }
    if (strcmp(platform, name->platform) != 0) {
        lzi_diag_at(&job->diag, LZI_WARNING, job->owner->path, 0,
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
read_epoch(wheel_job *job)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");
    char *end;

    if (text == NULL) {
        return true;
    }
    errno = 0;
    const long long seconds = strtoll(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        lzi_diag_at(&job->diag, LZI_ERROR, NULL, 0,
                    "SOURCE_DATE_EPOCH is '%s': it has to be seconds since "
                    "1970",
                    text);
        return false;
    }
    job->time = dos_time((time_t)seconds);
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
remove_stage(const wheel_job *job)
{
    return job->stage == NULL ||
           nftw(job->stage, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}

static void
close_stage(wheel_job *job)
{
    if (!remove_stage(job)) {
        lzi_arena_forget(job); /* memory is kept for this */
        if (!remove_stage(job)) {
            fail(job, "remove", job->stage);
        }
    }
    if (job->made_out && job->diag.errors > 0) {
        rmdir(job->out); /* unless somebody has put something there */
    }
    lzi_arena_forget(job);
}

static void
abandon_stage(void *context)
{
    wheel_job *job = context;

    job->diag.errors++; /* out of memory, which is reported */
    if (job->here < 0 || fchdir(job->here) == 0) {
        close_stage(job);
    }
}

static bool
open_stage(wheel_job *job)
{
    lzi_arena_at_exhaustion(abandon_stage, job);
    job->made_out = mkdir(job->out, 0777) == 0;
    if (!job->made_out && errno != EEXIST) {
        return fail(job, "create", job->out);
    }
    char *stage =
        lzi_arena_format(job->arena, "%s/.lazyindex-XXXXXX", job->out);
    if (mkdtemp(stage) == NULL) {
        return fail(job, "write into", job->out);
    }
    job->stage = stage;
    job->site = lzi_arena_format(job->arena, "%s/site", stage);
    return mkdir(job->site, 0777) == 0 || fail(job, "create", job->site);
}

/* -- The work ------------------------------------------------------------- */

static bool
unpack_wheels(wheel_job *job)
{
    lzi_progress progress;
    bool good = true;

    lzi_progress_begin(&progress, "checking", count_members(job));
    for (size_t w = 0; w < job->count && good; w++) {
        good = lzi_wheel_unpack(&job->wheels[w], job->package, job->site,
                                &progress) &&
               !lzi_interrupted(&job->diag);
    }
    lzi_progress_end(&progress);
    return good;
}

static bool
apply_here(wheel_job *job)
{
    lzi_target target;

    if (lzi_target_open(&target, job->package, false) &&
        !lzi_apply_package(&target, job->runtime)) {
        lzi_diag_at(&job->diag, LZI_NOTE, NULL, 0,
                    "if something is missing: give all wheels of '%s' that "
                    "these import from, together with them",
                    job->package);
    }
    if (lzi_target_close(&target) == EXIT_SUCCESS) {
        return true;
    }
    job->diag.errors++; /* reported by the target's */
    return false;
}

/* From inside the directory, so that messages name files as wheels do:
 * "itk/Configuration/ITKCommonConfig.py:12: error: ..." */
static bool
apply_inside(wheel_job *job)
{
    job->here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (job->here < 0) {
        return fail(job, "open", ".");
    }
    bool done = (chdir(job->site) == 0 || fail(job, "open", job->site)) &&
                apply_here(job);
    if (fchdir(job->here) != 0) {
        done = fail(job, "return to", "the working directory");
    }
    close(job->here);
    job->here = -1;
    return done;
}

/* Put the tags of its name into the owner's WHEEL, and that into RECORD. */
static bool
retag_owner(wheel_job *job)
{
    const char *info = job->owner->info;
    const char *wheel =
        lzi_arena_format(job->arena, "%s/%s/WHEEL", job->site, info);
    const char *record =
        lzi_arena_format(job->arena, "%s/%s/RECORD", job->site, info);
    lzi_file_text text = {0}, lines = {0};
    bool done = lzi_file_read(&text, wheel, &job->diag) &&
                lzi_file_read(&lines, record, &job->diag);

    if (done) {
        const lzi_slice tagged = lzi_wheel_retag(
            job->arena, (lzi_slice){text.data, text.size}, &job->owner->name);
        const lzi_record_entry entry = {lzi_wheel_info(job->owner, "WHEEL"),
                                        lzi_record_hash(job->arena, tagged),
                                        tagged.size};
        const lzi_slice listed = lzi_record_update(
            job->arena, (lzi_slice){lines.data, lines.size}, &entry);

        done =
            lzi_file_replace(wheel, tagged.data, tagged.size, 0, &job->diag) &&
            lzi_file_replace(record, listed.data, listed.size, 0, &job->diag);
    }
    lzi_file_free(&text);
    lzi_file_free(&lines);
    return done;
}

/* "<directory>/<name>" of what becomes of a wheel */
static const char *
output_path(const wheel_job *job, const char *directory, size_t wheel)
{
    return lzi_arena_format(
        job->arena, "%s/%s", directory,
        lzi_wheel_name_format(job->arena, &job->wheels[wheel].name));
}

static bool
check_outputs(wheel_job *job)
{
    for (size_t w = 0; w < job->count; w++) {
        struct stat from, to;
        const char *path = output_path(job, job->out, w);

        if (stat(job->wheels[w].path, &from) == 0 && stat(path, &to) == 0 &&
            from.st_dev == to.st_dev && from.st_ino == to.st_ino) {
            lzi_diag_at(&job->diag, LZI_ERROR, job->wheels[w].path, 0,
                        "would be overwritten: give another directory "
                        "with -o");
            return false;
        }
    }
    return true;
}

/* All of them, then put all in place: one that is there is whole. */
static bool
write_wheels(wheel_job *job)
{
    lzi_progress progress;
    bool done = true;

    lzi_progress_begin(&progress, "writing", count_members(job));
    for (size_t w = 0; w < job->count && done; w++) {
        done = lzi_wheel_write(&job->wheels[w], job->site,
                               output_path(job, job->stage, w), job->time,
                               &progress);
    }
    lzi_progress_end(&progress);
    for (size_t w = 0; w < job->count && done; w++) {
        const char *to = output_path(job, job->out, w);

        done = rename(output_path(job, job->stage, w), to) == 0 ||
               fail(job, "write", to);
    }
    return done;
}

static bool
find_runtime(wheel_job *job)
{
    if (job->runtime_given == NULL) {
        return true;
    }
    char *real = realpath(job->runtime_given, NULL);
    if (real == NULL) {
        return fail(job, "read", job->runtime_given);
    }
    job->runtime = lzi_arena_copy(job->arena, real, strlen(real));
    free(real);
    return true;
}

int
lzi_command_wheel(const char *const *wheels, size_t count, const char *out_dir,
                  const char *runtime)
{
    lzi_arena *arena = lzi_arena_new();
    wheel_job job = {.arena = arena,
                     .count = count,
                     .wheels =
                         lzi_arena_alloc(arena, count * sizeof(lzi_wheel)),
                     .out = out_dir,
                     .runtime_given = runtime,
                     .here = -1};

    lzi_arena_cover_malloc();
    lzi_interrupt_catch();
    if (read_epoch(&job) && find_runtime(&job) && open_wheels(&job, wheels) &&
        check_files(&job) && find_package(&job) && find_owner(&job) &&
        check_tags(&job) && check_outputs(&job) && open_stage(&job) &&
        unpack_wheels(&job) && apply_inside(&job) && retag_owner(&job)) {
        write_wheels(&job);
    }
    close_stage(&job);
    for (size_t w = 0; w < count; w++) {
        lzi_wheel_close(&job.wheels[w]);
    }
    lzi_arena_free(arena);
    return job.diag.errors > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
