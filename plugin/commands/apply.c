#include "commands.h"

#include "apply_internal.h"
#include "embedded_runtime.h"
#include "scan/index_write.h"
#include "scan/package_scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define STAGED_INIT "package_init.py"

/* -- Byte code of the package's own __init__.py --------------------------- */

/* "__init__.cpython-311.pyc" <-> "stock_init.cpython-311.pyc" */
static const char *
other_name(lzi_target *target, const char *directory, const char *stem,
           const char *name)
{
    return lzi_arena_format(target->arena, "%s/%s%s", directory, stem,
                            strchr(name, '.'));
}

/* Its new place has to be there before anything is moved. */
static bool
prepare_byte_code(lzi_target *target)
{
    lzi_strings names;
    return lzi_target_list(target, &names, target->cache, "__init__.",
                           ".pyc") &&
           (names.count == 0 || lzi_target_mkdir(target, target->own_cache));
}

/* Move it along with its source, which keeps its size and time: it stays
 * valid. */
static bool
take_byte_code(lzi_target *target)
{
    lzi_strings names;
    if (!lzi_target_list(target, &names, target->cache, "__init__.", ".pyc")) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        if (!lzi_target_rename(
                target, lzi_target_path(target, target->cache, names.items[i]),
                other_name(target, target->own_cache, LZI_STOCK_STEM,
                           names.items[i]))) {
            return false;
        }
    }
    return true;
}

static uint32_t
little_endian(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

/* Whether byte code is of a source file, as Python tells it: by time and
 * size. */
static bool
is_byte_code_of(const char *byte_code, const char *source)
{
    unsigned char head[16];
    struct stat status;
    FILE *file = fopen(byte_code, "rbe");
    bool read =
        file != NULL && fread(head, 1, sizeof(head), file) == sizeof(head);
    if (file != NULL) {
        fclose(file);
    }
    return read && stat(source, &status) == 0 &&
           little_endian(head + 4) == 0 &&
           little_endian(head + 8) == (uint32_t)status.st_mtime &&
           little_endian(head + 12) == (uint32_t)status.st_size;
}

/* Put it back, unless newer byte code of a newer __init__.py is there. */
static bool
return_byte_code(lzi_target *target)
{
    lzi_strings names;
    if (!lzi_target_list(target, &names, target->own_cache, LZI_STOCK_STEM ".",
                         ".pyc")) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *from =
            lzi_target_path(target, target->own_cache, names.items[i]);
        const char *to =
            other_name(target, target->cache, "__init__", names.items[i]);
        lzi_presence there = lzi_target_presence_or_link(target, to);
        if (there == LZI_FILE_BAD) {
            return false;
        }
        if (there == LZI_FILE_ABSENT || is_byte_code_of(from, target->init)) {
            if (!lzi_target_mkdir(target, target->cache) ||
                !lzi_target_rename(target, from, to)) {
                return false;
            }
        }
        else if (!lzi_target_unlink(target, from)) {
            return false;
        }
    }
    return true;
}

/* Ours hands over to the package's own: without it there is nothing to go
 * back to. */
static bool
has_stock(lzi_target *target, lzi_presence stock)
{
    if (stock == LZI_FILE_ABSENT) {
        lzi_diag_at(&target->diag, LZI_ERROR, NULL, 0,
                    "the package's own __init__.py, '%s', is lost: reinstall "
                    "the package",
                    target->stock);
    }
    return stock == LZI_FILE_PRESENT;
}

/* -- __init__.py ---------------------------------------------------------- */

