#include "model.h"

#include "base/our_files.h"
#include "lzi_format.h"

#include <string.h>

size_t
lzi_model_find_distribution(const lzi_model *model, const char *name)
{
    return lzi_find_name(model->distributions.items,
                         model->distributions.count,
                         sizeof(*model->distributions.items), name);
}

const char *
lzi_input_path(lzi_arena *arena, const char *directory, const char *path,
               lzi_diag *diag)
{
    if (strcmp(path, "__init__.py") == 0) {
        const char *stock = lzi_arena_format(
            arena, "%s/" LZI_OUR_DIRECTORY "/" LZI_STOCK_NAME, directory);
        if (lzi_file_exists(stock, diag)) {
            return stock;
        }
    }
    return lzi_arena_format(arena, "%s/%s", directory, path);
}

bool
lzi_model_read(lzi_model *model, lzi_file_text *text, const char *path,
               size_t distribution, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    bool good = lzi_file_read(
        text, lzi_input_path(scratch, model->directory, path, diag), diag);
    lzi_arena_free(scratch);
    if (good) {
        lzi_slice bytes = {text->data, text->size};
        *(lzi_model_input *)LZI_PUSH(model->arena, &model->inputs) =
            (lzi_model_input){path, text->size, lzi_name_hash(bytes),
                              distribution};
    }
    return good;
}

bool
lzi_model_check_inputs(const lzi_model *model, lzi_diag *diag)
{
    lzi_arena *scratch = lzi_arena_new();
    lzi_file_text text = {0};
    bool same = true;
    for (size_t i = 0; i < model->inputs.count; i++) {
        const lzi_model_input *input = &model->inputs.items[i];
        const char *path =
            lzi_input_path(scratch, model->directory, input->path, diag);
        if (!lzi_file_read(&text, path, diag)) {
            same = false;
        }
        else if (text.size != input->size ||
                 lzi_name_hash((lzi_slice){text.data, text.size}) !=
                     input->hash) {
            lzi_diag_at(diag, LZI_ERROR, path, 0,
                        "changed while it was read: name the target that "
                        "writes it in DEPENDS, and build again");
            same = false;
        }
    }
    lzi_file_free(&text);
    lzi_arena_free(scratch);
    return same;
}
