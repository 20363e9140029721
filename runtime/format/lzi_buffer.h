/* lzi_buffer.h: bytes that grow, and values written to them (see FORMAT.md).
 *
 * Threads: one at a time may use a buffer. Fork: no constraint.
 * Memory:  a buffer owns its bytes (free with lzi_buffer_free()). */
#ifndef LZI_BUFFER_H
#define LZI_BUFFER_H

#include "lzi_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that grow. Zero-initialise. `failed` is set when memory ran out;
 * later writes do nothing: check it once, at the end. */
typedef struct {
    uint8_t *data;
    size_t size, capacity;
    bool failed;
} lzi_buffer;

void lzi_buffer_free(lzi_buffer *buffer); /* leaves it empty; NULL is fine */
void lzi_put_bytes(lzi_buffer *buffer, const void *data, size_t size);
void lzi_put_varint(lzi_buffer *buffer, uint64_t value);
void lzi_put_string(lzi_buffer *buffer, lzi_slice text);
void lzi_put_list(lzi_buffer *buffer, const lzi_slice *items, size_t count);
void lzi_put_fixed64(lzi_buffer *buffer, uint64_t value);

#ifdef __cplusplus
}
#endif

#endif
