/* our_files.h: what LazyIndex's files in a package are called. */
#ifndef LZI_OUR_FILES_H
#define LZI_OUR_FILES_H

/** In the package directory; holds all the others. */
#define LZI_OUR_DIRECTORY "_lazyindex"

/** The stock __init__.py, which the short one replaces. */
#define LZI_STOCK_STEM "stock_init"
#define LZI_STOCK_NAME LZI_STOCK_STEM ".py"

#define LZI_EXTENSION_NAME "_lazyindex.abi3.so"
#define LZI_FALLBACK_STEM "_lazyindex_stock"
#define LZI_FALLBACK_NAME LZI_FALLBACK_STEM ".py"

/** Files that are being prepared. */
#define LZI_STAGE_NAME ".new"

#endif
