/* lzi_status.h: what the calls of the format library report. */
#ifndef LZI_STATUS_H
#define LZI_STATUS_H

#include "lzi_api.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Values are pinned; more may come. */
typedef enum {
    LZI_OK = 0,
    LZI_NOT_FOUND = 1, /**< The one expected failure. */
    LZI_E_IO = 10,     /**< A system call failed; see lzi_error.sys_errno. */
    LZI_E_NOMEM = 20,
    LZI_E_FORMAT = 30,  /**< Not a shard, or a damaged one. */
    LZI_E_VERSION = 40, /**< A shard of another format version or machine. */
    LZI_E_STORE = 50,   /**< LMDB failed; see lzi_error.store_rc. */
    LZI_E_CALLBACK = 60 /**< A callback failed; only it knows why. The library
                             itself never returns it. */
} lzi_status;

/** Details of a failure. Only calls that open fill it. */
typedef struct {
    lzi_status status;
    int sys_errno;  /**< errno, with LZI_E_IO; else 0. */
    int store_rc;   /**< LMDB's code, with LZI_E_STORE; else 0. */
    char text[512]; /**< One lower-case sentence, no newline at its end. */
} lzi_error;

/** Name a status code.
 *
 * @return Borrowed, static, never NULL. */
LZI_API const char *lzi_status_text(lzi_status status);

#ifdef __cplusplus
}
#endif

#endif
