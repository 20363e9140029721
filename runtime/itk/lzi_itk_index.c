#include "lzi_itk_index.h"

/* The candidates in one shard. */
static lzi_status
visit_candidates(const lzi_index *index, const lzi_reader *reader,
                 lzi_slice name, lzi_visit_candidate *visit, void *context)
{
    lzi_slice value;
    lzi_status status = lzi_reader_get(&value, reader, LZI_TABLE_NAME, name);
    if (status != LZI_OK) {
        return status;
    }
    lzi_cursor cursor = lzi_cursor_of(value);
    for (uint32_t count = lzi_read_count(&cursor); count > 0; count--) {
        lzi_candidate candidate;
        status = lzi_candidate_decode(&candidate, &cursor);
        if (status == LZI_OK && !lzi_index_hides(index, candidate.module)) {
            status = visit(context, &candidate, reader);
        }
        if (status != LZI_OK) {
            return status;
        }
    }
    return LZI_OK;
}

lzi_status
lzi_index_candidates(const lzi_index *index, const lzi_lookup *name,
                     lzi_visit_candidate *visit, void *context)
{
    const lzi_reader *reader;
    for (size_t i = 0; (reader = lzi_lookup_next(name, index, &i)) != NULL;) {
        lzi_status status =
            visit_candidates(index, reader, name->name, visit, context);
        if (status != LZI_OK && status != LZI_NOT_FOUND) {
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
                const lzi_index *index, const lzi_lookup *name)
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
    lzi_slice module;
    lzi_candidate found;
    const lzi_reader *reader; /* NULL: not found */
} module_search;

static lzi_status
match_module(void *context, const lzi_candidate *candidate,
             const lzi_reader *reader)
{
    module_search *search = context;
    if (search->reader == NULL &&
        lzi_slice_equal(candidate->module, search->module)) {
        search->found = *candidate;
        search->reader = reader;
    }
    return LZI_OK;
}

lzi_status
lzi_index_candidate(lzi_candidate *out, const lzi_reader **reader,
                    const lzi_index *index, lzi_slice module,
                    const lzi_lookup *name)
{
    module_search search = {.module = module};
    lzi_status status =
        lzi_index_candidates(index, name, match_module, &search);
    if (status != LZI_OK) {
        return status;
    }
    if (search.reader == NULL) {
        return LZI_NOT_FOUND;
    }
    *out = search.found;
    if (reader != NULL) {
        *reader = search.reader;
    }
    return LZI_OK;
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

lzi_status
lzi_itk_contents(lzi_contents *out, const lzi_reader *reader)
{
    lzi_slice value;
    lzi_status status =
        lzi_reader_get(&value, reader, LZI_TABLE_CONTENTS, (lzi_slice){"", 0});
    return status == LZI_OK          ? lzi_contents_decode(out, value)
           : status == LZI_NOT_FOUND ? LZI_E_FORMAT
                                     : status;
}

lzi_status
lzi_itk_module_sum(uint64_t *out, const lzi_index *index)
{
    *out = 0;
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        lzi_contents contents;
        lzi_status status =
            lzi_itk_contents(&contents, lzi_index_reader(index, i));
        if (status != LZI_OK) {
            return status;
        }
        *out += contents.module_sum;
    }
    return LZI_OK;
}
