#include "harness.h"

#include "lzi_fail.h"

#include <errno.h>
#include <string.h>

TEST
each_status_has_a_text_of_its_own(void)
{
    static const lzi_status all[] = {
        LZI_OK,      LZI_NOT_FOUND,  LZI_E_IO,
        LZI_E_NOMEM, LZI_E_FORMAT,   LZI_E_VERSION,
        LZI_E_STORE, LZI_E_CALLBACK, (lzi_status)-1};
    enum { COUNT = sizeof(all) / sizeof(all[0]) };

    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < i; k++) {
            ASSERT(strcmp(lzi_status_text(all[i]), lzi_status_text(all[k])) !=
                   0);
        }
    }
    ASSERT_STR_EQ("unknown status", lzi_status_text(all[COUNT - 1]));
    PASS();
}

TEST
errno_is_told_of_io_alone(void)
{
    lzi_error error;

    errno = ENOSPC;
    ASSERT_EQ(LZI_E_IO, lzi_fail(&error, LZI_E_IO, "cannot %s", "write"));
    ASSERT_EQ(ENOSPC, errno);
    ASSERT_EQ(ENOSPC, error.sys_errno);
    ASSERT_STR_EQ("cannot write: No space left on device", error.text);
    ASSERT_EQ(LZI_E_FORMAT, lzi_fail(&error, LZI_E_FORMAT, "too short"));
    ASSERT_EQ(0, error.sys_errno);
    ASSERT_STR_EQ("too short", error.text);
    ASSERT_EQ(LZI_E_NOMEM, lzi_fail(NULL, LZI_E_NOMEM, "nobody asks"));
    PASS();
}

TEST
a_long_text_is_cut(void)
{
    char path[1024];
    lzi_error error;

    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    errno = EIO;
    lzi_fail(&error, LZI_E_IO, "%s", path);
    ASSERT_EQ(sizeof(error.text) - 1, strlen(error.text));
    PASS();
}

TEST
library_is_of_the_headers(void)
{
    ASSERT_EQ(LZI_VERSION, lzi_version());
    ASSERT_EQ(LZI_VERSION_OF(LZI_VERSION_MAJOR, LZI_VERSION_MINOR,
                             LZI_VERSION_PATCH),
              LZI_VERSION);
    PASS();
}

SUITE(lzi_status)
{
    RUN_TEST(each_status_has_a_text_of_its_own);
    RUN_TEST(errno_is_told_of_io_alone);
    RUN_TEST(a_long_text_is_cut);
    RUN_TEST(library_is_of_the_headers);
}
