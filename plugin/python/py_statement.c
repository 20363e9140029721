#include "py_statement.h"

#include <string.h>

static lzi_slice
slice_of(lzi_py_token token)
{
    return (lzi_slice){.data = token.start, .size = token.size};
}

/* Does the operator consist of one of these characters? */
static bool
is_one_of(lzi_py_token token, const char *characters)
{
    return token.kind == LZI_PY_OPERATOR && token.size == 1 &&
           strchr(characters, *token.start) != NULL;
}

bool
lzi_py_is_keyword(lzi_py_token token)
{
    static const char *const keywords[] = {
        "False",  "None",     "True",  "and",    "as",       "assert",
        "async",  "await",    "break", "class",  "continue", "def",
        "del",    "elif",     "else",  "except", "finally",  "for",
        "from",   "global",   "if",    "import", "in",       "is",
        "lambda", "nonlocal", "not",   "or",     "pass",     "raise",
        "return", "try",      "while", "with",   "yield"};
    for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
        if (lzi_py_token_is(token, keywords[i])) {
            return true;
        }
    }
    return false;
}

/* -- Imports -------------------------------------------------------------- */

/* Take `a.b.c` or `..a`. @return from the first token to the last. */
static lzi_slice
take_path(lzi_py_tokens *tokens)
{
    lzi_py_token first = lzi_py_peek_token(tokens);
    const char *end = first.start;
    for (;;) {
        lzi_py_token token = lzi_py_peek_token(tokens);
        bool dots = is_one_of(token, ".") || lzi_py_token_is(token, "...");
        if (!dots && (token.kind != LZI_PY_NAME || lzi_py_is_keyword(token))) {
            break;
        }
        lzi_py_next_token(tokens);
        end = token.start + token.size;
    }
    return (lzi_slice){.data = first.start,
                       .size = (size_t)(end - first.start)};
}

/* Take `as NAME` where it follows. */
static void
take_alias(lzi_py_tokens *tokens, lzi_py_binding *binding)
{
    if (lzi_py_token_is(lzi_py_peek_token(tokens), "as")) {
        lzi_py_next_token(tokens);
        lzi_py_token name = lzi_py_next_token(tokens);

        binding->name = slice_of(name);
        binding->renamed = true;
        if (name.kind != LZI_PY_NAME) {
            binding->name.size = 0; /* no Python: binds nothing */
        }
    }
}

static void
take_import(lzi_py_tokens *tokens, lzi_py_bind *bind, void *context)
{
    do {
        lzi_py_binding binding = {.how = LZI_PY_IMPORT,
                                  .module = take_path(tokens)};
        binding.name = binding.module;
        binding.name.size = lzi_py_name_size(
            binding.module.data, binding.module.data + binding.module.size);
        take_alias(tokens, &binding);
        if (binding.name.size > 0) {
            bind(context, &binding);
        }
    } while (lzi_py_token_is(lzi_py_next_token(tokens), ","));
}

static void
take_from_import(lzi_py_tokens *tokens, lzi_py_bind *bind, void *context)
{
    lzi_py_binding binding = {.module = take_path(tokens)};
    if (!lzi_py_token_is(lzi_py_next_token(tokens), "import")) {
        return;
    }
    if (lzi_py_token_is(lzi_py_peek_token(tokens), "*")) {
        lzi_py_next_token(tokens);
        binding.how = LZI_PY_STAR_IMPORT;
        bind(context, &binding);
        return;
    }
    if (lzi_py_token_is(lzi_py_peek_token(tokens), "(")) {
        lzi_py_next_token(tokens);
    }
    while (lzi_py_peek_token(tokens).kind == LZI_PY_NAME) {
        binding.how = LZI_PY_FROM_IMPORT;
        binding.renamed = false;
        binding.attribute = slice_of(lzi_py_next_token(tokens));
        binding.name = binding.attribute;
        take_alias(tokens, &binding);
        if (binding.name.size > 0) {
            bind(context, &binding);
        }
        if (!lzi_py_token_is(lzi_py_peek_token(tokens), ",")) {
            break;
        }
        lzi_py_next_token(tokens);
    }
}

/* -- Assignments ---------------------------------------------------------- */

/* What can follow a whole target, and what makes it part of another. */
static bool
ends_target(lzi_py_token token)
{
    return token.kind == LZI_PY_END || is_one_of(token, ",)]=:");
}

void
lzi_py_target(lzi_py_tokens tokens, lzi_py_bind *bind, void *context)
{
    bool fresh = true; /* a target can begin here */
    for (;;) {
        lzi_py_token token = lzi_py_next_token(&tokens);
        lzi_py_token next = lzi_py_peek_token(&tokens);
        if (token.kind == LZI_PY_END || is_one_of(token, ":")) {
            return; /* of an annotation */
        }
        if (is_one_of(token, "([{")) {
            lzi_py_tokens after = tokens;
            lzi_py_skip_bracket(&after);
            if (!fresh || !ends_target(lzi_py_peek_token(&after))) {
                tokens = after; /* a call, a subscript, or has one */
                fresh = false;
            }
            continue;
        }
        if (token.kind == LZI_PY_NAME && fresh && ends_target(next)) {
            bind(context, &(lzi_py_binding){.how = LZI_PY_ASSIGNED,
                                            .name = slice_of(token)});
        }
        fresh = is_one_of(token, ",*=");
    }
}

/* Step to the next `;` outside brackets. @return the last `=` on the way,
 * NULL: none. What follows a `lambda` is a value. */
static const char *
find_last_equals(lzi_py_tokens *tokens)
{
    const char *equals = NULL;
    bool in_lambda = false;
    for (;;) {
        lzi_py_token token = lzi_py_peek_token(tokens);
        if (token.kind == LZI_PY_END || is_one_of(token, ";")) {
            return equals;
        }
        lzi_py_next_token(tokens);
        if (is_one_of(token, "([{")) {
            lzi_py_skip_bracket(tokens);
        }
        else if (is_one_of(token, "=") && !in_lambda) {
            equals = token.start;
        }
        else if (lzi_py_token_is(token, "lambda")) {
            in_lambda = true;
        }
    }
}

void
lzi_py_statements(lzi_py_tokens tokens, lzi_py_bind *bind, void *context)
{
    while (lzi_py_peek_token(&tokens).kind != LZI_PY_END) {
        lzi_py_tokens statement = tokens;
        lzi_py_token first = lzi_py_peek_token(&tokens);
        const char *equals = find_last_equals(&tokens);
        statement.end = tokens.at;
        lzi_py_next_token(&tokens); /* the `;` */
        if (lzi_py_token_is(first, "import")) {
            lzi_py_next_token(&statement);
            take_import(&statement, bind, context);
        }
        else if (lzi_py_token_is(first, "from")) {
            lzi_py_next_token(&statement);
            take_from_import(&statement, bind, context);
        }
        else if (equals != NULL && !lzi_py_is_keyword(first)) {
            statement.end = equals;
            lzi_py_target(statement, bind, context);
        }
    }
}
