#include "elf_needs.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

/* Copy a structure out of the file. @return false: not all of it is there. */
static bool
take(void *out, size_t size, lzi_slice file, uint64_t offset)
{
    if (offset > file.size || size > file.size - offset) {
        return false;
    }
    memcpy(out, file.data + offset, size);
    return true;
}

static const char *
machine_name(unsigned machine)
{
    static const struct {
        unsigned machine;
        const char *name;
    } known[] = {{EM_X86_64, "x86_64"},
                 {EM_AARCH64, "aarch64"},
                 {EM_PPC64, "ppc64le"},
                 {EM_RISCV, "riscv64"},
                 {EM_LOONGARCH, "loongarch64"}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].machine == machine) {
            return known[i].name;
        }
    }
    return NULL;
}

/* "GLIBC_2.14" */
static void
take_version(lzi_elf_needs *out, const char *name, size_t size)
{
    char text[32] = "";
    unsigned major, minor;
    memcpy(text, name, size < sizeof(text) ? size : sizeof(text) - 1);
    if (sscanf(text, "GLIBC_%u.%u", &major, &minor) == 2 &&
        (major > out->glibc[0] ||
         (major == out->glibc[0] && minor > out->glibc[1]))) {
        out->glibc[0] = major;
        out->glibc[1] = minor;
    }
}

/* The versions that are needed of one library. */
static bool
read_versions(lzi_elf_needs *out, lzi_slice file, uint64_t at, unsigned count,
              const Elf64_Shdr *strings)
{
    for (; count > 0; count--) {
        Elf64_Vernaux version;
        if (!take(&version, sizeof(version), file, at) ||
            version.vna_name >= strings->sh_size ||
            strings->sh_offset > file.size ||
            strings->sh_size > file.size - strings->sh_offset) {
            return false;
        }
        const char *name = file.data + strings->sh_offset + version.vna_name;
        take_version(out, name,
                     strnlen(name, strings->sh_size - version.vna_name));
        if (version.vna_next == 0) {
            break;
        }
        at += version.vna_next;
    }
    return true;
}

static bool
read_needed(lzi_elf_needs *out, lzi_slice file, const Elf64_Shdr *section,
            const Elf64_Shdr *strings)
{
    uint64_t at = section->sh_offset;
    for (unsigned left = section->sh_info; left > 0; left--) {
        Elf64_Verneed library;
        if (!take(&library, sizeof(library), file, at) ||
            !read_versions(out, file, at + library.vn_aux, library.vn_cnt,
                           strings)) {
            return false;
        }
        if (library.vn_next == 0) {
            break;
        }
        at += library.vn_next;
    }
    return true;
}

bool
lzi_elf_needs_read(lzi_elf_needs *out, lzi_slice file)
{
    Elf64_Ehdr head;
    Elf64_Shdr section, strings;
    *out = (lzi_elf_needs){0};
    if (!take(&head, sizeof(head), file, 0) ||
        memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != ELFCLASS64 ||
        head.e_ident[EI_DATA] != ELFDATA2LSB || head.e_type != ET_DYN ||
        (out->machine = machine_name(head.e_machine)) == NULL ||
        head.e_shentsize != sizeof(section)) {
        return false;
    }
    for (uint64_t i = 0; i < head.e_shnum; i++) {
        if (!take(&section, sizeof(section), file,
                  head.e_shoff + i * sizeof(section))) {
            return false;
        }
        if (section.sh_type == SHT_GNU_verneed &&
            (section.sh_link >= head.e_shnum ||
             !take(&strings, sizeof(strings), file,
                   head.e_shoff + section.sh_link * sizeof(section)) ||
             !read_needed(out, file, &section, &strings))) {
            return false;
        }
    }
    return true;
}
