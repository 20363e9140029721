/* lzi_trailer.h: the last bytes of a shard, which tell whether the others are
 * as they were written (see FORMAT.md).
 *
 * Threads: no shared state. Fork: no constraint. */
#ifndef LZI_TRAILER_H
#define LZI_TRAILER_H

#include "lzi_format.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LZI_TRAILER_SIZE 64u

typedef struct {
    uint64_t body_size; /**< Bytes of the LMDB image before the trailer. */
    uint32_t page_size; /**< Of the LMDB image. */
    uint8_t digest[16]; /**< XXH3-128 of the image, canonical form. */
} lzi_trailer;

void lzi_trailer_encode(uint8_t out[LZI_TRAILER_SIZE],
                        const lzi_trailer *trailer);

/** Decode and check a trailer.
 *
 * @return LZI_OK; LZI_E_FORMAT: no shard, or the trailer is damaged;
 *         LZI_E_VERSION: another format version, word size or byte order. */
lzi_status lzi_trailer_decode(lzi_trailer *out,
                              const uint8_t data[LZI_TRAILER_SIZE],
                              lzi_error *error);

#ifdef __cplusplus
}
#endif

#endif
