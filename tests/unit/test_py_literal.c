#include "harness.h"

#include "python/py_literal.h"
#include "stderr_capture.h"

#include <string.h>

static lzi_arena *arena;
static lzi_assignments found;
static stderr_capture capture;

static void
tear_down(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

/* Parse into `found`. @return what was reported. */
static const char *
parse(const char *source)
{
    lzi_diag diag = {0};

    lzi_arena_free(arena);
    arena = lzi_arena_new();
    found = (lzi_assignments){0};
    capture_begin(&capture);
    const bool good = lzi_literal_parse(&found, arena, source, strlen(source),
                                        "f.py", &diag);
    capture_end(&capture);
    return good == (diag.errors == 0) ? capture.text : "result is wrong";
}

/* Value of `x = SOURCE` if it is a string, else what is wrong. */
static const char *
string_of(const char *source)
{
    static char line[256];

    snprintf(line, sizeof(line), "x = %s", source);
    const char *text = parse(line);
    if (*text != '\0') {
        return text;
    }
    return found.items[0].value.kind == LZI_LITERAL_STRING
               ? found.items[0].value.text
               : "no string";
}

TEST
tables_are_read(void)
{
    ASSERT_STR_EQ("", parse("# c\n"
                            "depends = ('a', 'b', )\n"
                            "x = (  ('c', \"d\", True),\n"
                            "  # c\n"
                            "\n"
                            "  ('e', None, False, -12),)\n"));
    ASSERT_EQ(2, found.count);
    ASSERT_STR_EQ("depends", found.items[0].name);
    ASSERT_EQ(2, found.items[0].line);
    ASSERT_EQ(2, found.items[0].value.count);
    ASSERT_STR_EQ("b", found.items[0].value.items[1].text);
    const lzi_literal *row = &found.items[1].value.items[1];
    ASSERT_EQ(6, row->line);
    ASSERT_EQ(4, row->count);
    ASSERT_STR_EQ("e", row->items[0].text);
    ASSERT_EQ(LZI_LITERAL_NONE, row->items[1].kind);
    ASSERT_EQ(LZI_LITERAL_FALSE, row->items[2].kind);
    ASSERT_EQ(-12, row->items[3].integer);
    PASS();
}

TEST
parentheses_alone_make_no_tuple(void)
{
    ASSERT_STR_EQ("", parse("a = ()\nb = ('x')\nc = ('x',)\nd = ['x']\n"));
    ASSERT_EQ(LZI_LITERAL_TUPLE, found.items[0].value.kind);
    ASSERT_EQ(0, found.items[0].value.count);
    ASSERT_EQ(LZI_LITERAL_STRING, found.items[1].value.kind);
    ASSERT_EQ(LZI_LITERAL_TUPLE, found.items[2].value.kind);
    ASSERT_EQ(LZI_LITERAL_LIST, found.items[3].value.kind);
    PASS();
}

TEST
dictionaries_are_pairs(void)
{
    ASSERT_STR_EQ("", parse("a = {\n    'k': 'v',  # c\n    'l': (1, 2),\n}\n"
                            "b = {}\n"));
    const lzi_literal *dict = &found.items[0].value;
    ASSERT_EQ(LZI_LITERAL_DICT, dict->kind);
    ASSERT_EQ(4, dict->count);
    ASSERT_STR_EQ("k", dict->items[0].text);
    ASSERT_STR_EQ("v", dict->items[1].text);
    ASSERT_EQ(3, dict->items[2].line);
    ASSERT_EQ(2, dict->items[3].count);
    ASSERT_EQ(LZI_LITERAL_DICT, found.items[1].value.kind);
    ASSERT_EQ(0, found.items[1].value.count);
    PASS();
}

TEST
strings_are_decoded(void)
{
    ASSERT_STR_EQ("a'b\"c", string_of("'a\\'b\\\"c'"));
    ASSERT_STR_EQ("\\ \n\t\r\a\b\f\v",
                  string_of("'\\\\ \\n\\t\\r\\a\\b\\f\\v'"));
    ASSERT_STR_EQ("AA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
                  string_of("'\\x41\\101\\xe9\\u20ac\\U0001F600'"));
    ASSERT_STR_EQ("ab", string_of("'a\\\nb'"));
    ASSERT_STR_EQ("a\nb", string_of("'''a\r\nb'''"));
    ASSERT_STR_EQ("\\d\\n", string_of("r'\\d\\n'"));
    ASSERT_STR_EQ("\\d", string_of("'\\d'"));
    ASSERT_STR_EQ("abc", string_of("('a' \"b\"\n  u'''c''')"));
    ASSERT_STR_EQ("", string_of("''"));
    ASSERT_STR_EQ("itk::Image< signed short,2 >, \xc3\xa9",
                  string_of("'itk::Image< signed short,2 >, \xc3\xa9'"));
    PASS();
}

TEST
integers_have_64_bits(void)
{
    ASSERT_STR_EQ("", parse("a = 9223372036854775807\nb = 0\nc = -1\n"));
    ASSERT_EQ(INT64_MAX, found.items[0].value.integer);
    ASSERT_EQ(-1, found.items[2].value.integer);
    ASSERT_CONTAINS("f.py:1: error: only decimal integers",
                    parse("a = 9223372036854775808\n"));
    ASSERT_CONTAINS("only decimal integers", parse("a = 0x10\n"));
    ASSERT_CONTAINS("only decimal integers", parse("a = 1.5\n"));
    ASSERT_CONTAINS("only decimal integers", parse("a = 012\n"));
    PASS();
}

TEST
anything_else_is_an_error(void)
{
    static const char *const cases[][2] = {
        {"import os\n", "f.py:1: error: expected an assignment"},
        {"\nprint('x')\n", "f.py:2: error: expected an assignment"},
        {"a = b = 1\n", "f.py:1: error: expected a literal"},
        {"a = ('x',\n f(),)\n", "f.py:2: error: expected a literal"},
        {"a = ('x' 1)\n", "f.py:1: error: expected ',' or a closing"},
        {"a = (,)\n", "f.py:1: error: expected a literal"},
        {"a = {'x'}\n", "f.py:1: error: expected ':' and a value"},
        {"a = {'x': 1 'y': 2}\n", "f.py:1: error: expected ',' or a closing"},
        {"a = {'x': }\n", "f.py:1: error: expected a literal"},
        {"a = {**b}\n", "f.py:1: error: expected a literal"},
        {"a = 'x' + 'y'\n", "f.py:1: error: unexpected text behind"},
        {"a = 1 2\n", "f.py:1: error: unexpected text behind"},
        {"a = - 'x'\n", "f.py:1: error: expected a literal"},
        {"a: int = 1\n", "f.py:1: error: expected an assignment"},
        {"a += 1\n", "f.py:1: error: expected an assignment"},
        {"a =\n", "f.py:1: error: expected a literal"},
        {"if x:\n  a = 1\n", "f.py:2: error: unexpected indentation"},
        {"a = b'x'\n", "f.py:1: error: only plain string literals"},
        {"a = f'x'\n", "f.py:1: error: only plain string literals"},
        {"a = '\\N{DASH}'\n", "f.py:1: error: named characters"},
        {"a = '\\x4'\n", "f.py:1: error: invalid escape"},
        {"a = '\\ud800'\n", "f.py:1: error: invalid escape"},
        {"a = '\\0'\n", "f.py:1: error: null character"},
        {"\na = 'x\n", "f.py:2: error: unterminated string"},
        {"a = ('x'\n", "f.py:1: error: bracket was never closed"},
        {"\n\na = '\xff'\n", "f.py:3: error: not UTF-8"},
        {"a = '\xc3'\n", "f.py:1: error: not UTF-8"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ASSERT_CONTAINSm(cases[i][0], cases[i][1], parse(cases[i][0]));
    }
    PASS();
}

TEST
every_bad_line_is_reported(void)
{
    const char *text = parse("a = f()\nb = 1\nimport c\n");

    ASSERT_CONTAINS("f.py:1: error: ", text);
    ASSERT_CONTAINS("f.py:3: error: ", text);
    PASS();
}

SUITE(py_literal)
{
    SET_TEARDOWN(tear_down, NULL);
    RUN_TEST(tables_are_read);
    RUN_TEST(parentheses_alone_make_no_tuple);
    RUN_TEST(dictionaries_are_pairs);
    RUN_TEST(strings_are_decoded);
    RUN_TEST(integers_have_64_bits);
    RUN_TEST(anything_else_is_an_error);
    RUN_TEST(every_bad_line_is_reported);
}
