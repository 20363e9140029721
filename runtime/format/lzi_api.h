/* lzi_api.h: what the shared library exports, and which version it is. */
#ifndef LZI_API_H
#define LZI_API_H

#ifdef __cplusplus
extern "C" {
#endif

/** Marks what LazyIndex::format exports; everything else is hidden. */
#if defined(__GNUC__)
#    define LZI_API __attribute__((visibility("default")))
#else
#    define LZI_API
#endif

/* Of the headers. */
#define LZI_VERSION_MAJOR 0
#define LZI_VERSION_MINOR 1
#define LZI_VERSION_PATCH 0

/** To compare with: `#if LZI_VERSION >= LZI_VERSION_OF(0, 2, 0)` */
#define LZI_VERSION_OF(major, minor, patch)                                   \
    ((major)*1000000 + (minor)*1000 + (patch))
#define LZI_VERSION                                                           \
    LZI_VERSION_OF(LZI_VERSION_MAJOR, LZI_VERSION_MINOR, LZI_VERSION_PATCH)

/** Of the library that is used, which may be a later one of the same ABI.
 *
 * @return As LZI_VERSION: 1000 for 0.1.0. */
LZI_API int lzi_version(void);

#ifdef __cplusplus
}
#endif

#endif
