/* itk_survey.h: the Configuration tables that are installed. */
#ifndef LZI_ITK_SURVEY_H
#define LZI_ITK_SURVEY_H

#include "itk/itk.h"

/** The shards must describe the modules that are there. Those that are gone
 * are hidden, those that are new are loaded by ITK's own loader.
 * @param directory Of the package, as bytes of the file system. */
int itk_check_tables(package_object *self, const char *directory);

#endif
