/* In place of plugin/base/diag.c: what the tool would print is made, counted
 * and thrown away. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

void
lzi_diag_at(lzi_diag *diag, lzi_severity severity, const char *file,
            unsigned line, const char *format, ...)
{
    char text[4096];
    va_list arguments;
    (void)file;
    (void)line;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    diag->errors += severity == LZI_ERROR;
    diag->warnings += severity == LZI_WARNING;
}
