#include "lzi_image.h"

#include <assert.h>
#include <string.h>

/* Layout of LMDB 0.9's pages, as on 64-bit little-endian machines. */
enum {
    PAGE_NUMBER = 0,    /* u64 */
    PAGE_FLAGS = 10,    /* u16 */
    PAGE_LOWER = 12,    /* u16: end of the offsets of nodes */
    PAGE_UPPER = 14,    /* u16: start of the nodes */
    PAGE_OVERFLOW = 12, /* u32: number of overflow pages */
    PAGE_HEADER = 16,

    META_MAGIC = 16,   /* u32 */
    META_VERSION = 20, /* u32 */
    META_FREE = 40,    /* database of free pages; starts with the page size */
    META_MAIN = 88,    /* database of the records */
    META_LAST = 136,   /* u64: number of the last page */
    META_TXN = 144,    /* u64: the higher one of the two metas counts */

    DB_FLAGS = 4,    /* u16 */
    DB_DEPTH = 6,    /* u16 */
    DB_ENTRIES = 32, /* u64 */
    DB_ROOT = 40,    /* u64 */

    NODE_LOW = 0,   /* u16: of the size of the data, or of the child */
    NODE_HIGH = 2,  /* u16 */
    NODE_FLAGS = 4, /* u16; in a branch the highest part of the child */
    NODE_KEY = 6,   /* u16: size of the key */
    NODE_HEADER = 8
};

enum { IS_BRANCH = 1, IS_LEAF = 2, IS_OVERFLOW = 4, IS_META = 8 };
enum { DATA_INSIDE = 0, DATA_ON_OVERFLOW = 1 };

#define LMDB_MAGIC 0xBEEFC0DEu
#define LMDB_VERSION 1u
#define DEPTH_MAX 32u /* what LMDB's cursors have room for */

typedef struct {
    const uint8_t *image;
    uint64_t pages;
    uint64_t next; /* page that the walk has to come to */
    uint64_t entries;
    lzi_slice bound; /* keys to come are greater; */
    bool or_equal;   /* or the same */
} image_walk;

static uint16_t
load16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static uint32_t
load32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static uint64_t
load64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

/* -- Nodes ---------------------------------------------------------------- */

/* A page of nodes whose offsets are all inside. @return how many; 0: bad */
static unsigned
node_count(const uint8_t *page)
{
    unsigned lower = load16(page + PAGE_LOWER);
    unsigned upper = load16(page + PAGE_UPPER);
    if (lower < PAGE_HEADER || lower % 2 != 0 || lower > upper ||
        upper > LZI_PAGE_SIZE) {
        return 0;
    }
    unsigned count = (lower - PAGE_HEADER) / 2;
    for (unsigned i = 0; i < count; i++) {
        unsigned offset = load16(page + PAGE_HEADER + 2 * i);
        if (offset < upper || offset % 2 != 0 ||
            offset > LZI_PAGE_SIZE - NODE_HEADER ||
            load16(page + offset + NODE_KEY) >
                LZI_PAGE_SIZE - NODE_HEADER - offset) {
            return 0;
        }
    }
    return count;
}

static const uint8_t *
node_at(const uint8_t *page, unsigned i)
{
    return page + load16(page + PAGE_HEADER + 2 * i);
}

/* Step over a key, or, in a branch, over what separates two children: keys
 * before it are less, those behind it not. */
static bool
take_key(image_walk *walk, const uint8_t *node, bool separates)
{
    lzi_slice key = {(const char *)node + NODE_HEADER,
                     load16(node + NODE_KEY)};
    if (key.size == 0 || key.size > 1 + LZI_NAME_MAX) {
        return false;
    }
    int order = lzi_slice_compare(key, walk->bound);
    if (order < 0 || (order == 0 && !walk->or_equal)) {
        return false;
    }
    walk->bound = key;
    walk->or_equal = separates;
    return true;
}

/* The pages that hold one value, which stand before its leaf. */
static bool
take_overflow(image_walk *walk, uint64_t first, uint64_t size)
{
    if (first != walk->next || first >= walk->pages) {
        return false;
    }
    const uint8_t *page = walk->image + first * LZI_PAGE_SIZE;
    uint64_t count = (PAGE_HEADER + size + LZI_PAGE_SIZE - 1) / LZI_PAGE_SIZE;
    if (load64(page + PAGE_NUMBER) != first ||
        load16(page + PAGE_FLAGS) != IS_OVERFLOW ||
        load32(page + PAGE_OVERFLOW) != count || count > walk->pages - first) {
        return false;
    }
    walk->next += count;
    return true;
}

