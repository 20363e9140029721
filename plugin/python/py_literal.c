#include "py_literal.h"

#include <string.h>

typedef struct {
    lzi_arena *arena;
    lzi_py_lexer *lexer;
    lzi_py_tokens *tokens;
    const char *path;
    lzi_diag *diag;
} reader;

static bool
fail(reader *self, const char *at, const char *what)
{
    lzi_diag_at(self->diag, LZI_ERROR, self->path,
                lzi_py_line_number(self->lexer, at), "%s", what);
    return false;
}

/* -- Strings -------------------------------------------------------------- */

/* A string under construction; it is never longer than its source. */
typedef struct {
    char *data;
    size_t size;
} text;

static void
put_code_point(text *out, unsigned long code)
{
    char *at = out->data + out->size;
    if (code < 0x80) {
        *at++ = (char)code;
    }
    else if (code < 0x800) {
        *at++ = (char)(0xc0 | code >> 6);
        *at++ = (char)(0x80 | (code & 0x3f));
    }
    else if (code < 0x10000) {
        *at++ = (char)(0xe0 | code >> 12);
        *at++ = (char)(0x80 | (code >> 6 & 0x3f));
        *at++ = (char)(0x80 | (code & 0x3f));
    }
    else {
        *at++ = (char)(0xf0 | code >> 18);
        *at++ = (char)(0x80 | (code >> 12 & 0x3f));
        *at++ = (char)(0x80 | (code >> 6 & 0x3f));
        *at++ = (char)(0x80 | (code & 0x3f));
    }
    out->size = (size_t)(at - out->data);
}

static int
digit_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 16;
}

/* Take up to `most` digits. @return how many. */
static size_t
take_digits(const char **at, const char *end, int base, size_t most,
            unsigned long *value)
{
    size_t count = 0;
    *value = 0;
    while (count < most && *at < end && digit_value(**at) < base) {
        *value = *value * (unsigned)base + (unsigned)digit_value(**at);
        ++*at;
        count++;
    }
    return count;
}

/* \ooo, \xhh, \uhhhh, \Uhhhhhhhh; `at` is behind the backslash.
 * @return behind the escape; NULL: reported. */
static const char *
take_code(reader *self, text *out, const char *at, const char *end)
{
    const char *start = at;
    unsigned long code;
    bool good;
    if (*at == 'x' || *at == 'u' || *at == 'U') {
        size_t digits = *at == 'x' ? 2 : *at == 'u' ? 4 : 8;
        at++;
        good = take_digits(&at, end, 16, digits, &code) == digits;
    }
    else {
        good = take_digits(&at, end, 8, 3, &code) > 0;
    }
    if (!good || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        fail(self, start, "invalid escape in a string");
        return NULL;
    }
    put_code_point(out, code);
    return at;
}

/* `at` is behind a backslash. @return behind the escape; NULL: reported. */
static const char *
take_escape(reader *self, text *out, const char *at, const char *end)
{
    static const char letters[] = "\\'\"abfnrtv";
    static const char meanings[] = "\\'\"\a\b\f\n\r\t\v";
    const char *found = *at == '\0' ? NULL : strchr(letters, *at);
    if (found != NULL) {
        out->data[out->size++] = meanings[found - letters];
        return at + 1;
    }
    if (*at == '\r' || *at == '\n') { /* a string goes on in the next line */
        return at[0] == '\r' && at[1] == '\n' ? at + 2 : at + 1;
    }
    if (*at == 'N') {
        fail(self, at, "named characters (\\N{...}) are not supported");
        return NULL;
    }
    if (strchr("xuU01234567", *at) != NULL) {
        return take_code(self, out, at, end);
    }
    out->data[out->size++] = '\\'; /* no escape: Python keeps both */
    out->data[out->size++] = *at;
    return at + 1;
}

