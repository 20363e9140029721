#include "record_fixture.h"

static lzi_status
decode_meta(lzi_slice value)
{
    lzi_meta meta;
    return lzi_meta_decode(&meta, value);
}

TEST
meta(void)
{
    lzi_meta out;
    put("itk");
    put("profile");
    put("itk-core");
    put("6.0");
    put("lazyindex 1");
    ASSERT_EQ(LZI_OK, lzi_meta_decode(&out, written()));
    ASSERT(is(out.package, "itk") && is(out.profile, "profile"));
    ASSERT(is(out.distribution, "itk-core") && is(out.version, "6.0"));
    ASSERT(is(out.producer, "lazyindex 1"));
    ASSERT(only_whole_decodes(decode_meta));
    PASS();
}

TEST
fixed64_is_little_endian(void)
{
    lzi_put_fixed64(&buffer, 0x0102030405060708u);
    ASSERT_EQ(8, buffer.size);
    ASSERT_MEM_EQ("\x08\x07\x06\x05\x04\x03\x02\x01", buffer.data, 8);
    PASS();
}

static lzi_status
decode_eager(lzi_slice value)
{
    lzi_eager eager;
    return lzi_eager_decode(&eager, value);
}

TEST
eager(void)
{
    lzi_eager out;
    put("itk.support.extras");
    put("imread");
    ASSERT_EQ(LZI_OK, lzi_eager_decode(&out, written()));
    ASSERT(is(out.module, "itk.support.extras"));
    ASSERT(is(out.attribute, "imread"));
    ASSERT(only_whole_decodes(decode_eager));
    PASS();
}

static lzi_status
decode_file(lzi_slice value)
{
    lzi_file file;
    return lzi_file_decode(&file, lzi_slice_of("a/b.py"), value);
}

TEST
file(void)
{
    lzi_file out;
    lzi_put_varint(&buffer, (uint64_t)5 << 32);
    lzi_put_fixed64(&buffer, UINT64_MAX);
    ASSERT_EQ(LZI_OK, lzi_file_decode(&out, lzi_slice_of("x"), written()));
    ASSERT(out.size == (uint64_t)5 << 32);
    ASSERT(out.hash == UINT64_MAX);
    ASSERT(only_whole_decodes(decode_file));
    ASSERT_EQm("a path that leads out", LZI_E_FORMAT,
               lzi_file_decode(&out, lzi_slice_of("a/../../x"), written()));
    PASS();
}

/* All that an attribute can be has a capital letter. */
TEST
filtered_tables_have_capitals(void)
{
    ASSERT(lzi_table_is_filtered(LZI_TABLE_EAGER));
    ASSERT(lzi_table_is_filtered('A') && lzi_table_is_filtered('Z'));
    static const char others[] = "@[`az%f";
    for (size_t i = 0; others[i] != '\0'; i++) {
        ASSERT_FALSE(lzi_table_is_filtered(others[i]));
    }
    PASS();
}

SUITE(lzi_record)
{
    SET_TEARDOWN(fixture_free, NULL);
    RUN_TEST(meta);
    RUN_TEST(fixed64_is_little_endian);
    RUN_TEST(eager);
    RUN_TEST(file);
    RUN_TEST(filtered_tables_have_capitals);
}
