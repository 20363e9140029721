#include "wheel_tags.h"

#include "base/string_list.h"

#include <stdio.h>
#include <string.h>

/* Parts of a text between separators. */
static lzi_strings
split(lzi_arena *arena, const char *text, char separator)
{
    const char stop[] = {separator, '\0'};
    lzi_strings parts = {0};
    for (;;) {
        size_t size = strcspn(text, stop);
        lzi_strings_add(arena, &parts, lzi_arena_copy(arena, text, size));
        if (text[size] == '\0') {
            return parts;
        }
        text += size + 1;
    }
}

/* -- The name of the file ------------------------------------------------- */

bool
lzi_wheel_name_parse(lzi_wheel_name *out, lzi_arena *arena, const char *file)
{
    static const char suffix[] = ".whl";
    size_t size = strlen(file), tail = strlen(suffix);
    if (size <= tail || strcmp(file + size - tail, suffix) != 0) {
        return false;
    }
    lzi_strings parts =
        split(arena, lzi_arena_copy(arena, file, size - tail), '-');
    if (parts.count != 5 && parts.count != 6) {
        return false;
    }
    for (size_t i = 0; i < parts.count; i++) {
        if (parts.items[i][0] == '\0') {
            return false;
        }
    }
    const char **tags = parts.items + parts.count - 3;
    *out = (lzi_wheel_name){
        .stem = lzi_arena_copy(arena, file,
                               size - tail - strlen(tags[0]) -
                                   strlen(tags[1]) - strlen(tags[2]) - 3),
        .distribution = parts.items[0],
        .version = parts.items[1],
        .python = tags[0],
        .abi = tags[1],
        .platform = tags[2],
    };
    return true;
}

const char *
lzi_wheel_name_format(lzi_arena *arena, const lzi_wheel_name *name)
{
    return lzi_arena_format(arena, "%s-%s-%s-%s.whl", name->stem, name->python,
                            name->abi, name->platform);
}

/* -- What the tags promise ------------------------------------------------ */

/* "cp311" or later. */
static bool
is_python_311(const char *tag)
{
    unsigned minor;
    int used = 0;
    return sscanf(tag, "cp3%u%n", &minor, &used) == 1 && tag[used] == '\0' &&
           minor >= 11;
}

bool
lzi_wheel_python_fits(const lzi_wheel_name *name)
{
    lzi_arena *arena = lzi_arena_new();
    lzi_strings pythons = split(arena, name->python, '.');
    lzi_strings abis = split(arena, name->abi, '.');
    bool fits = true;
    for (size_t i = 0; i < pythons.count; i++) {
        fits = fits && is_python_311(pythons.items[i]);
    }
    for (size_t i = 0; i < abis.count; i++) {
        /* Not "cp313t": without a lock there is no stable ABI. */
        fits = fits && (strcmp(abis.items[i], "abi3") == 0 ||
                        is_python_311(abis.items[i]));
    }
    lzi_arena_free(arena);
    return fits;
}

/* The C library that a platform tag stands for. */
typedef enum { OTHER_SYSTEM, ANY_LIBC, GLIBC, MUSL } libc_kind;

/* Take a platform tag apart. @return OTHER_SYSTEM: not of Linux. */
static libc_kind
read_platform(const char *tag, unsigned version[2], const char **machine)
{
    static const struct {
        const char *prefix;
        libc_kind libc;
        unsigned minor; /* of glibc 2 */
    } fixed[] = {{"linux_", ANY_LIBC, 0},
                 {"manylinux1_", GLIBC, 5},
                 {"manylinux2010_", GLIBC, 12},
                 {"manylinux2014_", GLIBC, 17}};
    int used = 0;
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        size_t size = strlen(fixed[i].prefix);
        if (strncmp(tag, fixed[i].prefix, size) == 0) {
            version[0] = 2;
            version[1] = fixed[i].minor;
            *machine = tag + size;
            return fixed[i].libc;
        }
    }
    for (libc_kind libc = GLIBC; libc <= MUSL; libc++) {
        if (sscanf(tag,
                   libc == GLIBC ? "manylinux_%u_%u_%n" : "musllinux_%u_%u_%n",
                   &version[0], &version[1], &used) == 2 &&
            used > 0) {
            *machine = tag + used;
            return libc;
        }
    }
    return OTHER_SYSTEM;
}

const char *
lzi_wheel_platform(lzi_arena *arena, const char *platform,
                   const lzi_elf_needs *needs)
{
    lzi_strings tags = split(arena, platform, '.');
    bool uses_glibc = needs->glibc[0] > 0;
    const char *kept = NULL;
    bool too_new = false;
    for (size_t i = 0; i < tags.count; i++) {
        const char *machine = NULL;
        unsigned version[2];
        libc_kind libc = read_platform(tags.items[i], version, &machine);
        if (libc == OTHER_SYSTEM || strcmp(machine, needs->machine) != 0 ||
            libc == (uses_glibc ? MUSL : GLIBC)) {
            return NULL;
        }
        if (libc == GLIBC &&
            (version[0] < needs->glibc[0] || (version[0] == needs->glibc[0] &&
                                              version[1] < needs->glibc[1]))) {
            too_new = true;
        }
        else {
            kept = kept == NULL
                       ? tags.items[i]
                       : lzi_arena_format(arena, "%s.%s", kept, tags.items[i]);
        }
    }
    return kept != NULL || !too_new
               ? kept
               : lzi_arena_format(arena, "manylinux_%u_%u_%s", needs->glibc[0],
                                  needs->glibc[1], needs->machine);
}

/* -- WHEEL ---------------------------------------------------------------- */

/* "Tag: " lines, one for each combination. */
static const char *
tag_lines(lzi_arena *arena, const lzi_wheel_name *name, const char *end)
{
    lzi_strings pythons = split(arena, name->python, '.');
    lzi_strings abis = split(arena, name->abi, '.');
    lzi_strings platforms = split(arena, name->platform, '.');
    const char *lines = "";
    for (size_t p = 0; p < pythons.count; p++) {
        for (size_t a = 0; a < abis.count; a++) {
            for (size_t s = 0; s < platforms.count; s++) {
                lines = lzi_arena_format(arena, "%sTag: %s-%s-%s%s", lines,
                                         pythons.items[p], abis.items[a],
                                         platforms.items[s], end);
            }
        }
    }
    return lines;
}

lzi_slice
lzi_wheel_retag(lzi_arena *arena, lzi_slice wheel, const lzi_wheel_name *name)
{
    const char *at = wheel.data, *stop = wheel.data + wheel.size;
    const char *text = "";
    bool tagged = false;
    while (at < stop) {
        const char *next = memchr(at, '\n', (size_t)(stop - at));
        size_t size = (size_t)((next == NULL ? stop : next + 1) - at);
        if (size < 4 || strncasecmp(at, "Tag:", 4) != 0) {
            text = lzi_arena_format(arena, "%s%.*s", text, (int)size, at);
        }
        else if (!tagged) {
            const char *end = next != NULL && next[-1] == '\r' ? "\r\n" : "\n";
            text = lzi_arena_format(arena, "%s%s", text,
                                    tag_lines(arena, name, end));
            tagged = true;
        }
        at += size;
    }
    return lzi_slice_of(text);
}
