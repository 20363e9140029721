/* itk_tables.h: ITK's Configuration tables -> model.
 *
 * Configuration/<Module>Config.py assigns `depends`, `templates` and
 * `factories`; Configuration/<Module>_snake_case.py `snake_case_functions`.
 * Each may be missing, other names are ignored.
 *
 * Memory: what is filled lives in the arena. */
#ifndef LZI_ITK_TABLES_H
#define LZI_ITK_TABLES_H

#include "itk_model.h"
#include "python/py_literal.h"

/** Fill depends, tuples and factories of @p module.
 *
 * @param[in] data NUL-terminated behind @p size bytes.
 * @param[in] path For messages.
 * @return false: every problem has been reported. */
bool lzi_table_read(lzi_model_module *module, lzi_arena *arena,
                    const char *data, size_t size, const char *path,
                    lzi_diag *diag);

/** Fill functions of @p module; as above. */
bool lzi_functions_read(lzi_model_module *module, lzi_arena *arena,
                        const char *data, size_t size, const char *path,
                        lzi_diag *diag);

/** Check that a value is a string that can be a key of the index, and Python
 * can have as a name.
 *
 * @param[in] what It is, for messages.
 * @return false: reported. */
bool lzi_itk_check_identifier(const lzi_literal *value, const char *what,
                              const char *path, lzi_diag *diag);

#endif
