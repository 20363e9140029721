/* lzi_fail.h: how the library reports a failure. */
#ifndef LZI_FAIL_H
#define LZI_FAIL_H

#include "lzi_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Fill @p error, if it is not NULL, and give @p status back.
 *
 * errno is recorded for LZI_E_IO and appended to the text. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
lzi_status
lzi_fail(lzi_error *error, lzi_status status, const char *format, ...);

#ifdef __cplusplus
}
#endif

#endif
