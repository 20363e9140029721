/* fuzz.h: what the fuzz targets share.
 *
 * A target is called with bytes and must return. It holds what it is promised
 * by FUZZ_CHECK, which ends the process, as the sanitizers do. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(cond_)                                                     \
    do {                                                                      \
        if (!(cond_)) {                                                       \
            fprintf(stderr, "%s:%d: wrong: %s\n", __FILE__, __LINE__,         \
                    #cond_);                                                  \
            abort();                                                          \
        }                                                                     \
    } while (0)

/** A copy with a NUL behind it, in memory of its own, so that the sanitizer
 * sees a read beyond. Owned by caller (free()). */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_CHECK(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    return text;
}

#endif
