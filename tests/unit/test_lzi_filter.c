#include "harness.h"

#include "lzi_filter.h"

TEST
filter_sizes_are_powers_of_two(void)
{
    ASSERT_EQ(8, lzi_filter_size(0));
    ASSERT_EQ(8, lzi_filter_size(4));
    ASSERT_EQ(16, lzi_filter_size(5));
    ASSERT_EQ(2048, lzi_filter_size(1024));
    ASSERT_EQ(4096, lzi_filter_size(1025));
    PASS();
}

TEST
filter_has_what_was_added(void)
{
    enum { NAMES = 1000, PROBES = 100000 };
    uint8_t filter[2048] = {0};
    size_t size = lzi_filter_size(NAMES), wrong = 0;
    ASSERT_EQ(sizeof(filter), size);
    for (uint64_t i = 0; i < NAMES; i++) {
        lzi_slice name = {(const char *)&i, sizeof(i)};
        lzi_filter_add(filter, size, lzi_name_hash(name));
    }
    for (uint64_t i = 0; i < PROBES; i++) {
        lzi_slice name = {(const char *)&i, sizeof(i)};
        bool has = lzi_filter_has(filter, size, lzi_name_hash(name));
        if (i < NAMES) {
            ASSERT(has);
        }
        else {
            wrong += has;
        }
    }
    ASSERT_LTEm("about one in 70", wrong, PROBES / 50);
    PASS();
}

SUITE(lzi_filter)
{
    RUN_TEST(filter_sizes_are_powers_of_two);
    RUN_TEST(filter_has_what_was_added);
}
