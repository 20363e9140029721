#include "harness.h"

#include "archive/record_file.h"

#include <string.h>

/* What the tests apply and revert: a package "itk". */
static const lzi_record_entry common[] = {
    {"itk/_lazyindex/_lazyindex_stock.py", "sha256=glue", 5},
    {"itk/_lazyindex/_lazyindex.abi3.so", "sha256=so", 6},
};
static const lzi_record_entry shards[] = {
    {"itk/_lazyindex/itk-core.lzi", "sha256=shard", 7},
};
static const lzi_record_wanted applied = {
    .package = "itk",
    .applied = true,
    .stock = {"itk/__init__.py", "sha256=stock", 100},
    .init = {"itk/__init__.py", "sha256=ours", 4},
    .common = common,
    .common_count = 2,
};
static const lzi_record_wanted reverted = {
    .package = "itk",
    .stock = {"itk/__init__.py", "sha256=stock", 100},
    .init = {"itk/__init__.py", "sha256=ours", 4},
};

static lzi_arena *arena;

static void
free_arena(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

static const char *
rewrite(const char *record, const lzi_record_wanted *wanted, size_t count)
{
    if (arena == NULL) {
        arena = lzi_arena_new();
    }
    return lzi_record_rewrite(arena, lzi_slice_of(record), wanted, shards,
                              count)
        .data;
}

static const char core[] = "itk/__init__.py,sha256=stock,100\r\n"
                           "itk/__pycache__/__init__.cpython-311.pyc,,\r\n"
                           "itk/_ITKCommonPython.abi3.so,sha256=lib,8\r\n"
                           "itk_core-6.0.dist-info/RECORD,,\r\n";

TEST
apply_renames_the_original_and_adds_lines(void)
{
    ASSERT_STR_EQ("itk/__init__.py,sha256=ours,4\r\n"
                  "itk/_lazyindex/_lazyindex.abi3.so,sha256=so,6\r\n"
                  "itk/_lazyindex/_lazyindex_stock.py,sha256=glue,5\r\n"
                  "itk/_lazyindex/itk-core.lzi,sha256=shard,7\r\n"
                  "itk/_lazyindex/stock_init.py,sha256=stock,100\r\n"
                  "itk/_lazyindex/__pycache__/stock_init.cpython-311.pyc,,\r\n"
                  "itk/_ITKCommonPython.abi3.so,sha256=lib,8\r\n"
                  "itk_core-6.0.dist-info/RECORD,,\r\n",
                  rewrite(core, &applied, 1));
    PASS();
}

TEST
applying_again_changes_nothing(void)
{
    const char *once = rewrite(core, &applied, 1);

    ASSERT_STR_EQ(once, rewrite(once, &applied, 1));
    PASS();
}

/* Whatever the RECORD looks like: reverting gives it back. */
TEST
revert_gives_back_every_byte(void)
{
    static const char *const records[] = {
        core,
        "",
        "\n",
        "no line end",
        "itk/__init__.py,sha256=stock,100",
        "itk/__init__.py,,\nx,,",
        "\"itk/__init__.py\",\"sha256=stock\",\"100\"\nx,,\n",
        "itk/__init__.py,sha256=edited-by-hand,1\n",
        "z,,\r\na,,\r\nitk/__init__.py,sha256=stock,100\r\nb,,\n",
        "\"it\"\"k, \n/x\",sha256=q,1\r\nitk/__init__.py,sha256=stock,100\r\n",
        "\"unclosed,,\r\nitk/__init__.py,sha256=stock,100\r\n",
        "itk/__init__.pyi,sha256=a,1\nitk/_lazyindex.py,sha256=b,2\n"
        "itk/__pycache__/__init__.cpython-312.opt-1.pyc,,\n"
        "itk/__init__.py,sha256=stock,100\nother/itk/__init__.py,,\n",
        "/elsewhere/itk/__init__.py,sha256=stock,100\n../x,,\n",
    };

    for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
        const char *there = rewrite(records[i], &applied, 1);

        ASSERTm(records[i], strcmp(there, records[i]) != 0);
        ASSERT_STR_EQm(records[i], there, rewrite(there, &applied, 1));
        ASSERT_STR_EQm(records[i], records[i], rewrite(there, &reverted, 0));
        ASSERT_STR_EQm(records[i], records[i],
                       rewrite(records[i], &reverted, 0));
    }
    PASS();
}

