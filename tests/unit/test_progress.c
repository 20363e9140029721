#include "harness.h"

#include "base/progress.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The other end of the terminal that stderr is, for the time being. */
static int terminal = -1, saved = -1;
static char screen[1024];

static bool
terminal_begin(unsigned short columns)
{
    const struct winsize size = {.ws_row = 24, .ws_col = columns};

    terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0 ||
        ioctl(terminal, TIOCSWINSZ, &size) != 0) {
        return false;
    }
    const int end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    if (end < 0) {
        return false;
    }
    fflush(stderr);
    saved = dup(STDERR_FILENO);
    dup2(end, STDERR_FILENO);
    close(end);
    return true;
}

static void
terminal_end(void *context)
{
    (void)context;
    if (saved >= 0) {
        dup2(saved, STDERR_FILENO);
        close(saved);
        saved = -1;
    }
    if (terminal >= 0) {
        close(terminal);
        terminal = -1;
    }
}

/* What has come to the terminal: all before a mark, for it comes in pieces. */
static const char *
on_screen(void)
{
    size_t size = 0;
    ssize_t got = 1;

    fputc('|', stderr);
    fflush(stderr);
    while (got > 0 && (size == 0 || screen[size - 1] != '|')) {
        got = read(terminal, screen + size, sizeof(screen) - 1 - size);
        size += got > 0 ? (size_t)got : 0;
    }
    screen[size == 0 ? 0 : size - 1] = '\0';
    return screen;
}

/* As if it had begun an hour ago. */
static void
begin_long_ago(lzi_progress *progress, size_t total)
{
    lzi_progress_begin(progress, "scanning", total);
    progress->started -= 3600ll * 1000 * 1000 * 1000;
}

TEST
bar_fills_and_is_erased(void)
{
    lzi_progress progress;

    ASSERT(terminal_begin(52));
    begin_long_ago(&progress, 2);
    lzi_progress_step(&progress);
    ASSERT_STR_EQ(
        "\r\033[Klazyindex: scanning [############.............] 1/2",
        on_screen());
    progress.drawn = 0;
    lzi_progress_step(&progress);
    ASSERT_STR_EQ(
        "\r\033[Klazyindex: scanning [#########################] 2/2",
        on_screen());
    lzi_progress_end(&progress);
    ASSERT_STR_EQ("\r\033[K", on_screen());
    PASS();
}

TEST
wide_terminal_gets_a_bar_of_50(void)
{
    lzi_progress progress;

    ASSERT(terminal_begin(500));
    begin_long_ago(&progress, 100);
    lzi_progress_step(&progress);
    const char *bar = strchr(on_screen(), '[');
    ASSERT(bar != NULL && (bar = strchr(bar + 1, '[')) != NULL);
    ASSERT_EQ(51, strcspn(bar, "]"));
    PASS();
}

TEST
unknown_width_is_80(void)
{
    lzi_progress progress;

    ASSERT(terminal_begin(0));
    begin_long_ago(&progress, 1000000000);
    lzi_progress_step(&progress);
    ASSERT_EQ(79, strlen(strrchr(on_screen(), 'K') + 1));
    PASS();
}

TEST
narrow_terminal_gets_numbers(void)
{
    lzi_progress progress;

    ASSERT(terminal_begin(20));
    begin_long_ago(&progress, 7);
    lzi_progress_step(&progress);
    ASSERT_STR_EQ("\r\033[K1/7", on_screen());
    PASS();
}

TEST
nothing_shows_at_first(void)
{
    lzi_progress progress;

    ASSERT(terminal_begin(80));
    lzi_progress_begin(&progress, "scanning", 1);
    progress.started += 3600ll * 1000 * 1000 * 1000;
    lzi_progress_step(&progress);
    lzi_progress_end(&progress);
    ASSERT_STR_EQ("", on_screen());
    PASS();
}

TEST
nothing_to_do_is_no_bar(void)
{
    lzi_progress progress;

    ASSERT(terminal_begin(80));
    begin_long_ago(&progress, 0);
    lzi_progress_step(&progress);
    ASSERT_STR_EQ("", on_screen());
    PASS();
}

SUITE(progress)
{
    SET_TEARDOWN(terminal_end, NULL);
    RUN_TEST(bar_fills_and_is_erased);
    RUN_TEST(wide_terminal_gets_a_bar_of_50);
    RUN_TEST(unknown_width_is_80);
    RUN_TEST(narrow_terminal_gets_numbers);
    RUN_TEST(nothing_shows_at_first);
    RUN_TEST(nothing_to_do_is_no_bar);
}
