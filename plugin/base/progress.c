#include "progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ll

/* Below this the user has not begun to wonder. */
static const long long patience = 2 * SECOND;
static const long long frame = SECOND / 10;

static long long
monotonic_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

static int
terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return 80;
    }
    return size.ws_col;
}

/* "lazyindex: scanning [#####.....]  412/902", never the last column: some
 * terminals wrap there. */
static void
draw(lzi_progress *progress)
{
    char head[80], tail[64];
    int used =
        snprintf(head, sizeof(head), "lazyindex: %.40s ", progress->what);
    used += snprintf(tail, sizeof(tail), " %zu/%zu", progress->done,
                     progress->total);
    int room = terminal_width() - 1 - used - 2;
    if (room > 50) {
        room = 50;
    }
    fputs("\r\033[K", stderr);
    if (room < 5) { /* no bar then */
        fprintf(stderr, "%zu/%zu", progress->done, progress->total);
    }
    else {
        int full = (int)((double)room * (double)progress->done /
                         (double)progress->total);
        fprintf(stderr, "%s[", head);
        for (int i = 0; i < room; i++) {
            fputc(i < full ? '#' : '.', stderr);
        }
        fprintf(stderr, "]%s", tail);
    }
    fflush(stderr);
    progress->shown = 1;
}

void
lzi_progress_begin(lzi_progress *progress, const char *what, size_t total)
{
    *progress = (lzi_progress){
        .what = what,
        .total = total,
        .started = monotonic_now(),
        .terminal = isatty(STDERR_FILENO),
    };
}

void
lzi_progress_step(lzi_progress *progress)
{
    if (progress->done < progress->total) {
        progress->done++;
    }
    if (!progress->terminal || progress->total == 0) {
        return;
    }
    long long now = monotonic_now();
    if (now - progress->started >= patience &&
        now - progress->drawn >= frame) {
        progress->drawn = now;
        draw(progress);
    }
}

void
lzi_progress_end(lzi_progress *progress)
{
    if (progress->shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        progress->shown = 0;
    }
}
