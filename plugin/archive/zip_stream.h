/* zip_stream.h: what minizip reads and writes with.
 *
 * Its own functions do not tell why they fail, and that of a failure to seek
 * or tell is not always looked at. These keep the reason.
 *
 * Threads: one at a time per stream. */
#ifndef LZI_ZIP_STREAM_H
#define LZI_ZIP_STREAM_H

#include <minizip/ioapi.h>
#include <stdio.h>

/** Functions for unzOpen2_64() and zipOpen2_64(), which take the open FILE in
 * the place of a path, and own it from then on.
 *
 * @param[out] functions Copied by minizip.
 * @param[in,out] code Borrowed until the archive is closed; 0 becomes the
 *     errno of the first failure. */
void lzi_zip_stream(zlib_filefunc64_def *functions, int *code);

#endif
