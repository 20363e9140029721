/* source_runner.h: execute source files of the package. */
#ifndef LZI_SOURCE_RUNNER_H
#define LZI_SOURCE_RUNNER_H

#include "core/package.h"

/** Execute a source file of the package in a module.
 * @param file From the package's directory. */
int execute_source(package_object *self, PyObject *module, const char *file);

/** What `import name`, or `from name import names` (None: the former), gives
 * at the top level of a file.
 * @return new; NULL without an error: what it gives to anybody */
typedef PyObject *import_answer(package_object *self, PyObject *globals,
                                PyObject *name, PyObject *names);

/** Execute a source file, with answers to its imports. */
int execute_with_imports(package_object *self, PyObject *module,
                         const char *file, import_answer *answer);

/** Execute Python code of ours in a dict. */
int execute_text(const char *source, PyObject *dict);

#endif
