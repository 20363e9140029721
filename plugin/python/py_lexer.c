#include "py_lexer.h"

#include <string.h>

/* -- Characters ----------------------------------------------------------- */

enum {
    IDENTIFIER = 1, /* letters, digits, _, and all beyond ASCII */
    DIGIT = 2,
    SPECIAL = 4 /* ends a run of bytes that cannot end a line */
};

/* clang-format off */
static const unsigned char classes[256] = {
    ['\0'] = SPECIAL, ['\n'] = SPECIAL, ['\r'] = SPECIAL, ['#'] = SPECIAL,
    ['"'] = SPECIAL,  ['\''] = SPECIAL, ['\\'] = SPECIAL, ['('] = SPECIAL,
    [')'] = SPECIAL,  ['['] = SPECIAL,  [']'] = SPECIAL,  ['{'] = SPECIAL,
    ['}'] = SPECIAL,
    ['0'] = 3, ['1'] = 3, ['2'] = 3, ['3'] = 3, ['4'] = 3,
    ['5'] = 3, ['6'] = 3, ['7'] = 3, ['8'] = 3, ['9'] = 3,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1,
    ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1,
    ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1,
    ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1,
    ['Y'] = 1, ['Z'] = 1, ['_'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1,
    ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1,
    ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1,
    ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1,
    ['y'] = 1, ['z'] = 1,
};
/* clang-format on */

static bool
has_class(char c, int class)
{
    return (classes[(unsigned char)c] & class) != 0;
}

static bool
is_identifier(char c)
{
    return has_class(c, IDENTIFIER) || (unsigned char)c >= 0x80;
}

static bool
is_newline(char c)
{
    return c == '\n' || c == '\r';
}

/* Behind the newline at `at`. */
static const char *
after_newline(const char *at)
{
    return at[0] == '\r' && at[1] == '\n' ? at + 2 : at + 1;
}

/* -- Logical lines -------------------------------------------------------- */

void
lzi_py_open(lzi_py_lexer *lexer, const char *data, size_t size)
{
    lexer->data = lexer->counted = lexer->at = data;
    lexer->end = data + size;
    lexer->error = lexer->error_at = NULL;
    lexer->line = 1;
    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        lexer->at += 3;
    }
    const char *null = size == 0 ? NULL : memchr(data, '\0', size);
    if (null != NULL) {
        lexer->error = "null byte in source";
        lexer->error_at = null;
    }
}

/* Record the first error. @return NULL. */
static const char *
fail(lzi_py_lexer *lexer, const char *at, const char *what)
{
    lexer->error = what;
    lexer->error_at = at;
    return NULL;
}

static const char *
skip_comment(const char *at)
{
    while (*at != '\0' && !is_newline(*at)) {
        at++;
    }
    return at;
}

/* A quote ends the string unless an odd number of backslashes precede it;
 * that holds for raw strings too. */
static bool
is_escaped(const char *quote, const char *content)
{
    const char *at = quote;
    while (at > content && at[-1] == '\\') {
        at--;
    }
    return (quote - at) % 2 != 0;
}

/* `at` is the first quote. @return behind the last one; NULL: none. */
static const char *
end_of_triple(const char *at, const char *end)
{
    char quote = *at;
    const char *content = at + 3;
    for (at = content; at < end; at++) {
        at = memchr(at, quote, (size_t)(end - at));
        if (at == NULL) {
            return NULL;
        }
        if (at[1] == quote && at[2] == quote && !is_escaped(at, content)) {
            return at + 3;
        }
    }
    return NULL;
}

static const char *
end_of_single(const char *at)
{
    char quote = *at++;
    for (;; at++) {
        if (*at == quote) {
            return at + 1;
        }
        if (*at == '\\') {
            at++;
            if (at[0] == '\r' && at[1] == '\n') {
                at++;
            }
            else if (*at == '\0') {
                return NULL;
            }
        }
        else if (*at == '\0' || is_newline(*at)) {
            return NULL;
        }
    }
}

/* `at` is a quote; `end` has a NUL. @return NULL: unterminated. */
static const char *
end_of_string(const char *at, const char *end)
{
    return at[1] == at[0] && at[2] == at[0] ? end_of_triple(at, end)
                                            : end_of_single(at);
}

