#include "zip_stream.h"

#include <errno.h>

static void
note_failure(int *code)
{
    if (*code == 0) {
        *code = errno;
    }
}

static voidpf ZCALLBACK
open_stream(voidpf code, const void *file, int mode)
{
    (void)code;
    (void)mode;
    return (voidpf)file;
}

static uLong ZCALLBACK
read_stream(voidpf code, voidpf file, void *buffer, uLong size)
{
    size_t got = fread(buffer, 1, size, file);
    if (got < size && ferror((FILE *)file)) {
        note_failure(code);
    }
    return got;
}

static uLong ZCALLBACK
write_stream(voidpf code, voidpf file, const void *data, uLong size)
{
    size_t done = fwrite(data, 1, size, file);
    if (done < size) {
        note_failure(code);
    }
    return done;
}

static ZPOS64_T ZCALLBACK
tell_stream(voidpf code, voidpf file)
{
    off_t at = ftello(file);
    if (at < 0) {
        note_failure(code);
    }
    return (ZPOS64_T)at;
}

static long ZCALLBACK
seek_stream(voidpf code, voidpf file, ZPOS64_T offset, int origin)
{
    int from = origin == ZLIB_FILEFUNC_SEEK_END   ? SEEK_END
               : origin == ZLIB_FILEFUNC_SEEK_CUR ? SEEK_CUR
                                                  : SEEK_SET;
    int failed = fseeko(file, (off_t)offset, from);
    /* EINVAL: the archive tells an offset that no file has. */
    if (failed && errno != EINVAL) {
        note_failure(code);
    }
    return failed;
}

static int ZCALLBACK
close_stream(voidpf code, voidpf file)
{
    int failed = fclose(file);
    if (failed) {
        note_failure(code);
    }
    return failed;
}

static int ZCALLBACK
is_stream_bad(voidpf code, voidpf file)
{
    (void)code;
    return ferror((FILE *)file);
}

void
lzi_zip_stream(zlib_filefunc64_def *functions, int *code)
{
    *functions = (zlib_filefunc64_def){
        .zopen64_file = open_stream,
        .zread_file = read_stream,
        .zwrite_file = write_stream,
        .ztell64_file = tell_stream,
        .zseek64_file = seek_stream,
        .zclose_file = close_stream,
        .zerror_file = is_stream_bad,
        .opaque = code,
    };
}
