/* lzi_status.h: the status codes of the LazyIndex format library. */
#ifndef LZI_STATUS_H
#define LZI_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/** What a call of the format library reports. Values are pinned. */
typedef enum {
    LZI_OK = 0,
    LZI_NOT_FOUND = 1, /**< The one expected failure. */
    LZI_E_IO = 10,     /**< A system call failed; see lzi_error.sys_errno. */
    LZI_E_NOMEM = 20,
    LZI_E_FORMAT = 30,  /**< Not a shard, or a damaged one. */
    LZI_E_VERSION = 40, /**< A shard of another format version or machine. */
    LZI_E_STORE = 50,   /**< LMDB failed; see lzi_error.store_rc. */
    LZI_E_CALLBACK = 60 /**< A callback failed; only it knows why. */
} lzi_status;

/** Details of a failure. Only calls that open or write fill it. */
typedef struct {
    lzi_status status;
    int sys_errno;  /**< errno, with LZI_E_IO; else 0. */
    int store_rc;   /**< LMDB's code, with LZI_E_STORE; else 0. */
    char text[512]; /**< One lower-case sentence, no newline at its end. */
} lzi_error;

/** Name a status code.
 *
 * @return Borrowed, static, never NULL. */
const char *lzi_status_text(lzi_status status);

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
