#include "itk_tables.h"

#include "lzi_itk_names.h"

#include <string.h>

typedef struct {
    lzi_model_module *module;
    lzi_arena *arena;
    const char *path;
    lzi_diag *diag;
} table;

/* Parsed values die with the parser's arena. */
static const char *
keep(const table *self, const lzi_literal *value)
{
    return lzi_arena_copy(self->arena, value->text, strlen(value->text));
}

bool
lzi_itk_check_identifier(const lzi_literal *value, const char *what,
                         const char *path, lzi_diag *diag)
{
    const char *text = value->text;
    if (value->kind != LZI_LITERAL_STRING) {
        lzi_diag_at(diag, LZI_ERROR, path, value->line, "%s is not a string",
                    what);
        return false;
    }
    size_t size = strlen(text);
    if (size == 0 || size > LZI_NAME_MAX ||
        lzi_py_name_size(text, text + size) != size) {
        lzi_diag_at(diag, LZI_ERROR, path, value->line,
                    "%s '%s' is not an identifier of at most %u bytes", what,
                    text, LZI_NAME_MAX);
        return false;
    }
    return true;
}

static bool
check_name(const table *self, const lzi_literal *value, const char *what)
{
    return lzi_itk_check_identifier(value, what, self->path, self->diag);
}

static bool
check_string(const table *self, const lzi_literal *value, const char *what)
{
    if (value->kind != LZI_LITERAL_STRING) {
        lzi_diag_at(self->diag, LZI_ERROR, self->path, value->line,
                    "%s is not a string", what);
        return false;
    }
    return true;
}

/* -- One element of each table -------------------------------------------- */

static bool
add_depend(const table *self, const lzi_literal *value)
{
    lzi_strings *depends = &self->module->depends;
    if (!check_name(self, value, "module")) {
        return false;
    }
    if (lzi_strings_have(depends, value->text)) {
        return true; /* occurs in third-party modules */
    }
    lzi_strings_add(self->arena, depends, keep(self, value));
    return true;
}

static bool
add_tuple(const table *self, const lzi_literal *value)
{
    const lzi_literal *items = value->items;
    if (value->kind != LZI_LITERAL_TUPLE || value->count < 3 ||
        value->count > 5) {
        lzi_diag_at(self->diag, LZI_ERROR, self->path, value->line,
                    "an entry of 'templates' has to be a tuple of 3 to 5 "
                    "elements");
        return false;
    }
    bool good = check_name(self, &items[0], "Python class") &&
                check_string(self, &items[1], "C++ class") &&
                check_name(self, &items[2], "SWIG class");
    if (good && value->count > 3 && items[3].kind != LZI_LITERAL_TRUE &&
        items[3].kind != LZI_LITERAL_FALSE) {
        lzi_diag_at(self->diag, LZI_ERROR, self->path, items[3].line,
                    "'class in module' is neither True nor False");
        good = false;
    }
    if (good && value->count > 4) {
        good = check_string(self, &items[4], "template parameters");
    }
    if (!good) {
        return false;
    }
    *(lzi_model_tuple *)LZI_PUSH(self->arena, &self->module->tuples) =
        (lzi_model_tuple){
            .python = keep(self, &items[0]),
            .cpp = keep(self, &items[1]),
            .swig = keep(self, &items[2]),
            .params = value->count > 4 ? keep(self, &items[4]) : NULL,
            .in_module = value->count > 3 && items[3].kind == LZI_LITERAL_TRUE,
            .line = value->line,
            .unit = LZI_NONE};
    return true;
}

static bool
add_factory(const table *self, const lzi_literal *value)
{
    if (value->kind == LZI_LITERAL_STRING) {
        lzi_diag_at(self->diag, LZI_ERROR, self->path, value->line,
                    "factory '%s' has no group: name it 'GROUP::%s' in "
                    "FACTORY_NAMES of itk-module.cmake",
                    value->text, value->text);
        return false;
    }
    if (value->kind != LZI_LITERAL_TUPLE || value->count != 2) {
        lzi_diag_at(self->diag, LZI_ERROR, self->path, value->line,
                    "an entry of 'factories' has to be a tuple of group and "
                    "prefix");
        return false;
    }
    if (!check_name(self, &value->items[0], "factory group") ||
        !check_name(self, &value->items[1], "factory prefix")) {
        return false;
    }
    *(lzi_model_factory *)LZI_PUSH(self->arena, &self->module->factories) =
        (lzi_model_factory){.group = keep(self, &value->items[0]),
                            .prefix = keep(self, &value->items[1]),
                            .line = value->line,
                            .unit = LZI_NONE};
    return true;
}

static bool
add_function(const table *self, const lzi_literal *value)
{
    if (!check_name(self, value, "function")) {
        return false;
    }
    *(lzi_model_function *)LZI_PUSH(self->arena, &self->module->functions) =
        (lzi_model_function){
            .name = keep(self, value), .line = value->line, .unit = LZI_NONE};
    return true;
}

/* -- Tables --------------------------------------------------------------- */

typedef struct {
    const char *name;
    bool (*add)(const table *self, const lzi_literal *value);
} table_kind;

static bool
read_table(const table *self, const table_kind *kind,
           const lzi_assignment *from)
{
    bool good = true;
    if (from->value.kind != LZI_LITERAL_TUPLE) {
        lzi_diag_at(self->diag, LZI_ERROR, self->path, from->value.line,
                    "'%s' is not a tuple", kind->name);
        return false;
    }
    for (size_t i = 0; i < from->value.count; i++) {
        good = kind->add(self, &from->value.items[i]) && good;
    }
    return good;
}

/* Read the tables of these kinds; of two with one name, Python would keep
 * the second, and nobody means that. */
static bool
read_tables(const table *self, const table_kind *kinds, size_t kind_count,
            const char *data, size_t size)
{
    lzi_assignments found = {0};
    lzi_arena *scratch = lzi_arena_new();
    bool good =
        lzi_literal_parse(&found, scratch, data, size, self->path, self->diag);
    for (size_t k = 0; k < kind_count; k++) {
        const lzi_assignment *first = NULL;
        for (size_t i = 0; i < found.count; i++) {
            const lzi_assignment *at = &found.items[i];
            if (strcmp(at->name, kinds[k].name) != 0) {
                continue;
            }
            if (first != NULL) {
                lzi_diag_at(self->diag, LZI_ERROR, self->path, at->line,
                            "'%s' is assigned twice", at->name);
                lzi_diag_at(self->diag, LZI_NOTE, self->path, first->line,
                            "first assigned here");
                good = false;
                continue;
            }
            first = at;
            good = read_table(self, &kinds[k], at) && good;
        }
    }
    lzi_arena_free(scratch);
    return good;
}

bool
lzi_table_read(lzi_model_module *module, lzi_arena *arena, const char *data,
               size_t size, const char *path, lzi_diag *diag)
{
    static const table_kind kinds[] = {{"depends", add_depend},
                                       {"templates", add_tuple},
                                       {"factories", add_factory}};
    table self = {
        .module = module, .arena = arena, .path = path, .diag = diag};
    return read_tables(&self, kinds, 3, data, size);
}

bool
lzi_functions_read(lzi_model_module *module, lzi_arena *arena,
                   const char *data, size_t size, const char *path,
                   lzi_diag *diag)
{
    static const table_kind kinds[] = {{LZI_ITK_FUNCTIONS_NAME, add_function}};
    table self = {
        .module = module, .arena = arena, .path = path, .diag = diag};
    return read_tables(&self, kinds, 1, data, size);
}
