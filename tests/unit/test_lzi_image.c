#include "harness.h"

#include "lzi_image.h"
#include "lzi_trailer.h"
#include "scan/shard_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An image with every kind of page: a root with leaves, and a value on
 * overflow pages. Built once a test; the pages of interest are looked up. */
enum { LEAF = 0x02, BRANCH = 0x01, OVERFLOW = 0x04, NODES = 16 };

static lzi_arena *arena;
static uint8_t *image;
static size_t size;

static void
teardown(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    free(image);
    arena = NULL;
    image = NULL;
}

static bool
read_image(const char *path)
{
    FILE *file = fopen(path, "rb");
    size = 0;
    if (file == NULL) {
        return false;
    }
    image = malloc(1 << 20);
    if (image != NULL) {
        size = fread(image, 1, 1 << 20, file) - LZI_TRAILER_SIZE;
    }
    fclose(file);
    return image != NULL && size % LZI_PAGE_SIZE == 0;
}

/* Of records whose keys have that many digits. */
static bool
make_image_of(unsigned count, int digits)
{
    static const char filler[10000] = "value";
    lzi_diag diag = {0};
    lzi_shard_records records = {0};
    arena = lzi_arena_new();
    for (unsigned i = 0; i < count; i++) {
        char *key = lzi_arena_format(arena, "n%0*u", digits, i);
        lzi_slice value = {filler, i == 100 ? sizeof(filler) : 100};
        *(lzi_shard_record *)LZI_PUSH(arena, &records) =
            (lzi_shard_record){lzi_slice_of(key), value};
    }
    return lzi_shard_file_write(&records, test_path("image"), &diag) &&
           read_image(test_path("image"));
}

static bool
make_image(void)
{
    return make_image_of(200, 4);
}

static uint8_t *
page_of_kind(unsigned kind)
{
    for (size_t at = 2 * LZI_PAGE_SIZE; at < size;) {
        uint8_t *page = image + at;
        if (page[10] == kind) {
            return page;
        }
        at += page[10] == OVERFLOW ? page[12] * LZI_PAGE_SIZE : LZI_PAGE_SIZE;
    }
    return NULL;
}

static uint8_t *
node_of(uint8_t *page, size_t i)
{
    return page + (page[NODES + 2 * i] | page[NODES + 2 * i + 1] << 8);
}

/* The node of the value that is on overflow pages. */
static uint8_t *
big_node(void)
{
    for (size_t at = 2 * LZI_PAGE_SIZE; at < size; at += LZI_PAGE_SIZE) {
        uint8_t *page = image + at;
        size_t lower = (size_t)(page[12] | page[13] << 8);
        size_t count = page[10] == LEAF ? (lower - NODES) / 2 : 0;
        for (size_t i = 0; i < count; i++) {
            if (node_of(page, i)[4] == 1) {
                return node_of(page, i);
            }
        }
    }
    return NULL;
}

/* Look at the image in pieces of some pages. */
static lzi_status
check_in(size_t piece, lzi_error *error)
{
    size_t pages = size / LZI_PAGE_SIZE;
    lzi_image_walk *walk = lzi_image_walk_new(pages);
    if (walk == NULL) {
        return LZI_E_NOMEM;
    }
    for (size_t at = 0; at < pages; at += piece) {
        lzi_image_walk_take(walk, image + at * LZI_PAGE_SIZE,
                            piece < pages - at ? piece : pages - at);
    }
    lzi_status status = lzi_image_walk_end(walk, error);
    lzi_image_walk_free(walk);
    return status;
}

static lzi_status
check(void)
{
    return check_in(16, NULL);
}

TEST
what_was_written_is_good(void)
{
    ASSERT(make_image());
    ASSERT_EQ(LZI_OK, check());
    ASSERT(page_of_kind(LEAF) != NULL && page_of_kind(BRANCH) != NULL);
    ASSERT(page_of_kind(OVERFLOW) != NULL && big_node() != NULL);
    PASS();
}

TEST
pieces_of_any_size(void)
{
    static const size_t pieces[] = {1, 2, 3, 5, 1000};
    lzi_error error;
    ASSERT(make_image());
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        ASSERT_EQ(LZI_OK, check_in(pieces[i], &error));
        size -= LZI_PAGE_SIZE;
        ASSERT_EQ(LZI_E_FORMAT, check_in(pieces[i], &error));
        size += LZI_PAGE_SIZE;
    }
    PASS();
}

/* Put bytes at a place, look, put back what was there. */
static bool
is_refused_with(uint8_t *at, uint64_t value, size_t bytes)
{
    uint8_t before[8];
    lzi_error error = {0};
    memcpy(before, at, bytes);
    memcpy(at, &value, bytes);
    bool refused = check_in(16, &error) == LZI_E_FORMAT &&
                   strstr(error.text, "damaged: ") == error.text;
    memcpy(at, before, bytes);
    return refused;
}