TEST
other_distributions_get_only_their_shard(void)
{
    ASSERT_STR_EQ("itk/_ITKIOPNGPython.abi3.so,sha256=lib,8\n"
                  "itk/_lazyindex/itk-core.lzi,sha256=shard,7\n"
                  "itk_io-6.0.dist-info/RECORD,,\n",
                  rewrite("itk/_ITKIOPNGPython.abi3.so,sha256=lib,8\n"
                          "itk_io-6.0.dist-info/RECORD,,\n",
                          &applied, 1));
    PASS();
}

TEST
stale_shards_are_dropped(void)
{
    const char *there = rewrite(core, &applied, 1);

    ASSERT(strstr(there, "itk-core.lzi") != NULL);
    ASSERT(strstr(rewrite(there, &applied, 0), "itk-core.lzi") == NULL);
    PASS();
}

TEST
lines_of_others_survive(void)
{
    ASSERT_STR_EQ("a,,\n"
                  "itk/__init__.py,sha256=stock,100\n"
                  "new,sha256=n,1\n"
                  "z,,\n",
                  rewrite("a,,\n"
                          "itk/_lazyindex/stock_init.py,sha256=stock,100\n"
                          "new,sha256=n,1\n"
                          "itk/__init__.py,sha256=ours,4\n"
                          "z,,\n",
                          &reverted, 0));
    PASS();
}

/* pip wrote a new RECORD and kept nothing of ours, or somebody unpacked a
 * newer package over the applied one. */
TEST
a_newer_original_wins(void)
{
    static const char mixed[] =
        "itk/__init__.py,sha256=stock,100\n"
        "itk/_lazyindex/stock_init.py,sha256=older,90\n"
        "z,,\n";

    ASSERT_STR_EQ("itk/__init__.py,sha256=stock,100\nz,,\n",
                  rewrite(mixed, &reverted, 0));
    ASSERT_STR_EQ(
        rewrite("itk/__init__.py,sha256=stock,100\nz,,\n", &applied, 1),
        rewrite(mixed, &applied, 1));
    PASS();
}

TEST
a_lost_original_is_described_anew(void)
{
    ASSERT_STR_EQ(
        "itk/__init__.py,sha256=stock,100\nz,,\n",
        rewrite("itk/__init__.py,sha256=ours,4\nz,,\n", &reverted, 0));
    PASS();
}

TEST
byte_code_listed_twice_is_listed_once(void)
{
    ASSERT_STR_EQ(
        "itk/__init__.py,sha256=stock,100\n"
        "itk/__pycache__/__init__.cpython-311.pyc,,\n",
        rewrite("itk/__init__.py,sha256=stock,100\n"
                "itk/__pycache__/__init__.cpython-311.pyc,,\n"
                "itk/_lazyindex/__pycache__/stock_init.cpython-311.pyc,,\n",
                &reverted, 0));
    PASS();
}

TEST
odd_names_are_quoted(void)
{
    const lzi_record_entry odd = {"itk/_lazyindex/a,\"b\".lzi", "sha256=x", 1};

    rewrite("", &applied, 0);
    const lzi_slice there =
        lzi_record_rewrite(arena, lzi_slice_of("z,,\n"), &applied, &odd, 1);
    ASSERT_STR_EQ("\"itk/_lazyindex/a,\"\"b\"\".lzi\",sha256=x,1\nz,,\n",
                  there.data);
    ASSERT_STR_EQ("z,,\n", rewrite(there.data, &reverted, 0));
    PASS();
}

