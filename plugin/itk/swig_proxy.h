/* swig_proxy.h: what a SWIG proxy or an aggregator imports and defines.
 *
 * Memory: strings are interned in the map given; lists live in its arena. */
#ifndef LZI_SWIG_PROXY_H
#define LZI_SWIG_PROXY_H

#include "itk_model.h"
#include "base/string_map.h"

typedef struct {
    lzi_strings imports; /* X of each `import itk.X`, in order */
    lzi_strings stars;   /* X of each `from itk.X import *`, in order */
    struct {
        lzi_definition *items;
        size_t count, capacity;
    } definitions;        /* top-level classes and functions, in order */
    lzi_strings assigned; /* names assigned to at column 0, in order */
    lzi_strings imported; /* names bound by imports at column 0, in order */
    lzi_strings returns;  /* types after "-> " in docstrings; unsorted,
                             unique */
    lzi_strings used;     /* by lzi_proxy_find_used(), for an aggregator */
    bool late_stars;      /* a star import comes after a public definition */
} lzi_proxy;

/** Scan a proxy.
 *
 * Only statements in column 0 count; of `if`, `try` and the like, nothing.
 * A definition reaches from its first decorator to the end of the last line
 * of its body.
 *
 * @param[out]    out   Zero-initialised.
 * @param[in,out] names Interned strings.
 * @param[in]     data  NUL-terminated behind @p size bytes.
 * @param[in]     path  For messages.
 * @return false: reported. */
bool lzi_proxy_scan(lzi_proxy *out, lzi_string_map *names, const char *data,
                    size_t size, const char *path, lzi_diag *diag);

/** Find the names that code looks up: all but those after a dot, and what may
 * be some in f-strings. Keywords are among them.
 *
 * @param[out] used  With duplicates.
 * @param[in]  data  NUL-terminated behind @p size bytes. */
void lzi_proxy_find_used(lzi_strings *used, lzi_string_map *names,
                         const char *data, size_t size);

#endif