static const char *
skip_string(lzi_py_lexer *lexer, const char *at)
{
    const char *after = end_of_string(at, lexer->end);
    return after != NULL ? after
                         : fail(lexer, at, "unterminated string literal");
}

/* `at` is a backslash outside strings. @return the next physical line. */
static const char *
skip_continuation(lzi_py_lexer *lexer, const char *at)
{
    if (!is_newline(at[1])) {
        return fail(lexer, at,
                    at[1] == '\0' ? "unexpected end of file after a backslash"
                                  : "unexpected character after a backslash");
    }
    return after_newline(at + 1);
}

static const char *
close_bracket(lzi_py_lexer *lexer, const char *at, size_t *depth)
{
    if (*depth == 0) {
        return fail(lexer, at, "closing bracket without an opening one");
    }
    char open = *lexer->open[--*depth];
    if (*at != (open == '(' ? ')' : open == '[' ? ']' : '}')) {
        return fail(lexer, at, "closing bracket does not match");
    }
    return at + 1;
}

/* From a token to the newline (or NUL) that ends the logical line. */
static const char *
find_line_end(lzi_py_lexer *lexer, const char *at)
{
    size_t depth = 0;
    while (at != NULL) {
        while (!has_class(*at, SPECIAL)) {
            at++;
        }
        switch (*at) {
        case '\n':
        case '\r':
            if (depth == 0) {
                return at;
            }
            at++;
            break;
        case '\0':
            return depth == 0 ? at
                              : fail(lexer, lexer->open[depth - 1],
                                     "bracket was never closed");
        case '#':
            at = skip_comment(at);
            break;
        case '"':
        case '\'':
            at = skip_string(lexer, at);
            break;
        case '\\':
            at = skip_continuation(lexer, at);
            break;
        case '(':
        case '[':
        case '{':
            if (depth == LZI_PY_DEPTH) {
                return fail(lexer, at, "too many nested brackets");
            }
            lexer->open[depth++] = at++;
            break;
        default:
            at = close_bracket(lexer, at, &depth);
        }
    }
    return NULL;
}

/* Step over indentation. A backslash in it joins the next line, whose own
 * indentation then does not count, unless the first one has none. */
static const char *
skip_indentation(lzi_py_lexer *lexer, const char *at, lzi_py_line *line)
{
    size_t column = 0, joined = 0;
    line->start = at;
    for (; at != NULL; at++) {
        if (*at == ' ') {
            column++;
        }
        else if (*at == '\t') {
            column = (column / 8 + 1) * 8;
        }
        else if (*at == '\f') {
            column = 0;
        }
        else if (*at == '\\') {
            joined = joined != 0 ? joined : column;
            at = skip_continuation(lexer, at);
            if (at == NULL) {
                break;
            }
            line->start = at--;
        }
        else {
            break;
        }
    }
    line->column = joined != 0 ? joined : column;
    return at;
}

bool
lzi_py_next_line(lzi_py_lexer *lexer, lzi_py_line *line)
{
    const char *at = lexer->at;
    while (lexer->error == NULL && at < lexer->end) {
        at = skip_indentation(lexer, at, line);
        if (at == NULL) {
            return false;
        }
        if (*at == '#') {
            at = skip_comment(at);
        }
        if (is_newline(*at)) {
            at = after_newline(at);
        }
        else if (*at != '\0') {
            line->first = at;
            at = find_line_end(lexer, at);
            if (at == NULL) {
                return false;
            }
            line->end = at;
            lexer->at = *at == '\0' ? at : after_newline(at);
            return true;
        }
    }
    lexer->at = at;
    return false;
}

unsigned
lzi_py_line_number(lzi_py_lexer *lexer, const char *at)
{
    if (at < lexer->counted) {
        lexer->counted = lexer->data;
        lexer->line = 1;
    }
    for (const char *p = lexer->counted; p < at; p++) {
        if (*p == '\n' || (*p == '\r' && p[1] != '\n')) {
            lexer->line++;
        }
    }
    lexer->counted = at;
    return lexer->line;
}

/* -- Tokens --------------------------------------------------------------- */

lzi_py_tokens
lzi_py_tokens_of(const lzi_py_line *line)
{
    return (lzi_py_tokens){.at = line->first, .end = line->end};
}

