#include "lzi_status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
lzi_status_text(lzi_status status)
{
    switch (status) {
    case LZI_OK:
        return "success";
    case LZI_NOT_FOUND:
        return "not found";
    case LZI_E_IO:
        return "input/output error";
    case LZI_E_NOMEM:
        return "out of memory";
    case LZI_E_FORMAT:
        return "damaged or not a LazyIndex shard";
    case LZI_E_VERSION:
        return "shard of another format version or machine";
    case LZI_E_STORE:
        return "LMDB error";
    case LZI_E_CALLBACK:
        return "a callback failed";
    }
    return "unknown status";
}

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
