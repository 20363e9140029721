#include "embedded_runtime.h"

/* Defines LZI_EMBEDDED_*, the paths of the files; written by CMake. */
#include "embedded_runtime_paths.h"

/* The assembler reads the file; CMake makes this object depend on it. */
#define EMBED(name, path)                                                     \
    __asm__(".pushsection .rodata\n"                                          \
            ".balign 16\n"                                                    \
            "embedded_" #name ":\n"                                           \
            ".incbin \"" path "\"\n"                                          \
            "embedded_" #name "_end:\n"                                       \
            ".popsection\n");                                                 \
    extern const char embedded_##name[], embedded_##name##_end[];             \
    lzi_slice lzi_embedded_##name(void)                                       \
    {                                                                         \
        return (lzi_slice){embedded_##name, (size_t)(embedded_##name##_end -  \
                                                     embedded_##name)};       \
    }

EMBED(extension, LZI_EMBEDDED_EXTENSION)
EMBED(fallback, LZI_EMBEDDED_FALLBACK)
EMBED(package_init, LZI_EMBEDDED_PACKAGE_INIT)
EMBED(verify_types, LZI_EMBEDDED_VERIFY_TYPES)
