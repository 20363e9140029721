#include "harness.h"

#include "archive/wheel_tags.h"

static lzi_arena *arena;

static lzi_arena *
memory(void)
{
    arena = arena != NULL ? arena : lzi_arena_new();
    return arena;
}

static void
free_arena(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

TEST
names_are_taken_apart_and_put_together(void)
{
    static const char *const names[] = {
        "itk_core-6.0b2-cp311-abi3-manylinux_2_27_x86_64.manylinux_2_28_x86_64"
        ".whl",
        "a-1-1-py3-none-any.whl",
    };
    lzi_wheel_name name;

    for (size_t i = 0; i < 2; i++) {
        ASSERT(lzi_wheel_name_parse(&name, memory(), names[i]));
        ASSERT_STR_EQ(names[i], lzi_wheel_name_format(memory(), &name));
    }
    ASSERT_STR_EQ("a", name.distribution);
    ASSERT_STR_EQ("1", name.version);
    ASSERT_STR_EQ("a-1-1", name.stem);
    ASSERT_STR_EQ("py3", name.python);
    ASSERT_STR_EQ("none", name.abi);
    ASSERT_STR_EQ("any", name.platform);
    PASS();
}

TEST
other_names_are_refused(void)
{
    static const char *const names[] = {
        "",
        ".whl",
        "a.zip",
        "a-1-py3-none-any",
        "a-1.whl",
        "a-1--x-y-z.whl",
        "a-1-2-3-x-y-z.whl",
        "-1-x-y-z.whl",
    };
    lzi_wheel_name name;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        ASSERTm(names[i], !lzi_wheel_name_parse(&name, memory(), names[i]));
    }
    PASS();
}

TEST
pythons_that_fit(void)
{
    static const struct {
        const char *python, *abi;
        bool fits;
    } cases[] = {
        {"cp311", "abi3", true},          {"cp313", "cp313", true},
        {"cp311.cp312", "abi3", true},    {"cp39", "abi3", false},
        {"cp310.cp311", "abi3", false},   {"cp313", "cp313t", false},
        {"cp315", "abi3t", false},        {"py3", "none", false},
        {"pp311", "pypy311_pp73", false}, {"cp311", "none", false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const lzi_wheel_name name = {.python = cases[i].python,
                                     .abi = cases[i].abi};

        ASSERT_EQ(cases[i].fits, lzi_wheel_python_fits(&name));
    }
    PASS();
}

static const char *
platform(const char *given, unsigned minor)
{
    const lzi_elf_needs needs = {"x86_64", {minor > 0 ? 2 : 0, minor}};
    const char *kept = lzi_wheel_platform(memory(), given, &needs);

    return kept == NULL ? "(none)" : kept;
}

TEST
platforms_promise_what_is_needed(void)
{
    const char *both = "manylinux_2_27_x86_64.manylinux_2_28_x86_64";

    ASSERT_STR_EQ(both, platform(both, 27));
    ASSERT_STR_EQ("manylinux_2_28_x86_64", platform(both, 28));
    ASSERT_STR_EQ("manylinux_2_34_x86_64", platform(both, 34));
    ASSERT_STR_EQ("manylinux2014_x86_64",
                  platform("manylinux2010_x86_64.manylinux2014_x86_64", 17));
    ASSERT_STR_EQ("manylinux_2_14_x86_64",
                  platform("manylinux1_x86_64.manylinux2010_x86_64", 14));
    ASSERT_STR_EQ("linux_x86_64", platform("linux_x86_64", 34));
    ASSERT_STR_EQ("musllinux_1_2_x86_64", platform("musllinux_1_2_x86_64", 0));
    PASS();
}

TEST
other_platforms_are_refused(void)
{
    static const char *const tags[] = {
        "any",
        "win_amd64",
        "linux_aarch64",
        "macosx_11_0_x86_64",
        "",
        "manylinux_2_28_aarch64",
        "manylinux_2_x",
        "manylinux_2_28_x86_64.macosx_11_0_arm64",
    };

    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
        ASSERT_STR_EQm(tags[i], "(none)", platform(tags[i], 17));
    }
    ASSERT_STR_EQ("(none)", platform("musllinux_1_2_x86_64", 17));
    ASSERT_STR_EQ("(none)", platform("manylinux_2_28_x86_64", 0));
    PASS();
}

TEST
tags_are_written_in_place(void)
{
    const lzi_wheel_name name = {
        .python = "cp311.cp312", .abi = "abi3", .platform = "x.y"};

    ASSERT_STR_EQ("Wheel-Version: 1.0\r\n"
                  "Tag: cp311-abi3-x\r\nTag: cp311-abi3-y\r\n"
                  "Tag: cp312-abi3-x\r\nTag: cp312-abi3-y\r\n"
                  "Build: 1\r\n",
                  lzi_wheel_retag(memory(),
                                  lzi_slice_of("Wheel-Version: 1.0\r\n"
                                               "Tag: a-b-c\r\nTag: d-e-f\r\n"
                                               "Build: 1\r\n"),
                                  &name)
                      .data);
    PASS();
}

SUITE(wheel_tags)
{
    SET_TEARDOWN(free_arena, NULL);
    RUN_TEST(names_are_taken_apart_and_put_together);
    RUN_TEST(other_names_are_refused);
    RUN_TEST(pythons_that_fit);
    RUN_TEST(platforms_promise_what_is_needed);
    RUN_TEST(other_platforms_are_refused);
    RUN_TEST(tags_are_written_in_place);
}
