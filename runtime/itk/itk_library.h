/* itk_library.h: libraries, and the C halves in them. */
#ifndef LZI_ITK_LIBRARY_H
#define LZI_ITK_LIBRARY_H

#include "core/loader.h"
#include "itk/itk.h"

/** Specs of `itk._<Module>Python` and of `itk._<unit>`. @return new */
PyObject *itk_library_spec(package_object *self, PyObject *fullname,
                           lzi_slice module);
PyObject *itk_c_half_spec(package_object *self, PyObject *fullname,
                          lzi_slice unit);

#endif
