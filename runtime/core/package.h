/* package.h: a package that is served from its index; inside the extension.
 *
 * Threads: all state is guarded by the GIL and changed only in stretches of
 *          C that run no Python code. Two things make other threads wait: the
 *          lock held while C++ factories are registered, which imports
 *          nothing, and the execution of base.py.
 * Fork:    a child forgets which threads of its parent were at those two
 *          (package_enter_process()) or loading (gc_after_fork()). */
#ifndef LZI_PACKAGE_H
#define LZI_PACKAGE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pythread.h>

#include "lzi_itk_index.h"

/** State of the extension module. */
typedef struct {
    PyObject *format_error; /* lazyindex.FormatError */
    PyTypeObject *package_type;
    PyTypeObject *namespace_type;
    PyTypeObject *loader_type;
    PyTypeObject *function_type; /* types.FunctionType, once needed */
    PyTypeObject *static_type;   /* staticmethod, once needed */
    int gc_pauses; /* top-level loads under way, in all threads */
    int gc_was_enabled;
} module_state;

/** What ITK's own registries of templates are, once itk.support is there.
 * All owned. */
typedef struct {
    PyObject *template_type;  /* itkTemplate */
    PyObject *base_type;      /* itkTemplateBase */
    PyObject *name_to_object; /* dict: "itk::Image<float,2>" -> class */
    PyObject *object_to_name; /* dict: class -> (itkTemplate, key) */
    PyObject *named;          /* dict: "itk::Image" -> itkTemplate */
    PyObject *c_types;        /* dict: "float" -> itkCType */
    /* Of the dictionaries in itk_view.c. */
    PyTypeObject *table_type, *names_type, *classes_type, *raw_type;
} itk_registries;

/** Modules that no shard describes; all NULL if there is none. All owned. */
typedef struct {
    PyObject *loader;    /* Unindexed, of _lazyindex_stock.py */
    PyObject *owners;    /* dict: public name -> (module, class_in_module) */
    PyObject *modules;   /* dict: module -> dict of its public names */
    PyObject *factories; /* list: (group, module, number, factory class) */
} unindexed_modules;

/** The finder on sys.meta_path, and owner of everything about a package. */
typedef struct {
    PyObject_HEAD
    module_state *state; /* borrowed: the type keeps the module alive */
    lzi_index *index;    /* owned */
    PyObject *module;    /* the package's module object */
    PyObject *name;      /* str: "itk" */
    PyObject *directory; /* str */
    PyObject *units;     /* dict: units whose tuples are registered -> None */
    PyObject *used; /* dict: modules that ITK would have loaded by now, in its
                     * order -> number */
    PyObject *due;  /* list: (module, factory class) to be registered */
    PyObject *factories; /* dict: those registered -> None */
    PyObject *complete;  /* dict: what shows all that the modules in use define
                          * -> (their number, its size) then; None: the
                          * registries */
    PyObject *announced; /* dict: modules told to ImportCallback -> None */
    PyObject *names;     /* sorted list of all public names, or NULL */
    PyObject *name_set;  /* the same, as keys of a dict */
    PyObject *raw;       /* dict behind itk.swig, or NULL */
    PyObject *format;    /* warnings.formatwarning at `import itk`; NULL: there
                          * was no warnings module then */
    bool trace;          /* tell of each load on stderr */
    bool is_prepared;    /* ITK's support layer has been imported */
    bool has_libraries;  /* C++ code of the package has been loaded */
    itk_registries itk;
    unindexed_modules unindexed;
    int pid; /* process the next three are good in */
    PyThread_type_lock factory_lock;
    unsigned long factory_owner; /* thread that holds factory_lock, or 0 */
    unsigned long base_thread;   /* thread that executes base.py, or 0 */
    bool base_ready;             /* base.py has been executed */
} package_object;

/** Behind `__getattr__` and `__dir__` of the package and its submodules. */
typedef struct {
    PyObject_HEAD
    package_object *package;
    PyObject *module;      /* module object served */
    PyObject *module_name; /* str "ITKCommon"; NULL: the package itself */
} namespace_object;

/* Helpers; new references unless said otherwise. */
lzi_slice slice_of_str(PyObject *text); /* size 0 and error set: failed */
/* A name to look up, given by whoever calls. Empty where it has lone
 * surrogates: nobody's name. @return -1: error set, not a str. */
int slice_of_name(PyObject *name, lzi_slice *out);
PyObject *str_of_slice(lzi_slice slice);
/* "<package>.<prefix><name><suffix>" */
PyObject *member_name(package_object *self, const char *prefix, lzi_slice name,
                      const char *suffix);
