/* elf_needs.h: what a shared library demands of the system that loads it.
 *
 * Threads: no shared state. */
#ifndef LZI_ELF_NEEDS_H
#define LZI_ELF_NEEDS_H

#include "lzi_format.h"

#include <stdbool.h>

/** For "manylinux_2_28_x86_64": machine "x86_64", glibc 2.28. */
typedef struct {
    const char *machine; /* static; as platform tags spell it */
    unsigned glibc[2];   /* newest version of a symbol it uses;
                            0.0: it uses none of glibc's */
} lzi_elf_needs;

/** Read them from the bytes of a shared library, of which nothing is
 * trusted.
 *
 * @return false: no ELF library of a 64-bit little-endian Linux that we know
 *         a tag for, or a damaged one. */
bool lzi_elf_needs_read(lzi_elf_needs *out, lzi_slice file);

#endif
