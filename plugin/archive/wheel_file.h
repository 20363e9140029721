/* wheel_file.h: a wheel: checked, unpacked as far as a scan needs it, and
 * written anew (wheel_write.c).
 *
 * Threads: one at a time.
 * Memory:  everything lives in the arena that is passed. */
#ifndef LZI_WHEEL_FILE_H
#define LZI_WHEEL_FILE_H

#include "base/progress.h"
#include "record_file.h"
#include "base/string_map.h"
#include "wheel_tags.h"
#include "zip_file.h"

/** A RECORD, to look paths up in. */
typedef struct {
    lzi_slice text;
    lzi_record_entries list;
    lzi_string_map index; /* path -> place in the list */
} lzi_wheel_record;

typedef struct {
    lzi_arena *arena;
    lzi_diag *diag;
    lzi_zip zip;
    const char *path; /* as given */
    lzi_wheel_name name;
    const char *info;        /* "pkg_core-6.0.dist-info" */
    lzi_string_map members;  /* name -> index into zip.members */
    lzi_wheel_record record; /* read by lzi_wheel_unpack() */
} lzi_wheel;

/** Open a wheel and look at what it holds: is its name one of a wheel, does
 * every member stay below the directory it is unpacked to, is there one
 * .dist-info of a version that we know, and no signature that a change would
 * break?
 *
 * @param[in] path Borrowed; must outlive the wheel.
 * @return false: reported; nothing to close. */
bool lzi_wheel_open(lzi_wheel *wheel, lzi_arena *arena, const char *path,
                    lzi_diag *diag);
void lzi_wheel_close(lzi_wheel *wheel); /* a closed or zeroed one is fine */

/** A member by its name; NULL: there is none. Borrowed from the wheel. */
const lzi_zip_member *lzi_wheel_member(const lzi_wheel *wheel,
                                       const char *name);

/** "<info>/<name>" */
const char *lzi_wheel_info(const lzi_wheel *wheel, const char *name);

/** Read a RECORD that belongs to the wheel. @return false: reported. */
bool lzi_wheel_record_read(lzi_wheel_record *out, const lzi_wheel *wheel,
                           lzi_slice text);
/** NULL: it does not list the path. */
const lzi_record_entry *lzi_wheel_record_find(const lzi_wheel_record *record,
                                              const char *path);

/** Check every file against RECORD, and unpack what the scan of @p package
 * reads. Of other files of the package only the name is put there.
 *
 * @param[in] site Directory to unpack to.
 * @return false: reported, every file that is not as it should be. */
bool lzi_wheel_unpack(lzi_wheel *wheel, const char *package, const char *site,
                      lzi_progress *progress);

/** Write an unpacked wheel as the RECORD in @p site has it by now: what is
 * listed as before is copied as it was compressed, the rest is taken from
 * @p site. RECORD comes last.
 *
 * @param[in] time Of what is new, in DOS's form; 0: that of the old RECORD.
 * @return false: reported. */
bool lzi_wheel_write(lzi_wheel *wheel, const char *site, const char *path,
                     uint32_t time, lzi_progress *progress);

#endif
