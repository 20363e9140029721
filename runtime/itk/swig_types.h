/* swig_types.h: SWIG's tables of types, made quick to search.
 *
 * Each C half brings a table of the types it knows. SWIG keeps the tables in a
 * ring, and while a C half is initialised, looks for each of its types in all
 * tables, and for each of its casts in the list of its type, one by one: the
 * time grows with the square of their number, and is most of what a C half
 * costs (docs/decisions.md). The result is one object for each type name, with
 * one cast for each name.
 *
 * Here, the tables that are in the ring are merged into one, which takes their
 * place. A C half sees a ring of its own while it is initialised, with nothing
 * in it; its types and casts are then put among the others by the rules that
 * SWIG has, found by search and by hash. Whoever asks, in whichever thread,
 * finds the same types and casts as without it, at every moment; only the
 * order in lists of casts differs, which SWIG itself changes with every look.
 *
 * Threads: under the GIL, which SWIG needs for the ring itself. What a C half
 *          is shown is shown to the thread that initialises it only.
 * Fork:    memory of the process only.
 * Memory:  what is in the ring stays for the life of the process, as SWIG's
 *          own tables do.
 * Source:  swigrun.swg, swiginit.swg and pyrun.swg of SWIG 4; version 4 of
 *          its runtime. Nothing is done with another one, nor in another than
 *          the main interpreter, which has other rings of the same tables. */
#ifndef LZI_SWIG_TYPES_H
#define LZI_SWIG_TYPES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/** What a thread initialises; private. */
typedef struct swig_initialisation {
    struct swig_table *own; /* a ring with nothing in it; NULL: SWIG's way */
    PyObject *capsule;
    struct swig_initialisation *outer;
} swig_initialisation;

/** To be called around the initialisation of a C half, by one thread. */
void swig_types_begin(swig_initialisation *self);
/** An error that is set stays; one of memory is set if there was none.
 * @return -1: error set */
int swig_types_end(swig_initialisation *self);

#endif
