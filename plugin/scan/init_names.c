#include "init_names.h"

#include "python/py_literal.h"
#include "python/py_statement.h"
#include "base/string_map.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STAR_DEPTH 16 /* of star-imports; more is a cycle */

/* Work on the whole package. */
typedef struct {
    lzi_model *model;
    lzi_arena *scratch;
    lzi_diag *diag;
    lzi_string_map index; /* name -> 1 + position in model->eager */
    unsigned depth;       /* of star-imports */
} init_scan;

/* One module that is being read. */
typedef struct {
    init_scan *scan;
    const char *name; /* "pkg.helpers.extras" */
    const char *path; /* from the package directory */
    bool is_package;  /* an __init__.py */
    lzi_py_bind *bind;
    lzi_py_lexer lexer;
    lzi_strings names; /* bound at module level, for star-imports */
    lzi_strings all;   /* what `__all__` holds */
    bool has_all;
} module;

static void read_exports(module *self);

static const char *
copy(init_scan *scan, lzi_slice text)
{
    return lzi_arena_copy(scan->model->arena, text.data, text.size);
}

/* Its path as messages have it. */
static const char *
message_path(const module *self)
{
    return lzi_arena_format(self->scan->scratch, "%s/%s",
                            self->scan->model->directory, self->path);
}

static void
fail(module *self, const char *at, const char *what)
{
    lzi_diag_at(self->scan->diag, LZI_ERROR, message_path(self),
                lzi_py_line_number(&self->lexer, at), "%s", what);
}

/* -- Where modules are ---------------------------------------------------- */

/* The absolute name of a module, as seen from another. */
static const char *
absolute_name(const module *self, lzi_slice path)
{
    size_t dots = 0, size = strlen(self->name);
    while (dots < path.size && path.data[dots] == '.') {
        dots++;
    }
    if (dots == 0) {
        return copy(self->scan, path);
    }
    /* One dot is the module's package, each further one its parent. */
    for (size_t up = self->is_package ? 1 : 0; up < dots; up++) {
        while (size > 0 && self->name[size - 1] != '.') {
            size--;
        }
        size -= size > 0 ? 1 : 0;
    }
    return lzi_arena_format(self->scan->model->arena, "%.*s%s%.*s", (int)size,
                            self->name, dots < path.size ? "." : "",
                            (int)(path.size - dots), path.data + dots);
}

/* The file of a module of this site directory, from the package directory;
 * NULL: none. */
static const char *
find_file(init_scan *scan, const char *name, bool *is_package)
{
    const char *package = scan->model->package;
    size_t size = strlen(package);
    bool inside = strncmp(name, package, size) == 0 && name[size] == '.';
    char *path = lzi_arena_copy(scan->scratch, name, strlen(name));
    for (char *at = path; *at != '\0'; at++) {
        *at = *at == '.' ? '/' : *at;
    }
    for (size_t i = 0; i < 2; i++) {
        const char *prefix = inside ? "" : "../";
        const char *rest = inside ? path + size + 1 : path;
        const char *found =
            i == 0 ? lzi_arena_format(scan->scratch, "%s%s.py", prefix, rest)
                   : lzi_arena_format(scan->scratch, "%s%s/__init__.py",
                                      prefix, rest);
        const char *full = lzi_arena_format(scan->scratch, "%s/%s",
                                            scan->model->directory, found);
        *is_package = i == 1;
        if (lzi_file_exists(full, scan->diag)) {
            return lzi_arena_copy(scan->model->arena, found, strlen(found));
        }
    }
    return NULL;
}

/* -- Module level --------------------------------------------------------- */

/* Is the line `if TYPE_CHECKING:`, whose body does not run? */
static bool
is_type_checking(lzi_py_tokens tokens)
{
    lzi_py_token token = lzi_py_next_token(&tokens);
    if (!lzi_py_token_is(token, "if")) {
        return false;
    }
    token = lzi_py_next_token(&tokens);
    if (lzi_py_token_is(token, "typing")) {
        lzi_py_next_token(&tokens);
        token = lzi_py_next_token(&tokens);
    }
    return lzi_py_token_is(token, "TYPE_CHECKING") &&
           lzi_py_token_is(lzi_py_next_token(&tokens), ":");
}

/* Report the target at hand, up to one of two tokens or the colon, and step
 * there. */
static void
take_target(module *self, lzi_py_tokens *tokens, const char *end,
            const char *other_end)
{
    lzi_py_tokens target = *tokens;
    for (;;) {
        lzi_py_token token = lzi_py_peek_token(tokens);
        target.end = token.start;
        if (token.kind == LZI_PY_END || lzi_py_token_is(token, ":") ||
            lzi_py_token_is(token, end) || lzi_py_token_is(token, other_end)) {
            break;
        }
        lzi_py_next_token(tokens);
        if (lzi_py_token_is(token, "(") || lzi_py_token_is(token, "[")) {
            lzi_py_skip_bracket(tokens);
        }
    }
    lzi_py_target(target, self->bind, self);
}