/* Append the value of one string token. */
static bool
decode_string(reader *self, text *out, lzi_py_token token)
{
    const char *at = token.start, *end = token.start + token.size;
    bool raw = false;
    for (; *at != '"' && *at != '\''; at++) {
        if (strchr("bBfF", *at) != NULL) {
            return fail(self, at, "only plain string literals are allowed");
        }
        raw = raw || *at == 'r' || *at == 'R';
    }
    size_t quotes = end - at >= 6 && at[1] == at[0] && at[2] == at[0] ? 3 : 1;
    at += quotes;
    end -= quotes;
    while (at < end) {
        if (*at == '\\' && !raw) {
            at = take_escape(self, out, at + 1, end);
            if (at == NULL) {
                return false;
            }
        }
        else if (*at == '\r') { /* Python sees one kind of newline */
            out->data[out->size++] = '\n';
            at += at[1] == '\n' ? 2 : 1;
        }
        else {
            out->data[out->size++] = *at++;
        }
    }
    return true;
}

/* One or more adjacent string tokens; the first has been taken. */
static bool
read_string(reader *self, lzi_literal *out, lzi_py_token token)
{
    lzi_py_tokens ahead = *self->tokens;
    size_t room = token.size;
    while (lzi_py_peek_token(&ahead).kind == LZI_PY_STRING) {
        room += lzi_py_next_token(&ahead).size;
    }
    text value = {.data = lzi_arena_alloc(self->arena, room + 1)};
    const char *start = token.start;
    bool good = decode_string(self, &value, token);
    while (good && lzi_py_peek_token(self->tokens).kind == LZI_PY_STRING) {
        good = decode_string(self, &value, lzi_py_next_token(self->tokens));
    }
    if (!good) {
        return false;
    }
    if (memchr(value.data, '\0', value.size) != NULL) {
        return fail(self, start, "null character in a string");
    }
    out->kind = LZI_LITERAL_STRING;
    out->text = value.data;
    return true;
}

/* -- Other literals ------------------------------------------------------- */

static bool
read_integer(reader *self, lzi_literal *out, lzi_py_token token, bool negative)
{
    int64_t value = 0;
    for (size_t i = 0; i < token.size; i++) {
        int digit = digit_value(token.start[i]);
        if (digit > 9 || value > (INT64_MAX - digit) / 10 ||
            (token.size > 1 && i == 0 && digit == 0)) {
            return fail(self, token.start,
                        "only decimal integers of 64 bits are allowed");
        }
        value = value * 10 + digit;
    }
    out->kind = LZI_LITERAL_INTEGER;
    out->integer = negative ? -value : value;
    return true;
}

static bool read_value(reader *self, lzi_literal *out);

/* KEY: VALUE */
static bool
read_pair(reader *self, lzi_literal *out)
{
    if (!read_value(self, LZI_PUSH(self->arena, out))) {
        return false;
    }
    lzi_py_token colon = lzi_py_next_token(self->tokens);
    if (!lzi_py_token_is(colon, ":")) {
        return fail(self, colon.start, "expected ':' and a value");
    }
    return read_value(self, LZI_PUSH(self->arena, out));
}

/* The elements of a tuple, list or dictionary whose bracket has been taken;
 * also a literal in mere parentheses. */
static bool
read_items(reader *self, lzi_literal *out, char close)
{
    bool comma = false;
    out->kind = close == ')'   ? LZI_LITERAL_TUPLE
                : close == ']' ? LZI_LITERAL_LIST
                               : LZI_LITERAL_DICT;
    for (;;) {
        lzi_py_token token = lzi_py_peek_token(self->tokens);
        if (token.kind == LZI_PY_OPERATOR && *token.start == close) {
            break;
        }
        if (out->count > 0 && !comma) {
            return fail(self, token.start,
                        "expected ',' or a closing bracket");
        }
        if (out->kind == LZI_LITERAL_DICT
                ? !read_pair(self, out)
                : !read_value(self, LZI_PUSH(self->arena, out))) {
            return false;
        }
        comma = lzi_py_token_is(lzi_py_peek_token(self->tokens), ",");
        if (comma) {
            lzi_py_next_token(self->tokens);
        }
    }
    lzi_py_next_token(self->tokens);
    if (close == ')' && out->count == 1 && !comma) {
        *out = out->items[0];
    }
    return true;
}

