/* py_statement.h: the names a simple Python statement binds.
 *
 * Imports and assignments; everything is read off the tokens. */
#ifndef LZI_PY_STATEMENT_H
#define LZI_PY_STATEMENT_H

#include "py_lexer.h"

typedef enum {
    LZI_PY_ASSIGNED,    /* NAME = ... */
    LZI_PY_IMPORT,      /* import MODULE [as NAME] */
    LZI_PY_FROM_IMPORT, /* from MODULE import ATTRIBUTE [as NAME] */
    LZI_PY_STAR_IMPORT  /* from MODULE import * */
} lzi_py_how;

/** Slices are borrowed from the source. */
typedef struct {
    lzi_py_how how;
    lzi_slice name;      /* the name bound; empty: LZI_PY_STAR_IMPORT */
    lzi_slice module;    /* dotted, relative ones with their leading dots */
    lzi_slice attribute; /* LZI_PY_FROM_IMPORT */
    bool renamed;        /* it has an `as` */
} lzi_py_binding;

typedef void lzi_py_bind(void *context, const lzi_py_binding *binding);

/** Report the bindings of statements joined by `;`, up to the end of
 * @p tokens. Statements that are neither imports nor assignments bind
 * nothing. */
void lzi_py_statements(lzi_py_tokens tokens, lzi_py_bind *bind, void *context);

/** Report the names of an assignment target (`a, (b, *c)`) that ends
 * where @p tokens does. */
void lzi_py_target(lzi_py_tokens tokens, lzi_py_bind *bind, void *context);

/** Is it a word that no assignment can begin with? */
bool lzi_py_is_keyword(lzi_py_token token);

#endif
