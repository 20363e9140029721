/* Values of records that need not be any: the first byte is the table, the
 * second how much of the rest is the table of tuples, for units. */
#include "fuzz.h"

#include "read_all.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    size_t rest = size - 2, tuples = rest * data[1] / 255;
    char *value = fuzz_text(data + 2, rest - tuples);
    char *table = fuzz_text(data + 2 + rest - tuples, tuples);
    lzi_slice slice = {value, rest - tuples};
    /* The NUL behind is for the names of files; it is not to be read. */
    char *exact = malloc(slice.size == 0 ? 1 : slice.size);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, value, slice.size);
    FUZZ_CHECK(read_record((char)data[0], slice,
                           (lzi_slice){exact, slice.size},
                           (lzi_slice){table, tuples}) == NULL);
    free(exact);
    free(table);
    free(value);
    return 0;
}
