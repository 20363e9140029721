#include "harness.h"

#include "scan/distributions.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static lzi_arena *arena;

static void
tear_down(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
}

static void
write_file(const char *name, const char *text)
{
    FILE *file = fopen(test_path(name), "wb");

    if (file != NULL) {
        fputs(text, file);
        fclose(file);
    }
}

/* A *.dist-info directory; NULL: no such file. */
static void
write_info(const char *directory, const char *metadata, const char *record)
{
    char path[256];

    mkdir(test_path(directory), 0777);
    if (metadata != NULL) {
        snprintf(path, sizeof(path), "%s/METADATA", directory);
        write_file(path, metadata);
    }
    if (record != NULL) {
        snprintf(path, sizeof(path), "%s/RECORD", directory);
        write_file(path, record);
    }
}

static lzi_installed
installed_of_record(const char *record)
{
    lzi_arena_free(arena);
    arena = lzi_arena_new();
    lzi_installed installed = {.arena = arena, .files = lzi_map_new(arena)};

    lzi_installed_add(&installed, 5, "itk", record, strlen(record));
    return installed;
}

static bool
has_file(const lzi_installed *installed, const char *path)
{
    const size_t *found = lzi_map_get(&installed->files, lzi_slice_of(path));

    return found != NULL && *found == 5;
}

static size_t places[2]; /* distributions of A and B */

/* A model of modules A and B, assigned from the test directory. */
static lzi_model
assign(lzi_installed *installed)
{
    lzi_diag diag = {0};
    lzi_strings tables = {0};

    lzi_arena_free(arena);
    arena = lzi_arena_new();
    lzi_model model = {.arena = arena, .package = "itk"};
    lzi_strings_add(arena, &tables, "Configuration/AConfig.py");
    lzi_strings_add(arena, &tables, "Configuration/BConfig.py");
    if (lzi_installed_read(installed, arena, test_directory(), "itk", &diag)) {
        lzi_installed_assign(installed, &model, &tables, places);
    }
    return model;
}

TEST
records_are_csv(void)
{
    const lzi_installed installed =
        installed_of_record("itk/a.py,sha256=x,1\r\n"
                            "\"itk/b,c.py\",,\r\n"
                            "\"itk/d\"\"e.py\",\"x\n,y\",\n"
                            "\n"
                            "itk/f.py,,");

    ASSERT_EQ(4, installed.files.count);
    ASSERT(has_file(&installed, "a.py"));
    ASSERT(has_file(&installed, "b,c.py"));
    ASSERT(has_file(&installed, "d\"e.py"));
    ASSERT(has_file(&installed, "f.py"));
    PASS();
}

TEST
foreign_paths_are_ignored(void)
{
    const lzi_installed installed = installed_of_record("/itk/a.py,,\n"
                                                        "itk/../itk/b.py,,\n"
                                                        "../../../bin/c,,\n"
                                                        "itk/..,,\n"
                                                        "itkx/d.py,,\n"
                                                        "numpy/e.py,,\n"
                                                        ",,\n"
                                                        "itk/..f.py,,\n"
                                                        "itkConfig.py,,\n");

    ASSERT_EQ(2, installed.files.count);
    ASSERT(has_file(&installed, "..f.py"));
    ASSERT(has_file(&installed, "../itkConfig.py"));
    PASS();
}

TEST
distributions_of_modules_are_kept_and_sorted(void)
{
    lzi_installed installed;

    write_info("itk_core-6.dist-info",
               "Metadata-Version: 2.1\nName: itk-core\nVersion: 6.0\n\n"
               "Name: no\n",
               "itk/__init__.py,,\nitk/x.py,,\n");
    write_info("a-1.dist-info", "name:  itk-a \r\nVersion: 1\r\n",
               "itk/Configuration/AConfig.py,,\r\n");
    write_info("b-1.dist-info", "Name: b\nVersion: 1\n", "itk/y.py,,\n");
    write_info("c-1.dist-info", "Name: c\nVersion: 1\n", NULL);
    const lzi_model model = assign(&installed);

    ASSERT_EQ(2, model.distributions.count);
    ASSERT_STR_EQ("itk-a", model.distributions.items[0].name);
    ASSERT_STR_EQ("1", model.distributions.items[0].version);
    ASSERT_STR_EQ("itk-core", model.distributions.items[1].name);
    ASSERT_STR_EQ("6.0", model.distributions.items[1].version);
    ASSERT_CONTAINS("/itk_core-6.dist-info/RECORD",
                    model.distributions.items[1].record);
    ASSERT_EQ(1, model.init_distribution);
    ASSERT_EQ(0, places[0]);
    ASSERT_EQ(1, places[1]); /* in no RECORD */
    ASSERT_EQ(1, lzi_distribution_of(&installed, "x.py", 0));
    ASSERT_EQ(0,
              lzi_distribution_of(&installed, "y.py", 0)); /* b is not kept */
    ASSERT_EQ(0, lzi_distribution_of(&installed, "z.py", 0));
    PASS();
}

TEST
without_records_the_package_is_the_distribution(void)
{
    lzi_installed installed;
    const lzi_model model = assign(&installed);

    ASSERT_EQ(1, model.distributions.count);
    ASSERT_STR_EQ("itk", model.distributions.items[0].name);
    ASSERT_STR_EQ("", model.distributions.items[0].version);
    ASSERT(model.distributions.items[0].record == NULL);
    ASSERT_EQ(0, model.init_distribution);
    ASSERT_EQ(0, places[1]);
    PASS();
}

TEST
names_fall_back_on_the_directory(void)
{
    lzi_installed installed;

    write_info("itk_x-2.5.dist-info", "Name: ../x\n", "itk/__init__.py,,\n");
    write_info("itk_y-3.dist-info", NULL, "itk/Configuration/BConfig.py,,\n");
    const lzi_model model = assign(&installed);

    ASSERT_EQ(2, model.distributions.count);
    ASSERT_STR_EQ("itk_x", model.distributions.items[0].name);
    ASSERT_STR_EQ("2.5", model.distributions.items[0].version);
    ASSERT_STR_EQ("itk_y", model.distributions.items[1].name);
    ASSERT_STR_EQ("3", model.distributions.items[1].version);
    PASS();
}

TEST
leftovers_of_another_version_are_merged(void)
{
    lzi_installed installed;

    write_info("itk-5.dist-info", "Name: itk\nVersion: 5\n",
               "itk/__init__.py,,\n");
    write_info("itk-6.dist-info", "Name: itk\nVersion: 6\n",
               "itk/__init__.py,,\nitk/Configuration/AConfig.py,,\n");
    const lzi_model model = assign(&installed);

    ASSERT_EQ(1, model.distributions.count);
    ASSERT_EQ(0, places[0]);
    PASS();
}

SUITE(distributions)
{
    SET_TEARDOWN(tear_down, NULL);
    RUN_TEST(records_are_csv);
    RUN_TEST(foreign_paths_are_ignored);
    RUN_TEST(distributions_of_modules_are_kept_and_sorted);
    RUN_TEST(without_records_the_package_is_the_distribution);
    RUN_TEST(names_fall_back_on_the_directory);
    RUN_TEST(leftovers_of_another_version_are_merged);
}
