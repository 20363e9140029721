#include "harness.h"

#include "python/py_lexer.h"

#include <stdio.h>
#include <string.h>

/* The logical lines of a source, as "COLUMN:FIRST LINE|..." */
static const char *
lines_of(const char *source)
{
    static char out[1024];
    lzi_py_lexer lexer;
    lzi_py_line line;
    size_t used = 0;

    out[0] = '\0';
    lzi_py_open(&lexer, source, strlen(source));
    while (lzi_py_next_line(&lexer, &line)) {
        used += (size_t)snprintf(out + used, sizeof(out) - used, "%zu:%.*s|",
                                 line.column, (int)(line.end - line.first),
                                 line.first);
    }
    if (lexer.error != NULL) {
        snprintf(out + used, sizeof(out) - used, "%u:%s",
                 lzi_py_line_number(&lexer, lexer.error_at), lexer.error);
    }
    return out;
}

/* The tokens of the first line, as "KIND TEXT,..." */
static const char *
tokens_of(const char *source)
{
    static const char kinds[] = {'-', 'n', '1', 's', 'o'};
    static char out[1024];
    lzi_py_lexer lexer;
    lzi_py_line line;
    size_t used = 0;

    out[0] = '\0';
    lzi_py_open(&lexer, source, strlen(source));
    if (!lzi_py_next_line(&lexer, &line)) {
        return "no line";
    }
    lzi_py_tokens tokens = lzi_py_tokens_of(&line);
    for (;;) {
        const lzi_py_token token = lzi_py_next_token(&tokens);

        if (token.kind == LZI_PY_END) {
            return out;
        }
        used +=
            (size_t)snprintf(out + used, sizeof(out) - used, "%c%.*s ",
                             kinds[token.kind], (int)token.size, token.start);
    }
}

TEST
blank_lines_and_comments_are_no_lines(void)
{
    ASSERT_STR_EQ("", lines_of(""));
    ASSERT_STR_EQ("", lines_of("\n  \n# a\n\t# b\n\f\n   "));
    ASSERT_STR_EQ("0:a|", lines_of("\n# (\n\na"));
    PASS();
}

TEST
columns_count_tabs_and_form_feeds(void)
{
    ASSERT_STR_EQ("8:a|", lines_of("\ta"));
    ASSERT_STR_EQ("8:a|", lines_of("  \ta"));
    ASSERT_STR_EQ("16:a|", lines_of("\t\ta"));
    ASSERT_STR_EQ("0:a|", lines_of("  \fa"));
    ASSERT_STR_EQ("1:a|", lines_of("\f a"));
    PASS();
}

TEST
brackets_join_lines(void)
{
    ASSERT_STR_EQ("0:f(\na, # )\n[\nb]\n)|0:c|",
                  lines_of("f(\na, # )\n[\nb]\n)\nc\n"));
    PASS();
}

TEST
backslashes_join_lines(void)
{
    ASSERT_STR_EQ("0:a = \\\nb|0:c|", lines_of("a = \\\nb\nc"));
    ASSERT_STR_EQ("0:a = \\\r\nb|", lines_of("a = \\\r\nb"));
    ASSERT_STR_EQ("2:a|", lines_of("  \\\n      a"));
    ASSERT_STR_EQ("1:unexpected character after a backslash",
                  lines_of("a = \\ \nb"));
    ASSERT_STR_EQ("1:unexpected end of file after a backslash",
                  lines_of("a = \\"));
    PASS();
}

TEST
strings_hide_everything(void)
{
    ASSERT_STR_EQ("0:a = '''\n(\n#'\n'''|0:b|",
                  lines_of("a = '''\n(\n#'\n'''\nb"));
    ASSERT_STR_EQ("0:a = '(#\"'|0:b|", lines_of("a = '(#\"'\nb"));
    ASSERT_STR_EQ("0:r'\\'('|0:b|", lines_of("r'\\'('\nb"));
    ASSERT_STR_EQ("0:'\\\\'|0:b|", lines_of("'\\\\'\nb"));
    ASSERT_STR_EQ("0:'''\\''''|0:b|", lines_of("'''\\''''\nb"));
    ASSERT_STR_EQ("0:''|0:\"\"|0:''''''|", lines_of("''\n\"\"\n''''''\n"));
    ASSERT_STR_EQ("0:'a\\\r\nb'|", lines_of("'a\\\r\nb'"));
    PASS();
}

TEST
all_newlines_end_lines(void)
{
    ASSERT_STR_EQ("0:a|0:b|0:c|0:d|", lines_of("a\nb\r\nc\rd"));
    PASS();
}