/* Blanks, comments, and newlines inside brackets or behind a backslash. */
static const char *
skip_blanks(const char *at, const char *end)
{
    while (at < end) {
        if (*at == '#') {
            at = skip_comment(at);
        }
        else if (*at == ' ' || *at == '\t' || *at == '\f' || *at == '\\' ||
                 is_newline(*at)) {
            at++;
        }
        else {
            break;
        }
    }
    return at < end ? at : end;
}

static bool
is_prefix(const char *name, size_t size)
{
    if (size > 2) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (strchr("rRbBuUfF", name[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static size_t
operator_size(const char *at, const char *end)
{
    static const char three[][4] = {"**=", "//=", ">>=", "<<=", "..."};
    static const char two[][3] = {
        "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=",
        "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":="};
    for (size_t i = 0; end - at >= 3 && i < sizeof(three) / 4; i++) {
        if (memcmp(at, three[i], 3) == 0) {
            return 3;
        }
    }
    for (size_t i = 0; end - at >= 2 && i < sizeof(two) / 3; i++) {
        if (memcmp(at, two[i], 2) == 0) {
            return 2;
        }
    }
    return 1;
}

static size_t
number_size(const char *at, const char *end)
{
    const char *p = at + 1;
    bool hexadecimal = *at == '0' && (*p == 'x' || *p == 'X');
    for (; p < end; p++) {
        bool sign = (*p == '+' || *p == '-') && !hexadecimal &&
                    (p[-1] == 'e' || p[-1] == 'E');
        if (!sign && *p != '.' && !is_identifier(*p)) {
            break;
        }
    }
    return (size_t)(p - at);
}

size_t
lzi_py_name_size(const char *at, const char *end)
{
    const char *p = at;
    if (p < end && has_class(*p, DIGIT)) {
        return 0;
    }
    while (p < end && is_identifier(*p)) {
        p++;
    }
    return (size_t)(p - at);
}

lzi_py_token
lzi_py_next_token(lzi_py_tokens *tokens)
{
    const char *end = tokens->end;
    const char *at = skip_blanks(tokens->at, end);
    lzi_py_token token = {.start = at, .kind = LZI_PY_END};
    tokens->at = at;
    if (at == end) {
        return token;
    }
    size_t name = lzi_py_name_size(at, end);
    char after = at + name < end ? at[name] : '\0';
    if ((after == '"' || after == '\'') && is_prefix(at, name)) {
        const char *p = end_of_string(at + name, end);
        /* The line was read as a whole, so it does end. */
        token.kind = LZI_PY_STRING;
        token.size = (size_t)((p == NULL ? end : p) - at);
    }
    else if (name > 0) {
        token.kind = LZI_PY_NAME;
        token.size = name;
    }
    else if (has_class(*at, DIGIT) ||
             (*at == '.' && end - at > 1 && has_class(at[1], DIGIT))) {
        token.kind = LZI_PY_NUMBER;
        token.size = number_size(at, end);
    }
    else {
        token.kind = LZI_PY_OPERATOR;
        token.size = operator_size(at, end);
    }
    tokens->at += token.size;
    return token;
}

lzi_py_token
lzi_py_peek_token(const lzi_py_tokens *tokens)
{
    lzi_py_tokens copy = *tokens;
    return lzi_py_next_token(&copy);
}

bool
lzi_py_token_is(lzi_py_token token, const char *text)
{
    return (token.kind == LZI_PY_NAME || token.kind == LZI_PY_OPERATOR) &&
           token.size == strlen(text) &&
           memcmp(token.start, text, token.size) == 0;
}

void
lzi_py_skip_bracket(lzi_py_tokens *tokens)
{
    size_t depth = 1;
    while (depth > 0) {
        lzi_py_token token = lzi_py_next_token(tokens);
        if (token.kind == LZI_PY_END) {
            return;
        }
        if (token.kind == LZI_PY_OPERATOR && token.size == 1) {
            if (strchr("([{", *token.start) != NULL) {
                depth++;
            }
            else if (strchr(")]}", *token.start) != NULL) {
                depth--;
            }
        }
    }
}

bool
lzi_py_is_string(const lzi_py_line *line)
{
    const char *at = line->first;
    size_t name =
        *at == '"' || *at == '\'' ? 0 : lzi_py_name_size(at, line->end);
    return name <= 2 && at + name < line->end &&
           (at[name] == '"' || at[name] == '\'');
}
