/* record_fixture.h: the value of a record, made by hand in one buffer.
 *
 * Memory: SET_TEARDOWN(fixture_free, NULL) frees it. */
#ifndef RECORD_FIXTURE_H
#define RECORD_FIXTURE_H

#include "harness.h"
#include "lzi_buffer.h"
#include "lzi_record.h"

#include <stdlib.h>
#include <string.h>

static lzi_buffer buffer;

static inline void
fixture_free(void *context)
{
    (void)context;
    lzi_buffer_free(&buffer);
}

static inline void
put(const char *text)
{
    lzi_put_string(&buffer, lzi_slice_of(text));
}

static inline void
put_two(const char *first, const char *second)
{
    lzi_slice items[] = {lzi_slice_of(first), lzi_slice_of(second)};
    lzi_put_list(&buffer, items, 2);
}

static inline lzi_slice
written(void)
{
    return (lzi_slice){(const char *)buffer.data, buffer.size};
}

static inline bool
is(lzi_slice slice, const char *text)
{
    return lzi_slice_equal(slice, lzi_slice_of(text));
}

typedef lzi_status decoder(lzi_slice value);

/* Nothing shorter or longer than the value in the buffer decodes. The bytes
 * are copied to memory of their own: sanitizers see each read too far. */
static inline bool
only_whole_decodes(decoder *decode)
{
    bool good = decode(written()) == LZI_OK;
    for (size_t size = 0; size <= buffer.size + 1 && good; size++) {
        char *copy = malloc(size == 0 ? 1 : size);
        if (copy == NULL) {
            return false;
        }
        memset(copy, 0, size);
        memcpy(copy, buffer.data, size < buffer.size ? size : buffer.size);
        good = size == buffer.size ||
               decode((lzi_slice){copy, size}) == LZI_E_FORMAT;
        free(copy);
    }
    return good;
}

#endif
