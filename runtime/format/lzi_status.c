#include "lzi_status.h"

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

int
lzi_version(void)
{
    return LZI_VERSION;
}
