#include "lzi_image.h"

#include "lzi_buffer.h"
#include "lzi_fail.h"

#include <stdlib.h>
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

/* The fewest bytes that a node with its value on overflow pages, and the
 * offset of it, have in a leaf. */
enum { BIG_NODE = 2 + NODE_HEADER + 2 + 8 };

/* Trees of one height that no branch has taken yet. For each its root, and
 * two keys: the last before it, and its first. */
typedef struct {
    lzi_buffer roots; /* number, two strings */
    uint64_t count;
} forest;

typedef struct {
    uint64_t first;
    uint32_t count;
} page_run;

struct lzi_image_walk {
    uint64_t pages;
    uint64_t next; /* page that comes next */
    uint64_t entries;
    uint64_t transaction; /* of the meta page that counts */
    uint64_t root, root_entries, last_page;
    unsigned depth, flags;
    uint32_t to_skip; /* overflow pages, but for their first */
    unsigned run_count, run_taken;
    page_run runs[LZI_PAGE_SIZE / BIG_NODE]; /* for the leaf to come */
    forest forests[DEPTH_MAX];               /* leaves first */
    char key[LZI_KEY_MAX];                   /* the last of the last leaf */
    size_t key_size;
    bool bad;
};

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

/* How many nodes a page has; 0: bad. Their offsets are not looked at. */
static unsigned
node_count(const uint8_t *page)
{
    unsigned lower = load16(page + PAGE_LOWER);
    unsigned upper = load16(page + PAGE_UPPER);
    return lower < PAGE_HEADER || lower % 2 != 0 || lower > upper ||
                   upper > LZI_PAGE_SIZE
               ? 0
               : (lower - PAGE_HEADER) / 2;
}

/* A node and its key are inside the page. @return NULL: they are not */
static const uint8_t *
node_at(lzi_slice *key, const uint8_t *page, unsigned i)
{
    unsigned offset = load16(page + PAGE_HEADER + 2 * i);
    if (offset < load16(page + PAGE_UPPER) || offset % 2 != 0 ||
        offset > LZI_PAGE_SIZE - NODE_HEADER) {
        return NULL;
    }
    const uint8_t *node = page + offset;
    *key =
        (lzi_slice){(const char *)node + NODE_HEADER, load16(node + NODE_KEY)};
    return key->size > LZI_PAGE_SIZE - NODE_HEADER - offset ? NULL : node;
}

static bool
is_key(lzi_slice key)
{
    return key.size > 0 && key.size <= LZI_KEY_MAX;
}

/* The pages that hold one value were the next of those before its leaf. */
static bool
take_run(lzi_image_walk *walk, uint64_t first, uint64_t size)
{
    const page_run *run = &walk->runs[walk->run_taken];
    uint64_t count = (PAGE_HEADER + size + LZI_PAGE_SIZE - 1) / LZI_PAGE_SIZE;
    return walk->run_taken++ < walk->run_count && run->first == first &&
           run->count == count;
}

static bool
take_value(lzi_image_walk *walk, const uint8_t *page, const uint8_t *node,
           size_t key_size)
{
    const uint8_t *data = node + NODE_HEADER + key_size;
    size_t room = (size_t)(page + LZI_PAGE_SIZE - data);
    uint64_t size =
        load16(node + NODE_LOW) | (uint64_t)load16(node + NODE_HIGH) << 16;
    switch (load16(node + NODE_FLAGS)) {
    case DATA_INSIDE:
        return size <= room;
    case DATA_ON_OVERFLOW:
        return room >= sizeof(uint64_t) && take_run(walk, load64(data), size);
    default:
        return false;
    }
}

/* -- Pages ---------------------------------------------------------------- */

/* A tree is complete whose root is the page at hand. */
static bool
add_tree(lzi_image_walk *walk, unsigned height, lzi_slice before,
         lzi_slice first)
{
    if (height > DEPTH_MAX) {
        return false;
    }
    forest *trees = &walk->forests[height - 1];
    lzi_put_varint(&trees->roots, walk->next);
    lzi_put_string(&trees->roots, before);
    lzi_put_string(&trees->roots, first);
    trees->count++;
    return true;
}

static bool
take_leaf(lzi_image_walk *walk, const uint8_t *page)
{
    unsigned count = node_count(page);
    lzi_slice before = {walk->key, walk->key_size}, first = {"", 0};
    lzi_slice last = before, key;
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *node = node_at(&key, page, i);
        if (node == NULL || !is_key(key) ||
            lzi_slice_compare(last, key) >= 0 ||
            !take_value(walk, page, node, key.size)) {
            return false;
        }
        first = i == 0 ? key : first;
        last = key;
    }
    if (count == 0 || walk->run_taken != walk->run_count ||
        !add_tree(walk, 1, before, first)) {
        return false;
    }
    memcpy(walk->key, last.data, last.size);
    walk->key_size = last.size;
    walk->run_count = walk->run_taken = 0;
    walk->entries += count;
    return true;
}

/* The next tree of a forest is a child of the page at hand. The key that
 * separates it from the one before is greater than all keys there, and not
 * greater than any in it; LMDB never looks at that of the first child. */
static bool
take_child(lzi_cursor *roots, const uint8_t *page, unsigned i,
           lzi_slice *before, lzi_slice *first)
{
    uint64_t root = lzi_read_varint(roots);
    lzi_slice key;
    const uint8_t *node = node_at(&key, page, i);
    *before = lzi_read_string(roots);
    *first = lzi_read_string(roots);
    return node != NULL &&
           root == (load16(node + NODE_LOW) |
                    (uint64_t)load16(node + NODE_HIGH) << 16 |
                    (uint64_t)load16(node + NODE_FLAGS) << 32) &&
           (i == 0 || (is_key(key) && lzi_slice_compare(*before, key) < 0 &&
                       lzi_slice_compare(key, *first) <= 0));
}

