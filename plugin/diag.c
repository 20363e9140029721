#include "diag.h"

#include <stdarg.h>
#include <stdio.h>

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
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}
