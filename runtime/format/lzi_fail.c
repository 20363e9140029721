#include "lzi_fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

lzi_status
lzi_fail(lzi_error *error, lzi_status status, const char *format, ...)
{
    int saved = errno;
    if (error == NULL) {
        return status;
    }
    error->status = status;
    error->sys_errno = status == LZI_E_IO ? saved : 0;
    error->store_rc = 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    size_t used = strlen(error->text);
    if (status == LZI_E_IO && saved != 0) {
        snprintf(error->text + used, sizeof(error->text) - used, ": %s",
                 strerror(saved));
    }
    errno = saved;
    return status;
}