/* No number but the one that is there will do. */
static bool
only_this(uint8_t *at, size_t bytes)
{
    const uint64_t wild[] = {0,           1,
                             2,           3,
                             7,           15,
                             16,          17,
                             18,          4081,
                             4095,        4096,
                             4097,        0x7fff,
                             0x8000,      0xffff,
                             0x10000,     0x7fffffff,
                             0xffffffff,  UINT64_MAX,
                             size / 4096, size / 4096 - 1};
    for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
        uint64_t value =
            bytes == 8 ? wild[i] : wild[i] & ((UINT64_C(1) << 8 * bytes) - 1);
        if (memcmp(at, &value, bytes) != 0 &&
            !is_refused_with(at, value, bytes)) {
            fprintf(stderr, "%#llx was taken at %#zx\n",
                    (unsigned long long)value, (size_t)(at - image));
            return false;
        }
    }
    return true;
}

TEST
meta_pages(void)
{
    ASSERT(make_image());
    for (size_t i = 0; i < 2; i++) {
        uint8_t *page = image + i * LZI_PAGE_SIZE;
        ASSERTm("page number", only_this(page, 8));
        ASSERTm("page flags", only_this(page + 10, 2));
        ASSERTm("magic", only_this(page + 16, 4));
        ASSERTm("version", only_this(page + 20, 4));
        ASSERTm("page size", only_this(page + 40, 4));
    }
    uint8_t *used = image + LZI_PAGE_SIZE;
    ASSERTm("flags", only_this(used + 92, 2));
    ASSERTm("depth", only_this(used + 94, 2));
    ASSERTm("entries", only_this(used + 120, 8));
    ASSERTm("root", only_this(used + 128, 8));
    ASSERTm("last page", only_this(used + 136, 8));
    ASSERTm("the other meta page has no tree",
            is_refused_with(used + 144, 0, 8));
    PASS();
}

TEST
headers_of_pages(void)
{
    static const unsigned kinds[] = {LEAF, BRANCH, OVERFLOW};
    ASSERT(make_image());
    for (size_t i = 0; i < 3; i++) {
        uint8_t *page = page_of_kind(kinds[i]);
        ASSERTm("page number", only_this(page, 8));
        ASSERTm("page flags", only_this(page + 10, 2));
        ASSERTm("lower end, or pages", only_this(page + 12, 2));
    }
    /* Room that LMDB believes to be free is of no interest to a reader. */
    uint8_t *leaf = page_of_kind(LEAF);
    uint64_t lower = 0;
    memcpy(&lower, leaf + 12, 2);
    ASSERTm("upper end", is_refused_with(leaf + 14, lower - 2, 2));
    ASSERTm("upper end", is_refused_with(leaf + 14, 4096, 2));
    ASSERTm("upper end", is_refused_with(leaf + 14, 0xffff, 2));
    PASS();
}

TEST
nodes(void)
{
    ASSERT(make_image());
    uint8_t *leaf = page_of_kind(LEAF), *branch = page_of_kind(BRANCH);
    uint8_t *node = node_of(leaf, 3), *child = node_of(branch, 1);
    ASSERTm("offset", only_this(leaf + NODES + 6, 2));
    ASSERTm("offset in a branch", only_this(branch + NODES + 2, 2));
    ASSERTm("flags", only_this(node + 4, 2));
    ASSERTm("no key", is_refused_with(node + 6, 0, 2));
    ASSERTm("key beyond the page", is_refused_with(node + 6, 0xffff, 2));
    ASSERTm("value beyond the page", is_refused_with(node, 4000, 2));
    ASSERTm("value beyond the file", is_refused_with(node + 2, 0xffff, 2));
    ASSERTm("child", only_this(child, 4));
    ASSERTm("child beyond 2^32", is_refused_with(child + 4, 1, 2));
    PASS();
}

TEST
order_of_keys(void)
{
    ASSERT(make_image());
    uint8_t *leaf = page_of_kind(LEAF), *branch = page_of_kind(BRANCH);
    ASSERTm("twice", is_refused_with(node_of(leaf, 4) + 8 + 4, '3', 1));
    ASSERTm("back", is_refused_with(node_of(leaf, 4) + 8 + 4, '0', 1));
    uint8_t *key = node_of(branch, 2) + 8;
    ASSERTm("below its child", is_refused_with(key, 'm', 1));
    ASSERTm("above its child", is_refused_with(key, 'o', 1));
    /* The first key of a branch means nothing. */
    memset(node_of(branch, 0) + 6, 0, 2);
    ASSERT_EQ(LZI_OK, check());
    PASS();
}

