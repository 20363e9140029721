#include "harness.h"

#include "base/string_map.h"

#include <string.h>

static lzi_arena *arena;

static void
tear_down(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

TEST
empty_map_knows_nothing(void)
{
    arena = lzi_arena_new();
    const lzi_string_map map = lzi_map_new(arena);

    ASSERT(lzi_map_get(&map, lzi_slice_of("a")) == NULL);
    ASSERT(lzi_map_get(&map, lzi_slice_of("")) == NULL);
    PASS();
}

TEST
new_keys_start_with_zero(void)
{
    arena = lzi_arena_new();
    lzi_string_map map = lzi_map_new(arena);
    bool added = false;

    *lzi_map_put(&map, lzi_slice_of("a"), &added) += 7;
    ASSERT(added);
    ASSERT_EQ(7, *lzi_map_put(&map, lzi_slice_of("a"), &added));
    ASSERT_FALSE(added);
    ASSERT_EQ(7, *lzi_map_get(&map, lzi_slice_of("a")));
    ASSERT_EQ(1, map.count);
    PASS();
}

TEST
keys_are_bytes(void)
{
    arena = lzi_arena_new();
    lzi_string_map map = lzi_map_new(arena);

    *lzi_map_put(&map, (lzi_slice){"a\0b", 3}, NULL) = 1;
    *lzi_map_put(&map, (lzi_slice){"a\0c", 3}, NULL) = 2;
    *lzi_map_put(&map, lzi_slice_of(""), NULL) = 3;
    ASSERT_EQ(1, *lzi_map_get(&map, (lzi_slice){"a\0b", 3}));
    ASSERT_EQ(2, *lzi_map_get(&map, (lzi_slice){"a\0c", 3}));
    ASSERT_EQ(3, *lzi_map_get(&map, lzi_slice_of("")));
    ASSERT(lzi_map_get(&map, lzi_slice_of("a")) == NULL);
    PASS();
}

TEST
many_keys_survive_growth(void)
{
    enum { COUNT = 10000 };

    arena = lzi_arena_new();
    lzi_string_map map = lzi_map_new(arena);
    for (size_t i = 0; i < COUNT; i++) {
        const char *key = lzi_arena_format(arena, "key%zu", i);

        *lzi_map_put(&map, lzi_slice_of(key), NULL) = i;
    }
    ASSERT_EQ(COUNT, map.count);
    for (size_t i = 0; i < COUNT; i++) {
        const char *key = lzi_arena_format(arena, "key%zu", i);

        ASSERT_EQ(i, *lzi_map_get(&map, lzi_slice_of(key)));
    }
    PASS();
}

TEST
interned_strings_are_one_copy(void)
{
    arena = lzi_arena_new();
    lzi_string_map map = lzi_map_new(arena);
    char text[] = "itkImageF2 and more";
    const char *first = lzi_map_intern(&map, (lzi_slice){text, 10});

    ASSERT_STR_EQ("itkImageF2", first);
    ASSERT(first == lzi_map_intern(&map, lzi_slice_of("itkImageF2")));
    memset(text, 'x', sizeof(text) - 1);
    ASSERT_STR_EQ("itkImageF2", first);
    PASS();
}

TEST
cleared_map_is_empty(void)
{
    arena = lzi_arena_new();
    lzi_string_map map = lzi_map_new(arena);

    lzi_map_clear(&map);
    *lzi_map_put(&map, lzi_slice_of("a"), NULL) = 1;
    lzi_map_clear(&map);
    ASSERT(lzi_map_get(&map, lzi_slice_of("a")) == NULL);
    ASSERT_EQ(0, *lzi_map_put(&map, lzi_slice_of("a"), NULL));
    PASS();
}

SUITE(string_map)
{
    SET_TEARDOWN(tear_down, NULL);
    RUN_TEST(empty_map_knows_nothing);
    RUN_TEST(new_keys_start_with_zero);
    RUN_TEST(keys_are_bytes);
    RUN_TEST(many_keys_survive_growth);
    RUN_TEST(interned_strings_are_one_copy);
    RUN_TEST(cleared_map_is_empty);
}
