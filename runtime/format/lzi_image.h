/* lzi_image.h: whether bytes are an LMDB image that LMDB can read.
 *
 * LMDB trusts its file: a page number, an offset or a size that is wrong
 * makes it read elsewhere, loop or abort. An image that passes has none.
 *
 * A walk takes the pages of an image in their order, each once, in pieces of
 * any number of pages; it keeps no pointer into them. What is behind a page
 * that is bad is not looked at.
 *
 * Threads: one at a time may use a walk.
 * Fork:    no state but the walk. */
#ifndef LZI_IMAGE_H
#define LZI_IMAGE_H

#include "lzi_format.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lzi_image_walk lzi_image_walk;

/** Start to check everything that LMDB reads of an image (FORMAT.md, 1.3).
 *
 * @param[in] pages How many there will be.
 * @return Owned by caller (free with lzi_image_walk_free()); NULL: out of
 *         memory. */
lzi_image_walk *lzi_image_walk_new(uint64_t pages);

/** Look at the next pages. They are borrowed for the call, at any address. */
void lzi_image_walk_take(lzi_image_walk *walk, const uint8_t *pages,
                         size_t count);

/** Whether all of it was good.
 *
 * @return LZI_OK; LZI_E_FORMAT; LZI_E_NOMEM. */
lzi_status lzi_image_walk_end(const lzi_image_walk *walk, lzi_error *error);

void lzi_image_walk_free(lzi_image_walk *walk); /* NULL is fine */

#ifdef __cplusplus
}
#endif

#endif
