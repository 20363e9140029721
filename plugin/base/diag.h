/* diag.h: what the tool tells its user: file:line: error: text. */
#ifndef LZI_DIAG_H
#define LZI_DIAG_H

#include <stdbool.h>

typedef enum { LZI_NOTE, LZI_WARNING, LZI_ERROR } lzi_severity;

/** Counts of what was reported; zero-initialise. Does not exit: a command
 * reports all it finds, then fails. */
typedef struct {
    unsigned warnings, errors;
} lzi_diag;

/** Report about a place: "FILE:LINE: error: TEXT" on stderr.
 *
 * @param file NULL: "lazyindex: error: TEXT". Printed as given.
 * @param line 1-based; 0: none. */
#if defined(__GNUC__)
__attribute__((format(printf, 5, 6)))
#endif
void
lzi_diag_at(lzi_diag *diag, lzi_severity severity, const char *file,
            unsigned line, const char *format, ...);

#endif
