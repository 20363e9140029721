/* itk_model.h: what a scan found in a package of ITK, besides what all
 * profiles have: its modules and units. The `detail` of an lzi_model.
 *
 * Plain data in the model's arena: filled by itk_scan.h, itk_tables.h and
 * swig_proxy.h, completed by resolve_units.h and soft_edges.h, written by
 * itk_write.c. */
#ifndef LZI_ITK_MODEL_H
#define LZI_ITK_MODEL_H

#include "scan/model.h"

/** One tuple of a `templates` table. */
typedef struct {
    const char *python, *cpp, *swig;
    const char *params; /* NULL: not a template */
    bool in_module;
    unsigned line;
    size_t unit; /* index into units; the one of its module that defines
                    `swig` at column 0 */
} lzi_model_tuple;

typedef struct {
    const char *group, *prefix;
    unsigned line;
    size_t unit; /* defines the class <prefix><group>Factory */
} lzi_model_factory;

typedef struct {
    const char *name;
    unsigned line;
    size_t unit; /* LZI_NONE: declared but defined nowhere (itk-elastix
                    0.19.2); such a function is not indexed */
} lzi_model_function;

typedef struct {
    const char *name;       /* "ITKSmoothing" */
    const char *library;    /* "_ITKSmoothingPython.abi3.so" */
    const char *table_path; /* "Configuration/ITKSmoothingConfig.py" */
    lzi_strings depends;    /* table order, duplicates removed */
    struct {
        lzi_model_tuple *items;
        size_t count, capacity;
    } tuples;
    struct {
        lzi_model_factory *items;
        size_t count, capacity;
    } factories;
    struct {
        lzi_model_function *items;
        size_t count, capacity;
    } functions;
    lzi_indices units;   /* in the order of the aggregator's star-imports */
    lzi_strings bodies;  /* public names the aggregator's own body defines,
                            `swig` apart */
    size_t body_unit;    /* pseudo unit "<name>Python" that stands for
                            executing the aggregator; LZI_NONE where the
                            body defines nothing public */
    bool has_startup;    /* its start-up file is there, or will be when the
                            package is installed */
    size_t distribution; /* index into distributions; LZI_NONE: read only
                            because a planned module depends on it */
} lzi_model_module;

typedef struct {
    const char *name;
    uint64_t offset, length; /* bytes in the proxy */
    bool is_class;
} lzi_definition;

/** A proxy; its name is that of its file without ".py". */
typedef struct {
    const char *name;    /* "itkMedianImageFilterPython" */
    size_t module;       /* index into modules */
    lzi_strings imports; /* `import itk.X`, in order, as units' names */
    lzi_strings soft;    /* units of returned types and of template
                            parameters that the closure over `imports`
                            does not reach; sorted */
    struct {
        lzi_definition *items;
        size_t count, capacity;
    } definitions;       /* top-level classes and functions, in order */
    lzi_strings others;  /* further names bound at column 0 (assignments) */
    lzi_strings returns; /* types after "-> " in docstrings; sorted,
                            unique */
} lzi_model_unit;

/** A module in use whose name is `base` needs all factories of a group. */
typedef struct {
    const char *base, *group; /* "ITKIOImageBase", "ImageIO" */
} lzi_model_group;

typedef struct {
    lzi_model *model; /* what all profiles have */
    struct {
        lzi_model_module *items;
        size_t count, capacity;
    } modules; /* sorted by name */
    struct {
        lzi_model_unit *items;
        size_t count, capacity;
    } units; /* sorted by name */
    struct {
        lzi_model_group *items;
        size_t count, capacity;
    } groups; /* sorted by base; only with the package's __init__ */
} lzi_itk_model;

/** "<package directory>/Configuration" */
const char *lzi_itk_table_directory(lzi_arena *arena, const char *directory);
/** The modules whose tables are in a package directory, sorted.
 * @return false: reported. */
bool lzi_itk_list_modules(lzi_strings *out, lzi_arena *arena,
                          const char *directory, lzi_diag *diag);
/** "Configuration/<module>Config.py", from the package directory. */
const char *lzi_itk_table_path(lzi_arena *arena, const char *module);
/** "__init_<module>__.py", the start-up file of a module. */
const char *lzi_itk_startup_file(lzi_arena *arena, lzi_slice module);

/** What to do where a file or a class of a module is missing: for messages.
 * @return In the model's arena. */
const char *lzi_itk_advice(const lzi_itk_model *itk,
                           const lzi_model_module *module);

/** @return index, or LZI_NONE. */
size_t lzi_itk_find_module(const lzi_itk_model *itk, const char *name);
size_t lzi_itk_find_unit(const lzi_itk_model *itk, const char *name);

#endif