/* The targets of `for ... in` and `with ... as`, up to the colon. Leaves the
 * tokens behind it. (What `except ... as` binds is unbound again.) */
static void
take_header(module *self, lzi_py_tokens *tokens)
{
    bool is_except = lzi_py_token_is(lzi_py_peek_token(tokens), "except");
    for (;;) {
        lzi_py_token token = lzi_py_next_token(tokens);
        if (token.kind == LZI_PY_END || lzi_py_token_is(token, ":")) {
            return;
        }
        if (lzi_py_token_is(token, "for")) {
            take_target(self, tokens, "in", "in");
        }
        else if (lzi_py_token_is(token, "as") && !is_except) {
            take_target(self, tokens, ",", ")");
        }
        else if (lzi_py_token_is(token, "[") || lzi_py_token_is(token, "{")) {
            lzi_py_skip_bracket(tokens);
        }
    }
}

/* @return false: it is no list or tuple of strings. */
static bool
add_all(module *self, const lzi_literal *value)
{
    if (value->kind != LZI_LITERAL_LIST && value->kind != LZI_LITERAL_TUPLE) {
        return false;
    }
    for (size_t i = 0; i < value->count; i++) {
        if (value->items[i].kind != LZI_LITERAL_STRING) {
            return false;
        }
        lzi_strings_add(self->scan->model->arena, &self->all,
                        value->items[i].text);
    }
    return true;
}

/* `__all__ = [...]`, `__all__ += [...]`; also sums of lists. */
static void
take_all(module *self, lzi_py_tokens *tokens)
{
    lzi_py_token how = lzi_py_next_token(tokens);
    lzi_py_token next;
    if (lzi_py_token_is(how, "=")) {
        self->all.count = 0;
    }
    else if (!lzi_py_token_is(how, "+=")) {
        fail(self, how.start, "cannot tell what this makes of '__all__'");
        return;
    }
    self->has_all = true;
    do {
        lzi_literal value = {0};
        if (!lzi_literal_read(&value, self->scan->model->arena, &self->lexer,
                              tokens, message_path(self), self->scan->diag)) {
            return;
        }
        if (!add_all(self, &value)) {
            fail(self, how.start, "'__all__' is not a list of strings");
            return;
        }
        next = lzi_py_next_token(tokens);
    } while (lzi_py_token_is(next, "+"));
    if (next.kind != LZI_PY_END) {
        fail(self, next.start, "cannot tell what this makes of '__all__'");
    }
}

/* @return whether the lines below, further to the right, do not count. */
static bool
take_line(module *self, const lzi_py_line *line)
{
    static const char *const headers[] = {"if",    "elif",   "else",
                                          "try",   "except", "finally",
                                          "while", "for",    "with"};
    lzi_py_tokens tokens = lzi_py_tokens_of(line), rest = tokens;
    lzi_py_token first = lzi_py_next_token(&rest);
    if (is_type_checking(tokens)) {
        return true;
    }
    if (lzi_py_token_is(first, "async")) {
        first = lzi_py_next_token(&rest);
    }
    if (lzi_py_token_is(first, "class") || lzi_py_token_is(first, "def")) {
        lzi_py_token name = lzi_py_next_token(&rest);
        self->bind(self, &(lzi_py_binding){
                             .how = LZI_PY_ASSIGNED,
                             .name = {.data = name.start, .size = name.size}});
        return true;
    }
    for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
        if (lzi_py_token_is(first, headers[i])) {
            lzi_py_tokens header = tokens;
            take_header(self, &header);
            lzi_py_statements(header, self->bind, self);
            return false;
        }
    }
    if (lzi_py_token_is(first, "__all__")) {
        take_all(self, &rest);
        return false;
    }
    lzi_py_statements(tokens, self->bind, self);
    return false;
}

/* Report what a module binds at module level, blocks included. */
static void
read_module(module *self, size_t distribution)
{
    lzi_file_text text = {0};
    lzi_py_line line;
    bool skipping = false;
    size_t column = 0; /* what is skipped is further to the right */
    if (!lzi_model_read(self->scan->model, &text, self->path, distribution,
                        self->scan->diag)) {
        lzi_file_free(&text);
        return;
    }
    lzi_py_open(&self->lexer, text.data, text.size);
    while (lzi_py_next_line(&self->lexer, &line)) {
        if (!skipping || line.column <= column) {
            skipping = take_line(self, &line);
            column = line.column;
        }
    }
    if (self->lexer.error != NULL) {
        fail(self, self->lexer.error_at, self->lexer.error);
    }
    lzi_file_free(&text);
}

