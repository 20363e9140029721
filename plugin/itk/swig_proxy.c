#include "swig_proxy.h"

#include "python/py_statement.h"

#include <string.h>

/* Proxies name their package, whatever the directory is called. */
#define PACKAGE_PREFIX "itk."

typedef struct {
    lzi_proxy *out;
    lzi_string_map *names;
    lzi_py_lexer *lexer;
    lzi_string_map returns; /* those seen in this proxy */
    const char *data;       /* of the proxy */
    const char *decorated;  /* first of the decorators just before; or NULL */
    bool in_body;           /* of the last definition */
} scan;

static void
add(scan *self, lzi_strings *list, lzi_slice text)
{
    lzi_strings_add(self->names->arena, list,
                    lzi_map_intern(self->names, text));
}

/* -- Statements ----------------------------------------------------------- */

/* X of "itk.X"; X has no dot. */
static bool
is_in_package(lzi_slice module, lzi_slice *rest)
{
    size_t prefix = sizeof(PACKAGE_PREFIX) - 1;
    if (module.size <= prefix ||
        memcmp(module.data, PACKAGE_PREFIX, prefix) != 0 ||
        memchr(module.data + prefix, '.', module.size - prefix) != NULL) {
        return false;
    }
    *rest = (lzi_slice){.data = module.data + prefix,
                        .size = module.size - prefix};
    return true;
}

static bool
has_public_definition(const lzi_proxy *proxy)
{
    for (size_t i = 0; i < proxy->definitions.count; i++) {
        if (proxy->definitions.items[i].name[0] != '_') {
            return true;
        }
    }
    return false;
}

static void
add_binding(void *context, const lzi_py_binding *binding)
{
    scan *self = context;
    lzi_slice unit;
    switch (binding->how) {
    case LZI_PY_ASSIGNED:
        add(self, &self->out->assigned, binding->name);
        break;
    case LZI_PY_IMPORT:
        if (!binding->renamed && is_in_package(binding->module, &unit)) {
            add(self, &self->out->imports, unit);
            break; /* binds `itk`, of no interest */
        }
        add(self, &self->out->imported, binding->name);
        break;
    case LZI_PY_FROM_IMPORT:
        add(self, &self->out->imported, binding->name);
        break;
    case LZI_PY_STAR_IMPORT:
        if (is_in_package(binding->module, &unit)) {
            add(self, &self->out->stars, unit);
            self->out->late_stars |= has_public_definition(self->out);
        }
        break;
    }
}

/* `class X`, `def X`, `async def X`. @return whether it is one. */
static bool
add_definition(scan *self, const lzi_py_line *line)
{
    lzi_py_tokens tokens = lzi_py_tokens_of(line);
    lzi_py_token token = lzi_py_next_token(&tokens);
    if (lzi_py_token_is(token, "async")) {
        token = lzi_py_next_token(&tokens);
    }
    bool is_class = lzi_py_token_is(token, "class");
    if (!is_class && !lzi_py_token_is(token, "def")) {
        return false;
    }
    lzi_py_token name = lzi_py_next_token(&tokens);
    if (name.kind != LZI_PY_NAME) {
        self->lexer->error = "expected a name";
        self->lexer->error_at = name.start;
        return true;
    }
    const char *start =
        self->decorated != NULL ? self->decorated : line->start;
    lzi_definition *new =
        LZI_PUSH(self->names->arena, &self->out->definitions);

    new->name = lzi_map_intern(
        self->names, (lzi_slice){.data = name.start, .size = name.size});
    new->offset = (uint64_t)(start - self->data);
    new->length = (uint64_t)(line->end - start);
    new->is_class = is_class;
    self->in_body = true;
    self->decorated = NULL;
    return true;
}

