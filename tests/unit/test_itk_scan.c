#include "harness.h"

#include "joined.h"
#include "itk/itk_model.h"
#include "scan/package_scan.h"
#include "stderr_capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A package of two modules: ITKCommon with units itkAPython and itkBPython,
 * Elastix with elxPython and an aggregator that has a body. */
static const char *const package_files[][2] = {
    {"itk/__init__.py", "from itkConfig import VERSION as __version__\n"
                        "from itk.support.extras import *\n"
                        "from .support.types import (F, D as Double)\n"
                        "import itk.support.types as types\n"
                        "import os.path\n"
                        "def local(): from os import nothing\n"
                        "size = 3\n"},
    {"itkConfig.py", "VERSION = '6'\n"},
    {"itk/support/extras.py", "import typing\n"
                              "from .more import *\n"
                              "if typing.TYPE_CHECKING:\n"
                              "    import hidden\n"
                              "else:\n"
                              "    shown = 1\n"
                              "try: tried = 1\n"
                              "except E as gone: pass\n"
                              "for i, (j, k) in []:\n"
                              "    with f() as g: pass\n"
                              "def size():\n"
                              "    inner = 1\n"
                              "class _Private: pass\n"},
    {"itk/support/more.py", "__all__ = ['m1', '_m2'] + ['m3']\n"
                            "__all__ += ('m4',)\n"
                            "m1 = other = 1\n"},
    {"itk/support/types.py", "F = D = 1\n"},
    {"itk/Configuration/ITKCommonConfig.py",
     "depends = ()\n"
     "templates = (  ('A', 'itk::A', 'itkA', True),\n"
     "  ('B', 'itk::B', 'itkBF2', True, 'float,2'),\n"
     "  ('string', 'std::string', 'str', False),\n"
     "  ('PNGImageIOFactory', 'itk::F', 'itkF', False),\n"
     ")\n"
     "factories = ((\"ImageIO\",\"PNG\"),)\n"},
    {"itk/Configuration/ITKCommon_snake_case.py",
     "snake_case_functions = ('a_function', 'not_there', )\n"},
    {"itk/Configuration/ElastixConfig.py",
     "depends = ('ITKCommon', 'ITKCommon', )\n"
     "templates = (('P', 'elx::P', 'elxP', False, ' itk::B< float,2 > "
     "*'),)\n"},
    {"itk/Configuration/Elastix_snake_case.py",
     "snake_case_functions = ('in_unit','in_body',)"},
    {"itk/ITKCommonPython.py", "swig = {}\n"
                               "from itk.itkBPython import *\n"
                               "from itk.itkAPython import *\n"},
    {"itk/ElastixPython.py", "swig = {}\n"
                             "import itk.ITKCommonPython\n"
                             "from itk.elxPython import *\n"
                             "import numpy as np\n"
                             "def in_body(): pass\n"
                             "def _private(): pass\n"},
    {"itk/itkAPython.py", "from . import _ITKCommonPython\n"
                          "class itkA:\n"
                          "    def g(self):\n"
                          "        r'''g(self) -> itkBF2_Pointer'''\n"
                          "class itkF: pass\n"
                          "def a_function(): pass\n"},
    {"itk/itkBPython.py", "import itk.ITKCommonPython\n"
                          "class itkBF2: pass\n"
                          "str = str\n"},
    {"itk/elxPython.py", "import itk.itkAPython\n"
                         "class elxP: pass\n"
                         "def in_unit(): pass\n"
                         "def in_body(): pass\n"},
    {"itk/_ITKCommonPython.abi3.so", ""},
    {"itk/_ITKCommonPython.cpython-311.so", ""},
    {"itk/_ElastixPython.cpython-311.so", ""},
    {"itk/__init_elastix__.py", ""},
};

static lzi_arena *arena;
static lzi_model model;
static lzi_itk_model *itk; /* what is ITK's in it */
static stderr_capture capture;

