/* import_guard.h: one thread at a time, waiting in the import system.
 *
 * What must be done by one thread while others wait is done as the body of a
 * module's import: the import system has a lock for each module, knows who
 * waits for whom, and ends a deadlock where two threads import crosswise. No
 * lock of ours is held while anything is imported or foreign code runs.
 *
 * The module has a name with two underscores at both ends that nobody else
 * has, is in sys.modules only meanwhile, and has nothing in it.
 *
 * Threads: that is what it is for. A thread that is at a task already, a
 *          signal handler in it for instance, does not wait for itself, and
 *          one whose wait would be a deadlock does not wait either.
 * Fork:    a child does not wait for its parent's threads. */
#ifndef LZI_IMPORT_GUARD_H
#define LZI_IMPORT_GUARD_H

#include "core/package.h"

/** @return -1: error set */
typedef int guarded_body(package_object *self, void *context);

/** Run a body; wait while another thread runs one of the same task. Whoever
 * waited comes after that one, and finds what it has done.
 * @param task Letters only. @param part Of the task, a str; or NULL.
 * @return 0; 1: it was not run, for this thread is at the task already; 2: nor
 *         here, for the one who is waits for this one; -1: error set, and it
 *         may have run all the same */
int run_guarded(package_object *self, const char *task, PyObject *part,
                guarded_body *body, void *context);

/* For the finder: the spec of such a module, as this thread asks for it.
 * @return new; NULL without an error: it is none */
PyObject *guard_spec(PyObject *fullname);

#endif
