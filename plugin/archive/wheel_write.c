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
add_file(rewriting *self, const lzi_zip_member *like)
{
    lzi_zip_member member = *like;
    const char *path =
        lzi_arena_format(self->wheel->arena, "%s/%s", self->site, like->name);
    member.time = self->time;
    return lzi_file_read(&self->text, path, self->wheel->diag) &&
           lzi_zip_add(&self->out, &member,
                       (lzi_slice){self->text.data, self->text.size});
}

/* Files that the wheel did not have. */
static bool
add_new_files(rewriting *self)
{
    for (size_t i = 0; i < self->after.list.count; i++) {
        lzi_zip_member member = {
            .name = self->after.list.items[i].path,
            .attributes = (uint32_t)(S_IFREG | 0644) << 16,
            .made_by = 3 << 8 | 20, /* a Unix, zip 2.0 */
        };
        if (lzi_wheel_member(self->wheel, member.name) == NULL &&
            !add_file(self, &member)) {
            return false;
        }
    }
    return true;
}

/* A member of the wheel: as it is, with other contents, or not at all. */
static bool
write_member(rewriting *self, const lzi_zip_member *member)
{
    const lzi_record_entry *before =
        lzi_wheel_record_find(&self->wheel->record, member->name);
    const lzi_record_entry *after =
        lzi_wheel_record_find(&self->after, member->name);
    if (before == NULL || /* a directory */
        (after != NULL && strcmp(before->hash, after->hash) == 0)) {
        return lzi_zip_copy(&self->out, &self->wheel->zip, member);
    }
    return after == NULL || add_file(self, member);
}

static bool
write_record(rewriting *self, const lzi_zip_member *member)
{
    return lzi_slice_equal(self->after.text, self->wheel->record.text)
               ? lzi_zip_copy(&self->out, &self->wheel->zip, member)
               : add_file(self, member);
}

/* What is new comes before the .dist-info directory, as the specification
 * recommends. */
static bool
write_members(rewriting *self)
{
    lzi_wheel *wheel = self->wheel;
    const char *info = lzi_wheel_info(wheel, "");
    const lzi_zip_member *record =
        lzi_wheel_member(wheel, lzi_wheel_info(wheel, "RECORD"));
    bool added = false;
    for (size_t i = 0; i < wheel->zip.members.count; i++) {
        const lzi_zip_member *member = &wheel->zip.members.items[i];
        if (lzi_interrupted(wheel->diag)) {
            return false;
        }
        if (!added && strncmp(member->name, info, strlen(info)) == 0) {
            added = true;
            if (!add_new_files(self)) {
                return false;
            }
        }
        if (member != record && !write_member(self, member)) {
            return false;
        }
        lzi_progress_step(self->progress);
    }
    return write_record(self, record);
}

/* The RECORD as it is by now. */
static bool
read_after(rewriting *self)
{
    lzi_wheel *wheel = self->wheel;
    const char *path = lzi_arena_format(wheel->arena, "%s/%s", self->site,
                                        lzi_wheel_info(wheel, "RECORD"));
    if (!lzi_file_read(&self->text, path, wheel->diag)) {
        return false;
    }
    lzi_slice text = {
        lzi_arena_copy(wheel->arena, self->text.data, self->text.size),
        self->text.size};
    return lzi_wheel_record_read(&self->after, wheel, text);
}

bool
lzi_wheel_write(lzi_wheel *wheel, const char *site, const char *path,
                uint32_t time, lzi_progress *progress)
{
    const lzi_zip_member *record =
        lzi_wheel_member(wheel, lzi_wheel_info(wheel, "RECORD"));
    rewriting self = {.wheel = wheel,
                      .site = site,
                      .time = time != 0 ? time : record->time,
                      .progress = progress};
    bool done = read_after(&self) &&
                lzi_zip_create(&self.out, path, wheel->diag) &&
                write_members(&self) && lzi_zip_finish(&self.out);
    lzi_zip_abandon(&self.out);
    lzi_file_free(&self.text);
    return done;
}
