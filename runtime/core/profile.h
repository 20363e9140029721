/* profile.h: what the core asks of the family of packages that it serves.
 *
 * The meta record of a shard names a profile. Everything that only some
 * packages have is behind this table: the core knows names, modules and
 * units, but not what they are made of.
 *
 * Each function is called under the GIL, with the package's index open, and
 * may run any Python code unless said otherwise. -1 and NULL mean that an
 * error is set. */
#ifndef LZI_PROFILE_H
#define LZI_PROFILE_H

#include "core/package.h"

#include "lzi_closure.h"

/** Called for a name; @return -1: error set, ends the walk. */
typedef int visit_name(void *context, lzi_slice name);

struct lzi_profile {
    const char *name;  /* in the meta record of its shards */
    size_t state_size; /* bytes of package_object.state, zero at first */
    /** Words of its own for switches.h; ends with NULL. */
    const char *const *switches;

    /** Make the state, and check that the shards fit what is installed in a
     * directory (bytes of the file system). */
    int (*open)(package_object *package, const char *directory);
    int (*traverse)(package_object *package, visitproc visit, void *arg);
    void (*clear)(package_object *package); /* may be called twice */

    /** Run what the package itself runs at the end of its import. */
    int (*start)(package_object *package);
    /** Whether the user wants everything at once, by a switch of the
     * package's own. @return 1, 0 or -1 */
    int (*wants_all)(package_object *package);
    /** Load and bind everything. */
    int (*load_all)(package_object *package);

    /** Bring up what the package has up before it imports a name from one of
     * its modules; @p whole: before it imports the module itself. */
    int (*prepare_import)(package_object *package, bool whole);
    /** The object of a name, loaded if need be; not of a dunder, but of
     * `__version__`. @param text The name, looked up in the shards.
     * @return new; NULL without an error: it has no such name. */
    PyObject *(*get)(namespace_object *self, PyObject *name,
                     const lzi_lookup *text);
    /** Visit each name of a namespace but the eager ones; loads nothing. */
    int (*each_name)(namespace_object *self, visit_name *visit, void *context);
    /** Another number whenever the package's names have become other ones. */
    Py_ssize_t (*names_version)(package_object *package);

    /** The spec of a module of the package.
     * @param tail What follows "<package>." in its name.
     * @return new; None: not one that is served. */
    PyObject *(*find_spec)(package_object *package, PyObject *fullname,
                           lzi_slice tail);

    /** What a unit needs; as lzi_find_needs. Runs no Python code. */
    lzi_status (*needs)(package_object *package, lzi_slice unit,
                        lzi_needs *out);
    /** Import units (list of str), in this order. */
    int (*import_units)(package_object *package, PyObject *units);
    /** The module that a unit belongs to; only told. Runs no Python code.
     * @return borrowed from the index; empty: not known */
    lzi_slice (*module_of_unit)(package_object *package, lzi_slice unit);
};

/** All that the extension knows; ends with NULL (profiles.c). */
extern const lzi_profile *const lzi_profiles[];

#endif
