/* model_fixture.h: a small model made by hand, and shards of it.
 *
 * Two distributions: "pkg-a" with package init, modules AAA and BBB; "pkg-b"
 * with module CCC, whose aggregator has a body. By hand: it has what no scan
 * of a package gives, such as a function that no unit has.
 *
 * Memory: all in the arena given. */
#ifndef MODEL_FIXTURE_H
#define MODEL_FIXTURE_H

#include "harness.h"
#include "base/file_io.h"
#include "itk/itk_model.h"
#include "itk/itk_tool.h"
#include "scan/index_write.h"

#include <string.h>

static inline lzi_itk_model *
fixture_itk(const lzi_model *model)
{
    return model->detail;
}

/* Without anything. */
static inline lzi_model
fixture_empty(lzi_arena *arena)
{
    return (lzi_model){.arena = arena,
                       .profile = &lzi_itk_profile,
                       .directory = "pkg",
                       .package = "pkg",
                       .detail =
                           lzi_arena_alloc(arena, sizeof(lzi_itk_model))};
}

static inline void
fixture_strings(lzi_strings *list, lzi_arena *arena, const char *first,
                const char *second)
{
    const char *texts[] = {first, second};
    for (size_t i = 0; i < 2 && texts[i] != NULL; i++) {
        *(const char **)LZI_PUSH(arena, list) = texts[i];
    }
}

static inline void
fixture_unit(lzi_model *model, const char *name, size_t module,
             const char *import, const char *soft)
{
    lzi_model_unit *unit = LZI_PUSH(model->arena, &fixture_itk(model)->units);
    unit->name = name;
    unit->module = module;
    fixture_strings(&unit->imports, model->arena, import, NULL);
    fixture_strings(&unit->soft, model->arena, soft, NULL);
    *(lzi_definition *)LZI_PUSH(model->arena, &unit->definitions) =
        (lzi_definition){"first", 100, 50, true};
    *(lzi_definition *)LZI_PUSH(model->arena, &unit->definitions) =
        (lzi_definition){"second", 200, 25, false};
}

static inline void
fixture_tuple(lzi_model *model, size_t module, const char *python,
              const char *swig, const char *params, bool in_module,
              size_t unit)
{
    *(lzi_model_tuple *)LZI_PUSH(
        model->arena, &fixture_itk(model)->modules.items[module].tuples) =
        (lzi_model_tuple){
            .python = python,
            .cpp = lzi_arena_format(model->arena, "ns::%s", python),
            .swig = swig,
            .params = params,
            .in_module = in_module,
            .unit = unit,
        };
}

static inline lzi_model_module *
fixture_module(lzi_model *model, const char *name, const char *depends,
               size_t distribution)
{
    lzi_model_module *module =
        LZI_PUSH(model->arena, &fixture_itk(model)->modules);
    module->name = name;
    module->library =
        lzi_arena_format(model->arena, "_%sPython.abi3.so", name);
    module->table_path = lzi_itk_table_path(model->arena, name);
    fixture_strings(&module->depends, model->arena, depends, NULL);
    module->body_unit = LZI_NONE;
    module->distribution = distribution;
    return module;
}

/* Units by index: 0 CCCPython (the body), 1 a1Python, 2 a2Python, 3 bPython,
 * 4 cPython. */
static inline void
fixture_tables(lzi_model *model)
{
    lzi_arena *arena = model->arena;
    fixture_tuple(model, 0, "Image", "ImageA", "int,2", false, 1);
    fixture_tuple(model, 0, "Image", "ImageB", "int,3", true, 2);
    fixture_tuple(model, 0, "Image", "ImageC", " int,4 ", true, 1);
    fixture_tuple(model, 0, "Plain", "Plain", NULL, false, 1);
    fixture_tuple(model, 1, "Image", "ImageD", "", false, 3);
    fixture_tuple(model, 2, "Image", "ImageE", "x", true, 4);
    lzi_model_module *a = &fixture_itk(model)->modules.items[0];
    *(lzi_model_factory *)LZI_PUSH(arena, &a->factories) =
        (lzi_model_factory){"IO", "PNG", 1, 2};
    *(lzi_model_function *)LZI_PUSH(arena, &a->functions) =
        (lzi_model_function){"plain_filter", 1, 2};
    *(lzi_model_function *)LZI_PUSH(arena, &a->functions) =
        (lzi_model_function){"nowhere", 2, LZI_NONE};
    lzi_model_module *c = &fixture_itk(model)->modules.items[2];
    *(lzi_model_function *)LZI_PUSH(arena, &c->functions) =
        (lzi_model_function){"from_body", 1, 0};
}

static inline lzi_model
fixture_model(lzi_arena *arena)
{
    lzi_model model = fixture_empty(arena);
    *(lzi_distribution *)LZI_PUSH(arena, &model.distributions) =
        (lzi_distribution){"pkg-a", "1.0", NULL};
    *(lzi_distribution *)LZI_PUSH(arena, &model.distributions) =
        (lzi_distribution){"pkg-b", "", NULL};
    fixture_module(&model, "AAA", NULL, 0)->has_startup = true;
    fixture_module(&model, "BBB", "AAA", 0);
    fixture_module(&model, "CCC", "BBB", 1)->body_unit = 0;
    fixture_unit(&model, "CCCPython", 2, "cPython", NULL);
    fixture_unit(&model, "a1Python", 0, NULL, NULL);
    fixture_unit(&model, "a2Python", 0, "a1Python", NULL);
    fixture_unit(&model, "bPython", 1, "a2Python", "a1Python");
    fixture_unit(&model, "cPython", 2, "bPython", NULL);
    static const size_t homes[][2] = {{0, 2}, {0, 1}, {1, 3}, {2, 4}};
    for (size_t i = 0; i < 4; i++) { /* a2Python before a1Python */
        *(size_t *)LZI_PUSH(
            arena, &fixture_itk(&model)->modules.items[homes[i][0]].units) =
            homes[i][1];
    }
    fixture_tables(&model);
    *(lzi_model_group *)LZI_PUSH(arena, &fixture_itk(&model)->groups) =
        (lzi_model_group){"AAA", "IO"};
    *(lzi_model_group *)LZI_PUSH(arena, &fixture_itk(&model)->groups) =
        (lzi_model_group){"Gone", "Fifth"};
    *(lzi_model_eager *)LZI_PUSH(arena, &model.eager) =
        (lzi_model_eager){"imread", "pkg.support", "imread"};
    *(lzi_model_input *)LZI_PUSH(arena, &model.inputs) =
        (lzi_model_input){"__init__.py", 10, 0x1122334455667788u, 0};
    *(lzi_model_input *)LZI_PUSH(arena, &model.inputs) =
        (lzi_model_input){"cPython.py", 300, 5, 1};
    return model;
}

/* The whole of a file, in the arena. */
static inline lzi_slice
fixture_read(lzi_arena *arena, const char *path)
{
    lzi_diag diag = {0};
    lzi_file_text text = {0};
    if (!lzi_file_read(&text, path, &diag)) {
        return (lzi_slice){NULL, 0};
    }
    lzi_slice copy = {lzi_arena_copy(arena, text.data, text.size), text.size};
    lzi_file_free(&text);
    return copy;
}

static inline bool
fixture_write(const char *path, lzi_slice data)
{
    lzi_diag diag = {0};
    return lzi_file_replace(path, data.data, data.size, 0, &diag);
}

#endif
