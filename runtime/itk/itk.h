/* itk.h: the profile `itk`: what it knows of a package, and its records.
 *
 * ITK's wrapping gives each module a library, and each class of C++ a unit
 * in it: a proxy in Python and its C half. docs/contract.md says what users
 * see of that, PROFILE.md what the index has.
 *
 * The files of this room form layers; each includes only what is below it:
 *
 *     itk_profile                      the table for the core, the finder
 *     itk_replacements, itk_base       what takes the place of ITK's own
 *     itk_views, itk_templates         dictionaries and templates that load
 *     itk_completion                   what such a dictionary shows
 *     itk_loading                      names, modules, everything
 *     itk_factories, aggregator        C++ factories; modules of units
 *     itk_units, itk_library           units, libraries, C halves
 *     itk_registry, itk_order          ITK's registries
 *     itk_template_key, itk_swig_names, itk_survey, unindexed, itk_metadata,
 *     swig_types, swig_casts
 *     itk_config, itk                  itkConfig; state and records
 */
#ifndef LZI_ITK_H
#define LZI_ITK_H

#include "core/package.h"

#include "lzi_itk_index.h"

/** ITK's own registries of templates, once itk.support is there. All owned.
 */
typedef struct {
    PyObject *template_type;  /* itkTemplate */
    PyObject *base_type;      /* itkTemplateBase */
    PyObject *name_to_object; /* dict: "itk::Image<float,2>" -> class */
    PyObject *object_to_name; /* dict: class -> (itkTemplate, key) */
    PyObject *named;          /* dict: "itk::Image" -> itkTemplate */
    PyObject *c_types;        /* dict: "float" -> itkCType */
    /* Of the dictionaries in itk_views.c. */
    PyTypeObject *table_type, *names_type, *classes_type, *swig_type;
} itk_registries;

/** Modules that no shard describes; all NULL if there is none. All owned. */
typedef struct {
    PyObject *loader;    /* Unindexed, of _lazyindex_stock.py */
    PyObject *owners;    /* dict: public name -> (module, class_in_module) */
    PyObject *modules;   /* dict: module -> dict of its public names */
    PyObject *factories; /* list: (group, module, number, factory class) */
} unindexed_modules;

/** What the profile keeps of a package; all owned. */
typedef struct {
    PyObject *used; /* dict: modules that ITK would have loaded by now, in its
                     * order -> number */
    PyObject *groups;    /* dict: groups of factories that are due -> None */
    PyObject *due;       /* list: (module, factory class) to be registered */
    PyObject *factories; /* dict: those registered -> None; of one that a
                          * thread is at, the process */
    PyObject *shown;     /* dict: what shows all that the modules in use define
                          * -> (their number, its size) then; None: the
                          * registries */
    PyObject *announced; /* dict: modules told to ImportCallback -> None */
    PyObject *swig_names;     /* dict behind itk.swig, or NULL */
    PyObject *warning_format; /* warnings.formatwarning at `import itk`; NULL:
                               * there was no warnings module then */
    bool stock_types;         /* SWIG's types are found in SWIG's way */
    bool is_prepared;         /* ITK's support layer has been imported */
    bool has_libraries;       /* C++ code of the package has been loaded */
    bool has_base;            /* support/base.py has been executed */
    itk_registries registries;
    unindexed_modules unindexed;
} itk_state;

/** Word in LAZYINDEX: find SWIG's types in SWIG's way (swig_types.h). */
#define ITK_STOCK_TYPES "stock-types"

/** Attribute of a template's table (itk_views.c): its name in C++. */
#define ITK_TEMPLATE_NAME "template_name"

itk_state *itk_of(const package_object *package); /* borrowed */

/** Decode a module's or unit's record. @return -1: error set. */
int find_module(package_object *self, lzi_slice name, lzi_module *out);
int find_unit(package_object *self, lzi_slice name, lzi_unit *out);

/** Called for each tuple of a unit; a value other than 0 ends the walk and is
 * returned. @return -1: error set */
typedef int itk_visit_tuple(void *context, lzi_slice unit,
                            const lzi_tuple *tuple);
int itk_each_unit_tuple(package_object *self, lzi_slice unit,
                        itk_visit_tuple *visit, void *context);
/** The same for tuples of a public name in a candidate's units. */
int itk_each_tuple(package_object *self, const lzi_candidate *candidate,
                   lzi_slice name, itk_visit_tuple *visit, void *context);

/** Python name of a C++ class: `itk::Function::X` -> `X`. */
lzi_slice itk_last_component(lzi_slice cpp);
/** itkTemplate.normalizeName(). */
PyObject *itk_normalized(lzi_slice text);
/** Key of an instantiation in the registry: "itk::Image<float,2>". */
PyObject *itk_full_name(const lzi_tuple *tuple);

#endif
