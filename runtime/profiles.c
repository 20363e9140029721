/* profiles.c: the profiles that this extension knows. */
#include "core/profile.h"

#include "itk/itk_profile.h"

const lzi_profile *const lzi_profiles[] = {&itk_profile, NULL};
