/* progress.h: a progress bar on stderr, for a terminal only.
 *
 * Nothing shows during the first two seconds, nor when stderr is no
 * terminal. */
#ifndef LZI_PROGRESS_H
#define LZI_PROGRESS_H

#include <stddef.h>

typedef struct {
    const char *what; /* "scanning" */
    size_t total, done;
    long long started, drawn; /* ns, monotonic */
    int shown, terminal;
} lzi_progress;

void lzi_progress_begin(lzi_progress *progress, const char *what,
                        size_t total);
void lzi_progress_step(lzi_progress *progress);
void lzi_progress_end(lzi_progress *progress); /* erases the bar */

#endif
