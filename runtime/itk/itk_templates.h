/* itk_templates.h: what an itkTemplate shows of itself, beside its table. */
#ifndef LZI_ITK_TEMPLATES_H
#define LZI_ITK_TEMPLATES_H

#include "itk/itk.h"

/** What itkTemplate.__getattr__ does, for a template whose units may not have
 * been loaded yet: template_attribute(template, own, name). */
PyObject *itk_template_attribute(PyObject *op, PyObject *arguments);
/** Let templates be complete when they are pickled. */
int itk_watch_pickling(package_object *self);

#endif
