/* harness_main.cc: the C tests of harness.h as GoogleTest tests.
 *
 * The suites come from test_suites.inc, which CMake writes from the list of
 * test files: one SUITE_ENTRY(x) for each test_<x>.c. */
#include "harness.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <list>
#include <sstream>
#include <string>
#include <string_view>

namespace {

struct Teardown {
    test_teardown *function = nullptr;
    void *context = nullptr;
};

Teardown teardown_of_next_tests;

/* Of the running test. */
std::string directory;
std::list<std::string> paths;

void
remove_directory()
{
    paths.clear();
    if (!directory.empty()) {
        std::error_code ignored; /* a test may have removed it itself */
        std::filesystem::remove_all(directory, ignored);
        directory.clear();
    }
}

class CTest : public testing::Test {
  public:
    CTest(test_function *function, Teardown teardown)
        : function_(function), teardown_(teardown)
    {
    }

    void
    TestBody() override
    {
        if (function_() == TEST_FAIL && !HasFailure()) {
            ADD_FAILURE() << "the test returned TEST_FAIL";
        }
    }

    void
    TearDown() override
    {
        if (teardown_.function != nullptr) {
            teardown_.function(teardown_.context);
        }
        remove_directory();
    }

  private:
    test_function *function_;
    Teardown teardown_;
};

void
report(test_place place, const std::string &what)
{
    std::string message =
        place.text == nullptr ? what : std::string(place.text) + "\n" + what;
    ADD_FAILURE_AT(place.file, place.line) << message;
}

std::string
quoted(const char *text)
{
    if (text == nullptr) {
        return "NULL";
    }
    return testing::PrintToString(std::string(text));
}

bool
holds(const char *relation, intmax_t a, intmax_t b)
{
    std::string_view r = relation;
    return r == "==" ? a == b : r == "!=" ? a != b : r == "<" ? a < b : a <= b;
}

} // namespace

void
test_register(const char *file, int line, const char *suite, const char *name,
              test_function *function)
{
    Teardown teardown = teardown_of_next_tests;
    testing::RegisterTest(suite, name, nullptr, nullptr, file, line,
                          [function, teardown]() -> testing::Test * {
                              return new CTest(function, teardown);
                          });
}

void
test_set_teardown(test_teardown *teardown, void *context)
{
    teardown_of_next_tests = {teardown, context};
}

void
test_failed(test_place place, const char *what)
{
    report(place, what);
}

void
test_skipped(test_place place)
{
    GTEST_MESSAGE_AT_(place.file, place.line,
                      place.text == nullptr ? "" : place.text,
                      testing::TestPartResult::kSkip);
}

bool
test_check_integer(test_place place, const char *expression,
                   const char *relation, intmax_t expected, intmax_t got)
{
    if (holds(relation, expected, got)) {
        return true;
    }
    std::ostringstream out;
    out << "not true: " << expression << "\n    left:  " << expected
        << "\n    right: " << got;
    report(place, out.str());
    return false;
}

bool
test_check_string(test_place place, const char *expression,
                  const char *expected, const char *got)
{
    if (expected == got || (expected != nullptr && got != nullptr &&
                            std::strcmp(expected, got) == 0)) {
        return true;
    }
    report(place, std::string("not true: ") + expression + "\n    expected: " +
                      quoted(expected) + "\n    got:      " + quoted(got));
    return false;
}

bool
test_check_memory(test_place place, const char *expression,
                  const void *expected, const void *got, size_t size)
{
    if (size == 0) {
        return true;
    }
    if (expected == nullptr || got == nullptr) {
        report(place, std::string("NULL in: ") + expression);
        return false;
    }
    auto a = static_cast<const unsigned char *>(expected);
    auto b = static_cast<const unsigned char *>(got);
    size_t i = 0;
    while (i < size && a[i] == b[i]) {
        i++;
    }
    if (i == size) {
        return true;
    }
    char text[128];
    std::snprintf(text, sizeof(text),
                  "\n    byte %zu of %zu: expected 0x%02x, got 0x%02x", i,
                  size, a[i], b[i]);
    report(place, std::string("not true: ") + expression + text);
    return false;
}

bool
test_check_contains(test_place place, const char *expression, const char *part,
                    const char *text)
{
    if (part != nullptr && text != nullptr &&
        std::strstr(text, part) != nullptr) {
        return true;
    }
    report(place, std::string("not true: ") + expression +
                      "\n    looked for: " + quoted(part) +
                      "\n    in:         " + quoted(text));
    return false;
}

const char *
test_directory(void)
{
    if (directory.empty()) {
        std::string name =
            (std::filesystem::temp_directory_path() / "lazyindex-XXXXXX")
                .string();
        if (mkdtemp(name.data()) == nullptr) {
            std::perror(name.c_str());
            std::abort();
        }
        directory = name;
    }
    return directory.c_str();
}

const char *
test_path(const char *name)
{
    return paths.emplace_back(std::string(test_directory()) + "/" + name)
        .c_str();
}

extern "C" {
#define SUITE_ENTRY(name) void suite_##name(void);
#include "test_suites.inc"
#undef SUITE_ENTRY
}

int
main(int argc, char **argv)
{
    testing::InitGoogleTest(&argc, argv);
#define SUITE_ENTRY(name) suite_##name();
#include "test_suites.inc"
#undef SUITE_ENTRY
    if (argc > 1) {
        std::fprintf(stderr, "%s: error: unknown argument '%s'\n", argv[0],
                     argv[1]);
        return 2;
    }
    int failed = RUN_ALL_TESTS();
    /* A filter that matches nothing must not look like success. */
    if (!testing::GTEST_FLAG(list_tests) &&
        testing::UnitTest::GetInstance()->test_to_run_count() == 0) {
        std::fprintf(stderr, "%s: error: no test was run\n", argv[0]);
        return 1;
    }
    return failed;
}
