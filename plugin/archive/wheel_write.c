#include "wheel_file.h"

#include "base/file_io.h"
#include "base/interrupt.h"

#include <string.h>
#include <sys/stat.h>

typedef struct {
    lzi_wheel *wheel;
    lzi_zip_output out;
    const char *site;
    lzi_wheel_record after;
    uint32_t time;
    lzi_file_text text; /* buffer */
    lzi_progress *progress;
} rewriting;

/* Add a file of the site directory. */
static bool
add_file(rewriting *to, const lzi_zip_member *like)
{
    lzi_zip_member member = *like;
    const char *path =
        lzi_arena_format(to->wheel->arena, "%s/%s", to->site, like->name);

    member.time = to->time;
    return lzi_file_read(&to->text, path, to->wheel->diag) &&
           lzi_zip_add(&to->out, &member,
                       (lzi_slice){to->text.data, to->text.size});
}

/* Files that the wheel did not have. */
static bool
add_new_files(rewriting *to)
{
    for (size_t i = 0; i < to->after.list.count; i++) {
        const lzi_zip_member member = {
            .name = to->after.list.items[i].path,
            .attributes = (uint32_t)(S_IFREG | 0644) << 16,
            .made_by = 3 << 8 | 20, /* a Unix, zip 2.0 */
        };

        if (lzi_wheel_member(to->wheel, member.name) == NULL &&
            !add_file(to, &member)) {
            return false;
        }
    }
    return true;
}

/* A member of the wheel: as it is, with other contents, or not at all. */
static bool
write_member(rewriting *to, const lzi_zip_member *member)
{
    const lzi_record_entry *before =
        lzi_wheel_record_find(&to->wheel->record, member->name);
    const lzi_record_entry *after =
        lzi_wheel_record_find(&to->after, member->name);

    if (before == NULL || /* a directory */
        (after != NULL && strcmp(before->hash, after->hash) == 0)) {
        return lzi_zip_copy(&to->out, &to->wheel->zip, member);
    }
    return after == NULL || add_file(to, member);
}

static bool
write_record(rewriting *to, const lzi_zip_member *member)
{
    return lzi_slice_equal(to->after.text, to->wheel->record.text)
               ? lzi_zip_copy(&to->out, &to->wheel->zip, member)
               : add_file(to, member);
}

/* What is new comes before the .dist-info directory, as the specification
 * recommends. */
static bool
write_members(rewriting *to)
{
    lzi_wheel *wheel = to->wheel;
    const char *own = lzi_wheel_info(wheel, "");
    const lzi_zip_member *record =
        lzi_wheel_member(wheel, lzi_wheel_info(wheel, "RECORD"));
    bool added = false;

    for (size_t i = 0; i < wheel->zip.members.count; i++) {
        const lzi_zip_member *member = &wheel->zip.members.items[i];

        if (lzi_interrupted(wheel->diag)) {
            return false;
        }
        if (!added && strncmp(member->name, own, strlen(own)) == 0) {
            added = true;
            if (!add_new_files(to)) {
                return false;
            }
        }
        if (member != record && !write_member(to, member)) {
            return false;
        }
        lzi_progress_step(to->progress);
    }
    return write_record(to, record);
}

/* The RECORD as it is by now. */
static bool
read_after(rewriting *to)
{
    lzi_wheel *wheel = to->wheel;
    const char *path = lzi_arena_format(wheel->arena, "%s/%s", to->site,
                                        lzi_wheel_info(wheel, "RECORD"));

    if (!lzi_file_read(&to->text, path, wheel->diag)) {
        return false;
    }
    const lzi_slice text = {
        lzi_arena_copy(wheel->arena, to->text.data, to->text.size),
        to->text.size};
    return lzi_wheel_record_read(&to->after, wheel, text);
}

bool
lzi_wheel_write(lzi_wheel *wheel, const char *site, const char *path,
                uint32_t time, lzi_progress *progress)
{
    const lzi_zip_member *record =
        lzi_wheel_member(wheel, lzi_wheel_info(wheel, "RECORD"));
    rewriting to = {.wheel = wheel,
                    .site = site,
                    .time = time != 0 ? time : record->time,
                    .progress = progress};
    const bool done = read_after(&to) &&
                      lzi_zip_create(&to.out, path, wheel->diag) &&
                      write_members(&to) && lzi_zip_finish(&to.out);

    lzi_zip_abandon(&to.out);
    lzi_file_free(&to.text);
    return done;
}
