/* Lines, tokens and statements of Python source that need not be any. */
#include "fuzz.h"

#include "python/py_statement.h"

typedef struct {
    const char *start, *end;
} source_range;

static void
check_binding(void *context, const lzi_py_binding *binding)
{
    const source_range *source = context;
    const lzi_slice parts[] = {binding->name, binding->module,
                               binding->attribute};
    for (size_t i = 0; i < 3; i++) {
        FUZZ_CHECK(parts[i].size == 0 ||
                   (parts[i].data >= source->start &&
                    parts[i].data + parts[i].size <= source->end));
    }
}

static void
check_tokens(const lzi_py_line *line)
{
    lzi_py_tokens tokens = lzi_py_tokens_of(line);
    const char *last = line->first;
    for (;;) {
        lzi_py_token next = lzi_py_peek_token(&tokens);
        lzi_py_token token = lzi_py_next_token(&tokens);
        FUZZ_CHECK(token.kind == next.kind && token.start == next.start &&
                   token.size == next.size);
        if (token.kind == LZI_PY_END) {
            return;
        }
        FUZZ_CHECK(token.size > 0 && token.start >= last &&
                   token.start + token.size <= line->end);
        last = token.start + token.size;
        if (token.kind == LZI_PY_OPERATOR && strchr("([{", *token.start)) {
            lzi_py_tokens inner = tokens;
            lzi_py_skip_bracket(&inner);
            FUZZ_CHECK(inner.at >= tokens.at && inner.at <= inner.end);
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    source_range source = {text, text + size};
    lzi_py_lexer lexer;
    lzi_py_line line;
    const char *last = text;
    unsigned last_number = 1;
    lzi_py_open(&lexer, text, size);
    while (lzi_py_next_line(&lexer, &line)) {
        FUZZ_CHECK(line.start >= last && line.first >= line.start &&
                   line.end > line.first && line.end <= text + size);
        unsigned number = lzi_py_line_number(&lexer, line.first);
        FUZZ_CHECK(number >= last_number && number <= size + 1);
        last_number = number;
        last = line.end;
        check_tokens(&line);
        (void)lzi_py_is_string(&line);
        lzi_py_statements(lzi_py_tokens_of(&line), check_binding, &source);
        lzi_py_target(lzi_py_tokens_of(&line), check_binding, &source);
    }
    if (lexer.error != NULL) {
        FUZZ_CHECK(lexer.error_at >= text && lexer.error_at <= text + size);
        (void)lzi_py_line_number(&lexer, lexer.error_at);
    }
    free(text);
    return 0;
}
