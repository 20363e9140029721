/* py_literal.h: the literals a data module assigns, read without running it.
 *
 * Tuples, lists, dictionaries, strings, integers, True, False and None;
 * anything else in the file is an error at its line.
 *
 * Memory: values live in the arena and are independent of the source. */
#ifndef LZI_PY_LITERAL_H
#define LZI_PY_LITERAL_H

#include "base/diag.h"
#include "py_lexer.h"
#include "base/arena.h"

typedef enum {
    LZI_LITERAL_NONE,
    LZI_LITERAL_FALSE,
    LZI_LITERAL_TRUE,
    LZI_LITERAL_INTEGER,
    LZI_LITERAL_STRING,
    LZI_LITERAL_TUPLE,
    LZI_LITERAL_LIST,
    LZI_LITERAL_DICT
} lzi_literal_kind;

typedef struct lzi_literal {
    lzi_literal_kind kind;
    unsigned line;
    int64_t integer;
    const char *text; /* string: NUL-terminated, no NUL within */
    struct lzi_literal *items;
    size_t count, capacity; /* of items; of a dictionary: key, value, ... */
} lzi_literal;

typedef struct {
    const char *name;
    unsigned line;
    lzi_literal value;
} lzi_assignment;

typedef struct {
    lzi_assignment *items;
    size_t count, capacity;
} lzi_assignments;

/** Read a file of `NAME = literal` lines.
 *
 * @param[in] data NUL-terminated behind @p size bytes.
 * @param[in] path For messages.
 * @return false: every problem has been reported. */
bool lzi_literal_parse(lzi_assignments *out, lzi_arena *arena,
                       const char *data, size_t size, const char *path,
                       lzi_diag *diag);

/** Read one literal from the tokens of a line.
 *
 * @param[in] lexer The one the line comes from; for line numbers.
 * @return false: reported. */
bool lzi_literal_read(lzi_literal *out, lzi_arena *arena, lzi_py_lexer *lexer,
                      lzi_py_tokens *tokens, const char *path, lzi_diag *diag);

#endif