static int
swap_files(const char *a, const char *b)
{
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

/* Put a file in the place of __init__.py, unless that is no longer what it
 * was: pip, which knows nothing of our lock, may be at work. Hence a swap, and
 * a look at what came out, which stays where the file was. */
static bool
put_init(lzi_target *target, const char *from,
         bool is_expected(lzi_target *target, const char *path))
{
    bool swapped = swap_files(from, target->init) == 0;
    /* Some file systems cannot swap: look, then rename. */
    if (!swapped && errno != EINVAL && errno != ENOSYS) {
        return lzi_target_fail(target, "write", target->init);
    }
    if (is_expected(target, swapped ? from : target->init)) {
        return swapped || lzi_target_rename(target, from, target->init);
    }
    if (swapped && swap_files(from, target->init) != 0) {
        return lzi_target_fail(target, "write", target->init);
    }
    lzi_diag_at(&target->diag, LZI_ERROR, NULL, 0,
                "'%s' was changed meanwhile: run the same command again",
                target->init);
    return false;
}

static bool
is_ours(lzi_target *target, const char *path)
{
    return lzi_target_init_kind(target, path) == LZI_INIT_OURS;
}

static bool
is_ours_with_stock(lzi_target *target, const char *path)
{
    return is_ours(target, path) &&
           lzi_target_presence_or_link(target, target->stock) ==
               LZI_FILE_PRESENT;
}

static bool
is_stock(lzi_target *target, const char *path)
{
    return lzi_target_same(target, path, target->stock);
}

/* -- revert --------------------------------------------------------------- */

static bool
return_init(lzi_target *target, lzi_init_kind kind)
{
    /* First the byte code of ours: once ours is gone, nothing would tell it
     * from the package's own. */
    return lzi_target_unlink_all(target, target->cache, "__init__.", ".pyc") &&
           (kind == LZI_INIT_ABSENT
                ? lzi_target_rename(target, target->stock, target->init)
                : put_init(target, target->stock, is_ours) &&
                      lzi_target_unlink(target, target->stock));
}

static bool
remove_own(lzi_target *target)
{
    if (!lzi_target_unlink_all(target, target->own, "", LZI_SUFFIX) ||
        !lzi_target_unlink(target, lzi_target_path(target, target->own,
                                                   LZI_EXTENSION_NAME)) ||
        !lzi_target_unlink(target, target->stock) ||
        !lzi_target_unlink(
            target, lzi_target_path(target, target->own, LZI_FALLBACK_NAME)) ||
        !lzi_target_unlink_all(target, target->own_cache,
                               LZI_FALLBACK_STEM ".", ".pyc")) {
        return false;
    }
    lzi_target_rmdir(target, target->cache);
    return true;
}

/* Paths and lists of names for the last part of a command, when nothing should
 * fail any more. */
#define ROOM_TO_FINISH ((size_t)1 << 20)

static bool
replace_own(lzi_target *target, const lzi_record_plans *plans,
            lzi_init_kind kind, lzi_presence stock)
{
    return (kind == LZI_INIT_STOCK || stock == LZI_FILE_ABSENT ||
            return_init(target, kind)) &&
           return_byte_code(target) && lzi_records_commit(target, plans) &&
           remove_own(target);
}

/* Every step can be repeated, and so can the whole after an interruption. */
static bool
revert_package(lzi_target *target)
{
    lzi_init_kind kind = lzi_target_init_kind(target, target->init);
    lzi_record_plans plans = {0};
    if (kind == LZI_INIT_BAD) {
        return false;
    }
    lzi_presence own = lzi_target_presence(target, target->own, S_IFDIR);
    if (own == LZI_FILE_BAD) {
        return false;
    }
    lzi_presence stock =
        own == LZI_FILE_PRESENT
            ? lzi_target_presence_or_link(target, target->stock)
            : LZI_FILE_ABSENT;
    if (stock == LZI_FILE_BAD ||
        (kind == LZI_INIT_OURS && !has_stock(target, stock))) {
        return false;
    }
    const char *original = kind == LZI_INIT_STOCK      ? target->init
                           : stock == LZI_FILE_PRESENT ? target->stock
                                                       : NULL;
    const lzi_slice init = lzi_target_package_init(target, original);
    if (init.data == NULL ||
        !lzi_records_plan(target, &plans, NULL, original, init)) {
        return false;
    }
    if (own == LZI_FILE_ABSENT && plans.count == 0) { /* not applied */
        if (kind == LZI_INIT_ABSENT) {
            lzi_target_no_package(target);
        }
        return true;
    }
    bool done = lzi_stage_open(target) && lzi_records_stage(target, &plans);
    if (done) {
        lzi_arena_reserve(target->arena, ROOM_TO_FINISH);
        target->changed = true;
        done = replace_own(target, &plans, kind, stock);
    }
    done = lzi_stage_close(target) && done;
    if (done &&
        lzi_target_presence(target, target->own, S_IFDIR) != LZI_FILE_ABSENT) {
        lzi_diag_at(&target->diag, LZI_WARNING, NULL, 0,
                    "'%s' holds files that are not of LazyIndex: left there",
                    target->own);
    }
    return done && lzi_target_sync(target, target->directory);
}

/* -- apply ---------------------------------------------------------------- */

/* All that goes into _lazyindex, and the new __init__.py. */
static bool
stage_files(lzi_target *target, const lzi_model *model, const char *runtime,
            const char *original, lzi_slice init)
{
    lzi_file_text text = {0};
    lzi_slice extension = lzi_embedded_extension();
    struct stat like;
    if (stat(original, &like) != 0) {
        return lzi_target_fail(target, "read", original);
    }
    if (runtime != NULL) {
        if (!lzi_file_read(&text, runtime, &target->diag)) {
            return false;
        }
        extension = (lzi_slice){text.data, text.size};
    }
    bool done =
        lzi_shards_write(model, target->stage, &target->diag) &&
        lzi_stage_adopt(target, LZI_SUFFIX, &like) &&
        lzi_stage_write(target, LZI_EXTENSION_NAME, extension, &like) &&
        lzi_stage_write(target, LZI_FALLBACK_NAME, lzi_embedded_fallback(),
                        &like) &&
        lzi_stage_write(target, STAGED_INIT, init, &like);
    lzi_file_free(&text);
    return done;
}

/* Put a prepared file where it differs from what is there. */
static bool
install_file(lzi_target *target, const char *name, const char *to)
{
    const char *from = lzi_target_path(target, target->stage, name);
    unsigned errors = target->diag.errors;

    bool same = lzi_target_same(target, from, to);
    return target->diag.errors == errors &&
           (same ? lzi_target_unlink(target, from)
                 : lzi_target_rename(target, from, to));
}

static bool
install_shards(lzi_target *target)
{
    lzi_strings fresh, there;
    if (!lzi_target_list(target, &fresh, target->stage, "", LZI_SUFFIX) ||
        !lzi_target_list(target, &there, target->own, "", LZI_SUFFIX)) {
        return false;
    }
    for (size_t i = 0; i < fresh.count; i++) {
        if (!install_file(
                target, fresh.items[i],
                lzi_target_path(target, target->own, fresh.items[i]))) {
            return false;
        }
    }
    /* Those of distributions that are gone. Both lists are sorted. */
    for (size_t i = 0, next = 0; i < there.count; i++) {
        while (next < fresh.count &&
               strcmp(fresh.items[next], there.items[i]) < 0) {
            next++;
        }
        if ((next == fresh.count ||
             strcmp(fresh.items[next], there.items[i]) != 0) &&
            !lzi_target_unlink(target, lzi_target_path(target, target->own,
                                                       there.items[i]))) {
            return false;
        }
    }
    return true;
}

static bool
install_init(lzi_target *target, bool fresh)
{
    const char *from = lzi_target_path(target, target->stage, STAGED_INIT);
    unsigned errors = target->diag.errors;

    if (lzi_target_presence_or_link(target, target->init) == LZI_FILE_BAD ||
        (!fresh && lzi_target_same(target, from, target->init))) {
        return target->diag.errors == errors;
    }
    return put_init(target, from, fresh ? is_stock : is_ours_with_stock);
}

/* Renames only: what can run out of space or permission was done before. The
 * package changes its nature in the last one. */
static bool
install_all(lzi_target *target, const lzi_record_plans *plans, bool fresh)
{
    if (!install_shards(target) ||
        !install_file(
            target, LZI_EXTENSION_NAME,
            lzi_target_path(target, target->own, LZI_EXTENSION_NAME)) ||
        !install_file(
            target, LZI_FALLBACK_NAME,
            lzi_target_path(target, target->own, LZI_FALLBACK_NAME))) {
        return false;
    }
    if (fresh &&
        (!lzi_target_rename(
             target, lzi_target_path(target, target->stage, LZI_STOCK_NAME),
             target->stock) ||
         !take_byte_code(target))) {
        return false;
    }
    return lzi_records_commit(target, plans) &&
           lzi_target_sync(target, target->own) && install_init(target, fresh);
}

/* What a failure leaves: of a first application nothing, of a later one what
 * was there, whole or in part renewed. */
static void
apply_model(lzi_target *target, const lzi_model *model, const char *runtime,
            bool fresh)
{
    const char *original = fresh ? target->init : target->stock;
    const lzi_slice init = lzi_target_package_init(target, original);
    lzi_record_plans plans = {0};
    if (init.data == NULL ||
        !stage_files(target, model, runtime, original, init) ||
        (fresh && (!lzi_stage_link(target, target->init, LZI_STOCK_NAME) ||
                   !prepare_byte_code(target))) ||
        !lzi_records_plan(target, &plans, target->stage, original, init) ||
        !lzi_records_stage(target, &plans)) {
        return;
    }
    lzi_arena_reserve(target->arena, ROOM_TO_FINISH);
    target->changed = true;
    if (!install_all(target, &plans, fresh) && fresh) {
        unsigned errors = target->diag.errors;
        target->changed =
            !revert_package(target) || target->diag.errors > errors;
    }
}

/* A stock_init.py beside another stock __init__.py is of an older version:
 * somebody has put a new one there. It would mislead the scan. */
static bool
drop_older_stock(lzi_target *target)
{
    switch (lzi_target_presence_or_link(target, target->stock)) {
    case LZI_FILE_ABSENT:
        return true;
    case LZI_FILE_BAD:
        return false;
    case LZI_FILE_PRESENT:
        break;
    }
    return lzi_target_same(target, target->stock, target->init) ||
           lzi_target_unlink(target, target->stock);
}

bool
lzi_apply_package(lzi_target *target, const char *runtime)
{
    lzi_init_kind kind = lzi_target_init_kind(target, target->init);
    bool fresh = kind == LZI_INIT_STOCK;
    lzi_model model = {0};
    bool understood = true;
    if (kind == LZI_INIT_ABSENT) {
        lzi_target_no_package(target);
        return true;
    }
    if (kind == LZI_INIT_BAD ||
        (kind == LZI_INIT_OURS &&
         !has_stock(target,
                    lzi_target_presence_or_link(target, target->stock)))) {
        return true;
    }
    if (lzi_stage_open(target) && (!fresh || drop_older_stock(target))) {
        understood = lzi_scan(&model, target->arena, target->directory, NULL,
                              &target->diag);
        if (understood) {
            apply_model(target, &model, runtime, fresh);
        }
    }
    if (lzi_stage_close(target)) {
        lzi_target_sync(target, target->directory);
    }
    return understood;
}

/* -- Commands ------------------------------------------------------------- */

static int
end_command(lzi_target *target)
{
    if (target->changed && target->diag.errors > 0) {
        lzi_diag_at(&target->diag, LZI_NOTE, NULL, 0,
                    "remove the cause and run the same command again");
    }
    return lzi_target_close(target);
}

int
lzi_command_apply(const char *package_dir, const char *runtime)
{
    lzi_target target;
    if (lzi_target_open(&target, package_dir, true)) {
        lzi_apply_package(&target, runtime);
    }
    return end_command(&target);
}

int
lzi_command_revert(const char *package_dir)
{
    lzi_target target;
    if (lzi_target_open(&target, package_dir, true)) {
        revert_package(&target);
    }
    return end_command(&target);
}
