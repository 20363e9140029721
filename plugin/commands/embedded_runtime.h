/* embedded_runtime.h: the files that `apply` puts into a package, and what
 * else the tool carries.
 *
 * Memory: all static, read-only; not NUL-terminated. */
#ifndef LZI_EMBEDDED_RUNTIME_H
#define LZI_EMBEDDED_RUNTIME_H

#include "lzi_format.h"

/** The extension module, for this machine. */
lzi_slice lzi_embedded_extension(void);

/** _lazyindex/_lazyindex_stock.py */
lzi_slice lzi_embedded_fallback(void);

/** What stands in for the package's own __init__.py; see
 * lzi_target_package_init(). */
lzi_slice lzi_embedded_package_init(void);

/** The program that `verify --types` runs. */
lzi_slice lzi_embedded_verify_types(void);

#endif
