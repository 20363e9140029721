#include "record_fixture.h"

#include "lzi_itk_put.h"

static lzi_status
decode_contents(lzi_slice value)
{
    lzi_contents contents;
    return lzi_contents_decode(&contents, value);
}

TEST
contents(void)
{
    lzi_contents out;
    put_two("A", "B");
    lzi_put_fixed64(&buffer, 0x0102030405060708u);
    lzi_put_list(&buffer, NULL, 0);
    ASSERT_EQ(LZI_OK, lzi_contents_decode(&out, written()));
    ASSERT_EQ(2, out.modules.count);
    ASSERT(out.module_sum == 0x0102030405060708u);
    ASSERT_EQ(0, out.startups.count);
    ASSERT(only_whole_decodes(decode_contents));
    PASS();
}

static lzi_status
decode_swig_name(lzi_slice value)
{
    lzi_slice unit;
    return lzi_swig_name_decode(&unit, value);
}

TEST
swig_name(void)
{
    lzi_slice unit;
    put("stdcomplexPython");
    ASSERT_EQ(LZI_OK, lzi_swig_name_decode(&unit, written()));
    ASSERT(is(unit, "stdcomplexPython"));
    ASSERT(only_whole_decodes(decode_swig_name));
    PASS();
}

static lzi_status
decode_groups(lzi_slice value)
{
    lzi_list groups;
    return lzi_groups_decode(&groups, value);
}

TEST
groups(void)
{
    lzi_list out;
    put_two("ImageIO", "MeshIO");
    ASSERT_EQ(LZI_OK, lzi_groups_decode(&out, written()));
    ASSERT_EQ(2, out.count);
    ASSERT(only_whole_decodes(decode_groups));
    PASS();
}

TEST
candidates(void)
{
    lzi_candidate out;
    lzi_put_varint(&buffer, 2);
    put("AAA");
    lzi_put_varint(&buffer, LZI_NAME_IN_MODULE | LZI_NAME_TEMPLATE);
    put("itk::A");
    put_two("u", "v");
    put("BBB");
    lzi_put_varint(&buffer, LZI_NAME_FUNCTION);
    lzi_put_list(&buffer, NULL, 0);
    lzi_cursor cursor = lzi_cursor_of(written());
    ASSERT_EQ(2, lzi_read_count(&cursor));
    ASSERT_EQ(LZI_OK, lzi_candidate_decode(&out, &cursor));
    ASSERT(is(out.module, "AAA"));
    ASSERT_EQ(5, out.flags);
    ASSERT(is(out.cpp, "itk::A"));
    ASSERT_EQ(2, out.units.count);
    ASSERT_EQ(LZI_OK, lzi_candidate_decode(&out, &cursor));
    ASSERT(is(out.module, "BBB"));
    ASSERT_EQ(2, out.flags);
    ASSERT(is(out.cpp, ""));
    ASSERT(cursor.at == cursor.end);
    ASSERT_EQm("no third one", LZI_E_FORMAT,
               lzi_candidate_decode(&out, &cursor));
    PASS();
}

static lzi_status
decode_module(lzi_slice value)
{
    lzi_module module;
    return lzi_module_decode(&module, value);
}

static void
put_module(void)
{
    put("_AAAPython.abi3.so");
    lzi_put_varint(&buffer, 1);
    put_two("P", "Q");
    lzi_put_varint(&buffer, 2);
    put("IO");
    put("PNG");
    put("pngPython");
    put("IO");
    put("BMP");
    put("bmpPython");
    lzi_put_varint(&buffer, 1);
    put("a_filter");
    put("filterPython");
    put_two("filterPython", "pngPython");
    put_two("A", "a_filter");
}

TEST
module(void)
{
    lzi_module out;
    lzi_factory factory;
    lzi_function function;
    put_module();
    ASSERT_EQ(LZI_OK, lzi_module_decode(&out, written()));
    ASSERT(is(out.library, "_AAAPython.abi3.so"));
    ASSERT(out.has_body);
    ASSERT_EQ(2, out.depends.count);
    ASSERT_EQ(2, out.factories);
    lzi_factory_next(&factory, &out.factory_cursor);
    lzi_factory_next(&factory, &out.factory_cursor);
    ASSERT(is(factory.group, "IO") && is(factory.prefix, "BMP") &&
           is(factory.unit, "bmpPython"));
    ASSERT_EQ(1, out.functions);
    lzi_function_next(&function, &out.function_cursor);
    ASSERT(is(function.name, "a_filter") && is(function.unit, "filterPython"));
    ASSERT_EQ(2, out.units.count);
    ASSERT_EQ(2, out.names.count);
    ASSERT(only_whole_decodes(decode_module));
    PASS();
}

