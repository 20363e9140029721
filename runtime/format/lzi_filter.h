/* lzi_filter.h: a Bloom filter over the names of a shard, so that a miss costs
 * nanoseconds: two bits a name, out of a power of two of bits >= 16 a name.
 *
 * Threads: one at a time may change a filter. Fork: no constraint. */
#ifndef LZI_FILTER_H
#define LZI_FILTER_H

#include "lzi_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a filter for @p names names: a power of two, at least 8. */
size_t lzi_filter_size(size_t names);
void lzi_filter_add(uint8_t *filter, size_t size, uint64_t hash);
bool lzi_filter_has(const uint8_t *filter, size_t size, uint64_t hash);

#ifdef __cplusplus
}
#endif

#endif
