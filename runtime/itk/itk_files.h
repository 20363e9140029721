/* itk_files.h: units and what they define besides ITK's classes, as attributes
 * of the package. */
#ifndef LZI_ITK_FILES_H
#define LZI_ITK_FILES_H

#include "core/profile.h"
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

/** What a unit defines beside ITK's classes, `itk.vectorD`, once it is loaded.
 * @return new; NULL without an error: no such name */
PyObject *itk_get_unit_name(package_object *self, const lzi_lookup *name);

/** Visit the names that stock has in the package because of the modules in
 * use: their units, and what those define. */
int itk_each_used_name(package_object *self, visit_name *visit, void *context);

#endif
