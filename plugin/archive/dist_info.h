/* dist_info.h: the names and headers of *.dist-info directories, in a wheel
 * and where it is installed.
 *
 * Threads: no shared state. */
#ifndef LZI_DIST_INFO_H
#define LZI_DIST_INFO_H

#include "base/arena.h"

/** Of the directories. */
#define LZI_INFO_SUFFIX ".dist-info"

/** Whether it is a name that packaging allows and a shard's file can have:
 * letters and digits of ASCII, ".", "_" and "-", no "." first. */
bool lzi_is_distribution_name(const char *name);

/** Whether a .dist-info directory, "pkg_core-6.0.dist-info", is that of a
 * distribution, "pkg-core": case is ignored, and any run of "-", "_" and "."
 * is the same. */
bool lzi_is_distribution_info(const char *name, const char *directory);

/** Value of a header of METADATA or WHEEL, such as "Name: pkg-core".
 *
 * @param[in] data NUL-terminated.
 * @return In the arena; NULL: there is none. */
const char *lzi_metadata_header(lzi_arena *arena, const char *data,
                                const char *name);

#endif
