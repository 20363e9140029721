#include "apply_internal.h"
#include "archive/dist_info.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* -- What the RECORDs should list ----------------------------------------- */

typedef struct {
    struct {
        lzi_record_entry *items;
        size_t count, capacity;
    } common, shards;
    lzi_strings owners; /* of the shards: names of distributions */
} listed_files;

static bool
describe(lzi_target *target, lzi_record_entry *out, const char *file,
         const char *listed)
{
    lzi_file_text text = {0};
    bool done = lzi_file_read(&text, file, &target->diag);
    if (done) {
        *out = (lzi_record_entry){
            listed,
            lzi_record_hash(target->arena, (lzi_slice){text.data, text.size}),
            text.size};
    }
    lzi_file_free(&text);
    return done;
}

static bool
list_files(lzi_target *target, listed_files *out, const char *directory)
{
    const unsigned errors = target->diag.errors;
    lzi_strings names;
    if (!lzi_target_list(target, &names, directory, "", "")) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        size_t size = strlen(name);
        size_t suffix = strlen(LZI_SUFFIX);
        const char *file = lzi_target_path(target, directory, name);
        const char *listed =
            lzi_arena_format(target->arena, "%s/" LZI_OUR_DIRECTORY "/%s",
                             target->package, name);
        lzi_record_entry *entry = NULL;
        if (!lzi_file_exists(file, &target->diag)) { /* a link to nowhere */
            continue;
        }
        if (size > suffix && strcmp(name + size - suffix, LZI_SUFFIX) == 0) {
            entry = LZI_PUSH(target->arena, &out->shards);
            lzi_strings_add(
                target->arena, &out->owners,
                lzi_arena_copy(target->arena, name, size - suffix));
        }
        else if (strcmp(name, LZI_FALLBACK_NAME) == 0 ||
                 strcmp(name, LZI_EXTENSION_NAME) == 0) {
            entry = LZI_PUSH(target->arena, &out->common);
        }
        if (entry != NULL && !describe(target, entry, file, listed)) {
            return false;
        }
    }
    return target->diag.errors == errors;
}

/* -- Finding out ---------------------------------------------------------- */

/* The path in the first line of `wanted` that `there` does not have, else
 * the first that only `there` has. */
static const char *
first_difference(lzi_arena *arena, lzi_slice wanted, lzi_slice there)
{
    size_t at = 0, line = 0;
    while (at < wanted.size && at < there.size &&
           wanted.data[at] == there.data[at]) {
        if (wanted.data[at++] == '\n') {
            line = at;
        }
    }
    lzi_slice text = line < wanted.size ? wanted : there;
    const char *begin = text.data + line;
    size_t size = 0;
    while (line + size < text.size && strchr(",\r\n", begin[size]) == NULL) {
        size++;
    }
    return lzi_arena_copy(arena, begin, size);
}

static bool
plan_record(lzi_target *target, lzi_record_plans *plans, const char *name,
            const char *path, const lzi_record_wanted *wanted,
            const listed_files *files)
{
    lzi_arena *arena = target->arena;
    lzi_file_text text = {0};
    struct {
        lzi_record_entry *items;
        size_t count, capacity;
    } shards = {0};
    if (!lzi_file_read(&text, path, &target->diag)) {
        lzi_file_free(&text);
        return false;
    }
    lzi_slice there = {text.data, text.size};
    for (size_t i = 0; i < files->shards.count; i++) {
        if (lzi_is_distribution_info(files->owners.items[i], name)) {
            *(lzi_record_entry *)LZI_PUSH(arena, &shards) =
                files->shards.items[i];
        }
    }
    const char *inside = lzi_arena_format(arena, "%s/_", target->package);
    if (shards.count > 0 ||
        memmem(text.data, text.size, inside, strlen(inside)) != NULL) {
        lzi_slice record = lzi_record_rewrite(arena, there, wanted,
                                              shards.items, shards.count);
        if (!lzi_slice_equal(record, there)) {
            lzi_record_plan *plan = LZI_PUSH(arena, plans);
            plan->path = path;
            plan->name = name;
            plan->text = record;
            plan->differing = first_difference(arena, record, there);
        }
    }
    lzi_file_free(&text);
    return true;
}

static bool
plan_all(lzi_target *target, lzi_record_plans *plans,
         const lzi_record_wanted *wanted, const listed_files *files)
{
    unsigned errors = target->diag.errors;
    lzi_strings names;
    if (!lzi_target_list(target, &names, target->site, "", LZI_INFO_SUFFIX)) {
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *path = lzi_arena_format(target->arena, "%s/%s/RECORD",
                                            target->site, names.items[i]);
        const char *name =
            lzi_arena_copy(target->arena, names.items[i],
                           strlen(names.items[i]) - strlen(LZI_INFO_SUFFIX));
        if (lzi_file_exists(path, &target->diag) &&
            !plan_record(target, plans, name, path, wanted, files)) {
            return false;
        }
    }
    return target->diag.errors == errors;
}

bool
lzi_records_plan(lzi_target *target, lzi_record_plans *plans,
                 const char *files, const char *stock, lzi_slice init)
{
    listed_files listed = {0};
    const char *path =
        lzi_arena_format(target->arena, "%s/__init__.py", target->package);
    lzi_record_wanted wanted = {
        .package = target->package,
        .applied = files != NULL,
        .init = {path, lzi_record_hash(target->arena, init), init.size},
    };
    if (stock != NULL && !describe(target, &wanted.stock, stock, path)) {
        return false;
    }
    if (files != NULL && !list_files(target, &listed, files)) {
        return false;
    }
    wanted.common = listed.common.items;
    wanted.common_count = listed.common.count;
    return plan_all(target, plans, &wanted, &listed);
}

/* -- Writing -------------------------------------------------------------- */

bool
lzi_records_stage(lzi_target *target, lzi_record_plans *plans)
{
    for (size_t i = 0; i < plans->count; i++) {
        lzi_record_plan *plan = &plans->items[i];
        const char *name = lzi_arena_format(target->arena, "RECORD.%zu", i);
        const char *directory = lzi_arena_copy(
            target->arena, plan->path, strlen(plan->path) - strlen("/RECORD"));
        if (lzi_target_presence(target, directory, S_IFDIR) !=
                LZI_FILE_PRESENT ||
            lzi_target_presence(target, plan->path, S_IFREG) !=
                LZI_FILE_PRESENT) {
            return false;
        }
        if (eaccess(directory, W_OK) != 0) {
            return lzi_target_fail(target, "write into", directory);
        }
        if (lstat(plan->path, &plan->status) != 0) {
            return lzi_target_fail(target, "read", plan->path);
        }
        if (!lzi_stage_write(target, name, plan->text, &plan->status)) {
            return false;
        }
        plan->staged = lzi_target_path(target, target->stage, name);
    }
    return true;
}

bool
lzi_records_commit(lzi_target *target, const lzi_record_plans *plans)
{
    for (size_t i = 0; i < plans->count; i++) {
        const lzi_record_plan *plan = &plans->items[i];
        if (rename(plan->staged, plan->path) == 0) {
            continue;
        }
        if (errno != EXDEV) {
            return lzi_target_fail(target, "write", plan->path);
        }
        /* The package is a mount point. */
        if (!lzi_file_replace(plan->path, plan->text.data, plan->text.size, 0,
                              &target->diag)) {
            return false;
        }
    }
    return true;
}
