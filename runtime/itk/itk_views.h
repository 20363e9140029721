/* itk_views.h: dictionaries that answer for what is not registered yet. */
#ifndef LZI_ITK_VIEWS_H
#define LZI_ITK_VIEWS_H

#include "itk/itk.h"

/** Make the types of the dictionaries that take the place of ITK's. */
int itk_make_view_types(package_object *self, itk_registries *out);
/** What itkTemplate.__getattr__ does, for a template whose units may not have
 * been loaded yet: template_attribute(template, own, name). */
PyObject *itk_template_attribute(PyObject *op, PyObject *arguments);
/** Let templates be complete when they are pickled. */
int itk_watch_pickling(package_object *self);

#endif