/* To be called before waiting for another thread. */
void package_enter_process(package_object *self);
/* Walk a table in all shards; @p visit may set an error to end that.
 * @return -1: error set, about @p what if nobody else has. */
int each_record(package_object *self, char table, lzi_visit *visit,
                void *context, const char *what);
/* Raise FormatError, or MemoryError. @return -1 */
int raise_status(package_object *self, lzi_status status, const char *what);
/* To be called before following a reference from record to record by
 * recursion, which is bounded so; leave_record() after it. @return -1: error
 * set. */
int enter_record(package_object *self);
void leave_record(void);
PyObject *module_dict(PyObject *module); /* borrowed */
/* `from name import attribute`; without one, the module itself. */
PyObject *import_member(PyObject *name, lzi_slice attribute);

/* package_index.c */
/** Open the shards of the package in a directory. @return -1: error set */
int package_open_index(package_object *self, const char *directory);

/* package_hooks.c */
/** All names of the package that the index knows: a sorted list. */
PyObject *package_names(package_object *package);
/** Add to the exception that is set where the name that failed to load comes
 * from. */
void note_origin(package_object *package, lzi_slice name,
                 const lzi_candidate *candidate, const lzi_reader *reader);
extern PyType_Spec namespace_spec;
/** Give a module object the hooks. @param name NULL: the package. */
int namespace_attach(package_object *package, PyObject *module,
                     PyObject *module_name);

/** The same with hooks of one's own; they get a namespace_object as self. */
int namespace_bind(package_object *package, PyObject *module,
                   PyObject *module_name, PyMethodDef *methods);

/** Run a hook's body. A module only borrows its hooks while it calls them,
 * and a reload during a load, by another thread or a callback, takes them
 * away: hold on to what is served. */
PyObject *namespace_call(PyObject *op, PyObject *name,
                         PyObject *body(namespace_object *, PyObject *));

/* gc_relief.c */
/** Pause the garbage collector during a load; nests, in all threads. */
void gc_pause(module_state *state);
void gc_resume(module_state *state);
/** In the child of a fork: the loads of other threads never end there. */
void gc_after_fork(module_state *state);
/** Take what a unit's module defines off the collector's list, for ever. */
int gc_exempt_module(module_state *state, PyObject *module);

/* source_runner.c */
/** Execute a source file of the package in a module. */
int execute_source(package_object *self, PyObject *module, const char *file);
/** What `import name`, or `from name import names` (None: the former), gives
 * at the top level of a file. @return new; NULL without an error: the usual */
typedef PyObject *import_answer(package_object *self, PyObject *globals,
                                PyObject *name, PyObject *names);
/** Execute a source file, with answers to its imports. */
int execute_answering(package_object *self, PyObject *module, const char *file,
                      import_answer *answer);

/* unit_loader.c */
extern PyType_Spec loader_spec;
PyObject *package_find_spec(PyObject *self, PyObject *arguments);
/** Import units (list of str) and all they need, in order, and register
 * their templates. @param what For whom; only told. */
int load_units(package_object *self, lzi_slice what, PyObject *units);
/** A unit's module, imported if need be. */
PyObject *unit_module(package_object *self, lzi_slice unit);
/** The strings of a list record, as a Python list. */
PyObject *list_of_strings(lzi_list strings);
/** Decode a module's or unit's record. @return -1: error set. */
int find_module(package_object *self, lzi_slice name, lzi_module *out);
int find_unit(package_object *self, lzi_slice name, lzi_unit *out);
bool package_has(package_object *self, char table, lzi_slice name);

/* aggregator.c */
/** Make a module the stand-in for a module's aggregator. @param name str */
int aggregator_attach(package_object *self, PyObject *module, PyObject *name);
/** The same, after executing a body that is free. */
int aggregator_execute(package_object *self, PyObject *module, PyObject *name);
/** Whether it is a unit that stands for the body of an aggregator which needs
 * neither library nor units to be executed. */
bool aggregator_is_free(package_object *self, lzi_slice unit);

/* unindexed.c */
/** The module _lazyindex_stock of a package of that name. @return new */
PyObject *import_stock(PyObject *name);
/** Read the tables of modules (list of str) that no shard describes. */
int unindexed_survey(package_object *self, PyObject *modules);
/** Public names of such a module. @return borrowed dict; NULL without an
 * error: not such a module */
PyObject *unindexed_names(package_object *self, PyObject *module);
/** Load such a module. @return new: dict of its public objects */
PyObject *unindexed_objects(package_object *self, PyObject *module);
/** The same, then register the factories that are due. */
PyObject *unindexed_load(package_object *self, PyObject *module);
/** The object of a name of such a module. @param module NULL: of whichever is
 * its owner. @return NULL without an error: of none, or the index knows better
 */
