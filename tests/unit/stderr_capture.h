/* stderr_capture.h: what a call writes to stderr, for tests of messages.
 *
 * Single-threaded; not nested. */
#ifndef LZI_STDERR_CAPTURE_H
#define LZI_STDERR_CAPTURE_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    FILE *file;
    int saved; /* descriptor of the real stderr */
    char text[4096];
} stderr_capture;

static inline void
capture_begin(stderr_capture *capture)
{
    fflush(stderr);
    capture->file = tmpfile();
    capture->saved = dup(STDERR_FILENO);
    dup2(fileno(capture->file), STDERR_FILENO);
}

/** Put stderr back. @return what was written, in `text`. */
static inline const char *
capture_end(stderr_capture *capture)
{
    fflush(stderr);
    dup2(capture->saved, STDERR_FILENO);
    close(capture->saved);
    rewind(capture->file);
    const size_t size =
        fread(capture->text, 1, sizeof(capture->text) - 1, capture->file);
    capture->text[size] = '\0';
    fclose(capture->file);
    return capture->text;
}

#endif