static lzi_status
decode_unit(lzi_slice value)
{
    lzi_unit unit;
    return lzi_unit_decode(&unit, value);
}

TEST
unit(void)
{
    lzi_unit out;
    lzi_tuple_range range;
    put("AAA");
    put_two("b", "c");
    lzi_put_list(&buffer, NULL, 0);
    lzi_put_varint(&buffer, 1);
    lzi_put_varint(&buffer, 1000);
    lzi_put_varint(&buffer, 10);
    lzi_put_varint(&buffer, 3);
    ASSERT_EQ(LZI_OK, lzi_unit_decode(&out, written()));
    ASSERT(is(out.module, "AAA"));
    ASSERT_EQ(2, out.imports.count);
    ASSERT_EQ(0, out.soft.count);
    ASSERT_EQ(1, out.ranges);
    lzi_tuple_range_next(&range, &out.range_cursor);
    ASSERT_EQ(1000, range.offset);
    ASSERT_EQ(10, range.first);
    ASSERT_EQ(3, range.count);
    ASSERT(only_whole_decodes(decode_unit));
    PASS();
}

static lzi_status
decode_two_tuples(lzi_slice value)
{
    lzi_tuple tuple;
    lzi_cursor cursor = lzi_cursor_of(value);
    for (int i = 0; i < 2; i++) {
        if (lzi_tuple_next(&tuple, &cursor) != LZI_OK) {
            return LZI_E_FORMAT;
        }
    }
    return cursor.at == cursor.end ? LZI_OK : LZI_E_FORMAT;
}

TEST
tuples(void)
{
    lzi_tuple out;
    lzi_tuple plain = {.python = lzi_slice_of("Object"),
                       .cpp = lzi_slice_of("itk::Object"),
                       .swig = lzi_slice_of("itkObject"),
                       .in_module = true};
    lzi_tuple image = {.python = lzi_slice_of("Image"),
                       .cpp = lzi_slice_of("itk::Image"),
                       .swig = lzi_slice_of("itkImageSS2"),
                       .params = lzi_slice_of(" signed short,2 "),
                       .has_params = true};
    lzi_put_tuple(&buffer, &plain);
    lzi_put_tuple(&buffer, &image);
    lzi_cursor cursor = lzi_cursor_of(written());
    ASSERT_EQ(LZI_OK, lzi_tuple_next(&out, &cursor));
    ASSERT(out.in_module && !out.has_params);
    ASSERT(is(out.python, "Object") && is(out.cpp, "itk::Object") &&
           is(out.swig, "itkObject") && is(out.params, ""));
    ASSERT_EQ(LZI_OK, lzi_tuple_next(&out, &cursor));
    ASSERT(!out.in_module && out.has_params);
    ASSERT(is(out.params, " signed short,2 "));
    ASSERT(only_whole_decodes(decode_two_tuples));
    PASS();
}

/* With parameters or without is not the same as with empty ones. */
TEST
empty_parameters_are_parameters(void)
{
    lzi_tuple out, tuple = {.python = lzi_slice_of("x"),
                            .cpp = lzi_slice_of("y"),
                            .swig = lzi_slice_of("z"),
                            .params = lzi_slice_of(""),
                            .has_params = true};
    lzi_put_tuple(&buffer, &tuple);
    lzi_cursor cursor = lzi_cursor_of(written());
    ASSERT_EQ(LZI_OK, lzi_tuple_next(&out, &cursor));
    ASSERT(out.has_params);
    ASSERT_EQ(0, out.params.size);
    PASS();
}

/* Counts that promise more than there is must not be believed. */
TEST
wild_counts_are_refused(void)
{
    lzi_module out;
    put("library");
    lzi_put_varint(&buffer, 0);
    lzi_put_list(&buffer, NULL, 0);
    lzi_put_varint(&buffer, INT32_MAX); /* factories */
    ASSERT_EQ(LZI_E_FORMAT, lzi_module_decode(&out, written()));
    PASS();
}

