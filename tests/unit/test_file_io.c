#include "harness.h"

#include "base/file_io.h"
#include "stderr_capture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static lzi_arena *arena;
static lzi_file_text text;
static stderr_capture capture;
static lzi_diag diag;

static void
tear_down(void *context)
{
    (void)context;
    lzi_arena_free(arena);
    arena = NULL;
    lzi_file_free(&text);
    diag = (lzi_diag){0};
}

static bool
replace(const char *name, const char *data, unsigned mode)
{
    capture_begin(&capture);
    const bool done =
        lzi_file_replace(test_path(name), data, strlen(data), mode, &diag);
    capture_end(&capture);
    return done;
}

static unsigned
mode_of(const char *name)
{
    struct stat status;

    return stat(test_path(name), &status) == 0 ? status.st_mode & 07777 : 0;
}

static size_t
count_files(void)
{
    lzi_strings names;

    lzi_arena_free(arena);
    arena = lzi_arena_new();
    return lzi_directory_list(&names, arena, test_directory(), &diag)
               ? names.count
               : 0;
}

TEST
files_are_replaced_and_read(void)
{
    ASSERT(replace("f", "a longer text", 0));
    ASSERT(lzi_file_read(&text, test_path("f"), &diag));
    ASSERT_EQ(13, text.size);
    ASSERT(replace("f", "short", 0));
    ASSERT(lzi_file_read(&text, test_path("f"), &diag));
    ASSERT_EQ(5, text.size);
    ASSERT_STR_EQ("short", text.data);
    ASSERT(replace("f", "", 0));
    ASSERT(lzi_file_read(&text, test_path("f"), &diag));
    ASSERT_EQ(0, text.size);
    ASSERT_STR_EQ("", text.data);
    ASSERT_EQ(1, count_files());
    PASS();
}

TEST
modes_are_kept_or_set(void)
{
    ASSERT(replace("f", "a", 0));
    ASSERT_EQ(0644, mode_of("f"));
    ASSERT(replace("f", "b", 0755));
    ASSERT_EQ(0755, mode_of("f"));
    ASSERT(replace("f", "c", 0));
    ASSERT_EQ(0755, mode_of("f"));
    PASS();
}

TEST
links_and_directories_are_refused(void)
{
    ASSERT(replace("f", "a", 0));
    ASSERT_EQ(0, symlink("f", test_path("link")));
    mkdir(test_path("d"), 0777);
    ASSERT_FALSE(replace("link", "b", 0));
    ASSERT_CONTAINS("link': it is a symbolic link\n", capture.text);
    ASSERT_FALSE(replace("d", "b", 0));
    ASSERT_CONTAINS("d': it is not a regular file\n", capture.text);
    ASSERT_FALSE(replace("none/f", "b", 0));
    ASSERT_CONTAINS("none/f': No such file or directory\n", capture.text);
    ASSERT_EQ(3, diag.errors);
    ASSERT_EQ(3, count_files());
    PASS();
}

TEST
unreadable_files_are_reported(void)
{
    capture_begin(&capture);
    const bool missing = lzi_file_read(&text, test_path("none"), &diag);
    const bool directory = lzi_file_read(&text, test_directory(), &diag);
    mkfifo(test_path("fifo"), 0666);
    const bool fifo = lzi_file_read(&text, test_path("fifo"), &diag);
    capture_end(&capture);
    ASSERT_FALSE(missing || directory || fifo);
    ASSERT_CONTAINS("none: error: cannot read: No such file or directory\n",
                    capture.text);
    ASSERT_CONTAINS(": error: cannot read: Is a directory\n", capture.text);
    ASSERT_CONTAINS("fifo: error: cannot read: Not a regular file\n",
                    capture.text);
    PASS();
}

TEST
directories_are_listed_by_bytes(void)
{
    lzi_strings names;

    arena = lzi_arena_new();
    ASSERT(replace("b", "", 0));
    ASSERT(replace("B", "", 0));
    ASSERT(replace(".a", "", 0));
    ASSERT(lzi_directory_list(&names, arena, test_directory(), &diag));
    ASSERT_EQ(3, names.count);
    ASSERT_STR_EQ(".a", names.items[0]);
    ASSERT_STR_EQ("B", names.items[1]);
    ASSERT_STR_EQ("b", names.items[2]);
    capture_begin(&capture);
    const bool good =
        lzi_directory_list(&names, arena, test_path("none"), &diag);
    capture_end(&capture);
    ASSERT_FALSE(good);
    ASSERT_CONTAINS("none: error: cannot list: No such file", capture.text);
    PASS();
}

SUITE(file_io)
{
    SET_TEARDOWN(tear_down, NULL);
    RUN_TEST(files_are_replaced_and_read);
    RUN_TEST(modes_are_kept_or_set);
    RUN_TEST(links_and_directories_are_refused);
    RUN_TEST(unreadable_files_are_reported);
    RUN_TEST(directories_are_listed_by_bytes);
}