static void
scan_top_line(scan *self, const lzi_py_line *line)
{
    self->in_body = false;
    if (*line->first == '@') {
        if (self->decorated == NULL) {
            self->decorated = line->start;
        }
        return;
    }
    if (!add_definition(self, line)) {
        lzi_py_statements(lzi_py_tokens_of(line), add_binding, self);
    }
}

/* -- Docstrings ----------------------------------------------------------- */

/* SWIG writes signatures into docstrings: GetX(self) -> itkX. */
static void
scan_docstring(scan *self, const lzi_py_line *line)
{
    const char *at = line->first;
    while ((at = memchr(at, '>', (size_t)(line->end - at))) != NULL) {
        const char *arrow = at++;
        if (arrow == line->first || arrow[-1] != '-' || *at != ' ') {
            continue;
        }
        lzi_slice type = {.data = at + 1,
                          .size = lzi_py_name_size(at + 1, line->end)};
        bool added = false;

        if (type.size > 0) {
            lzi_map_put(&self->returns, type, &added);
        }
        if (added) {
            add(self, &self->out->returns, type);
        }
    }
}

/* -- Files ---------------------------------------------------------------- */

bool
lzi_proxy_scan(lzi_proxy *out, lzi_string_map *names, const char *data,
               size_t size, const char *path, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    lzi_py_lexer lexer;
    lzi_py_line line;
    scan self = {.out = out,
                 .names = names,
                 .lexer = &lexer,
                 .returns = lzi_map_new(scratch),
                 .data = data};
    lzi_py_open(&lexer, data, size);
    while (lzi_py_next_line(&lexer, &line)) {
        if (line.column == 0) {
            scan_top_line(&self, &line);
        }
        else if (self.in_body) {
            lzi_definition *last =
                &out->definitions.items[out->definitions.count - 1];
            last->length = (uint64_t)(line.end - data) - last->offset;
        }
        if (lzi_py_is_string(&line)) {
            scan_docstring(&self, &line);
        }
    }
    lzi_arena_free(scratch);
    if (lexer.error != NULL) {
        lzi_diag_at(diag, LZI_ERROR, path,
                    lzi_py_line_number(&lexer, lexer.error_at), "%s",
                    lexer.error);
        return false;
    }
    return true;
}

/* -- Names used ----------------------------------------------------------- */

static bool
is_f_string(lzi_py_token token)
{
    for (size_t i = 0; i < token.size; i++) {
        if (token.start[i] == '"' || token.start[i] == '\'') {
            return false;
        }
        if (token.start[i] == 'f' || token.start[i] == 'F') {
            return true;
        }
    }
    return false;
}

static void
add_used(lzi_strings *used, lzi_string_map *names, const char *at, size_t size)
{
    lzi_strings_add(
        names->arena, used,
        lzi_map_intern(names, (lzi_slice){.data = at, .size = size}));
}

static void
add_used_in_string(lzi_strings *used, lzi_string_map *names,
                   lzi_py_token string)
{
    const char *at = string.start, *end = at + string.size;
    while (at < end) {
        size_t size = lzi_py_name_size(at, end);
        if (size > 0) {
            add_used(used, names, at, size);
        }
        at += size > 0 ? size : 1;
    }
}

void
lzi_proxy_find_used(lzi_strings *used, lzi_string_map *names, const char *data,
                    size_t size)
{
    lzi_py_lexer lexer;
    lzi_py_line line;
    lzi_py_open(&lexer, data, size);
    while (lzi_py_next_line(&lexer, &line)) {
        lzi_py_tokens tokens = lzi_py_tokens_of(&line);
        lzi_py_token token;
        bool after_dot = false;
        while ((token = lzi_py_next_token(&tokens)).kind != LZI_PY_END) {
            if (token.kind == LZI_PY_NAME && !after_dot) {
                add_used(used, names, token.start, token.size);
            }
            else if (token.kind == LZI_PY_STRING && is_f_string(token)) {
                add_used_in_string(used, names, token);
            }
            after_dot = lzi_py_token_is(token, ".");
        }
    }
}
