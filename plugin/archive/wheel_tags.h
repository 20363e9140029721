/* wheel_tags.h: the name of a wheel's file, and the tags in it (the "Binary
 * distribution format" specification).
 *
 * Threads: no shared state.
 * Memory:  results live in the arena that is passed. */
#ifndef LZI_WHEEL_TAGS_H
#define LZI_WHEEL_TAGS_H

#include "base/arena.h"
#include "base/elf_needs.h"

/** "pkg_core-6.0-cp311-abi3-manylinux_2_28_x86_64.whl" in its parts. */
typedef struct {
    const char *stem; /* "pkg_core-6.0", with a build number where there
                         is one */
    const char *distribution, *version;
    const char *python, *abi, *platform; /* each one or more tags, between
                                            dots */
} lzi_wheel_name;

/** @param[in] file Without directories.
 * @return false: not the name of a wheel. */
bool lzi_wheel_name_parse(lzi_wheel_name *out, lzi_arena *arena,
                          const char *file);

/** The opposite. */
const char *lzi_wheel_name_format(lzi_arena *arena,
                                  const lzi_wheel_name *name);

/** Whether every Python that the tags name can load a module with the stable
 * ABI of CPython 3.11. */
bool lzi_wheel_python_fits(const lzi_wheel_name *name);

/** The platform tags that still hold when a library is added to the wheel:
 * those of the given ones that promise what it needs; where only its glibc is
 * too new, one tag with that.
 *
 * @return NULL: the wheel is for other machines. */
const char *lzi_wheel_platform(lzi_arena *arena, const char *platform,
                               const lzi_elf_needs *needs);

/** A WHEEL file with the tags of @p name. */
lzi_slice lzi_wheel_retag(lzi_arena *arena, lzi_slice wheel,
                          const lzi_wheel_name *name);

#endif
