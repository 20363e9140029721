#include "lzi_itk_index.h"

lzi_status
lzi_index_candidates(const lzi_index *index, lzi_slice name,
                     lzi_visit_candidate *visit, void *context)
{
    uint64_t hash = lzi_name_hash(name);
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        const lzi_reader *reader = lzi_index_reader(index, i);
        lzi_slice value;
        lzi_status status =
            lzi_reader_may_have(reader, hash)
                ? lzi_reader_get(&value, reader, LZI_TABLE_NAME, name)
                : LZI_NOT_FOUND;
        if (status == LZI_NOT_FOUND) {
            continue;
        }
        lzi_cursor cursor = lzi_cursor_of(value);
        uint32_t count = status == LZI_OK ? lzi_read_count(&cursor) : 0;
        for (uint32_t k = 0; k < count && status == LZI_OK; k++) {
            lzi_candidate candidate;
            status = lzi_candidate_decode(&candidate, &cursor);
            if (status == LZI_OK &&
                !lzi_index_hides(index, candidate.module)) {
                status = visit(context, &candidate, reader);
            }
        }
        if (status != LZI_OK) {
            return status;
        }
    }
    return LZI_OK;
}

bool
lzi_owner_precedes(lzi_slice module, bool in_module,
                   const lzi_candidate *other)
{
    bool other_in = (other->flags & LZI_NAME_IN_MODULE) != 0;
    int order = lzi_slice_compare(module, other->module);
    return in_module != other_in ? in_module
           : in_module           ? order > 0
                                 : order < 0;
}

typedef struct {
    lzi_candidate best;
    const lzi_reader *reader;
    bool found;
} owner_search;

static lzi_status
prefer(void *context, const lzi_candidate *candidate, const lzi_reader *reader)
{
    owner_search *search = context;
    bool in_module = (candidate->flags & LZI_NAME_IN_MODULE) != 0;
    if (!search->found ||
        lzi_owner_precedes(candidate->module, in_module, &search->best)) {
        *search = (owner_search){*candidate, reader, true};
    }
    return LZI_OK;
}

lzi_status
lzi_index_owner(lzi_candidate *out, const lzi_reader **reader,
                const lzi_index *index, lzi_slice name)
{
    owner_search search = {.found = false};
    lzi_status status = lzi_index_candidates(index, name, prefer, &search);
    if (status != LZI_OK) {
        return status;
    }
    if (!search.found) {
        return LZI_NOT_FOUND;
    }
    *out = search.best;
    if (reader != NULL) {
        *reader = search.reader;
    }
    return LZI_OK;
}

typedef struct {
    lzi_candidate *out;
    lzi_slice module;
    bool found;
} module_search;

static lzi_status
match_module(void *context, const lzi_candidate *candidate,
             const lzi_reader *reader)
{
    module_search *search = context;
    (void)reader;
    if (!search->found && lzi_slice_equal(candidate->module, search->module)) {
        *search->out = *candidate;
        search->found = true;
    }
    return LZI_OK;
}

lzi_status
lzi_index_candidate(lzi_candidate *out, const lzi_index *index,
                    lzi_slice module, lzi_slice name)
{
    module_search search = {out, module, false};
    lzi_status status =
        lzi_index_candidates(index, name, match_module, &search);
    return status == LZI_OK && !search.found ? LZI_NOT_FOUND : status;
}

lzi_status
lzi_itk_unit_needs(void *index, lzi_slice unit, lzi_needs *out)
{
    lzi_slice value;
    lzi_unit record;
    lzi_status status =
        lzi_index_get(&value, NULL, index, LZI_TABLE_UNIT, unit);
    if (status == LZI_OK) {
        status = lzi_unit_decode(&record, value);
    }
    if (status == LZI_OK) {
        *out = (lzi_needs){record.imports, record.soft};
    }
    return status;
}

lzi_status
lzi_itk_module_needs(void *index, lzi_slice module, lzi_needs *out)
{
    lzi_slice value;
    lzi_module record;
    lzi_status status =
        lzi_index_get(&value, NULL, index, LZI_TABLE_MODULE, module);
    if (status == LZI_OK) {
        status = lzi_module_decode(&record, value);
    }
    if (status == LZI_OK) {
        *out = (lzi_needs){.soft = record.depends};
    }
    return status;
}

uint64_t
lzi_index_module_sum(const lzi_index *index)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        sum += lzi_reader_meta(lzi_index_reader(index, i))->module_sum;
    }
    return sum;
}
