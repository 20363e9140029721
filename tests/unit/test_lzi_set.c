#include "harness.h"

#include "lzi_set.h"

#include <stdio.h>
#include <string.h>

static lzi_set set;

static void
teardown(void *context)
{
    (void)context;
    lzi_set_free(&set);
}

TEST
names_are_there_once_and_in_order(void)
{
    enum { NAMES = 5000 };
    static char names[NAMES][8];
    bool added;
    ASSERT_FALSE(lzi_set_has(&set, lzi_slice_of("")));
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < NAMES; i++) {
            snprintf(names[i], sizeof(names[i]), "n%d", i);
            ASSERT_EQ(LZI_OK,
                      lzi_set_add(&set, lzi_slice_of(names[i]), &added));
            ASSERT_EQ(pass == 0, added);
        }
    }
    ASSERT_EQ(NAMES, set.count);
    for (int i = 0; i < NAMES; i++) {
        ASSERT_EQ(0, memcmp(names[i], set.names[i].data, set.names[i].size));
        ASSERT(lzi_set_has(&set, lzi_slice_of(names[i])));
    }
    ASSERT_FALSE(lzi_set_has(&set, lzi_slice_of("n")));
    ASSERT_FALSE(lzi_set_has(&set, lzi_slice_of("n5000")));
    PASS();
}

/* Names are bytes: empty, with a NUL, or one the start of another. */
TEST
any_bytes_are_a_name(void)
{
    static const lzi_slice names[] = {{"", 0},  {"\0", 1},  {"\0\0", 2},
                                      {"a", 1}, {"a\0", 2}, {"a\0b", 3}};
    for (size_t i = 0; i < 6; i++) {
        ASSERT_FALSE(lzi_set_has(&set, names[i]));
        ASSERT_EQ(LZI_OK, lzi_set_add(&set, names[i], NULL));
        ASSERT(lzi_set_has(&set, names[i]));
    }
    ASSERT_EQ(6, set.count);
    lzi_set_free(&set);
    ASSERT_EQ(0, set.count);
    ASSERT_FALSE(lzi_set_has(&set, names[3]));
    PASS();
}

SUITE(lzi_set)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(names_are_there_once_and_in_order);
    RUN_TEST(any_bytes_are_a_name);
}