static bool
take_value(image_walk *walk, const uint8_t *page, const uint8_t *node)
{
    const uint8_t *data = node + NODE_HEADER + load16(node + NODE_KEY);
    size_t room = (size_t)(page + LZI_PAGE_SIZE - data);
    uint64_t size =
        load16(node + NODE_LOW) | (uint64_t)load16(node + NODE_HIGH) << 16;
    switch (load16(node + NODE_FLAGS)) {
    case DATA_INSIDE:
        return size <= room;
    case DATA_ON_OVERFLOW:
        return room >= sizeof(uint64_t) &&
               take_overflow(walk, load64(data), size);
    default:
        return false;
    }
}

static bool
take_leaf(image_walk *walk, const uint8_t *page, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *node = node_at(page, i);
        if (!take_key(walk, node, false) || !take_value(walk, page, node)) {
            return false;
        }
    }
    walk->entries += count;
    return count > 0;
}

/* -- The tree ------------------------------------------------------------- */

static bool take_tree(image_walk *walk, uint64_t number, unsigned depth);

static bool
take_branch(image_walk *walk, const uint8_t *page, unsigned count,
            unsigned depth)
{
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *node = node_at(page, i);
        uint64_t child = load16(node + NODE_LOW) |
                         (uint64_t)load16(node + NODE_HIGH) << 16 |
                         (uint64_t)load16(node + NODE_FLAGS) << 32;
        /* LMDB never looks at the first key. */
        if ((i > 0 && !take_key(walk, node, true)) ||
            !take_tree(walk, child, depth - 1)) {
            return false;
        }
    }
    return count > 1;
}

/* Walk a subtree. A page comes behind all that are below it, and the first
 * of those behind the subtree before: a page that is reached twice, or out of
 * turn, is found when the walk leaves it, a cycle by its depth. */
static bool
take_tree(image_walk *walk, uint64_t number, unsigned depth)
{
    if (number < walk->next || number >= walk->pages) {
        return false;
    }
    const uint8_t *page = walk->image + number * LZI_PAGE_SIZE;
    unsigned kind = depth == 1 ? IS_LEAF : IS_BRANCH;
    if (load64(page + PAGE_NUMBER) != number ||
        load16(page + PAGE_FLAGS) != kind) {
        return false;
    }
    unsigned count = node_count(page);
    bool good = kind == IS_LEAF ? take_leaf(walk, page, count)
                                : take_branch(walk, page, count, depth);
    return good && number == walk->next++;
}

/* -- Meta pages ----------------------------------------------------------- */

static bool
is_meta(const uint8_t *page, uint64_t number)
{
    return load64(page + PAGE_NUMBER) == number &&
           load16(page + PAGE_FLAGS) == IS_META &&
           load32(page + META_MAGIC) == LMDB_MAGIC &&
           load32(page + META_VERSION) == LMDB_VERSION &&
           load32(page + META_FREE) == LZI_PAGE_SIZE;
}

lzi_status
lzi_image_check(const uint8_t *image, size_t size, lzi_error *error)
{
    assert(size % LZI_PAGE_SIZE == 0 && size / LZI_PAGE_SIZE >= 2);
    image_walk walk = {
        .image = image, .pages = size / LZI_PAGE_SIZE, .next = 2};
    const uint8_t *first = image, *second = image + LZI_PAGE_SIZE;
    if (!is_meta(first, 0) || !is_meta(second, 1)) {
        return lzi_fail(error, LZI_E_FORMAT, "damaged: no LMDB image");
    }
    const uint8_t *meta =
        load64(first + META_TXN) < load64(second + META_TXN) ? second : first;
    const uint8_t *records = meta + META_MAIN;
    unsigned depth = load16(records + DB_DEPTH);
    if (load64(meta + META_LAST) != walk.pages - 1 ||
        load16(records + DB_FLAGS) != 0 || depth == 0 || depth > DEPTH_MAX ||
        !take_tree(&walk, load64(records + DB_ROOT), depth) ||
        walk.next != walk.pages ||
        walk.entries != load64(records + DB_ENTRIES)) {
        return lzi_fail(error, LZI_E_FORMAT,
                        "damaged: LMDB could not read it safely");
    }
    return LZI_OK;
}
