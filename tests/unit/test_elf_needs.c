#include "harness.h"

#include "base/elf_needs.h"
#include "commands/embedded_runtime.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

TEST
a_real_library_is_read(void)
{
    const lzi_slice library = lzi_embedded_extension();
    lzi_elf_needs needs;

    ASSERT(lzi_elf_needs_read(&needs, library));
#if defined(__x86_64__)
    ASSERT_STR_EQ("x86_64", needs.machine);
#endif
    ASSERT_EQ(2, needs.glibc[0]);
    /* memcpy() is of 2.14, and nothing is newer than the system's. */
    ASSERT(needs.glibc[1] >= 14);
    ASSERT(needs.glibc[1] <= __GLIBC_MINOR__);
    PASS();
}

TEST
other_files_are_refused(void)
{
    static const char text[4096] = "#!/bin/sh\n";
    lzi_elf_needs needs;

    ASSERT(!lzi_elf_needs_read(&needs, lzi_slice_of("")));
    ASSERT(!lzi_elf_needs_read(&needs, (lzi_slice){text, sizeof(text)}));
    PASS();
}

/* @return whether the library is still read with byte `at` being `value`. */
static bool
reads_with(size_t at, unsigned char value)
{
    const lzi_slice library = lzi_embedded_extension();
    char *copy = malloc(library.size);
    lzi_elf_needs needs;

    memcpy(copy, library.data, library.size);
    copy[at] = (char)value;
    const bool read =
        lzi_elf_needs_read(&needs, (lzi_slice){copy, library.size});
    free(copy);
    return read;
}

TEST
other_machines_are_told_apart(void)
{
    ASSERT(!reads_with(EI_CLASS, ELFCLASS32));
    ASSERT(!reads_with(EI_DATA, ELFDATA2MSB));
    ASSERT(!reads_with(offsetof(Elf64_Ehdr, e_type), ET_REL));
    ASSERT(!reads_with(offsetof(Elf64_Ehdr, e_machine), EM_386));
    PASS();
}

/* Whatever is damaged: no read behind the end. The sanitizers watch. */
TEST
damage_is_survived(void)
{
    const lzi_slice library = lzi_embedded_extension();
    lzi_elf_needs needs;

    for (size_t size = 0; size < library.size; size += 997) {
        char *copy = malloc(size + 1);

        memcpy(copy, library.data, size);
        ASSERT(!lzi_elf_needs_read(&needs, (lzi_slice){copy, size}));
        free(copy);
    }
    Elf64_Ehdr head;
    memcpy(&head, library.data, sizeof(head));
    for (size_t i = 0; i < sizeof(Elf64_Shdr) * head.e_shnum; i += 3) {
        reads_with(head.e_shoff + i, 0xff);
    }
    PASS();
}

SUITE(elf_needs)
{
    RUN_TEST(a_real_library_is_read);
    RUN_TEST(other_files_are_refused);
    RUN_TEST(other_machines_are_told_apart);
    RUN_TEST(damage_is_survived);
}