/* Depth is bounded by the lexer, which counts brackets. */
static bool
read_value(reader *self, lzi_literal *out)
{
    static const struct {
        const char *name;
        lzi_literal_kind kind;
    } constants[] = {{"None", LZI_LITERAL_NONE},
                     {"False", LZI_LITERAL_FALSE},
                     {"True", LZI_LITERAL_TRUE}};
    lzi_py_token token = lzi_py_next_token(self->tokens);
    out->line = lzi_py_line_number(self->lexer, token.start);
    if (token.kind == LZI_PY_STRING) {
        return read_string(self, out, token);
    }
    if (lzi_py_token_is(token, "(") || lzi_py_token_is(token, "[") ||
        lzi_py_token_is(token, "{")) {
        return read_items(self, out,
                          *token.start == '('   ? ')'
                          : *token.start == '[' ? ']'
                                                : '}');
    }
    bool negative = lzi_py_token_is(token, "-");
    if (negative) {
        token = lzi_py_next_token(self->tokens);
    }
    if (token.kind == LZI_PY_NUMBER) {
        return read_integer(self, out, token, negative);
    }
    for (size_t i = 0; i < 3 && !negative; i++) {
        if (lzi_py_token_is(token, constants[i].name)) {
            out->kind = constants[i].kind;
            return true;
        }
    }
    return fail(self, token.start,
                "expected a literal (tuple, string, integer, True, False, "
                "None)");
}

bool
lzi_literal_read(lzi_literal *out, lzi_arena *arena, lzi_py_lexer *lexer,
                 lzi_py_tokens *tokens, const char *path, lzi_diag *diag)
{
    reader self = {.arena = arena,
                   .lexer = lexer,
                   .tokens = tokens,
                   .path = path,
                   .diag = diag};
    return read_value(&self, out);
}

/* -- Files ---------------------------------------------------------------- */

/* `NAME = literal [; NAME = literal]...` */
static bool
read_line(reader *self, lzi_assignments *out)
{
    lzi_py_token separator;
    do {
        lzi_py_token name = lzi_py_next_token(self->tokens);
        if (name.kind != LZI_PY_NAME ||
            !lzi_py_token_is(lzi_py_peek_token(self->tokens), "=")) {
            return fail(self, name.start,
                        "expected an assignment of a literal: NAME = ...");
        }
        lzi_py_next_token(self->tokens);
        lzi_assignment *new = LZI_PUSH(self->arena, out);
        new->name = lzi_arena_copy(self->arena, name.start, name.size);
        new->line = lzi_py_line_number(self->lexer, name.start);
        if (!read_value(self, &new->value)) {
            return false;
        }
        separator = lzi_py_next_token(self->tokens);
    } while (lzi_py_token_is(separator, ";") &&
             lzi_py_peek_token(self->tokens).kind != LZI_PY_END);
    return separator.kind == LZI_PY_END || lzi_py_token_is(separator, ";") ||
           fail(self, separator.start, "unexpected text behind the literal");
}

/* @return the first byte that is no part of UTF-8, NULL: none. */
static const char *
find_bad_utf8(const char *at, const char *end)
{
    while (at < end) {
        unsigned char c = (unsigned char)*at;
        size_t more = c < 0x80   ? 0
                      : c < 0xc2 ? 9
                      : c < 0xe0 ? 1
                      : c < 0xf0 ? 2
                      : c < 0xf5 ? 3
                                 : 9;
        for (size_t i = 1; i <= more; i++) {
            /* The NUL at the end is no continuation byte. */
            if (more == 9 || ((unsigned char)at[i] & 0xc0) != 0x80) {
                return at;
            }
        }
        at += more + 1;
    }
    return NULL;
}

bool
lzi_literal_parse(lzi_assignments *out, lzi_arena *arena, const char *data,
                  size_t size, const char *path, lzi_diag *diag)
{
    lzi_py_lexer lexer;
    lzi_py_tokens tokens;
    lzi_py_line line;
    reader self = {.arena = arena,
                   .lexer = &lexer,
                   .tokens = &tokens,
                   .path = path,
                   .diag = diag};
    bool good = true;
    lzi_py_open(&lexer, data, size);
    const char *bad = find_bad_utf8(data, data + size);
    if (bad != NULL) {
        return fail(&self, bad, "not UTF-8");
    }
    while (lzi_py_next_line(&lexer, &line)) {
        if (line.column > 0) {
            good = fail(&self, line.first, "unexpected indentation");
            continue;
        }
        tokens = lzi_py_tokens_of(&line);
        good = read_line(&self, out) && good;
    }
    if (lexer.error != NULL) {
        good = fail(&self, lexer.error_at, lexer.error);
    }
    return good;
}
