/* itk_profile.h: the profile `itk`. */
#ifndef LZI_ITK_PROFILE_H
#define LZI_ITK_PROFILE_H

#include "core/profile.h"

extern const lzi_profile itk_profile;

#endif