/* Known values: RFC 6234 and Python's base64. */
/* What pip writes for a lazy wheel: sorted, with all byte code. */
TEST
an_installed_lazy_wheel_is_as_it_should_be(void)
{
    static const char record[] =
        "itk/__init__.py,sha256=ours,4\r\n"
        "itk/__pycache__/__init__.cpython-311.pyc,,\r\n"
        "itk/_lazyindex/__pycache__/_lazyindex_stock.cpython-311.pyc,,\r\n"
        "itk/_lazyindex/__pycache__/stock_init.cpython-311.pyc,,\r\n"
        "itk/_lazyindex/_lazyindex.abi3.so,sha256=so,6\r\n"
        "itk/_lazyindex/_lazyindex_stock.py,sha256=glue,5\r\n"
        "itk/_lazyindex/itk-core.lzi,sha256=shard,7\r\n"
        "itk/_lazyindex/stock_init.py,sha256=stock,100\r\n"
        "itk_core-6.0.dist-info/RECORD,,\r\n";

    ASSERT_STR_EQ(record, rewrite(record, &applied, 1));
    ASSERT_STR_EQ("itk/__pycache__/__init__.cpython-311.pyc,,\r\n"
                  "itk/__init__.py,sha256=stock,100\r\n"
                  "itk_core-6.0.dist-info/RECORD,,\r\n",
                  rewrite(record, &reverted, 0));
    PASS();
}

TEST
lines_are_read(void)
{
    lzi_record_entries entries;
    size_t line;

    ASSERT(lzi_record_read(&entries, arena = lzi_arena_new(),
                           lzi_slice_of("a,sha256=x,1\r\n"
                                        "\"b \"\"1\"\", 2\",sha256=y,2\n"
                                        "RECORD,,"),
                           &line));
    ASSERT_EQ(3, entries.count);
    ASSERT_STR_EQ("a", entries.items[0].path);
    ASSERT_STR_EQ("sha256=x", entries.items[0].hash);
    ASSERT_EQ(1, entries.items[0].size);
    ASSERT_STR_EQ("b \"1\", 2", entries.items[1].path);
    ASSERT_EQ(2, entries.items[1].size);
    ASSERT_STR_EQ("", entries.items[2].hash);
    ASSERT(entries.items[2].size == LZI_RECORD_NO_SIZE);
    PASS();
}

TEST
lines_that_are_none_are_told(void)
{
    static const char *const lines[] = {
        "b",     "b,sha256=x", "b,sha256=x,1,2",
        "b,,-1", "b,,1x",      "b,,99999999999999999999",
        ",,",    "\"b,,1\n",   "",
    };

    arena = lzi_arena_new();
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        const char *record = lzi_arena_format(arena, "a,,\n%s\n", lines[i]);
        lzi_record_entries entries;
        size_t line = 0;

        ASSERTm(lines[i], !lzi_record_read(&entries, arena,
                                           lzi_slice_of(record), &line));
        ASSERT_EQm(lines[i], 2, line);
    }
    PASS();
}

TEST
one_line_is_updated(void)
{
    const lzi_record_entry entry = {"b", "sha256=new", 9};

    arena = lzi_arena_new();
    ASSERT_STR_EQ("a,sha256=x,1\r\nb,sha256=new,9\r\nc,,\r\n",
                  lzi_record_update(arena,
                                    lzi_slice_of("a,sha256=x,1\r\n"
                                                 "b,sha256=y,2\r\nc,,\r\n"),
                                    &entry)
                      .data);
    PASS();
}

TEST
hashes_are_those_of_wheels(void)
{
    rewrite("", &applied, 0);
    ASSERT_STR_EQ("sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
                  lzi_record_hash(arena, lzi_slice_of("")));
    ASSERT_STR_EQ("sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
                  lzi_record_hash(arena, lzi_slice_of("abc")));
    PASS();
}

SUITE(record_file)
{
    SET_TEARDOWN(free_arena, NULL);
    RUN_TEST(apply_renames_the_original_and_adds_lines);
    RUN_TEST(applying_again_changes_nothing);
    RUN_TEST(revert_gives_back_every_byte);
    RUN_TEST(other_distributions_get_only_their_shard);
    RUN_TEST(stale_shards_are_dropped);
    RUN_TEST(lines_of_others_survive);
    RUN_TEST(a_newer_original_wins);
    RUN_TEST(a_lost_original_is_described_anew);
    RUN_TEST(byte_code_listed_twice_is_listed_once);
    RUN_TEST(odd_names_are_quoted);
    RUN_TEST(an_installed_lazy_wheel_is_as_it_should_be);
    RUN_TEST(lines_are_read);
    RUN_TEST(lines_that_are_none_are_told);
    RUN_TEST(one_line_is_updated);
    RUN_TEST(hashes_are_those_of_wheels);
}