/* A name of a file that leads elsewhere, in each place that has one. */
TEST
names_of_files_stay_in_the_package(void)
{
    static const char *const wild[] = {"../x.so", "/x.so", "a/x.so", "..",
                                       ".",       "",      "x/"};
    static const char no_utf8[] = "\1\1\xff\0\0\0\0\0\0\0\0";
    for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
        put(wild[i]);
        lzi_put_bytes(&buffer, "\0\0\0\0\0\0", 6);
        ASSERT_EQm(wild[i], LZI_E_FORMAT, decode_module(written()));
        lzi_buffer_free(&buffer);
        for (int place = 0; place < 2; place++) { /* modules, start-ups */
            put_two("A", place == 0 ? wild[i] : "B");
            lzi_put_fixed64(&buffer, 0);
            put_two("A", place == 1 ? wild[i] : "B");
            ASSERT_EQm(wild[i], LZI_E_FORMAT, decode_contents(written()));
            lzi_buffer_free(&buffer);
        }
    }
    lzi_put_string(&buffer, (lzi_slice){"a\0b", 3});
    lzi_put_bytes(&buffer, "\0\0\0\0\0\0", 6);
    ASSERT_EQ(LZI_E_FORMAT, decode_module(written()));
    ASSERT_EQm("a module that has no name in Python", LZI_E_FORMAT,
               decode_contents((lzi_slice){no_utf8, sizeof(no_utf8)}));
    PASS();
}

/* A table of three tuples of four bytes, behind a count. */
static const char TABLE[] = "\3\0\1a\0\0\0\1b\0\0\0\1c\0\0";

/* What a unit with two ranges gets out of it: the names, and how it ended. */
static lzi_status
read_ranges(char *names, const uint32_t ranges[2][3])
{
    lzi_unit unit;
    lzi_tuple tuple;
    lzi_buffer_free(&buffer);
    lzi_put_bytes(&buffer, "\0\0\0\2", 4);
    for (size_t i = 0; i < 6; i++) {
        lzi_put_varint(&buffer, ranges[i / 3][i % 3]);
    }
    lzi_status status = lzi_unit_decode(&unit, written());
    lzi_unit_tuples walk =
        lzi_unit_tuples_of(&unit, (lzi_slice){TABLE, sizeof(TABLE) - 1});
    while (status == LZI_OK) {
        status = lzi_unit_tuple_next(&tuple, &walk);
        if (status == LZI_OK) {
            *names++ = tuple.python.data[0];
        }
    }
    *names = '\0';
    return status;
}

TEST
tuples_of_a_unit(void)
{
    static const struct {
        uint32_t ranges[2][3];
        const char *names;
        lzi_status status;
    } cases[] = {
        {{{1, 0, 2}, {11, 2, 1}}, "abc", LZI_NOT_FOUND},
        {{{1, 0, 1}, {11, 2, 1}}, "ac", LZI_NOT_FOUND},
        {{{1, 0, 0}, {6, 1, 0}}, "", LZI_NOT_FOUND},
        {{{6, 1, 1}, {1, 0, 1}}, "b", LZI_E_FORMAT},
        {{{1, 0, 3}, {1, 0, 3}}, "abc", LZI_E_FORMAT},
        {{{1, 0, 4}, {1, 0, 3}}, "abc", LZI_E_FORMAT},
        {{{16, 0, 1}, {16, 0, 1}}, "", LZI_E_FORMAT},
        {{{INT32_MAX, 0, INT32_MAX}, {1, 0, 1}}, "", LZI_E_FORMAT},
    };
    char names[16];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ASSERT_EQm(cases[i].names, cases[i].status,
                   read_ranges(names, cases[i].ranges));
        ASSERT_STR_EQ(cases[i].names, names);
    }
    PASS();
}

SUITE(lzi_itk_record)
{
    SET_TEARDOWN(fixture_free, NULL);
    RUN_TEST(contents);
    RUN_TEST(groups);
    RUN_TEST(swig_name);
    RUN_TEST(candidates);
    RUN_TEST(module);
    RUN_TEST(unit);
    RUN_TEST(tuples);
    RUN_TEST(empty_parameters_are_parameters);
    RUN_TEST(wild_counts_are_refused);
    RUN_TEST(names_of_files_stay_in_the_package);
    RUN_TEST(tuples_of_a_unit);
}
