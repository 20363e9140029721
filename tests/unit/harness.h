/* harness.h: unit tests in C, run by GoogleTest.
 *
 *     #include "harness.h"
 *
 *     TEST
 *     empty_list_has_no_items(void)
 *     {
 *         ASSERT_EQ(0, list_count(NULL));
 *         PASS();
 *     }
 *
 *     SUITE(list)
 *     {
 *         RUN_TEST(empty_list_has_no_items);
 *     }
 *
 * A file test_<x>.c has one suite, <x>; it runs as `<x>.<test>`. A failed
 * ASSERT reports and returns: what must be freed or reset even then belongs
 * in a SET_TEARDOWN function.
 *
 * Expected values come first. Arguments are evaluated once. Each ASSERT has
 * a twin with m (ASSERTm, ASSERT_EQm, ...) that takes a text to print first,
 * which is useful in loops.
 *
 * Threads: asserts belong to the thread that runs the test.
 * Memory:  test_directory() is removed after its test; the rest is borrowed
 *          for the length of the call. */
#ifndef LZI_HARNESS_H
#define LZI_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { TEST_FAIL, TEST_PASS, TEST_SKIP } test_result;

typedef test_result test_function(void);
typedef void test_teardown(void *context);

/** Where an assert stands. */
typedef struct {
    const char *file;
    int line;
    const char *text; /* printed first; NULL: none */
} test_place;

/* What the macros below expand to (harness_main.cc). The test_check_*
 * functions report a difference and return whether there was none. */
void test_register(const char *file, int line, const char *suite,
                   const char *name, test_function *function);
void test_set_teardown(test_teardown *teardown, void *context);
void test_failed(test_place place, const char *what);
void test_skipped(test_place place);
bool test_check_integer(test_place place, const char *expression,
                        const char *relation, intmax_t expected, intmax_t got);
bool test_check_string(test_place place, const char *expression,
                       const char *expected, const char *got);
bool test_check_memory(test_place place, const char *expression,
                       const void *expected, const void *got, size_t size);
bool test_check_contains(test_place place, const char *expression,
                         const char *part, const char *text);

/** A fresh, empty directory for the running test; borrowed. The same one for
 * the whole test, removed after its teardown. */
const char *test_directory(void);

/** "<test_directory()>/<name>"; borrowed, until the end of the test. */
const char *test_path(const char *name);

#ifdef __cplusplus
}
#else

/* clang-format off */

#define TEST static test_result

#define PASS() return TEST_PASS
#define FAILm(text_) \
    do { \
        test_failed(TEST_PLACE_(text_), "FAIL()"); \
        return TEST_FAIL; \
    } while (0)
#define SKIPm(text_) \
    do { \
        test_skipped(TEST_PLACE_(text_)); \
        return TEST_SKIP; \
    } while (0)

/** Must be followed by a body that only calls RUN_TEST and SET_TEARDOWN. */
#define SUITE(name_) \
    static void suite_body_##name_(const char *test_suite_); \
    void suite_##name_(void); \
    void \
    suite_##name_(void) \
    { \
        test_set_teardown(NULL, NULL); \
        suite_body_##name_(#name_); \
    } \
    static void \
    suite_body_##name_(const char *test_suite_)

#define RUN_TEST(name_) \
    test_register(__FILE__, __LINE__, test_suite_, #name_, name_)

/** Called as function(context) at the end of each test of the RUN_TEST lines
 * that follow, failed ones included. */
#define SET_TEARDOWN(function_, context_) \
    test_set_teardown(function_, context_)

#define ASSERT(cond_) TEST_TRUE_(NULL, "not true: " #cond_, (cond_))
#define ASSERTm(text_, cond_) TEST_TRUE_(text_, "not true: " #cond_, (cond_))
#define ASSERT_FALSE(cond_) TEST_TRUE_(NULL, "not false: " #cond_, !(cond_))
#define ASSERT_FALSEm(text_, cond_) \
    TEST_TRUE_(text_, "not false: " #cond_, !(cond_))

/* Integers of any type that fits intmax_t. */
#define ASSERT_EQ(expected_, got_) \
    TEST_COMPARE_(NULL, #expected_, "==", #got_, expected_, got_)
#define ASSERT_EQm(text_, expected_, got_) \
    TEST_COMPARE_(text_, #expected_, "==", #got_, expected_, got_)
#define ASSERT_NEQ(expected_, got_) \
    TEST_COMPARE_(NULL, #expected_, "!=", #got_, expected_, got_)
#define ASSERT_NEQm(text_, expected_, got_) \
    TEST_COMPARE_(text_, #expected_, "!=", #got_, expected_, got_)
#define ASSERT_LT(low_, high_) \
    TEST_COMPARE_(NULL, #low_, "<", #high_, low_, high_)
#define ASSERT_LTm(text_, low_, high_) \
    TEST_COMPARE_(text_, #low_, "<", #high_, low_, high_)
#define ASSERT_LTE(low_, high_) \
    TEST_COMPARE_(NULL, #low_, "<=", #high_, low_, high_)
#define ASSERT_LTEm(text_, low_, high_) \
    TEST_COMPARE_(text_, #low_, "<=", #high_, low_, high_)

/* NUL-terminated strings; NULL equals NULL only. */
#define ASSERT_STR_EQ(expected_, got_) \
    TEST_STRINGS_(NULL, #expected_ " == " #got_, expected_, got_)
#define ASSERT_STR_EQm(text_, expected_, got_) \
    TEST_STRINGS_(text_, #expected_ " == " #got_, expected_, got_)

/* The second string contains the first. */
#define ASSERT_CONTAINS(part_, whole_) \
    TEST_CONTAINS_(NULL, #part_ " in " #whole_, part_, whole_)
#define ASSERT_CONTAINSm(text_, part_, whole_) \
    TEST_CONTAINS_(text_, #part_ " in " #whole_, part_, whole_)

/* size: bytes. */
#define ASSERT_MEM_EQ(expected_, got_, size_) \
    TEST_MEMORY_(NULL, #expected_ " == " #got_, expected_, got_, size_)
#define ASSERT_MEM_EQm(text_, expected_, got_, size_) \
    TEST_MEMORY_(text_, #expected_ " == " #got_, expected_, got_, size_)

#define TEST_PLACE_(text_) ((test_place){__FILE__, __LINE__, (text_)})
#define TEST_REQUIRE_(check_) \
    do { \
        if (!(check_)) { \
            return TEST_FAIL; \
        } \
    } while (0)
#define TEST_TRUE_(text_, what_, cond_) \
    do { \
        if (!(cond_)) { \
            test_failed(TEST_PLACE_(text_), what_); \
            return TEST_FAIL; \
        } \
    } while (0)
#define TEST_COMPARE_(text_, a_, relation_, b_, left_, right_) \
    TEST_REQUIRE_(test_check_integer( \
        TEST_PLACE_(text_), a_ " " relation_ " " b_, relation_, \
        (intmax_t)(left_), (intmax_t)(right_)))
#define TEST_STRINGS_(text_, expression_, expected_, got_) \
    TEST_REQUIRE_(test_check_string(TEST_PLACE_(text_), expression_, \
                                    (expected_), (got_)))
#define TEST_CONTAINS_(text_, expression_, part_, whole_) \
    TEST_REQUIRE_(test_check_contains(TEST_PLACE_(text_), expression_, \
                                      (part_), (whole_)))
#define TEST_MEMORY_(text_, expression_, expected_, got_, size_) \
    TEST_REQUIRE_(test_check_memory(TEST_PLACE_(text_), expression_, \
                                    (expected_), (got_), (size_)))

/* clang-format on */

#endif

#endif
