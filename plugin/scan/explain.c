#include "explain.h"

#include "base/emit.h"

#include <stdio.h>
#include <string.h>

void
lzi_explain_text(const char *label, lzi_slice value)
{
    printf("%s: ", label);
    lzi_print_safely(value);
    putchar('\n');
}

void
lzi_explain_list(const char *label, lzi_list list)
{
    lzi_slice item;
    if (list.count > 0) {
        printf("%s:", label);
        while (lzi_list_next(&list, &item)) {
            putchar(' ');
            lzi_print_safely(item);
        }
        putchar('\n');
    }
}

void
lzi_explain_source(const lzi_explanation *self, const lzi_reader *reader)
{
    const lzi_meta *meta = lzi_reader_meta(reader);
    const char *path = lzi_reader_path(reader);
    const char *slash = strrchr(path, '/');
    fputs("distribution: ", stdout);
    lzi_print_safely(meta->distribution);
    if (meta->version.size > 0) { /* a build knows of none */
        putchar(' ');
    }
    lzi_print_safely(meta->version);
    fputs("\nshard: ", stdout);
    if (self->applied) {
        puts(path);
    }
    else { /* a temporary one: only its name means something */
        printf("%s, not applied\n", slash == NULL ? path : slash + 1);
    }
}

bool
lzi_explain_damage(lzi_explanation *self, const char *what, lzi_slice name)
{
    lzi_diag_at(self->diag, LZI_ERROR, NULL, 0,
                "the record of %s '%.*s' is missing or damaged", what,
                (int)name.size, name.data);
    return false;
}

lzi_status
lzi_explain_eager(const lzi_explanation *self, lzi_slice name)
{
    lzi_slice value;
    lzi_eager eager;
    const lzi_reader *reader;
    lzi_status status =
        lzi_index_get(&value, &reader, self->index, LZI_TABLE_EAGER, name);
    if (status == LZI_OK) {
        status = lzi_eager_decode(&eager, value);
    }
    if (status != LZI_OK) {
        return status;
    }
    lzi_explain_text("name", name);
    puts("kind: helper");
    lzi_explain_text("imported from", eager.module);
    if (eager.attribute.size > 0) {
        lzi_explain_text("attribute", eager.attribute);
    }
    lzi_explain_source(self, reader);
    return LZI_OK;
}
