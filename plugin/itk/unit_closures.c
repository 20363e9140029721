#include "unit_closures.h"

typedef struct {
    FILE *out;
    const lzi_index *index;
    const lzi_reader *reader; /* whose units these are */
    lzi_diag *diag;
} closure_printer;

static void
print_line(FILE *out, const lzi_closure *closure)
{
    size_t count = lzi_closure_count(closure);
    for (size_t i = 0; i < count; i++) {
        lzi_slice name = lzi_closure_unit(closure, i);
        fprintf(out, "%.*s%c", (int)name.size, name.data,
                i + 1 < count ? ' ' : '\n');
    }
}

static lzi_status
print_closure(void *context, lzi_slice unit, lzi_slice value)
{
    closure_printer *self = context;
    (void)value;
    lzi_closure *closure =
        lzi_closure_new(lzi_itk_unit_needs, NULL, (void *)self->index);
    lzi_status status =
        closure == NULL ? LZI_E_NOMEM : lzi_closure_add(closure, unit);
    if (status == LZI_OK) {
        print_line(self->out, closure);
    }
    else if (status == LZI_NOT_FOUND) {
        lzi_slice missing = lzi_closure_culprit(closure);
        lzi_diag_at(self->diag, LZI_ERROR, lzi_reader_path(self->reader), 0,
                    "unit '%.*s' cannot be loaded: no shard has '%.*s', which "
                    "it needs",
                    (int)unit.size, unit.data, (int)missing.size,
                    missing.data);
        status = LZI_OK; /* others can */
    }
    lzi_closure_free(closure);
    return status;
}

bool
lzi_print_closures(FILE *out, const lzi_index *index, lzi_diag *diag)
{
    size_t errors = diag->errors;
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        const lzi_reader *reader = lzi_index_reader(index, i);
        closure_printer self = {out, index, reader, diag};
        lzi_status status =
            lzi_reader_each(reader, LZI_TABLE_UNIT, print_closure, &self);
        if (status != LZI_OK) {
            lzi_diag_at(diag, LZI_ERROR, lzi_reader_path(reader), 0, "%s",
                        lzi_status_text(status));
        }
    }
    return diag->errors == errors;
}
