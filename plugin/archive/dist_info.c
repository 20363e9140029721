#include "dist_info.h"

#include <ctype.h>
#include <string.h>

const char *
lzi_metadata_header(lzi_arena *arena, const char *data, const char *name)
{
    size_t size = strlen(name);
    /* Headers end at the first empty line. */
    for (const char *at = data; *at != '\0' && *at != '\n' && *at != '\r';) {
        size_t line = strcspn(at, "\r\n");
        if (line > size && strncasecmp(at, name, size) == 0 &&
            at[size] == ':') {
            const char *value = at + size + 1;
            size_t left = line - size - 1;
            for (; left > 0 && (*value == ' ' || *value == '\t'); left--) {
                value++;
            }
            for (; left > 0 && strchr(" \t", value[left - 1]) != NULL;) {
                left--;
            }
            return lzi_arena_copy(arena, value, left);
        }
        at += line;
        at += *at == '\r' ? 1 : 0;
        at += *at == '\n' ? 1 : 0;
    }
    return NULL;
}

bool
lzi_is_distribution_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' &&
           name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
                             "uvwxyz0123456789._-")] == '\0';
}

bool
lzi_is_distribution_info(const char *name, const char *directory)
{
    for (;;) {
        size_t a = strspn(name, "-_.");
        size_t b = strspn(directory, "_.");
        if (*name == '\0') {
            return *directory == '-';
        }
        if ((a > 0) != (b > 0) || *directory == '-') {
            return false;
        }
        name += a;
        directory += b;
        if (a > 0) {
            continue;
        }
        if (tolower((unsigned char)*name) !=
            tolower((unsigned char)*directory)) {
            return false;
        }
        name++;
        directory++;
    }
}
