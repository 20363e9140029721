/* collector.h: keep the garbage collector off what a load makes.
 *
 * Threads: under the GIL. Fork: see collector_after_fork(). */
#ifndef LZI_COLLECTOR_H
#define LZI_COLLECTOR_H

#include "core/package.h"

/** Pause the garbage collector during a load; nests, in all threads. */
void gc_pause(module_state *state);
void gc_resume(module_state *state);
/** In the child of a fork: the loads of other threads never end there. */
void gc_after_fork(module_state *state);
/** Take what a unit's module defines off the collector's list, for ever. */
int gc_exempt_module(module_state *state, PyObject *module);

#endif
