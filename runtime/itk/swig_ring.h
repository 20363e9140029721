/* swig_ring.h: SWIG's table of types, made quick to search.
 *
 * Each C half brings a table of the types it knows, sorted by name. SWIG keeps
 * the tables in a ring, and whenever one comes in, looks for each of its types
 * and casts in all others, one by one: the time grows with the square of their
 * number, and is most of what a C half costs (docs/decisions.md).
 *
 * Here the tables that are in the ring are merged into one, which takes their
 * place: SWIG's own code then finds in one search what it found in hundreds,
 * the same pointers, at every moment and for whoever asks. Types are one for
 * each name, wherever they come from, so nothing else can be told apart.
 *
 * Threads: under the GIL, which SWIG needs for the ring itself; runs no Python
 *          code while the ring is changed.
 * Fork:    memory of the process only.
 * Memory:  the merged table stays for the life of the process, as SWIG's do.
 * Source:  swigrun.swg and pyrun.swg of SWIG 4; version 4 of its runtime. */
#ifndef LZI_SWIG_RING_H
#define LZI_SWIG_RING_H

/** Merge what has come into the ring. To be called before a C half is loaded.
 * Does nothing where there is no ring, or one of another version of SWIG's
 * runtime, or one that looks different from what is known. Sets no error. */
void swig_ring_merge(void);

#endif
