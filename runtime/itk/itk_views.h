/* itk_views.h: dictionaries that answer for what is not registered yet. */
#ifndef LZI_ITK_VIEWS_H
#define LZI_ITK_VIEWS_H

#include "itk/itk.h"

/** Make the types of the dictionaries that take the place of ITK's. */
int itk_make_view_types(package_object *self, itk_registries *out);

#endif
