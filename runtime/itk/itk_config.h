/* itk_config.h: what users set in the module itkConfig, and ITK's support
 * layer. */
#ifndef LZI_ITK_CONFIG_H
#define LZI_ITK_CONFIG_H

#include "itk/itk.h"

/** Note how warnings look at `import itk`: itkConfig changes that. */
int itk_note_warning_format(package_object *self);

/** Import itkConfig, as `import itk` has done without LazyIndex: a format of
 * warnings that was set since then stays. @return -1: error set */
int itk_import_config(package_object *self);

/** Import ITK's support layer. */
int itk_prepare(package_object *self);

/** What the user set itkConfig.ImportCallback to.
 * @param[out] callback NULL where it is not set. */
int itk_import_callback(PyObject **callback);

/** @return 1: itkConfig.DebugLevel is the level of that name; -1: error set */
int itk_is_debug_level(const char *name);

/** itkConfig.DefaultFactoryLoading. @return 1, 0 or -1 */
int itk_wants_factories(void);

/** Whether everything is to be loaded at once, by one of ITK's switches.
 * @return 1, 0 or -1 */
int itk_wants_all(package_object *self);

#endif