/* A branch comes behind all that is below it: its children are the trees of
 * the least height that have no parent, all of them. So each page is used
 * once, and there is no cycle. */
static bool
take_branch(lzi_image_walk *walk, const uint8_t *page)
{
    unsigned count = node_count(page), height = 0;
    while (height < DEPTH_MAX && walk->forests[height].count == 0) {
        height++;
    }
    if (height == DEPTH_MAX || count < 2 ||
        walk->forests[height].count != count || walk->run_count != 0) {
        return false;
    }
    forest *children = &walk->forests[height];
    lzi_cursor roots = {children->roots.data,
                        children->roots.data + children->roots.size, false};
    lzi_slice before, first, bounds[2] = {{"", 0}, {"", 0}};
    for (unsigned i = 0; i < count; i++) {
        if (!take_child(&roots, page, i, &before, &first)) {
            return false;
        }
        if (i == 0) {
            bounds[0] = before;
            bounds[1] = first;
        }
    }
    bool good = add_tree(walk, height + 2, bounds[0], bounds[1]);
    children->roots.size = 0;
    children->count = 0;
    return good;
}

/* The pages of one value; their content does not matter. */
static bool
take_overflow(lzi_image_walk *walk, const uint8_t *page)
{
    uint32_t count = load32(page + PAGE_OVERFLOW);
    if (count == 0 || count > walk->pages - walk->next ||
        walk->run_count == sizeof(walk->runs) / sizeof(walk->runs[0])) {
        return false;
    }
    walk->runs[walk->run_count++] = (page_run){walk->next, count};
    walk->to_skip = count - 1;
    return true;
}

/* Of two, that with the higher transaction counts; else the first. */
static bool
take_meta(lzi_image_walk *walk, const uint8_t *page)
{
    const uint8_t *records = page + META_MAIN;
    uint64_t transaction = load64(page + META_TXN);
    if (load32(page + META_MAGIC) != LMDB_MAGIC ||
        load32(page + META_VERSION) != LMDB_VERSION ||
        load32(page + META_FREE) != LZI_PAGE_SIZE) {
        return false;
    }
    if (walk->next == 0 || transaction > walk->transaction) {
        walk->transaction = transaction;
        walk->last_page = load64(page + META_LAST);
        walk->flags = load16(records + DB_FLAGS);
        walk->depth = load16(records + DB_DEPTH);
        walk->root = load64(records + DB_ROOT);
        walk->root_entries = load64(records + DB_ENTRIES);
    }
    return true;
}

static bool
take_page(lzi_image_walk *walk, const uint8_t *page)
{
    if (walk->to_skip > 0) {
        walk->to_skip--;
        return true;
    }
    unsigned kind = load16(page + PAGE_FLAGS);
    if (load64(page + PAGE_NUMBER) != walk->next ||
        (kind == IS_META) != (walk->next < 2)) {
        return false;
    }
    return kind == IS_LEAF       ? take_leaf(walk, page)
           : kind == IS_BRANCH   ? take_branch(walk, page)
           : kind == IS_OVERFLOW ? take_overflow(walk, page)
           : kind == IS_META     ? take_meta(walk, page)
                                 : false;
}

/* -- The walk ------------------------------------------------------------- */

lzi_image_walk *
lzi_image_walk_new(uint64_t pages)
{
    lzi_image_walk *walk = calloc(1, sizeof(*walk));
    if (walk != NULL) {
        walk->pages = pages;
    }
    return walk;
}

void
lzi_image_walk_free(lzi_image_walk *walk)
{
    if (walk != NULL) {
        for (size_t i = 0; i < DEPTH_MAX; i++) {
            lzi_buffer_free(&walk->forests[i].roots);
        }
        free(walk);
    }
}

void
lzi_image_walk_take(lzi_image_walk *walk, const uint8_t *pages, size_t count)
{
    for (size_t i = 0; i < count && !walk->bad; i++) {
        walk->bad = !take_page(walk, pages + i * LZI_PAGE_SIZE);
        walk->next++;
    }
}

/* What is left is one tree, and the one that the meta page told of. */
static bool
is_complete(const lzi_image_walk *walk)
{
    if (walk->depth == 0 || walk->depth > DEPTH_MAX ||
        walk->next != walk->pages || walk->last_page != walk->pages - 1 ||
        walk->to_skip != 0 || walk->run_count != 0 || walk->flags != 0 ||
        walk->root != walk->last_page || walk->root_entries != walk->entries) {
        return false;
    }
    for (unsigned i = 0; i < DEPTH_MAX; i++) {
        if (walk->forests[i].count != (i + 1 == walk->depth)) {
            return false;
        }
    }
    return true;
}

lzi_status
lzi_image_walk_end(const lzi_image_walk *walk, lzi_error *error)
{
    for (size_t i = 0; i < DEPTH_MAX; i++) {
        if (walk->forests[i].roots.failed) {
            return lzi_fail(error, LZI_E_NOMEM, "out of memory");
        }
    }
    return !walk->bad && is_complete(walk)
               ? LZI_OK
               : lzi_fail(error, LZI_E_FORMAT,
                          "damaged: LMDB could not read it safely");
}
