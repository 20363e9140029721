#include "lzi_filter.h"

size_t
lzi_filter_size(size_t names)
{
    size_t size = 8;
    while (size < names * 2) { /* 16 bits a name */
        size *= 2;
    }
    return size;
}

/* Two bits, chosen by the two halves of the hash. */
static void
filter_bits(size_t size, uint64_t hash, size_t bits[2])
{
    bits[0] = (size_t)hash & (size * 8 - 1);
    bits[1] = (size_t)(hash >> 32) & (size * 8 - 1);
}

void
lzi_filter_add(uint8_t *filter, size_t size, uint64_t hash)
{
    size_t bits[2];
    filter_bits(size, hash, bits);
    for (size_t i = 0; i < 2; i++) {
        filter[bits[i] / 8] |= (uint8_t)(1u << bits[i] % 8);
    }
}

bool
lzi_filter_has(const uint8_t *filter, size_t size, uint64_t hash)
{
    size_t bits[2];
    filter_bits(size, hash, bits);
    return (filter[bits[0] / 8] >> bits[0] % 8 & 1) != 0 &&
           (filter[bits[1] / 8] >> bits[1] % 8 & 1) != 0;
}
