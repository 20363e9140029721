/* emit.h: nested values on stdout, as JSON or as indented text.
 *
 * Threads: one at a time, as with stdout.
 * Memory:  everything is borrowed for the length of the call. */
#ifndef LZI_EMIT_H
#define LZI_EMIT_H

#include "lzi_format.h"

#include <stdio.h>

/** Zero-initialise, but for `json`. */
typedef struct {
    bool json;
    unsigned depth;
    bool more;     /* something was emitted at this depth */
    unsigned rows; /* depth of lists that stand on one line, in text */
} lzi_emitter;

/** Every value is preceded by its key, if it is in an object, and by an empty
 * slice with data NULL, if it is in a list. */
#define LZI_NO_KEY ((lzi_slice){NULL, 0})

void lzi_emit_object(lzi_emitter *out, lzi_slice key);
void lzi_emit_object_end(lzi_emitter *out);
/** In text, the elements come in lines of their own. */
void lzi_emit_list(lzi_emitter *out, lzi_slice key);
void lzi_emit_list_end(lzi_emitter *out);
/** In text, the elements, which must be scalars, stand on one line. */
void lzi_emit_row(lzi_emitter *out, lzi_slice key);
void lzi_emit_row_end(lzi_emitter *out);

/** Bytes that are not UTF-8 become U+DC80..U+DCFF, as in Python's
 * "surrogateescape". */
void lzi_emit_string(lzi_emitter *out, lzi_slice key, lzi_slice value);
void lzi_emit_number(lzi_emitter *out, lzi_slice key, uint64_t value);
void lzi_emit_bool(lzi_emitter *out, lzi_slice key, bool value);
void lzi_emit_null(lzi_emitter *out, lzi_slice key);
/** Bytes as hexadecimal digits, in a string. */
void lzi_emit_hex(lzi_emitter *out, lzi_slice key, lzi_slice bytes);
/** 16 hexadecimal digits, in a string: JSON's numbers end at 2^53. */
void lzi_emit_hash(lzi_emitter *out, lzi_slice key, uint64_t value);
/** A row of strings. */
void lzi_emit_strings(lzi_emitter *out, lzi_slice key, lzi_list list);

/** Print foreign bytes so that a terminal shows them and does nothing else:
 * controls and what is not UTF-8 as \xNN. */
void lzi_print_safely(lzi_slice text);
/** The same to another file. */
void lzi_write_safely(FILE *file, lzi_slice text);

#endif
