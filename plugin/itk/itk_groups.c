#include "itk_scan.h"

#include "itk_tables.h"
#include "lzi_itk_names.h"
#include "python/py_literal.h"
#include "python/py_statement.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS_PATH LZI_ITK_SUPPORT_FILE(LZI_ITK_SUPPORT_BASE)
#define GROUPS_NAME "needed_factories"

typedef struct {
    lzi_itk_scanner *scanner;
    lzi_py_lexer lexer;
    bool binds; /* the line at hand binds the name */
    bool found;
} group_reader;

static void
report(group_reader *self, unsigned line, const char *what)
{
    lzi_diag_at(self->scanner->diag, LZI_ERROR, self->scanner->current, line,
                "%s '" GROUPS_NAME "', which says what factories a module "
                "needs: get a lazyindex that knows this release of ITK",
                what);
}

static void
note_binding(void *context, const lzi_py_binding *binding)
{
    group_reader *self = context;
    self->binds |= lzi_slice_equal(binding->name, lzi_slice_of(GROUPS_NAME));
}

/* NAME = or NAME: ANNOTATION =. @return whether the tokens are behind it. */
static bool
take_equals(lzi_py_tokens *tokens)
{
    lzi_py_token token = lzi_py_next_token(tokens);
    bool annotated = lzi_py_token_is(token, ":");
    while (annotated && !lzi_py_token_is(token, "=") &&
           token.kind != LZI_PY_END) {
        token = lzi_py_next_token(tokens);
        if (lzi_py_token_is(token, "[") || lzi_py_token_is(token, "(")) {
            lzi_py_skip_bracket(tokens);
        }
    }
    return lzi_py_token_is(token, "=");
}

static bool
add_groups(group_reader *self, const lzi_literal *table)
{
    lzi_itk_scanner *scanner = self->scanner;
    lzi_arena *arena = scanner->model->arena;
    bool good = table->kind == LZI_LITERAL_DICT;
    for (size_t i = 0; good && i < table->count; i += 2) {
        const lzi_literal *base = &table->items[i], *group = base + 1;
        good = lzi_itk_check_identifier(base, "base module", scanner->current,
                                        scanner->diag) &&
               lzi_itk_check_identifier(group, "factory group",
                                        scanner->current, scanner->diag);
        if (good) {
            *(lzi_model_group *)LZI_PUSH(arena, &scanner->itk->groups) =
                (lzi_model_group){base->text, group->text};
        }
    }
    return good;
}

/* The one assignment that can be read. */
static void
take_table(group_reader *self, unsigned line, lzi_py_tokens *tokens)
{
    lzi_itk_scanner *scanner = self->scanner;
    lzi_literal table = {0};
    unsigned before = scanner->diag->errors;
    if (self->found) {
        report(self, line, "assigns a second time to");
    }
    else if (lzi_literal_read(&table, scanner->model->arena, &self->lexer,
                              tokens, scanner->current, scanner->diag) &&
             (!add_groups(self, &table) ||
              lzi_py_next_token(tokens).kind != LZI_PY_END) &&
             scanner->diag->errors == before) {
        report(self, line, "cannot tell what this makes of");
    }
    self->found = true;
}

static void
take_line(group_reader *self, const lzi_py_line *line)
{
    lzi_py_tokens tokens = lzi_py_tokens_of(line);
    self->binds = false;
    lzi_py_statements(tokens, note_binding, self);
    lzi_py_token first = lzi_py_next_token(&tokens);
    bool begins = lzi_py_token_is(first, GROUPS_NAME);
    if (!begins && !self->binds) {
        return;
    }
    unsigned number = lzi_py_line_number(&self->lexer, first.start);
    if (begins && line->column == 0 && take_equals(&tokens)) {
        take_table(self, number, &tokens);
    }
    else {
        report(self, number, "cannot tell what this makes of");
        self->found = true;
    }
}

/* One of two with the same base would be left out. */
static void
sort_groups(group_reader *self)
{
    lzi_itk_model *itk = self->scanner->itk;
    if (itk->groups.count > 1) {
        qsort(itk->groups.items, itk->groups.count, sizeof(lzi_model_group),
              lzi_compare_names);
    }
    for (size_t i = 1; i < itk->groups.count; i++) {
        if (strcmp(itk->groups.items[i - 1].base, itk->groups.items[i].base) ==
            0) {
            report(self, 0, "has a module twice in");
        }
    }
}

void
lzi_itk_read_groups(lzi_itk_scanner *scanner)
{
    group_reader self = {.scanner = scanner};
    lzi_py_line line;
    scanner->current = lzi_itk_path(scanner, GROUPS_PATH);
    if (!lzi_file_exists(scanner->current, scanner->diag) ||
        !lzi_model_read(scanner->model, &scanner->text, GROUPS_PATH,
                        scanner->model->init_distribution, scanner->diag)) {
        return;
    }
    lzi_py_open(&self.lexer, scanner->text.data, scanner->text.size);
    while (lzi_py_next_line(&self.lexer, &line)) {
        take_line(&self, &line);
    }
    if (self.lexer.error != NULL) {
        lzi_diag_at(scanner->diag, LZI_ERROR, scanner->current,
                    lzi_py_line_number(&self.lexer, self.lexer.error_at), "%s",
                    self.lexer.error);
    }
    else if (!self.found) {
        report(&self, 0, "has no table");
    }
    sort_groups(&self);
}
