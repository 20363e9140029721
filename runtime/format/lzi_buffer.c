#include "lzi_buffer.h"

#include <stdlib.h>
#include <string.h>

void
lzi_buffer_free(lzi_buffer *buffer)
{
    if (buffer != NULL) {
        free(buffer->data);
        *buffer = (lzi_buffer){0};
    }
}

void
lzi_put_bytes(lzi_buffer *buffer, const void *data, size_t size)
{
    if (buffer->failed || size == 0) {
        return;
    }
    if (size > buffer->capacity - buffer->size) {
        size_t capacity = buffer->capacity == 0 ? 256 : buffer->capacity;
        while (capacity - buffer->size < size) {
            if (capacity > SIZE_MAX / 2) {
                buffer->failed = true;
                return;
            }
            capacity *= 2;
        }
        uint8_t *grown = realloc(buffer->data, capacity);
        if (grown == NULL) {
            buffer->failed = true;
            return;
        }
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}

void
lzi_put_varint(lzi_buffer *buffer, uint64_t value)
{
    uint8_t bytes[10];
    size_t size = 0;
    while (value >= 0x80) {
        bytes[size++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    bytes[size++] = (uint8_t)value;
    lzi_put_bytes(buffer, bytes, size);
}

void
lzi_put_string(lzi_buffer *buffer, lzi_slice text)
{
    lzi_put_varint(buffer, text.size);
    lzi_put_bytes(buffer, text.data, text.size);
}

void
lzi_put_list(lzi_buffer *buffer, const lzi_slice *items, size_t count)
{
    lzi_put_varint(buffer, count);
    for (size_t i = 0; i < count; i++) {
        lzi_put_string(buffer, items[i]);
    }
}

void
lzi_put_fixed64(lzi_buffer *buffer, uint64_t value)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    lzi_put_bytes(buffer, bytes, sizeof(bytes));
}
