/* lzi_image.h: whether bytes are an LMDB image that LMDB can read.
 *
 * LMDB trusts its file: a page number, an offset or a size that is wrong
 * makes it read elsewhere, loop or abort. An image that passes has none.
 *
 * Threads, fork: no state.
 * Memory: allocates nothing. */
#ifndef LZI_IMAGE_H
#define LZI_IMAGE_H

#include "lzi_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Check everything that LMDB reads of a shard's image (FORMAT.md, 1.3).
 *
 * Each page is looked at once, the content of overflow pages not at all.
 *
 * @param[in] image Borrowed; aligned for any type.
 * @param[in] size  Bytes: whole pages, at least two.
 * @return LZI_OK or LZI_E_FORMAT. */
lzi_status lzi_image_check(const uint8_t *image, size_t size,
                           lzi_error *error);

#ifdef __cplusplus
}
#endif

#endif
