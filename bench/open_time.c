/* open_time: how long it takes to open a shard; see open.py.
 *
 *     open_time make BYTES SHARD   write a shard of about that size
 *     open_time ROUNDS SHARD...    open all of them, ROUNDS times
 *
 * The latter prints medians, in microseconds of processor time, of: opening
 * and closing all shards; the part of it that reads the files for digest and
 * structure; reading them for their digests alone. */
#include "lzi_image.h"
#include "lzi_reader.h"
#include "scan/shard_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* As in the shards of the wheels: four fifths of the bytes are in values that
 * are longer than a page. */
enum { LONG = 40000, SHORT = 150, SHORT_A_LONG = 60 };

static void
add(lzi_shard_records *records, lzi_arena *arena, const char *key,
    lzi_slice value)
{
    *(lzi_shard_record *)LZI_PUSH(arena, records) =
        (lzi_shard_record){lzi_slice_of(key), value};
}

static int
make(size_t bytes, const char *path)
{
    static const char filler[LONG] = "some bytes";
    static const char meta[] = "\3itk\3itk\1d\0\0";
    lzi_arena *arena = lzi_arena_new();
    lzi_shard_records records = {0};
    lzi_diag diag = {0};
    add(&records, arena, "%", (lzi_slice){filler, 256});
    add(&records, arena, "@", (lzi_slice){meta, sizeof(meta) - 1});
    for (size_t i = 0; bytes > 16384; i++) {
        bool is_long = i % SHORT_A_LONG == SHORT_A_LONG - 1;
        lzi_slice value = {filler, is_long ? LONG : SHORT};
        add(&records, arena, lzi_arena_format(arena, "n%09zuSomeName", i),
            value);
        bytes -= value.size < bytes ? value.size : bytes;
    }
    bool done = lzi_shard_file_write(&records, path, &diag);
    lzi_arena_free(arena);
    return done ? 0 : 1;
}

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static bool
open_one(const char *path)
{
    lzi_reader *reader;
    lzi_error error;
    if (lzi_reader_open(&reader, path, &error) != LZI_OK) {
        fprintf(stderr, "%s: error: %s\n", path, error.text);
        return false;
    }
    lzi_reader_close(reader);
    return true;
}

/* Read a file as the reader does, through a small buffer, for its digest, and
 * for its structure where there is a walk. */
static bool
read_one(const char *path, lzi_image_walk *walk)
{
    static uint8_t chunk[16 * LZI_PAGE_SIZE];
    XXH3_state_t *state = XXH3_createState();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = state == NULL || fd < 0 ? -1 : 1;
    if (got > 0) {
        XXH3_128bits_reset(state);
    }
    while (got > 0) {
        got = read(fd, chunk, sizeof(chunk));
        if (got > 0) {
            XXH3_128bits_update(state, chunk, (size_t)got);
        }
        if (got > 0 && walk != NULL) {
            lzi_image_walk_take(walk, chunk, (size_t)got / LZI_PAGE_SIZE);
        }
    }
    /* Nobody wants the digest, but the compiler must not see that. */
    bool good = got == 0 && XXH3_128bits_digest(state).low64 != 0;
    XXH3_freeState(state);
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static bool
digest_one(const char *path)
{
    return read_one(path, NULL);
}

static bool
check_one(const char *path)
{
    struct stat info;
    uint64_t size = stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
    lzi_image_walk *walk = lzi_image_walk_new(size / LZI_PAGE_SIZE);
    bool good = walk != NULL && read_one(path, walk) &&
                lzi_image_walk_end(walk, NULL) == LZI_OK;
    lzi_image_walk_free(walk);
    return good;
}

static int
compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Median over rounds of what a step takes for all shards; < 0: it failed. */
static double
median(bool step(const char *path), char **paths, size_t rounds)
{
    double *times = malloc(rounds * sizeof(*times));
    bool good = times != NULL;
    for (size_t i = 0; good && i < rounds; i++) {
        double start = now();
        for (char **path = paths; good && *path != NULL; path++) {
            good = step(*path);
        }
        times[i] = now() - start;
    }
    double middle = -1;
    if (good) {
        qsort(times, rounds, sizeof(*times), compare);
        middle = times[rounds / 2];
    }
    free(times);
    return middle;
}

int
main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0) {
        return make(strtoull(argv[2], NULL, 10), argv[3]);
    }
    size_t rounds = argc < 3 ? 0 : strtoull(argv[1], NULL, 10);
    if (rounds == 0) {
        fputs("usage: open_time make BYTES SHARD | ROUNDS SHARD...\n", stderr);
        return 2;
    }
    double opened = median(open_one, argv + 2, rounds);
    double checked = median(check_one, argv + 2, rounds);
    double digested = median(digest_one, argv + 2, rounds);
    printf("%.1f %.1f %.1f\n", opened, checked, digested);
    return opened < 0 || checked < 0 || digested < 0;
}
