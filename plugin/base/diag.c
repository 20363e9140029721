#include "diag.h"

#include "emit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* What is told may hold names out of foreign files: a terminal must not act
 * on them. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 0)))
#endif
static void
print_message(const char *format, va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0) {
        return;
    }
    lzi_write_safely(stderr, lzi_slice_of(text));
    free(text);
}

void
lzi_diag_at(lzi_diag *diag, lzi_severity severity, const char *file,
            unsigned line, const char *format, ...)
{
    static const char *const words[] = {"note", "warning", "error"};
    va_list args;
    if (severity == LZI_ERROR) {
        diag->errors++;
    }
    else if (severity == LZI_WARNING) {
        diag->warnings++;
    }
    if (file == NULL) {
        fputs("lazyindex: ", stderr);
    }
    else if (line == 0) {
        fprintf(stderr, "%s: ", file);
    }
    else {
        fprintf(stderr, "%s:%u: ", file, line);
    }
    fprintf(stderr, "%s: ", words[severity]);
    va_start(args, format);
    print_message(format, args);
    va_end(args);
    fputc('\n', stderr);
}