static void
tear_down(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

static void
put_file(const char *name, const char *text)
{
    FILE *file = fopen(test_path(name), "wb");

    if (file == NULL) {
        abort();
    }
    fputs(text, file);
    fclose(file);
}

static void
put_package(void)
{
    mkdir(test_path("itk"), 0777);
    mkdir(test_path("itk/support"), 0777);
    mkdir(test_path("itk/Configuration"), 0777);
    for (size_t i = 0; i < sizeof(package_files) / sizeof(*package_files);
         i++) {
        put_file(package_files[i][0], package_files[i][1]);
    }
}

/* Scan into `model`. @return what was reported. */
static const char *
scan(const char *directory)
{
    lzi_diag diag = {0};

    lzi_arena_free(arena);
    arena = lzi_arena_new();
    capture_begin(&capture);
    const bool good = lzi_scan(&model, arena, directory, NULL, &diag);
    capture_end(&capture);
    itk = model.detail;
    return good == (diag.errors == 0) ? capture.text : "result is wrong";
}

static const char *
unit_name(size_t index)
{
    return index == LZI_NONE ? NULL : itk->units.items[index].name;
}

/* 0: no such input. */
static uint64_t
hash_of(const char *path)
{
    for (size_t i = 0; i < model.inputs.count; i++) {
        if (strcmp(model.inputs.items[i].path, path) == 0) {
            return model.inputs.items[i].hash;
        }
    }
    return 0;
}

TEST
modules_and_units_are_found(void)
{
    put_package();
    ASSERT_STR_EQ("", scan(test_path("itk")));
    ASSERT_STR_EQ("itk", model.package);
    ASSERT_EQ(2, itk->modules.count);
    const lzi_model_module *elastix = &itk->modules.items[0];
    const lzi_model_module *common = &itk->modules.items[1];
    ASSERT_STR_EQ("Elastix", elastix->name);
    ASSERT_STR_EQ("_ElastixPython.cpython-311.so", elastix->library);
    ASSERT_STR_EQ("ITKCommon", joined(arena, &elastix->depends));
    ASSERT(elastix->has_startup);
    ASSERT_STR_EQ("in_body", joined(arena, &elastix->bodies));
    ASSERT_STR_EQ("ElastixPython", unit_name(elastix->body_unit));
    ASSERT_EQ(0, itk->units.items[elastix->body_unit].imports.count);
    ASSERT_STR_EQ("_ITKCommonPython.abi3.so", common->library);
    ASSERT_FALSE(common->has_startup);
    ASSERT_EQ(LZI_NONE, common->body_unit);
    ASSERT_EQ(2, common->units.count);
    ASSERT_STR_EQ("itkBPython", unit_name(common->units.items[0]));
    ASSERT_EQ(4, itk->units.count);
    ASSERT_EQ(3, lzi_itk_find_unit(itk, "itkBPython"));
    ASSERT_EQ(LZI_NONE, lzi_itk_find_unit(itk, "itkCPython"));
    ASSERT_EQ(1, lzi_itk_find_module(itk, "ITKCommon"));
    PASS();
}

/* What a body imports of its module's unit, which defines elxP and in_unit. */
static const char *
body_imports(const char *body)
{
    char text[200];

    snprintf(text, sizeof(text), "from itk.elxPython import *\n%s\n", body);
    put_package();
    put_file("itk/ElastixPython.py", text);
    const char *messages = scan(test_path("itk"));
    const size_t unit = itk->modules.items[0].body_unit;

    return *messages != '\0' ? messages
                             : joined(arena, &itk->units.items[unit].imports);
}

TEST
body_that_needs_no_unit_imports_none(void)
{
    static const char *const bodies[] = {
        "def in_body(elx): return elx.elxP, 'elxP', _private",
        "def in_unit(): pass\ndef in_body(): return in_unit()",
        "from numpy import elxP\ndef in_body(): return elxP",
        "def in_body(): return b'{elxP}'  # elxP",
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        ASSERT_STR_EQ("", body_imports(bodies[i]));
    }
    PASS();
}

TEST
body_that_needs_a_unit_imports_it(void)
{
    static const char *const bodies[] = {
        "def in_body(): return elxP",
        "def in_body(x=in_unit()): pass",
        "class in_body(elxP): pass",
        "def in_body(): return f'{elxP}'",
        "def in_body(): return rF\"{in_unit}\"",
        "def in_body(): return globals()['elxP']",
        "def in_body(): return eval('elxP')",
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        ASSERT_STR_EQ("elxPython", body_imports(bodies[i]));
    }
    /* The second one replaces in_body(). */
    ASSERT_STR_EQ("elxPython elxPython",
                  body_imports("def in_body(): pass\n"
                               "from itk.elxPython import *"));
    PASS();
}

TEST
table_entries_get_units(void)
{
    put_package();
    ASSERT_STR_EQ("", scan(test_path("itk")));
    const lzi_model_module *elastix = &itk->modules.items[0];
    const lzi_model_module *common = &itk->modules.items[1];
    ASSERT_STR_EQ("itkAPython", unit_name(common->tuples.items[0].unit));
    ASSERT_STR_EQ("itkBPython", unit_name(common->tuples.items[1].unit));
    ASSERT_STR_EQ("itkBPython", unit_name(common->tuples.items[2].unit));
    ASSERT_STR_EQ("itkAPython", unit_name(common->factories.items[0].unit));
    ASSERT_STR_EQ("itkAPython", unit_name(common->functions.items[0].unit));
    ASSERT(unit_name(common->functions.items[1].unit) == NULL);
    ASSERT_STR_EQ("elxPython", unit_name(elastix->functions.items[0].unit));
    ASSERT_STR_EQ("ElastixPython",
                  unit_name(elastix->functions.items[1].unit));
    PASS();
}

TEST
soft_edges_lead_where_imports_do_not(void)
{
    put_package();
    ASSERT_STR_EQ("", scan(test_path("itk")));
    const lzi_model_unit *units = itk->units.items;
    ASSERT_STR_EQ(
        "itkBPython",
        joined(arena, &units[lzi_itk_find_unit(itk, "elxPython")].soft));
    ASSERT_STR_EQ(
        "itkBPython",
        joined(arena, &units[lzi_itk_find_unit(itk, "itkAPython")].soft));
    ASSERT_STR_EQ(
        "", joined(arena, &units[lzi_itk_find_unit(itk, "itkBPython")].soft));
    PASS();
}

/* Soft edges of a unit whose template has these parameters. */
static const char *
edges_of_params(const char *params)
{
    char text[200];

    snprintf(text, sizeof(text),
             "depends = ('ITKCommon',)\n"
             "templates = (('P', 'elx::P', 'elxP', False, '%s'),)\n",
             params);
    put_package();
    put_file("itk/Configuration/ElastixConfig.py", text);
    const char *messages = scan(test_path("itk"));
    const size_t unit = lzi_itk_find_unit(itk, "elxPython");

    return *messages != '\0' ? messages
                             : joined(arena, &itk->units.items[unit].soft);
}

/* What the registries are asked for when the template is registered. */
TEST
parameters_are_taken_apart_as_itk_does(void)
{
    ASSERT_STR_EQ("itkBPython", edges_of_params("itk::B< float,2 > *"));
    ASSERT_STR_EQ("itkBPython", edges_of_params("int, itk::B<float,2>,3"));
    ASSERT_STR_EQ("itkBPython", edges_of_params("f(int, itk::B<float,2>"));
    ASSERT_STR_EQ("itkBPython", edges_of_params("\\titk::B<float,2>\\n"));
    ASSERT_STR_EQ("", edges_of_params("x>, itk::B<float,2>"));
    ASSERT_STR_EQ("", edges_of_params("itk::B<\\tfloat,2>"));
    ASSERT_STR_EQ("", edges_of_params("std::list< itk::B<float,2> >"));
    ASSERT_STR_EQ("", edges_of_params(""));
    PASS();
}

TEST
eager_names_follow_imports(void)
{
    static const lzi_model_eager expected[] = {
        {"Configuration", "itk.Configuration", ""},
        {"Double", "itk.support.types", "D"},
        {"F", "itk.support.types", "F"},
        {"__version__", "itkConfig", "VERSION"},
        {"g", "itk.support.extras", "g"},
        {"i", "itk.support.extras", "i"},
        {"j", "itk.support.extras", "j"},
        {"k", "itk.support.extras", "k"},
        {"m1", "itk.support.extras", "m1"},
        {"m3", "itk.support.extras", "m3"},
        {"m4", "itk.support.extras", "m4"},
        {"os", "os", ""},
        {"shown", "itk.support.extras", "shown"},
        {"support", "itk.support", ""},
        {"tried", "itk.support.extras", "tried"},
        {"types", "itk.support.types", ""},
        {"typing", "itk.support.extras", "typing"},
    };

    put_package();
    ASSERT_STR_EQ("", scan(test_path("itk")));
    const size_t count = sizeof(expected) / sizeof(*expected);
    for (size_t i = 0; i < count && i < model.eager.count; i++) {
        const lzi_model_eager *got = &model.eager.items[i];

        ASSERT_STR_EQ(expected[i].name, got->name);
        ASSERT_STR_EQm(got->name, expected[i].module, got->module);
        ASSERT_STR_EQm(got->name, expected[i].attribute, got->attribute);
    }
    ASSERT_EQ(count, model.eager.count);
    PASS();
}

/* "base:group base:group" of a package whose support layer has this text. */
static const char *
groups_of(const char *text)
{
    const char *list = "";

    put_package();
    put_file("itk/support/base.py", text);
    const char *messages = scan(test_path("itk"));
    for (size_t i = 0; i < itk->groups.count; i++) {
        list = lzi_arena_format(arena, "%s%s%s:%s", list, i == 0 ? "" : " ",
                                itk->groups.items[i].base,
                                itk->groups.items[i].group);
    }
    return *messages != '\0' ? messages : list;
}

TEST
factory_groups_are_those_of_the_package(void)
{
    ASSERT_STR_EQ("A:Five ITKFFT:FFTImageFilterInit ITKIOImageBase:ImageIO "
                  "ITKIOMeshBase:MeshIO ITKIOTransformBase:TransformIO",
                  groups_of("import os\n"
                            "needed_factories = {\n"
                            "    \"ITKIOImageBase\": \"ImageIO\",\n"
                            "    \"ITKIOMeshBase\": \"MeshIO\",\n"
                            "    \"ITKIOTransformBase\": \"TransformIO\",\n"
                            "    \"ITKFFT\": \"FFTImageFilterInit\",\n"
                            "    'A': 'Five',  # a fifth\n"
                            "}\n"
                            "def load_module_needed_factories(name):\n"
                            "    if name in needed_factories.keys():\n"
                            "        load(needed_factories[name])\n"));
    ASSERT_NEQ(0, hash_of("support/base.py"));
    ASSERT_STR_EQ("A:B",
                  groups_of("needed_factories: dict[str, str] = {'A': 'B'}"));
    ASSERT_STR_EQ("", groups_of("needed_factories = {}\n"));
    remove(test_path("itk/support/base.py"));
    ASSERT_STR_EQ("", scan(test_path("itk")));
    ASSERT_EQ(0, itk->groups.count);
    PASS();
}

TEST
factory_groups_that_cannot_be_read_are_refused(void)
{
    static const char *const cases[][2] = {
        {"other = 1\n", "base.py: error: has no table 'needed_factories'"},
        {"needed_factories = dict(A='B')\n",
         "base.py:1: error: expected a literal"},
        {"needed_factories = ('A', 'B')\n",
         "base.py:1: error: cannot tell what this makes of"},
        {"needed_factories = {'A': 'B'} | more\n",
         "base.py:1: error: cannot tell what this makes of"},
        {"needed_factories = {'A': ('B', 'C')}\n",
         "base.py:1: error: factory group is not a string"},
        {"needed_factories = {'a b': 'B'}\n",
         "base.py:1: error: base module 'a b' is not an identifier"},
        {"needed_factories = {'A': 'B', 'A': 'C'}\n",
         "base.py: error: has a module twice in"},
        {"\nneeded_factories = {}\nneeded_factories = {}\n",
         "base.py:3: error: assigns a second time to"},
        {"needed_factories = {}\nneeded_factories['A'] = 'B'\n",
         "base.py:2: error: cannot tell what this makes of"},
        {"needed_factories = {}\nneeded_factories.update(more)\n",
         "base.py:2: error: cannot tell what this makes of"},
        {"if new:\n    needed_factories = {'A': 'B'}\n",
         "base.py:2: error: cannot tell what this makes of"},
        {"from .factories import needed_factories\n",
         "base.py:1: error: cannot tell what this makes of"},
        {"a = needed_factories = {}\n",
         "base.py:1: error: cannot tell what this makes of"},
        {"needed_factories = {\n", "base.py:1: error: bracket was never"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *messages = groups_of(cases[i][0]);

        ASSERT_CONTAINSm(cases[i][0], cases[i][1], messages);
        ASSERTm(cases[i][0],
                strchr(messages, '\n') == strrchr(messages, '\n'));
    }
    PASS();
}

TEST
exports_have_to_be_a_list(void)
{
    static const char *const values[] = {"{'m1': 'm2'}", "'m1'", "['m1', 2]"};

    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        char text[100];

        snprintf(text, sizeof(text), "__all__ = %s\n", values[i]);
        put_package();
        put_file("itk/support/more.py", text);
        ASSERT_CONTAINSm(values[i], "'__all__' is not a list of strings",
                         scan(test_path("itk")));
    }
    PASS();
}

TEST
inputs_are_listed_once(void)
{
    put_package();
    ASSERT_STR_EQ("", scan(test_path("itk")));
    ASSERT_EQ(12, model.inputs.count);
    ASSERT_STR_EQ("Configuration/ElastixConfig.py",
                  model.inputs.items[0].path);
    ASSERT_NEQ(0, hash_of("__init__.py"));
    ASSERT_NEQ(0, hash_of("ElastixPython.py"));
    ASSERT_NEQ(0, hash_of("support/more.py"));
    PASS();
}

TEST
stock_init_counts_where_applied(void)
{
    put_package();
    ASSERT_STR_EQ("", scan(test_path("itk")));
    const uint64_t hash = hash_of("__init__.py");
    const size_t eager = model.eager.count;
    mkdir(test_path("itk/_lazyindex"), 0777);
    put_file("itk/_lazyindex/stock_init.py", package_files[0][1]);
    put_file("itk/__init__.py", "short = 1\n");
    ASSERT_STR_EQ("", scan(test_path("itk")));
    ASSERT_EQ(hash, hash_of("__init__.py"));
    ASSERT_EQ(eager, model.eager.count);
    PASS();
}

TEST
what_is_no_package_gets_one_message(void)
{
    ASSERT_CONTAINS("cannot open '/nonexistent/itk': No such file",
                    scan("/nonexistent/itk"));
    ASSERT_CONTAINS("is no installed itk package: it has no __init__.py",
                    scan(test_directory()));
    put_file("__init__.py", "");
    ASSERT_CONTAINS("it has no Configuration tables", scan(test_directory()));
    mkdir(test_path("Configuration"), 0777);
    ASSERT_CONTAINS("its Configuration directory holds no table",
                    scan(test_directory()));
    ASSERT_CONTAINS("cannot open", scan(test_path("__init__.py")));
    PASS();
}

TEST
all_problems_are_reported(void)
{
    put_package();
    remove(test_path("itk/_ITKCommonPython.abi3.so"));
    remove(test_path("itk/_ITKCommonPython.cpython-311.so"));
    remove(test_path("itk/itkBPython.py"));
    put_file("itk/elxPython.py", "import itk.gonePython\nx = '''\n");
    put_file("itk/itkAPython.py", "import itk.gonePython\n");
    put_file("itk/Configuration/ElastixConfig.py", "depends = f()\n");
    const char *text = scan(test_path("itk"));
    ASSERT_CONTAINS("has no _ITKCommonPython.abi3.so: install itk again",
                    text);
    ASSERT_CONTAINS("has no itkBPython.py: install itk again", text);
    ASSERT_CONTAINS("/elxPython.py:2: error: unterminated string", text);
    ASSERT_CONTAINS("/itkAPython.py: error: imports 'gonePython', which is "
                    "not installed: install itk again",
                    text);
    ASSERT_CONTAINS("/ElastixConfig.py:1: error: expected a literal", text);
    PASS();
}

TEST
missing_aggregator_is_an_error(void)
{
    put_package();
    remove(test_path("itk/ElastixPython.py"));
    ASSERT_CONTAINS("module Elastix of", scan(test_path("itk")));
    ASSERT_CONTAINS("has no ElastixPython.py: install itk again",
                    capture.text);
    PASS();
}

TEST
unresolved_entries_are_errors(void)
{
    put_package();
    put_file("itk/Configuration/ElastixConfig.py",
             "templates = (\n"
             "  ('P', 'elx::P', 'elxQ'),\n"
             ")\n"
             "factories = ((\"MeshIO\",\"None\"),)\n");
    const char *text = scan(test_path("itk"));
    ASSERT_CONTAINS("/Configuration/ElastixConfig.py:2: error: SWIG class "
                    "'elxQ' is defined in no unit of module Elastix",
                    text);
    ASSERT_CONTAINS("/Configuration/ElastixConfig.py:4: error: factory class "
                    "'NoneMeshIOFactory' is defined in no table",
                    text);
    PASS();
}

/* itk-ultrasound has std::list<itk::Index<2>> in some twenty units. */
TEST
class_of_several_units_is_that_of_the_last(void)
{
    put_package();
    put_file("itk/itkAPython.py", "class itkA: pass\nclass itkBF2: pass\n"
                                  "class itkF: pass\n");
    put_file("itk/itkBPython.py", "class itkA: pass\nclass itkBF2: pass\n"
                                  "str = str\n");
    ASSERT_STR_EQ("", scan(test_path("itk")));
    const lzi_model_module *common = &itk->modules.items[1];
    for (size_t i = 0; i < 2; i++) {
        ASSERT_STR_EQ("itkAPython", unit_name(common->tuples.items[i].unit));
    }
    PASS();
}

TEST
missing_dependency_is_a_warning(void)
{
    put_package();
    put_file("itk/Configuration/ElastixConfig.py", "depends = ('ITKGone',)\n");
    ASSERT_CONTAINS("warning: module ITKGone, which Elastix depends on, is "
                    "not installed",
                    scan(test_path("itk")));
    PASS();
}

TEST
inputs_that_change_meanwhile_are_told(void)
{
    lzi_diag diag = {0};

    put_package();
    ASSERT_STR_EQ("", scan(test_path("itk")));
    ASSERT(lzi_model_check_inputs(&model, &diag));
    put_file("itk/Configuration/Elastix_snake_case.py",
             "snake_case_functions = ('in_unit','in_Body',)");
    capture_begin(&capture);
    const bool same = lzi_model_check_inputs(&model, &diag);
    capture_end(&capture);
    ASSERT_FALSE(same);
    ASSERT_CONTAINS("/Configuration/Elastix_snake_case.py: error: changed "
                    "while it was read: name the target that writes it in "
                    "DEPENDS, and build again\n",
                    capture.text);
    PASS();
}

TEST
unit_of_two_modules_is_an_error(void)
{
    put_package();
    put_file("itk/ElastixPython.py", "swig = {}\n"
                                     "from itk.elxPython import *\n"
                                     "from itk.itkAPython import *\n");
    ASSERT_CONTAINS("error: 'itkAPython' belongs to two modules, ",
                    scan(test_path("itk")));
    PASS();
}

TEST
odd_lists_of_names_are_errors(void)
{
    static const char *const odd[][2] = {
        {"\n__all__ = ['a', 1]\n", ":2: error: '__all__' is not a list of"},
        {"__all__ = ['a'] * 2\n", ":1: error: cannot tell what this makes"},
        {"__all__ -= ['a']\n", ":1: error: cannot tell what this makes"},
        {"__all__ = names()\n", ":1: error: expected a literal"},
        {"__all__ = '''a\n", ":1: error: unterminated string"},
    };

    put_package();
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        put_file("itk/support/more.py", odd[i][0]);
        const char *text = scan(test_path("itk"));
        ASSERT_CONTAINS("/support/more.py:", text);
        ASSERT_CONTAINS(odd[i][1], text);
    }
    PASS();
}

