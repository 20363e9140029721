#include "plan_read.h"

#include "scan.h"
#include "archive/dist_info.h"
#include "base/file_io.h"
#include "python/py_lexer.h"

#include <string.h>

typedef struct {
    lzi_build_plan *out;
    lzi_arena *arena;
    const char *path;
    lzi_diag *diag;
    unsigned line;
} plan_reader;

enum { MOST_WORDS = 16 };

static void
report(const plan_reader *self, const char *what, const char *word)
{
    lzi_diag_at(self->diag, LZI_ERROR, self->path, self->line, what, word);
}

static bool
check_shard(const plan_reader *self, const char *shard)
{
    if (!lzi_is_distribution_name(shard)) {
        report(self,
               "a shard cannot be called '%s': use letters, digits, '.', '_' "
               "and '-', no '.' first",
               shard);
        return false;
    }
    return true;
}

/* Whether some profile knows a word that stands behind the library. */
static bool
is_known_word(const char *word)
{
    for (size_t i = 0; lzi_profiles[i] != NULL; i++) {
        for (const char *const *at = lzi_profiles[i]->plan_words; *at != NULL;
             at++) {
            if (strcmp(*at, word) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* " [WORD]..." of all profiles. */
static const char *
known_words(lzi_arena *arena)
{
    const char *list = "";
    for (size_t i = 0; lzi_profiles[i] != NULL; i++) {
        for (const char *const *at = lzi_profiles[i]->plan_words; *at != NULL;
             at++) {
            list = lzi_arena_format(arena, "%s [%s]", list, *at);
        }
    }
    return list;
}

/* @return false: something else stands behind the library. */
static bool
take_words(lzi_strings *out, lzi_arena *arena, char *const *words,
           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_known_word(words[i])) {
            return false;
        }
        lzi_strings_add(arena, out, words[i]);
    }
    return true;
}

static void
take_module(const plan_reader *self, const lzi_planned_module *planned)
{
    lzi_planned_module module = *planned;
    size_t size = strlen(module.module);
    if (size == 0 ||
        lzi_py_name_size(module.module, module.module + size) != size) {
        report(self, "module '%s' is not an identifier", module.module);
        return;
    }
    if (!check_shard(self, module.shard)) {
        return;
    }
    if (strchr(module.library, '/') != NULL) {
        report(self, "library '%s' is not a file name without a directory",
               module.library);
        return;
    }
    for (size_t i = 0; i < self->out->modules.count; i++) {
        if (strcmp(self->out->modules.items[i].module, module.module) == 0) {
            report(self, "module %s is listed twice", module.module);
            return;
        }
    }
    *(lzi_planned_module *)LZI_PUSH(self->arena, &self->out->modules) = module;
}

/* Words are cut out of @p text in place. */
static void
take_line(const plan_reader *self, char *text)
{
    char *words[MOST_WORDS + 1], *rest = NULL;
    size_t count = 0;
    for (char *word = strtok_r(text, " \t\r", &rest);
         word != NULL && count <= MOST_WORDS;
         word = strtok_r(NULL, " \t\r", &rest)) {
        words[count++] = word;
    }
    if (count == 0 || words[0][0] == '#') {
        return;
    }
    lzi_planned_module module = {.module = NULL};
    if (strcmp(words[0], "module") == 0 && count >= 4 && count <= MOST_WORDS &&
        take_words(&module.words, self->arena, words + 4, count - 4)) {
        module.module = words[1];
        module.shard = words[2];
        module.library = words[3];
        take_module(self, &module);
    }
    else if (strcmp(words[0], "init") == 0 && count == 2) {
        if (self->out->init != NULL) {
            report(self, "a second '%s' line", "init");
        }
        else if (check_shard(self, words[1])) {
            self->out->init = words[1];
        }
    }
    else {
        lzi_diag_at(self->diag, LZI_ERROR, self->path, self->line,
                    "'%s' does not begin a line 'module NAME SHARD LIBRARY%s' "
                    "or 'init SHARD'",
                    words[0], known_words(self->arena));
    }
}

bool
lzi_build_plan_read(lzi_build_plan *out, lzi_arena *arena, const char *path,
                    lzi_diag *diag)
{
    plan_reader self = {
        .out = out, .arena = arena, .path = path, .diag = diag};
    unsigned before = diag->errors;
    lzi_file_text text = {0};
    *out = (lzi_build_plan){0};
    if (lzi_file_read(&text, path, diag)) {
        char *at = lzi_arena_copy(arena, text.data, strlen(text.data));
        while (at != NULL) {
            char *line = strsep(&at, "\n");
            self.line++;
            take_line(&self, line);
        }
        if (out->modules.count == 0 && diag->errors == before) {
            lzi_diag_at(diag, LZI_ERROR, path, 0, "lists no module");
        }
    }
    lzi_file_free(&text);
    return diag->errors == before;
}
