#include "harness.h"

#include "joined.h"
#include "stderr_capture.h"
#include "itk/swig_proxy.h"

#include <string.h>

static lzi_arena *arena;
static lzi_proxy proxy;
static stderr_capture capture;

static void
tear_down(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

/* Scan into `proxy`. @return what was reported. */
static const char *
scan(const char *source)
{
    lzi_diag diag = {0};

    lzi_arena_free(arena);
    arena = lzi_arena_new();
    proxy = (lzi_proxy){0};
    lzi_string_map names = lzi_map_new(arena);
    capture_begin(&capture);
    const bool good =
        lzi_proxy_scan(&proxy, &names, source, strlen(source), "f.py", &diag);
    capture_end(&capture);
    return good == (diag.errors == 0) ? capture.text : "result is wrong";
}

/* "class NAME [TEXT]" of a definition. */
static const char *
definition(const char *source, size_t index)
{
    if (index >= proxy.definitions.count) {
        return NULL;
    }
    const lzi_definition *at = &proxy.definitions.items[index];

    return lzi_arena_format(arena, "%s %s [%.*s]",
                            at->is_class ? "class" : "def", at->name,
                            (int)at->length, source + at->offset);
}

TEST
imports_of_units_are_in_order(void)
{
    ASSERT_STR_EQ("", scan("import itk.bPython\n"
                           "import itk.aPython, itk.bPython; import os\n"
                           "import itk.support.types as itkt\n"
                           "import itk.cPython as c\n"
                           "from . import _ITKCommonPython\n"
                           "if x:\n"
                           "    import itk.dPython\n"));
    ASSERT_STR_EQ("bPython aPython bPython", joined(arena, &proxy.imports));
    ASSERT_STR_EQ("os itkt c _ITKCommonPython",
                  joined(arena, &proxy.imported));
    PASS();
}

TEST
star_imports_are_the_units_of_an_aggregator(void)
{
    ASSERT_STR_EQ("", scan("swig = {}\n"
                           "import itk.ITKCommonPython\n"
                           "from itk.bPython import *\n"
                           "from itk.aPython import *\n"
                           "from os import *\n"
                           "def f(): pass\n"));
    ASSERT_STR_EQ("bPython aPython", joined(arena, &proxy.stars));
    ASSERT_STR_EQ("ITKCommonPython", joined(arena, &proxy.imports));
    ASSERT_STR_EQ("swig", joined(arena, &proxy.assigned));
    PASS();
}

TEST
definitions_reach_from_decorator_to_last_line(void)
{
    static const char source[] = "# c\n"
                                 "@d(\n1)\n"
                                 "def f(a,\nb):\n"
                                 "    r'''x\n\nclass y: '''\n"
                                 "    if a:\n"
                                 "# comment\n"
                                 "        return 1  # more\n"
                                 "\n"
                                 "    # not part of it\n"
                                 "class A(itk.bPython.B): pass\n"
                                 "async def g():\n"
                                 "\treturn (\n2)";

    ASSERT_STR_EQ("", scan(source));
    ASSERT_EQ(3, proxy.definitions.count);
    ASSERT_STR_EQ("def f [@d(\n1)\n"
                  "def f(a,\nb):\n"
                  "    r'''x\n\nclass y: '''\n"
                  "    if a:\n"
                  "# comment\n"
                  "        return 1  # more]",
                  definition(source, 0));
    ASSERT_STR_EQ("class A [class A(itk.bPython.B): pass]",
                  definition(source, 1));
    ASSERT_STR_EQ("def g [async def g():\n\treturn (\n2)]",
                  definition(source, 2));
    PASS();
}

TEST
indented_code_elsewhere_extends_nothing(void)
{
    static const char source[] = "class A:\n"
                                 "    x = 1\n"
                                 "try:\n"
                                 "    def f(): pass\n"
                                 "except E:\n"
                                 "    pass\n";

    ASSERT_STR_EQ("", scan(source));
    ASSERT_EQ(1, proxy.definitions.count);
    ASSERT_STR_EQ("class A [class A:\n    x = 1]", definition(source, 0));
    PASS();
}

TEST
assignments_bind_names(void)
{
    ASSERT_STR_EQ("", scan("a = b = 1\n"
                           "c: int = 2\n"
                           "d: int\n"
                           "e, (f, *g) = x\n"
                           "h.i = j[k] = l().m = 3\n"
                           "(n) = 4; o = lambda p, q=5: r\n"
                           "s += 6\n"
                           "t == 7\n"
                           "u(v=8)\n"));
    ASSERT_STR_EQ("a b c e f g n o", joined(arena, &proxy.assigned));
    PASS();
}

TEST
return_types_stand_in_docstrings(void)
{
    ASSERT_STR_EQ("", scan("class A:\n"
                           "    def g(self) -> int:\n"
                           "        r\"\"\"\n"
                           "        g(self) -> itkB\n"
                           "        g(self, int a) -> std::vector< itkC >\n"
                           "        g(self) -> itkB_Pointer, a->b -> 3\n"
                           "        \"\"\"\n"
                           "        x = 'h() -> itkD'  # -> itkE\n"
                           "def f():\n"
                           "    'f() -> itkB'\n"));
    ASSERT_STR_EQ("itkB std itkB_Pointer", joined(arena, &proxy.returns));
    PASS();
}

TEST
broken_source_is_reported(void)
{
    ASSERT_STR_EQ("f.py:2: error: unterminated string literal\n",
                  scan("a = 1\nclass A: r'''x\n"));
    PASS();
}

SUITE(swig_proxy)
{
    SET_TEARDOWN(tear_down, NULL);
    RUN_TEST(imports_of_units_are_in_order);
    RUN_TEST(star_imports_are_the_units_of_an_aggregator);
    RUN_TEST(definitions_reach_from_decorator_to_last_line);
    RUN_TEST(indented_code_elsewhere_extends_nothing);
    RUN_TEST(assignments_bind_names);
    RUN_TEST(return_types_stand_in_docstrings);
    RUN_TEST(broken_source_is_reported);
}