TEST
values_on_overflow_pages(void)
{
    ASSERT(make_image());
    uint8_t *node = big_node();
    uint8_t *number = node + 8 + 5;
    uint8_t *pages = page_of_kind(OVERFLOW);
    ASSERTm("page", only_this(number, 8));
    ASSERTm("how many", only_this(pages + 12, 4));
    ASSERTm("too long", is_refused_with(node, 3 * 4096 - 15, 2));
    ASSERTm("too long", is_refused_with(node + 2, 0xffff, 2));
    ASSERTm("too short", is_refused_with(node, 2 * 4096 - 16, 2));
    ASSERTm("inside after all", is_refused_with(node + 4, 0, 2));
    PASS();
}

/* Long keys make few children: branches of branches. */
TEST
branches_below_the_root(void)
{
    ASSERT(make_image_of(1000, 200));
    ASSERT_EQ(3, image[LZI_PAGE_SIZE + 94]);
    ASSERT_EQ(LZI_OK, check());
    ASSERTm("less deep", is_refused_with(image + LZI_PAGE_SIZE + 94, 2, 2));
    ASSERTm("deeper", is_refused_with(image + LZI_PAGE_SIZE + 94, 4, 2));
    uint8_t *branch = page_of_kind(BRANCH);
    uint8_t *root = image + size - LZI_PAGE_SIZE;
    ASSERT(branch != root && root[10] == BRANCH);
    uint64_t lower = 0;
    memcpy(&lower, branch + 12, 2);
    ASSERTm("its last child nobody's",
            is_refused_with(branch + 12, lower - 2, 2));
    memcpy(&lower, root + 12, 2);
    ASSERTm("a branch nobody's", is_refused_with(root + 12, lower - 2, 2));
    uint8_t *child = node_of(root, 1);
    ASSERTm("a leaf for a branch", is_refused_with(child, 2, 2));
    ASSERTm("below its child", is_refused_with(child + 8, 'm', 1));
    ASSERTm("above its child", is_refused_with(child + 8, 'o', 1));
    PASS();
}

/* Trees that are not: a page that is its own child, one with two parents. */
TEST
pages_reached_twice(void)
{
    ASSERT(make_image());
    uint8_t *branch = page_of_kind(BRANCH);
    uint64_t root = (uint64_t)(branch - image) / LZI_PAGE_SIZE;
    for (size_t i = 0; i < 3; i++) {
        uint8_t *child = node_of(branch, i), *next = node_of(branch, i + 1);
        ASSERT(is_refused_with(child, root, 2));
        ASSERT(is_refused_with(next, child[0], 1));
    }
    /* The same with the depth of a tree that goes round for ever. */
    image[LZI_PAGE_SIZE + 94] = 32;
    ASSERT(is_refused_with(node_of(branch, 0), root, 2));
    PASS();
}

TEST
pages_nobody_reaches(void)
{
    ASSERT(make_image());
    uint8_t *longer = realloc(image, size + LZI_PAGE_SIZE);
    ASSERT(longer != NULL);
    image = longer;
    memset(image + size, 0, LZI_PAGE_SIZE);
    size += LZI_PAGE_SIZE;
    image[LZI_PAGE_SIZE + 136]++;
    ASSERT_EQ(LZI_E_FORMAT, check());
    PASS();
}

TEST
meta_pages_without_a_tree(void)
{
    static const uint8_t depths[] = {0, 1, 33};
    ASSERT(make_image());
    uint8_t *used = image + LZI_PAGE_SIZE;
    size = 2 * LZI_PAGE_SIZE;
    memset(used + 120, 0, 8); /* no entries */
    for (size_t root = 0; root < 3; root++) {
        memset(used + 128, 0, 16); /* root, last page */
        used[128] = (uint8_t)root;
        used[136] = 1;
        for (size_t i = 0; i < sizeof(depths); i++) {
            used[94] = depths[i];
            ASSERT_EQ(LZI_E_FORMAT, check());
        }
    }
    PASS();
}

SUITE(lzi_image)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(what_was_written_is_good);
    RUN_TEST(pieces_of_any_size);
    RUN_TEST(meta_pages);
    RUN_TEST(meta_pages_without_a_tree);
    RUN_TEST(headers_of_pages);
    RUN_TEST(nodes);
    RUN_TEST(order_of_keys);
    RUN_TEST(values_on_overflow_pages);
    RUN_TEST(branches_below_the_root);
    RUN_TEST(pages_reached_twice);
    RUN_TEST(pages_nobody_reaches);
}
