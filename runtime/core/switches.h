/* switches.h: the words in the environment variable LAZYINDEX.
 *
 * One or more, with commas between: "trace,stock-types". Read when a package
 * is attached. Threads: under the GIL. */
#ifndef LZI_SWITCHES_H
#define LZI_SWITCHES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>

/** Whether the variable has a word. */
bool is_switched(const char *word);

/** Tell of a word that is nobody's: it would do nothing, in silence. Where
 * warnings are errors, that is no reason to be without the package.
 * @return -1: error set */
int check_switches(void);

#endif
