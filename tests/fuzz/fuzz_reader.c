/* Shards that need not be any: an LMDB image, whose digest is made right,
 * and, if the last byte is odd, the numbers that have to agree with the rest
 * of it, so that more of them are opened. */
#include "fuzz.h"

#include "damage.h"
#include "lzi_trailer.h"

enum { MAX_PAGES = 24, META = LZI_PAGE_SIZE, ROOT = 128, LAST = 136 };

static uint8_t shard[MAX_PAGES * LZI_PAGE_SIZE + LZI_TRAILER_SIZE];
static specimen opened = {.fd = -1};

static uint64_t
count_entries(size_t pages)
{
    uint64_t entries = 0;
    for (size_t i = 2; i < pages;) {
        const uint8_t *page = shard + i * LZI_PAGE_SIZE;
        size_t lower = page[12] | (size_t)page[13] << 8;
        if (page[10] == 2) { /* a leaf */
            entries += (lower - 16) / 2;
        }
        i += page[10] == 4 && lower > 0 ? lower : 1; /* overflow pages */
    }
    return entries;
}

static void
make_numbers_agree(size_t pages)
{
    uint64_t last = pages - 1, entries = count_entries(pages);
    memcpy(shard + META + ROOT, &last, sizeof(last));
    memcpy(shard + META + LAST, &last, sizeof(last));
    memcpy(shard + META + 120, &entries, sizeof(entries));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t pages = size / LZI_PAGE_SIZE;
    if (pages < 2 || pages > MAX_PAGES) {
        return -1;
    }
    if (opened.fd < 0) {
        FUZZ_CHECK(specimen_open_memory(&opened));
    }
    memcpy(shard, data, pages * LZI_PAGE_SIZE);
    if (data[size - 1] % 2 != 0) {
        make_numbers_agree(pages);
    }
    opened.bad = shard;
    opened.size = pages * LZI_PAGE_SIZE + LZI_TRAILER_SIZE;
    specimen_repair(&opened);
    const char *wrong = specimen_open(&opened, opened.size, true);
    if (wrong != NULL) {
        fprintf(stderr, "wrong: %s\n", wrong);
        abort();
    }
    return 0;
}
