/* package_model.h: what a scan found in an installed package.
 *
 * Plain data in an arena: filled by the front ends (itk_config.h,
 * swig_proxy.h, support_names.h, distributions.h), completed and checked by
 * lzi_model_scan(), read by the commands and by index_write.h. */
#ifndef LZI_PACKAGE_MODEL_H
#define LZI_PACKAGE_MODEL_H

#include "base/arena.h"
#include "build_plan.h"
#include "base/diag.h"
#include "base/file_io.h"
#include "base/string_list.h"

#include <stdint.h>

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
    const char *name;        /* "ITKSmoothing" */
    const char *library;     /* "_ITKSmoothingPython.abi3.so" */
    const char *config_path; /* "Configuration/ITKSmoothingConfig.py" */
    lzi_strings depends;     /* table order, duplicates removed */
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
    bool has_hook;       /* __init_<lower-case name>__.py exists, or will
                            when the package is installed */
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

/** A name that the package's own __init__ binds by importing it. */
typedef struct {
    const char *name, *module, *attribute; /* attribute "": the module */
} lzi_model_eager;

/** A file that was read; paths are relative to the package directory. */
typedef struct {
    const char *path;
    uint64_t size, hash; /* bytes; XXH3-64 */
    size_t distribution;
} lzi_model_input;

typedef struct {
    const char *name; /* as in METADATA: "itk-core" */
    const char *version;
    const char *record; /* path of RECORD; NULL where there is none */
} lzi_distribution;

typedef struct {
    lzi_arena *arena;
    const char *directory;      /* of the package, as given */
    const char *package;        /* last component: "itk" */
    const lzi_build_plan *plan; /* NULL: the package is installed */
    struct {
        lzi_model_module *items;
        size_t count, capacity;
    } modules; /* sorted by name */
    struct {
        lzi_model_unit *items;
        size_t count, capacity;
    } units; /* sorted by name */
    struct {
        lzi_model_eager *items;
        size_t count, capacity;
    } eager; /* sorted by name */
    struct {
        lzi_model_input *items;
        size_t count, capacity;
    } inputs; /* sorted by path */
    struct {
        lzi_distribution *items;
        size_t count, capacity;
    } distributions; /* sorted by name; at least one. Of a plan: its shards */
    size_t init_distribution; /* owns <package>/__init__.py; LZI_NONE: none of
                                 the plan's does */
} lzi_model;

/** Scan an installed package directory of the profile `itk`.
 *
 * Nothing is executed. Reports every problem through @p diag; the model is
 * complete only if it returns true. The package's own __init__.py is read
 * from <directory>/_lazyindex/stock_init.py where that exists (LazyIndex is
 * applied), else from <directory>/__init__.py.
 *
 * @param[in] directory Borrowed; must outlive the model. */
bool lzi_model_scan(lzi_model *model, lzi_arena *arena, const char *directory,
                    lzi_diag *diag);

/** Scan the planned modules in a build tree, and those they depend on.
 *
 * As lzi_model_scan(), but no directory is searched for modules, libraries
 * need not be there, and the plan's shards take the place of distributions.
 *
 * @param[in] plan Borrowed; must outlive the model. */
bool lzi_model_scan_plan(lzi_model *model, lzi_arena *arena,
                         const char *directory, const lzi_build_plan *plan,
                         lzi_diag *diag);

/** What to do where a file or a class of a module is missing: for messages.
 * @return In the model's arena. */
const char *lzi_model_advice(const lzi_model *model,
                             const lzi_model_module *module);

/** @return Path of an input as it was opened; in @p arena. */
const char *lzi_model_input_path(const lzi_model *model, lzi_arena *arena,
                                 const char *path, lzi_diag *diag);

/** Read a file and record it as an input.
 *
 * @param[in,out] text Zero-initialised or used before (file_io.h).
 * @param[in] path From the package directory. The package's own __init__.py
 *                 is read from where the stock one is.
 * @param[in] distribution Its owner if no RECORD tells.
 * @return false: reported. */
bool lzi_model_read(lzi_model *model, lzi_file_text *text, const char *path,
                    size_t distribution, lzi_diag *diag);

/** Whether all inputs are still what was read. In a build, another step may
 * have written one meanwhile: the model would describe what never was.
 * @return false: reported. */
bool lzi_model_check_inputs(const lzi_model *model, lzi_diag *diag);

/** @return index, or LZI_NONE. */
size_t lzi_model_find_module(const lzi_model *model, const char *name);
size_t lzi_model_find_unit(const lzi_model *model, const char *name);

#endif