TEST
star_import_from_elsewhere_is_a_warning(void)
{
    put_package();
    put_file("itk/support/more.py", "from elsewhere import *\n");
    ASSERT_CONTAINS("/support/more.py: warning: 'from elsewhere import *' is "
                    "not followed",
                    scan(test_path("itk")));
    PASS();
}

SUITE(itk_scan)
{
    SET_TEARDOWN(tear_down, NULL);
    RUN_TEST(modules_and_units_are_found);
    RUN_TEST(body_that_needs_no_unit_imports_none);
    RUN_TEST(body_that_needs_a_unit_imports_it);
    RUN_TEST(table_entries_get_units);
    RUN_TEST(soft_edges_lead_where_imports_do_not);
    RUN_TEST(parameters_are_taken_apart_as_itk_does);
    RUN_TEST(eager_names_follow_imports);
    RUN_TEST(factory_groups_are_those_of_the_package);
    RUN_TEST(factory_groups_that_cannot_be_read_are_refused);
    RUN_TEST(exports_have_to_be_a_list);
    RUN_TEST(inputs_are_listed_once);
    RUN_TEST(stock_init_counts_where_applied);
    RUN_TEST(what_is_no_package_gets_one_message);
    RUN_TEST(all_problems_are_reported);
    RUN_TEST(missing_aggregator_is_an_error);
    RUN_TEST(unresolved_entries_are_errors);
    RUN_TEST(class_of_several_units_is_that_of_the_last);
    RUN_TEST(missing_dependency_is_a_warning);
    RUN_TEST(inputs_that_change_meanwhile_are_told);
    RUN_TEST(unit_of_two_modules_is_an_error);
    RUN_TEST(odd_lists_of_names_are_errors);
    RUN_TEST(star_import_from_elsewhere_is_a_warning);
}
