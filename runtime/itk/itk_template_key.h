/* itk_template_key.h: what an instantiation is called in Python. */
#ifndef LZI_ITK_TEMPLATE_KEY_H
#define LZI_ITK_TEMPLATE_KEY_H

#include "itk/itk.h"

/** The key of an instantiation: tuple of classes, C types, numbers. As in
 * ITK, what is unknown or false (0 and false themselves included) is left out
 * of it. @return new */
PyObject *itk_make_key(package_object *self, const lzi_tuple *tuple);

/** The attribute of an itkTemplate for one class: for itk.Image and
 * itkImageF2 it is F2. May be empty. @return borrowed from @p class_name */
lzi_slice itk_attribute_part(lzi_slice cpp, lzi_slice class_name);

#endif