/* -- What a star-import gives --------------------------------------------- */

static void
add_exports_of(module *self, const char *name, lzi_strings *out)
{
    module from = {.scan = self->scan, .name = name};
    from.path = find_file(self->scan, name, &from.is_package);
    if (from.path == NULL) {
        lzi_diag_at(self->scan->diag, LZI_WARNING, message_path(self), 0,
                    "'from %s import *' is not followed: that module is not "
                    "installed beside the package",
                    name);
        return;
    }
    read_exports(&from);
    const lzi_strings *list = from.has_all ? &from.all : &from.names;
    for (size_t i = 0; i < list->count; i++) {
        if (from.has_all || list->items[i][0] != '_') {
            lzi_strings_add(self->scan->model->arena, out, list->items[i]);
        }
    }
}

static void
bind_in_module(void *context, const lzi_py_binding *binding)
{
    module *self = context;
    if (binding->how == LZI_PY_STAR_IMPORT) {
        add_exports_of(self, absolute_name(self, binding->module),
                       &self->names);
        return;
    }
    lzi_strings_add(self->scan->model->arena, &self->names,
                    copy(self->scan, binding->name));
}

static void
read_exports(module *self)
{
    self->bind = bind_in_module;
    if (self->scan->depth < STAR_DEPTH) {
        self->scan->depth++;
        read_module(self, self->scan->model->init_distribution);
        self->scan->depth--;
    }
}

/* -- What __init__.py binds ----------------------------------------------- */

/* The last binding of a name counts; module NULL: not by an import. */
static void
bind_eager(init_scan *scan, const char *name, const char *module_name,
           const char *attribute)
{
    bool added;
    size_t *position = lzi_map_put(&scan->index, lzi_slice_of(name), &added);
    if (added) {
        LZI_PUSH(scan->model->arena, &scan->model->eager);
        *position = scan->model->eager.count;
    }
    scan->model->eager.items[*position - 1] = (lzi_model_eager){
        .name = name, .module = module_name, .attribute = attribute};
}

static void
bind_in_init(void *context, const lzi_py_binding *binding)
{
    module *self = context;
    init_scan *scan = self->scan;
    const char *name = copy(scan, binding->name);
    const char *from = absolute_name(self, binding->module);
    lzi_strings exports = {0};
    bool is_package;
    switch (binding->how) {
    case LZI_PY_ASSIGNED:
        bind_eager(scan, name, NULL, NULL);
        break;
    case LZI_PY_IMPORT:
        if (strcmp(name, scan->model->package) != 0) {
            bind_eager(scan, name, binding->renamed ? from : name, "");
        }
        break;
    case LZI_PY_FROM_IMPORT: {
        const char *attribute = copy(scan, binding->attribute);
        const char *submodule =
            lzi_arena_format(scan->model->arena, "%s.%s", from, attribute);
        if (find_file(scan, submodule, &is_package) != NULL) {
            bind_eager(scan, name, submodule, "");
        }
        else {
            bind_eager(scan, name, from, attribute);
        }
        break;
    }
    case LZI_PY_STAR_IMPORT:
        add_exports_of(self, from, &exports);
        for (size_t i = 0; i < exports.count; i++) {
            bind_eager(scan, exports.items[i], from, exports.items[i]);
        }
        break;
    }
}

/* Importing a module of it sets it on the package as well. */
static void
bind_subpackage(init_scan *scan, const char *name)
{
    const char *full =
        lzi_arena_format(scan->scratch, "%s/%s", scan->model->directory, name);
    if (lzi_file_exists(full, scan->diag) &&
        lzi_map_get(&scan->index, lzi_slice_of(name)) == NULL) {
        bind_eager(scan, name,
                   lzi_arena_format(scan->model->arena, "%s.%s",
                                    scan->model->package, name),
                   "");
    }
}

void
lzi_init_names(lzi_model *model, const char *const *packages, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    init_scan scan = {.model = model,
                      .scratch = scratch,
                      .diag = diag,
                      .index = lzi_map_new(scratch)};
    module init = {.scan = &scan,
                   .name = model->package,
                   .path = "__init__.py",
                   .is_package = true,
                   .bind = bind_in_init};
    size_t kept = 0;
    read_module(&init, model->init_distribution);
    for (; *packages != NULL; packages++) {
        bind_subpackage(&scan, *packages);
    }
    for (size_t i = 0; i < model->eager.count; i++) {
        if (model->eager.items[i].module != NULL) {
            model->eager.items[kept++] = model->eager.items[i];
        }
    }
    model->eager.count = kept;
    qsort(model->eager.items, kept, sizeof(lzi_model_eager),
          lzi_compare_names);
    lzi_arena_free(scratch);
}
