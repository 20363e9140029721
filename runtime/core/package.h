/* package.h: a package that is served from its index; inside the extension.
 *
 * Threads: all state is guarded by the GIL and changed only in stretches of
 *          C that run no Python code. Whoever has to wait for another thread
 *          does so in the import system (import_guard.h).
 * Fork:    a child forgets which loads its parent's other threads were at
 *          (collector_after_fork()). */
#ifndef LZI_PACKAGE_H
#define LZI_PACKAGE_H

#include "core/text.h"

#include "lzi_merge.h"
typedef struct lzi_profile lzi_profile;

/** State of the extension module. */
typedef struct {
    PyObject *format_error; /* lazyindex.FormatError */
    PyTypeObject *package_type;
    PyTypeObject *namespace_type;
    PyTypeObject *loader_type;
    PyTypeObject *function_type; /* types.FunctionType, once needed */
    PyTypeObject *static_type;   /* staticmethod, once needed */
    int gc_pauses;               /* of collector.h, under way in all threads */
    bool gc_is_paused;
    int gc_threshold; /* the collector's first one before that; 0: unknown */
} module_state;

/** The finder on sys.meta_path, and owner of everything about a package. */
typedef struct {
    PyObject_HEAD
    module_state *module_state; /* borrowed: the type keeps the module alive */
    const lzi_profile *profile; /* static */
    void *state;                /* the profile's own; owned */
    lzi_index *index;           /* owned */
    PyObject *module;           /* the package's module object */
    PyObject *name;             /* str */
    PyObject *directory;        /* str */
    PyObject *units;            /* dict: units whose definitions are public
                                 * -> None */
    PyObject *names;            /* sorted list of all public names, or NULL */
    PyObject *name_set;         /* the same, as keys of a dict */
    Py_ssize_t names_version;   /* of the profile's, of those two */
    bool trace;                 /* tell of each load on stderr */
} package_object;

/** Behind `__getattr__` and `__dir__` of the package and its submodules. */
typedef struct {
    PyObject_HEAD
    package_object *package;
    PyObject *module;      /* module object served */
    PyObject *module_name; /* str: the part after the last dot; NULL:
                            * the package itself */
} namespace_object;

/* Helpers; new references unless said otherwise. */

/** "<package>.<prefix><name><suffix>" */
PyObject *member_name(package_object *self, const char *prefix, lzi_slice name,
                      const char *suffix);
/** Walk a table in all shards. A @p visit that has set an error returns
 * LZI_E_CALLBACK. @return -1: error set, about @p what if nobody else has. */
int each_record(package_object *self, char table, lzi_visit *visit,
                void *context, const char *what);
bool package_has(package_object *self, char table, lzi_slice name);
/** Raise FormatError, or MemoryError; with LZI_E_CALLBACK, an error is set
 * already. @return -1 */
int raise_status(package_object *self, lzi_status status, const char *what);
/** To be called before following a reference from record to record by
 * recursion, which is bounded so; leave_record() after it. @return -1: error
 * set. */
int enter_record(package_object *self);
void leave_record(void);

/** The module _lazyindex_stock of a package, which keeps no attribute of that
 * name: nothing of ours is to be seen in it. @return new */
PyObject *import_fallback(PyObject *package_name);
/** Call a function of it. @return new */
PyObject *call_stock(PyObject *package_name, const char *function,
                     PyObject *argument);

#endif
