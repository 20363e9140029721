/* itk_files.h: files of modules and units, as attributes of the package. */
#ifndef LZI_ITK_FILES_H
#define LZI_ITK_FILES_H

#include "itk/itk.h"

/** Whether a name ends as those of units, C halves, libraries and aggregators
 * do. */
bool itk_is_file_name(lzi_slice name);

/** The module of such a name: `itk.itkImagePython`, `itk._itkImagePython`,
 * `itk.ITKCommonPython`, `itk._ITKCommonPython`. A unit is loaded with all
 * that it needs, as if a public name of it had been used.
 * @return new; NULL without an error: there is none, or this thread is just
 *         importing it */
PyObject *itk_get_file(package_object *self, lzi_slice name);

#endif