PyObject *unindexed_get(package_object *self, PyObject *module, PyObject *name,
                        lzi_slice text);
/** Load all such modules that have a name. @return 1: there are some; -1 */
int unindexed_load_owners(package_object *self, PyObject *name);

/* itk_support.c */
void itk_clear_registries(itk_registries *itk);
/** warnings.formatwarning, which itkConfig sets. @return new; NULL, without an
 * error: there is none */
PyObject *itk_warning_format(void);
/** Import itkConfig, as `import itk` has done without LazyIndex: a format of
 * warnings that was set since then stays. @return -1: error set */
int itk_import_config(package_object *self);
/** Import ITK's support layer. */
int itk_prepare(package_object *self);
/** Put ours in the place of its registries, or of force_load(), once the
 * module that has them has been executed. */
int itk_take_over_templates(package_object *self, PyObject *module);
int itk_take_over_helpers(package_object *self, PyObject *module);

/* itk_metadata.c */
/** Execute a file that asks importlib.metadata which packages there are. */
int itk_execute_asking(package_object *self, PyObject *module,
                       const char *file);

/* itk_registry.c */
/** Register the tuples of units that were just imported (list of str). */
int itk_register_units(package_object *self, PyObject *units);
/** Put the instantiations of a template that units of a module registered in
 * table order, behind all others. */
int itk_order_template(package_object *self, lzi_slice name, lzi_slice module);
/** The same for all instantiations of a module in the two registries. */
int itk_order_names(package_object *self, lzi_slice module);
/** The itkTemplate of a C++ name, made if need be. */
PyObject *itk_ensure_template(package_object *self, lzi_slice cpp);
/** Python name of a C++ class: `itk::Function::X` -> `X`. */
lzi_slice itk_last_component(lzi_slice cpp);
/** Key of an instantiation in the registry: "itk::Image<float,2>". */
PyObject *itk_full_name(const lzi_tuple *tuple);
/** Called for each tuple of a public name in a candidate's units; a value
 * other than 0 ends the walk and is returned. -1: error set. */
typedef int itk_visit_tuple(void *context, lzi_slice unit,
                            const lzi_tuple *tuple);
int itk_each_tuple(package_object *self, const lzi_candidate *candidate,
                   lzi_slice name, itk_visit_tuple *visit, void *context);

/* itk_binding.c */
/** Load a public name for a candidate: units, factories, object. */
PyObject *itk_load_name(package_object *self, lzi_slice name,
                        const lzi_candidate *candidate);
/** The object of a name: of a class, its units must be loaded. */
PyObject *itk_find_class(package_object *self, lzi_slice name,
                         const lzi_candidate *candidate);
/** Register the factories that are due, then load_units(). */
int itk_load(package_object *self, lzi_slice what, PyObject *units);
int itk_load_units(package_object *self, lzi_slice name,
                   const lzi_candidate *candidate);
/** Load all units of modules (list of str). */
int itk_load_all_units(package_object *self, PyObject *modules);
/** What the user set itkConfig.ImportCallback to.
 * @param[out] callback NULL where it is not set. */
int itk_import_callback(PyObject **callback);
/** Load all of a module and of the modules below it.
 * @param values dict to fill with their public names, or NULL. */
int itk_load_module(package_object *self, lzi_slice module, PyObject *values);
/** Load and bind everything: force_load(). */
int itk_force_load(package_object *self);
/** What itkTemplate._LoadModules does, by unit: load_owners(template, own).
 */
PyObject *itk_load_owners(PyObject *op, PyObject *arguments);
/** The dict behind itk.swig. */
PyObject *itk_raw_names(package_object *self);
/** Bring it up to date with units just registered, if it is in use. */
int itk_update_raw_names(package_object *self, PyObject *units);

/* itk_factories.c */
/** Note that names of a module are in use: ITK would have loaded it and all
 * modules below. Makes factories due; loads nothing. */
int itk_use_module(package_object *self, lzi_slice module);
/** Load and register the factories that are due. */
int itk_register_due(package_object *self);

/* itk_view.c */
/** Make the types of the dictionaries that take the place of ITK's. */
int itk_make_view_types(package_object *self, itk_registries *out);
/** What itkTemplate.__getattr__ does, for a template whose units may not have
 * been loaded yet: template_attribute(template, own, name). */
PyObject *itk_template_attribute(PyObject *op, PyObject *arguments);
/** Let templates be complete when they are pickled. */
int itk_watch_pickling(package_object *self);
/** A table for the instantiations of a template. @param name str */
PyObject *itk_new_table(package_object *self, PyObject *name);

/* itk_base.c */
/** Make a module the stand-in for itk.support.base. */
int itk_base_attach(package_object *self, PyObject *module);

#endif
