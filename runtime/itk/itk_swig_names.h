/* itk_swig_names.h: the dict behind `itk.swig`. */
#ifndef LZI_ITK_SWIG_NAMES_H
#define LZI_ITK_SWIG_NAMES_H

#include "itk/itk.h"

/** @return new reference */
PyObject *itk_swig_names(package_object *self);
/** Bring it up to date with units just registered, if it is in use. */
int itk_update_swig_names(package_object *self, PyObject *units);

#endif
