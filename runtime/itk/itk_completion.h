/* itk_completion.h: load what a look at a registry would show in ITK. */
#ifndef LZI_ITK_COMPLETION_H
#define LZI_ITK_COMPLETION_H

#include "itk/itk.h"

/** All instantiations of a template that modules in use define, in ITK's
 * order. @param cpp str */
int itk_show_template(package_object *self, PyObject *cpp);
/** Everything that modules in use define. */
int itk_show_all(package_object *self);
/** The unit that defines an instantiation, whichever module it is of.
 * @param key "itk::Image<float,2>"; anything else is nobody's. */
int itk_load_by_name(package_object *self, PyObject *key);
/** The unit of a class that was imported, but not through the package. */
int itk_load_by_class(package_object *self, PyObject *key);

#endif
