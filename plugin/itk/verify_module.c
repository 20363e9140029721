#include "itk_verify.h"

#include "itk_parts.h"

/* One use of a module's tuples by a unit. */
static void
claim_tuples(lzi_verification *self, lzi_slice unit_name,
             const uint32_t *offsets, bool *claimed, uint32_t count)
{
    lzi_unit unit;
    if (!lzi_itk_get_unit(self, &unit, unit_name)) {
        return; /* reported by the caller */
    }
    for (uint32_t i = 0; i < unit.ranges; i++) {
        lzi_tuple_range range;
        lzi_tuple_range_next(&range, &unit.range_cursor);
        if (range.count == 0 || range.first >= count ||
            range.count > count - range.first ||
            range.offset != offsets[range.first]) {
            lzi_verify_problem(self, "unit '%.*s' has a wrong range of tuples",
                               LZI_SLICE_ARGS(unit_name));
            return;
        }
        for (uint32_t k = 0; k < range.count; k++) {
            if (claimed[range.first + k]) {
                lzi_verify_problem(
                    self, "unit '%.*s' has a tuple that another unit has",
                    LZI_SLICE_ARGS(unit_name));
                return;
            }
            claimed[range.first + k] = true;
        }
    }
}

/* Every tuple belongs to exactly one unit of its module. */
static void
check_tuples(lzi_verification *self, lzi_slice name, const lzi_module *module)
{
    lzi_slice value, unit;
    if (lzi_reader_get(&value, self->reader, LZI_TABLE_TUPLE, name) !=
        LZI_OK) {
        lzi_verify_problem(self, "module '%.*s' has no tuples record",
                           LZI_SLICE_ARGS(name));
        return;
    }
    lzi_cursor cursor = lzi_cursor_of(value);
    uint32_t count = lzi_read_count(&cursor), read = 0;
    /* A tuple takes at least four bytes: a wild count needs no memory. */
    bool good = !cursor.bad && count <= value.size / 4;
    uint32_t *offsets =
        lzi_arena_alloc(self->arena, good ? count * sizeof(*offsets) : 1);
    bool *claimed =
        lzi_arena_alloc(self->arena, good ? count * sizeof(*claimed) : 1);
    for (; good && read < count; read++) {
        lzi_tuple tuple;
        offsets[read] = (uint32_t)((const char *)cursor.at - value.data);
        good = lzi_tuple_next(&tuple, &cursor) == LZI_OK &&
               lzi_verify_list_has(module->names, tuple.python);
    }
    if (!good || cursor.at != cursor.end) {
        lzi_verify_problem(self, "the tuples of module '%.*s' do not decode",
                           LZI_SLICE_ARGS(name));
        return;
    }
    lzi_list units = module->units;
    while (lzi_list_next(&units, &unit)) {
        claim_tuples(self, unit, offsets, claimed, count);
    }
    if (module->has_body) {
        claim_tuples(self, lzi_itk_body_unit(self, name), offsets, claimed,
                     count);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!claimed[i]) {
            lzi_verify_problem(self,
                               "module '%.*s' has a tuple that no unit has",
                               LZI_SLICE_ARGS(name));
            return;
        }
    }
}

static void
check_module_units(lzi_verification *self, lzi_slice name, lzi_module module)
{
    lzi_slice item;
    lzi_unit unit;
    while (lzi_list_next(&module.units, &item)) {
        if (!lzi_itk_get_unit(self, &unit, item) ||
            !lzi_slice_equal(unit.module, name)) {
            lzi_verify_problem(self,
                               "module '%.*s' names the unknown unit '%.*s'",
                               LZI_SLICE_ARGS(name), LZI_SLICE_ARGS(item));
        }
    }
    if (module.has_body &&
        !lzi_itk_get_unit(self, &unit, lzi_itk_body_unit(self, name))) {
        lzi_verify_problem(self,
                           "module '%.*s' lacks the unit of its own body",
                           LZI_SLICE_ARGS(name));
    }
    for (uint32_t i = 0; i < module.factories; i++) {
        lzi_factory factory;
        lzi_factory_next(&factory, &module.factory_cursor);
        if (!lzi_verify_is_known(self, LZI_TABLE_UNIT, factory.unit)) {
            lzi_verify_problem(
                self,
                "factory '%.*s' of module '%.*s' is in the unknown "
                "unit '%.*s'",
                LZI_SLICE_ARGS(factory.prefix), LZI_SLICE_ARGS(name),
                LZI_SLICE_ARGS(factory.unit));
        }
    }
    for (uint32_t i = 0; i < module.functions; i++) {
        lzi_function function;
        lzi_function_next(&function, &module.function_cursor);
        if (!lzi_itk_get_unit(self, &unit, function.unit) ||
            !lzi_verify_list_has(module.names, function.name)) {
            lzi_verify_problem(
                self,
                "function '%.*s' of module '%.*s' is in the unknown "
                "unit '%.*s'",
                LZI_SLICE_ARGS(function.name), LZI_SLICE_ARGS(name),
                LZI_SLICE_ARGS(function.unit));
        }
    }
}

static void
check_module_names(lzi_verification *self, lzi_slice name, lzi_module module)
{
    lzi_slice item, value;
    if (!lzi_verify_is_sorted(module.names)) {
        lzi_verify_problem(self, "the names of module '%.*s' are not sorted",
                           LZI_SLICE_ARGS(name));
    }
    while (lzi_list_next(&module.names, &item)) {
        lzi_candidate candidate;
        bool found = false;
        if (lzi_reader_get(&value, self->reader, LZI_TABLE_NAME, item) ==
            LZI_OK) {
            lzi_cursor cursor = lzi_cursor_of(value);
            uint32_t count = lzi_read_count(&cursor);
            for (uint32_t i = 0; i < count && !found && !cursor.bad; i++) {
                found = lzi_candidate_decode(&candidate, &cursor) == LZI_OK &&
                        lzi_slice_equal(candidate.module, name);
            }
        }
        if (!found) {
            lzi_verify_problem(self,
                               "name '%.*s' of module '%.*s' has no record",
                               LZI_SLICE_ARGS(item), LZI_SLICE_ARGS(name));
        }
    }
}

lzi_status
lzi_itk_check_module(void *context, lzi_slice name, lzi_slice value)
{
    lzi_verification *self = context;
    lzi_module module;
    lzi_slice item;
    lzi_verify_filter(self, name);
    if (lzi_module_decode(&module, value) != LZI_OK) {
        lzi_verify_problem(self, "module '%.*s' does not decode",
                           LZI_SLICE_ARGS(name));
        return LZI_OK;
    }
    lzi_list depends = module.depends;
    while (lzi_list_next(&depends, &item)) {
        if (!lzi_verify_is_known(self, LZI_TABLE_MODULE, item)) {
            lzi_verify_problem(
                self, "module '%.*s' depends on the unknown module '%.*s'",
                LZI_SLICE_ARGS(name), LZI_SLICE_ARGS(item));
        }
    }
    check_module_units(self, name, module);
    check_module_names(self, name, module);
    check_tuples(self, name, &module);
    if (self->directory != NULL &&
        !lzi_verify_is_file(lzi_verify_path(self, module.library, ""))) {
        lzi_verify_problem(self, "library '%.*s' is not in the package",
                           LZI_SLICE_ARGS(module.library));
    }
    return LZI_OK;
}
