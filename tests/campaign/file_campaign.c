/* file_campaign: shards damaged in every way, one line of counts a promise.
 *
 *     file_campaign [--rounds N] SHARD...
 *
 * The shards given are those damaged at random, N times in all (20,000 if
 * not given), half of them with the digest repaired. */
#include "campaign.h"
#include "damage.h"
#include "lzi_trailer.h"
#include "odd_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    specimen *specimens;
    size_t count;
    bool repaired;
} collection;

static const char *
flip_one_bit(void *context, uint64_t number)
{
    collection *all = context;
    specimen *self = all->specimens;
    memcpy(self->bad, self->good, self->size);
    self->bad[number / 8] ^= (uint8_t)(1u << number % 8);
    if (all->repaired) {
        specimen_repair(self);
    }
    return specimen_open(self, self->size, all->repaired);
}

static const char *
damage_at_random(void *context, uint64_t number)
{
    collection *all = context;
    specimen *self = &all->specimens[number % all->count];
    uint64_t random = number;
    specimen_damage(self, &random);
    if (all->repaired) {
        specimen_repair(self);
    }
    return specimen_open(self, self->size, all->repaired);
}

/* With the digest of what is left, at the end of each page. */
static const char *
truncate_at(void *context, uint64_t number)
{
    collection *all = context;
    specimen *self = &all->specimens[0];
    size_t size = (size_t)number * 512;
    memcpy(self->bad, self->good, self->size);
    if (all->repaired) {
        size = (size_t)number * LZI_PAGE_SIZE + LZI_TRAILER_SIZE;
        set_trailer(self->bad, size);
    }
    return specimen_open(self, size, false);
}

static bool
run_bits(specimen *small)
{
    collection one = {small, 1, false};
    bool good = campaign_run("file: one bit flipped", small->size * 8,
                             flip_one_bit, &one);
    one.repaired = true;
    return campaign_run("file: one bit flipped, digest repaired",
                        (small->size - LZI_TRAILER_SIZE) * 8, flip_one_bit,
                        &one) &&
           good;
}

static bool
run_random(collection *all, uint64_t rounds)
{
    all->repaired = false;
    bool good = campaign_run("file: flips, overwrites, swaps, splices",
                             rounds / 2, damage_at_random, all);
    all->repaired = true;
    return campaign_run(
               "file: flips, overwrites, swaps, splices, digest repaired",
               rounds - rounds / 2, damage_at_random, all) &&
           good;
}

static bool
run_truncation(specimen *self)
{
    collection one = {self, 1, false};
    bool good = campaign_run("file: truncated at every 512 bytes",
                             (self->size + 511) / 512, truncate_at, &one);
    one.repaired = true;
    return campaign_run("file: truncated at every page, digest repaired",
                        (self->size - LZI_TRAILER_SIZE) / LZI_PAGE_SIZE,
                        truncate_at, &one) &&
           good;
}

static bool
load_all(collection *all, char **paths)
{
    bool good = true;
    for (; good && *paths != NULL; paths++) {
        good = specimen_load(&all->specimens[all->count++], *paths);
    }
    return good;
}

static bool
run_all(collection *all, specimen *small, uint64_t rounds)
{
    bool good = odd_files_run(small);
    good = run_bits(small) && good;
    good = run_truncation(&all->specimens[0]) && good;
    return run_random(all, rounds) && good;
}

int
main(int argc, char **argv)
{
    uint64_t rounds = 20000;
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "--rounds") == 0) {
        rounds = strtoull(argv[2], NULL, 10);
        first = 3;
    }
    if (first >= argc || rounds < 2) {
        fputs("usage: file_campaign [--rounds N] SHARD...\n", stderr);
        return 2;
    }
    specimen small = {.fd = -1};
    collection all = {calloc((size_t)argc, sizeof(specimen)), 0, false};
    bool good = all.specimens != NULL && specimen_make(&small) &&
                load_all(&all, argv + first) && run_all(&all, &small, rounds);
    for (size_t i = 0; i < all.count; i++) {
        specimen_free(&all.specimens[i]);
    }
    free(all.specimens);
    specimen_free(&small);
    return good ? 0 : 1;
}
