/* py_lexer.h: Python source -> logical lines -> tokens.
 *
 * Knows what decides where a statement begins and ends: strings (of all
 * prefixes and quotes), comments, brackets, continuations, tabs, form feeds,
 * all three kinds of newline, a byte order mark. f-strings are plain strings,
 * as up to Python 3.11. It does not check grammar.
 *
 * Memory: everything points into the source, which is borrowed.
 * Threads: none; one lexer per thread. */
#ifndef LZI_PY_LEXER_H
#define LZI_PY_LEXER_H

#include "lzi_format.h"

#define LZI_PY_DEPTH 200 /* of brackets, as in CPython */

typedef struct {
    const char *data, *end; /* the source; *end is NUL */
    const char *at;         /* where the next line is looked for */
    const char *error;      /* what is wrong; NULL: nothing so far */
    const char *error_at;   /* where */
    const char *counted;    /* cache of lzi_py_line_number() */
    unsigned line;
    const char *open[LZI_PY_DEPTH]; /* brackets not closed yet */
} lzi_py_lexer;

/** A statement, or several joined by `;`. Not blank, not a comment. */
typedef struct {
    const char *start; /* of the physical line its first token is on */
    const char *first; /* its first token */
    const char *end;   /* behind its last physical line, newline excluded */
    size_t column;     /* of the first token; tabs go to multiples of 8 */
} lzi_py_line;

/** @param[in] data Borrowed; a NUL has to follow its @p size bytes. */
void lzi_py_open(lzi_py_lexer *lexer, const char *data, size_t size);

/** Find the next logical line.
 *
 * @return false: the end, or `error` is set. */
bool lzi_py_next_line(lzi_py_lexer *lexer, lzi_py_line *line);

/** @return 1-based number of the physical line @p at is on. Cheap if asked
 * in ascending order. */
unsigned lzi_py_line_number(lzi_py_lexer *lexer, const char *at);

typedef enum {
    LZI_PY_END, /* of the line */
    LZI_PY_NAME,
    LZI_PY_NUMBER,
    LZI_PY_STRING, /* with its prefix and quotes */
    LZI_PY_OPERATOR
} lzi_py_kind;

typedef struct {
    lzi_py_kind kind;
    const char *start;
    size_t size; /* bytes; 0: LZI_PY_END */
} lzi_py_token;

/** A position between the tokens of a line; copy it to look ahead. */
typedef struct {
    const char *at, *end;
} lzi_py_tokens;

lzi_py_tokens lzi_py_tokens_of(const lzi_py_line *line);
lzi_py_token lzi_py_next_token(lzi_py_tokens *tokens);
lzi_py_token lzi_py_peek_token(const lzi_py_tokens *tokens);

/** Is it this name or operator? */
bool lzi_py_token_is(lzi_py_token token, const char *text);

/** Step behind the bracket that matches one just taken. */
void lzi_py_skip_bracket(lzi_py_tokens *tokens);

/** Is the statement a string and nothing before it (a docstring)? */
bool lzi_py_is_string(const lzi_py_line *line);

/** Length of the identifier at @p at; 0: none. */
size_t lzi_py_name_size(const char *at, const char *end);

#endif