TEST
byte_order_mark_is_skipped(void)
{
    ASSERT_STR_EQ("0:a|", lines_of("\xef\xbb\xbf"
                                   "a"));
    PASS();
}

TEST
errors_name_the_line(void)
{
    ASSERT_STR_EQ("0:a|2:unterminated string literal", lines_of("a\n'b\n'"));
    ASSERT_STR_EQ("0:a|3:unterminated string literal",
                  lines_of("a\n\nx = \"\"\"b\n\"\n"));
    ASSERT_STR_EQ("2:bracket was never closed", lines_of("\nf(\na\n"));
    ASSERT_STR_EQ("1:closing bracket does not match", lines_of("(]"));
    ASSERT_STR_EQ("1:closing bracket without an opening one", lines_of("a)"));
    PASS();
}

TEST
null_bytes_are_errors(void)
{
    static const char source[] = "a\n'\0'\n";
    lzi_py_lexer lexer;
    lzi_py_line line;

    lzi_py_open(&lexer, source, sizeof(source) - 1);
    ASSERT_FALSE(lzi_py_next_line(&lexer, &line));
    ASSERT_STR_EQ("null byte in source", lexer.error);
    ASSERT_EQ(2, lzi_py_line_number(&lexer, lexer.error_at));
    PASS();
}

TEST
deep_nesting_is_an_error(void)
{
    char source[2 * LZI_PY_DEPTH + 3];

    memset(source, '(', LZI_PY_DEPTH);
    memset(source + LZI_PY_DEPTH, ')', LZI_PY_DEPTH);
    source[2 * LZI_PY_DEPTH] = '\0';
    ASSERT_CONTAINS("0:((", lines_of(source));
    ASSERT(strchr(lines_of(source), '|') != NULL);
    memset(source, '(', LZI_PY_DEPTH + 1);
    ASSERT_STR_EQ("1:too many nested brackets", lines_of(source));
    PASS();
}

TEST
line_numbers_may_go_back(void)
{
    static const char source[] = "a\r\nb\rc\nd";
    lzi_py_lexer lexer;

    lzi_py_open(&lexer, source, sizeof(source) - 1);
    ASSERT_EQ(4, lzi_py_line_number(&lexer, strchr(source, 'd')));
    ASSERT_EQ(2, lzi_py_line_number(&lexer, strchr(source, 'b')));
    ASSERT_EQ(3, lzi_py_line_number(&lexer, strchr(source, 'c')));
    PASS();
}

TEST
tokens_have_kinds(void)
{
    ASSERT_STR_EQ("nfrom o. nimport n_a nas nb ",
                  tokens_of("from . import _a as b # c"));
    ASSERT_STR_EQ("nx o= 10x1F 11.5e-3 1.5 11_000j ",
                  tokens_of("x = 0x1F 1.5e-3 .5 1_000j"));
    ASSERT_STR_EQ("sr\"\"\"a\n\"\"\" sRb'b' s'' nrx ",
                  tokens_of("r\"\"\"a\n\"\"\" Rb'b' '' rx"));
    ASSERT_STR_EQ("na o** nb o**= nc o-> nd o:= ne o... o== o= ",
                  tokens_of("a**b **=c->d:=e...== ="));
    ASSERT_STR_EQ("nf o( o* na o, nb o) ", tokens_of("f(*a,\n # x\n b)"));
    PASS();
}

TEST
string_statements_are_recognised(void)
{
    static const struct {
        const char *source;
        bool expected;
    } cases[] = {{"'a'", true},   {"r\"\"\"a\"\"\"", true},
                 {"Rb'a'", true}, {"x = 'a'", false},
                 {"rx", false},   {"f('a')", false}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        lzi_py_lexer lexer;
        lzi_py_line line;

        lzi_py_open(&lexer, cases[i].source, strlen(cases[i].source));
        ASSERT(lzi_py_next_line(&lexer, &line));
        ASSERT_EQm(cases[i].source, cases[i].expected,
                   lzi_py_is_string(&line));
    }
    PASS();
}

SUITE(py_lexer)
{
    RUN_TEST(blank_lines_and_comments_are_no_lines);
    RUN_TEST(columns_count_tabs_and_form_feeds);
    RUN_TEST(brackets_join_lines);
    RUN_TEST(backslashes_join_lines);
    RUN_TEST(strings_hide_everything);
    RUN_TEST(all_newlines_end_lines);
    RUN_TEST(byte_order_mark_is_skipped);
    RUN_TEST(errors_name_the_line);
    RUN_TEST(null_bytes_are_errors);
    RUN_TEST(deep_nesting_is_an_error);
    RUN_TEST(line_numbers_may_go_back);
    RUN_TEST(tokens_have_kinds);
    RUN_TEST(string_statements_are_recognised);
}
