/* collector.h: keep the garbage collector off what a load makes.
 *
 * Threads: under the GIL. Fork: see collector_after_fork(). */
#ifndef LZI_COLLECTOR_H
#define LZI_COLLECTOR_H

#include "core/package.h"

/** Pause the garbage collector while what is between the two loads anything;
 * nests, in all threads. Next to nothing where nothing is loaded. An error
 * that is set stays. */
void gc_pause(module_state *state);
void gc_resume(module_state *state);
/** Something is being loaded: the pause begins. @return -1: error set */
int gc_note_load(module_state *state);
/** In the child of a fork: the loads of other threads never end there. */
void gc_after_fork(module_state *state);
/** Take what a unit's module defines off the collector's list, for ever. */
int gc_exempt_module(module_state *state, PyObject *module);

#endif
