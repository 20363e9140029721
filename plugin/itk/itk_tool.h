/* itk_tool.h: the profile "itk": packages of ITK's Python wrapping. */
#ifndef LZI_ITK_TOOL_H
#define LZI_ITK_TOOL_H

#include "scan/scan.h"

extern const lzi_profile lzi_itk_profile;

#endif
