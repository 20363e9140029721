#include "harness.h"

#include "itk/itk_tables.h"
#include "stderr_capture.h"

#include <string.h>

static lzi_arena *arena;
static lzi_model_module module;
static stderr_capture capture;

static void
tear_down(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

typedef bool reader(lzi_model_module *module, lzi_arena *arena,
                    const char *data, size_t size, const char *path,
                    lzi_diag *diag);

/* Read into `module`. @return what was reported. */
static const char *
read_with(reader *read, const char *source)
{
    lzi_diag diag = {0};

    lzi_arena_free(arena);
    arena = lzi_arena_new();
    module = (lzi_model_module){0};
    capture_begin(&capture);
    const bool good =
        read(&module, arena, source, strlen(source), "f.py", &diag);
    capture_end(&capture);
    return good == (diag.errors == 0) ? capture.text : "result is wrong";
}

TEST
tables_of_itk_are_read(void)
{
    ASSERT_STR_EQ(
        "",
        read_with(lzi_table_read,
                  "depends = ('ITKPyBase', 'ITKCommon', )\n"
                  "templates = (  ('string', 'std::string', 'str', False),\n"
                  "  ('Image', 'itk::Image', 'itkImageF2', True, 'float,2'),\n"
                  "  ('Old', 'itk::Old', 'itkOld'),\n"
                  ")\n"
                  "factories = ((\"ImageIO\",\"GE4\"),(\"ImageIO\",\"GE5\"),"
                  ")\n"));
    ASSERT_EQ(2, module.depends.count);
    ASSERT_STR_EQ("ITKCommon", module.depends.items[1]);
    ASSERT_EQ(3, module.tuples.count);
    const lzi_model_tuple *tuples = module.tuples.items;
    ASSERT_STR_EQ("string", tuples[0].python);
    ASSERT_STR_EQ("std::string", tuples[0].cpp);
    ASSERT_STR_EQ("str", tuples[0].swig);
    ASSERT(tuples[0].params == NULL);
    ASSERT_FALSE(tuples[0].in_module);
    ASSERT_STR_EQ("float,2", tuples[1].params);
    ASSERT(tuples[1].in_module);
    ASSERT_EQ(3, tuples[1].line);
    ASSERT_FALSE(tuples[2].in_module);
    ASSERT_EQ(2, module.factories.count);
    ASSERT_STR_EQ("ImageIO", module.factories.items[1].group);
    ASSERT_STR_EQ("GE5", module.factories.items[1].prefix);
    PASS();
}

TEST
parameters_keep_their_bytes(void)
{
    ASSERT_STR_EQ("", read_with(lzi_table_read,
                                "templates = (('v', 'std::vector', 'vB', "
                                "False, ' itk::Image< float,2 > * '),)\n"));
    ASSERT_STR_EQ(" itk::Image< float,2 > * ", module.tuples.items[0].params);
    PASS();
}

TEST
each_table_may_be_missing_or_empty(void)
{
    ASSERT_STR_EQ("", read_with(lzi_table_read, ""));
    ASSERT_STR_EQ("", read_with(lzi_table_read, "depends = ()\n"
                                                "templates = ()\n"
                                                "factories = ()\n"));
    ASSERT_EQ(0, module.tuples.count);
    PASS();
}

TEST
repeated_dependencies_count_once(void)
{
    ASSERT_STR_EQ(
        "", read_with(lzi_table_read, "depends = ('B', 'A', 'B', 'A',)\n"));
    ASSERT_EQ(2, module.depends.count);
    ASSERT_STR_EQ("B", module.depends.items[0]);
    PASS();
}

TEST
unknown_names_are_ignored(void)
{
    ASSERT_STR_EQ("",
                  read_with(lzi_table_read, "snake_case_functions = ('a', )\n"
                                            "version = 1\n"));
    ASSERT_EQ(0, module.functions.count);
    PASS();
}

TEST
functions_are_read(void)
{
    ASSERT_STR_EQ("", read_with(lzi_functions_read,
                                "snake_case_functions = ('a_b', 'c','d',)"));
    ASSERT_EQ(3, module.functions.count);
    ASSERT_STR_EQ("d", module.functions.items[2].name);
    ASSERT_EQ(LZI_NONE, module.functions.items[2].unit);
    ASSERT_STR_EQ(
        "", read_with(lzi_functions_read, "snake_case_functions = ()\n"));
    PASS();
}

TEST
malformed_tables_are_errors(void)
{
    static const char *const cases[][2] = {
        {"templates = 'x'\n", "f.py:1: error: 'templates' is not a tuple"},
        {"depends = ('A')\n", "f.py:1: error: 'depends' is not a tuple"},
        {"depends = ['A']\n", "f.py:1: error: 'depends' is not a tuple"},
        {"depends = (1,)\n", "f.py:1: error: module is not a string"},
        {"depends = ('a b',)\n", "module 'a b' is not an identifier"},
        {"templates = (\n('A', 'b'),)\n", "f.py:2: error: an entry of"},
        {"templates = (('A', 'b', 'c', True, 'd', 'e'),)\n", "3 to 5"},
        {"templates = ('A', 'b', 'c')\n", "f.py:1: error: an entry of"},
        {"templates = (('A', 'b', 'c', 1),)\n", "neither True nor False"},
        {"templates = (('A', 'b', 'c', True, 2),)\n",
         "template parameters is not a string"},
        {"templates = (('', 'b', 'c'),)\n", "Python class '' is not an"},
        {"templates = (('A', None, 'c'),)\n", "C++ class is not a string"},
        {"templates = (('A', 'b', 'c-d'),)\n", "SWIG class 'c-d' is not an"},
        {"factories = ((\"X\"),)\n", "factory 'X' has no group"},
        {"factories = (('a', 'b', 'c'),)\n", "a tuple of group and prefix"},
        {"depends = ()\ndepends = ()\n",
         "f.py:2: error: 'depends' is assigned twice\n"
         "f.py:1: note: first assigned here"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ASSERT_CONTAINSm(cases[i][0], cases[i][1],
                         read_with(lzi_table_read, cases[i][0]));
    }
    ASSERT_CONTAINS(
        "function is not a string",
        read_with(lzi_functions_read, "snake_case_functions = (('a',),)\n"));
    PASS();
}

TEST
every_bad_entry_is_reported(void)
{
    const char *text = read_with(lzi_table_read, "templates = (\n"
                                                 "('A', 'b'),\n"
                                                 "('A', 'b', 'c'),\n"
                                                 "('A', 'b', 3),\n"
                                                 ")\n");

    ASSERT_CONTAINS("f.py:2: error: ", text);
    ASSERT_CONTAINS("f.py:4: error: ", text);
    PASS();
}

SUITE(itk_tables)
{
    SET_TEARDOWN(tear_down, NULL);
    RUN_TEST(tables_of_itk_are_read);
    RUN_TEST(parameters_keep_their_bytes);
    RUN_TEST(each_table_may_be_missing_or_empty);
    RUN_TEST(repeated_dependencies_count_once);
    RUN_TEST(unknown_names_are_ignored);
    RUN_TEST(functions_are_read);
    RUN_TEST(malformed_tables_are_errors);
    RUN_TEST(every_bad_entry_is_reported);
}
