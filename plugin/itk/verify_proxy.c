#include "itk_verify.h"

#include "base/string_map.h"
#include "lzi_itk_names.h"
#include "swig_proxy.h"

static void
check_defined(lzi_verification *self, const lzi_string_map *defined,
              lzi_slice unit, lzi_slice name)
{
    if (lzi_map_get(defined, name) == NULL) {
        lzi_verify_problem(self, "'%.*s.py' does not define '%.*s'",
                           LZI_SLICE_ARGS(unit), LZI_SLICE_ARGS(name));
    }
}

/* The classes of the unit's tuples; what they are called goes to @p public. */
static void
check_classes(lzi_verification *self, const lzi_string_map *defined,
              lzi_slice name, const lzi_unit *unit, lzi_string_map *public)
{
    lzi_slice tuples;
    if (lzi_reader_get(&tuples, self->reader, LZI_TABLE_TUPLE, unit->module) !=
        LZI_OK) {
        return; /* reported with the module */
    }
    lzi_unit_tuples walk = lzi_unit_tuples_of(unit, tuples);
    lzi_tuple tuple; /* one that does not decode: reported with the module */
    while (lzi_unit_tuple_next(&tuple, &walk) == LZI_OK) {
        check_defined(self, defined, name, tuple.swig);
        lzi_map_put(public, tuple.python, NULL);
    }
}

/* What the module says about this unit. */
static void
check_functions(lzi_verification *self, const lzi_string_map *defined,
                const lzi_string_map *public, lzi_slice name,
                lzi_module module)
{
    for (uint32_t i = 0; i < module.functions; i++) {
        lzi_function function;
        lzi_function_next(&function, &module.function_cursor);
        if (lzi_slice_equal(function.unit, name)) {
            check_defined(self, defined, name, function.name);
        }
    }
    for (uint32_t i = 0; i < module.factories; i++) {
        lzi_factory factory;
        lzi_factory_next(&factory, &module.factory_cursor);
        if (lzi_slice_equal(factory.unit, name)) {
            const char *class_name = lzi_arena_format(
                self->arena, "%.*s%.*s" LZI_ITK_FACTORY_SUFFIX,
                LZI_SLICE_ARGS(factory.prefix), LZI_SLICE_ARGS(factory.group));
            if (lzi_map_get(public, lzi_slice_of(class_name)) == NULL) {
                lzi_verify_problem(self, "unit '%.*s' has no class '%s'",
                                   LZI_SLICE_ARGS(name), class_name);
            }
        }
    }
}

void
lzi_itk_verify_proxy(lzi_verification *self, lzi_slice name,
                     const lzi_unit *unit, const lzi_module *module)
{
    const char *path = lzi_verify_path(self, name, LZI_ITK_SOURCE_SUFFIX);
    lzi_proxy proxy = {0};
    lzi_string_map names = lzi_map_new(self->arena),
                   defined = lzi_map_new(self->arena),
                   public = lzi_map_new(self->arena);
    if (!lzi_is_file_name(name) || !lzi_verify_is_file(path)) {
        lzi_verify_problem(self, "proxy '%.*s.py' is not in the package",
                           LZI_SLICE_ARGS(name));
        return;
    }
    if (!lzi_file_read(&self->text, path, self->diag) ||
        !lzi_proxy_scan(&proxy, &names, self->text.data, self->text.size, path,
                        self->diag)) {
        self->problems++; /* reported */
        return;
    }
    for (size_t i = 0; i < proxy.definitions.count; i++) {
        lzi_map_put(&defined, lzi_slice_of(proxy.definitions.items[i].name),
                    NULL);
    }
    for (size_t i = 0; i < proxy.assigned.count; i++) {
        lzi_map_put(&defined, lzi_slice_of(proxy.assigned.items[i]), NULL);
    }
    for (size_t i = 0; i < proxy.imported.count; i++) {
        lzi_map_put(&defined, lzi_slice_of(proxy.imported.items[i]), NULL);
    }
    check_classes(self, &defined, name, unit, &public);
    check_functions(self, &defined, &public, name, *module);
}
