#include "emit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 sequence at @p at; 0: it is none. Overlong forms and
 * surrogates are none. */
static size_t
sequence_length(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char first, last, low, high; /* low..high: second byte */
        size_t length;
    } forms[] = {
        {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2},
        {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4},
        {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (at[0] < forms[i].first || at[0] > forms[i].last) {
            continue;
        }
        size_t length = forms[i].length;
        if (length > left ||
            (length > 1 && (at[1] < forms[i].low || at[1] > forms[i].high))) {
            return 0;
        }
        for (size_t k = 2; k < length; k++) {
            if (at[k] < 0x80 || at[k] > 0xBF) {
                return 0;
            }
        }
        return length;
    }
    return 0;
}

/* A JSON string: with its quotes. */
static void
print_quoted(lzi_slice text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    putchar('"');
    for (size_t i = 0; i < text.size;) {
        size_t length = sequence_length(bytes + i, text.size - i);
        unsigned char byte = bytes[i];
        if (length == 0) {
            printf("\\udc%02x", byte);
            length = 1;
        }
        else if (byte == '"' || byte == '\\') {
            printf("\\%c", byte);
        }
        else if (byte < 0x20 || byte == 0x7F) {
            printf("\\u%04x", byte);
        }
        else {
            fwrite(bytes + i, 1, length, stdout);
        }
        i += length;
    }
    putchar('"');
}

void
lzi_write_safely(FILE *file, lzi_slice text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (size_t i = 0; i < text.size;) {
        size_t length = sequence_length(bytes + i, text.size - i);
        if (length == 0 || bytes[i] < 0x20 || bytes[i] == 0x7F) {
            fprintf(file, "\\x%02x", bytes[i]);
            length = 1;
        }
        else {
            fwrite(bytes + i, 1, length, file);
        }
        i += length;
    }
}

void
lzi_print_safely(lzi_slice text)
{
    lzi_write_safely(stdout, text);
}

/* Text needs quotes only where it could be misread. */
static bool
is_plain(lzi_slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte <= ' ' || byte >= 0x7F || byte == '"' || byte == '\\') {
            return false;
        }
    }
    return text.size > 0;
}

static void
print_text(const lzi_emitter *out, lzi_slice text)
{
    if (!out->json && is_plain(text)) {
        fwrite(text.data, 1, text.size, stdout);
    }
    else {
        print_quoted(text);
    }
}

static void
new_line(const lzi_emitter *out)
{
    putchar('\n');
    for (unsigned i = 0; i < out->depth; i++) {
        putchar(' ');
    }
}

/* Everything before a value. */
static void
lead(lzi_emitter *out, lzi_slice key)
{
    if (out->json) {
        if (out->more) {
            putchar(',');
        }
        if (out->rows > 0) {
            fputs(out->more ? " " : "", stdout);
        }
        else if (out->depth > 0) {
            new_line(out);
        }
        if (key.data != NULL) {
            print_quoted(key);
            fputs(": ", stdout);
        }
    }
    else if (out->rows > 0) {
        putchar(' ');
    }
    else if (out->depth > 0) {
        if (out->more || out->depth > 1) {
            new_line(&(lzi_emitter){.depth = out->depth - 1});
        }
        if (key.data != NULL) {
            print_text(out, key);
            putchar(':');
        }
        else {
            putchar('-');
        }
    }
    out->more = true;
}

/* A scalar in text stands behind a blank, where a key or dash is before. */
static void
lead_scalar(lzi_emitter *out, lzi_slice key)
{
    lead(out, key);
    if (!out->json && out->rows == 0) {
        putchar(' ');
    }
}

static void
open_nested(lzi_emitter *out, lzi_slice key, char bracket)
{
    lead(out, key);
    if (out->json) {
        putchar(bracket);
    }
    out->depth++;
    out->more = false;
}

static void
close_nested(lzi_emitter *out, char bracket)
{
    out->depth--;
    if (out->json) {
        if (out->more) {
            new_line(out);
        }
        putchar(bracket);
    }
    out->more = true;
    if (out->depth == 0) {
        putchar('\n');
    }
}

void
lzi_emit_object(lzi_emitter *out, lzi_slice key)
{
    open_nested(out, key, '{');
}

void
lzi_emit_object_end(lzi_emitter *out)
{
    close_nested(out, '}');
}

void
lzi_emit_list(lzi_emitter *out, lzi_slice key)
{
    open_nested(out, key, '[');
}

void
lzi_emit_list_end(lzi_emitter *out)
{
    close_nested(out, ']');
}

void
lzi_emit_row(lzi_emitter *out, lzi_slice key)
{
    lead(out, key);
    if (out->json) {
        putchar('[');
    }
    out->rows++;
    out->more = false;
}

void
lzi_emit_row_end(lzi_emitter *out)
{
    out->rows--;
    if (out->json) {
        putchar(']');
    }
    out->more = true;
}

void
lzi_emit_string(lzi_emitter *out, lzi_slice key, lzi_slice value)
{
    lead_scalar(out, key);
    print_text(out, value);
}

void
lzi_emit_number(lzi_emitter *out, lzi_slice key, uint64_t value)
{
    lead_scalar(out, key);
    printf("%" PRIu64, value);
}

void
lzi_emit_bool(lzi_emitter *out, lzi_slice key, bool value)
{
    lead_scalar(out, key);
    fputs(value ? "true" : "false", stdout);
}

void
lzi_emit_null(lzi_emitter *out, lzi_slice key)
{
    lead_scalar(out, key);
    fputs("null", stdout);
}

void
lzi_emit_hex(lzi_emitter *out, lzi_slice key, lzi_slice bytes)
{
    const char *quote = out->json ? "\"" : "";
    lead_scalar(out, key);
    fputs(quote, stdout);
    for (size_t i = 0; i < bytes.size; i++) {
        printf("%02x", (unsigned char)bytes.data[i]);
    }
    fputs(quote, stdout);
}

void
lzi_emit_hash(lzi_emitter *out, lzi_slice key, uint64_t value)
{
    char digits[17];
    snprintf(digits, sizeof(digits), "%016" PRIx64, value);
    lzi_emit_string(out, key, lzi_slice_of(digits));
}

void
lzi_emit_strings(lzi_emitter *out, lzi_slice key, lzi_list list)
{
    lzi_slice item;
    lzi_emit_row(out, key);
    while (lzi_list_next(&list, &item)) {
        lzi_emit_string(out, LZI_NO_KEY, item);
    }
    lzi_emit_row_end(out);
}
