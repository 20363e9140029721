/* tool_profiles.c: the families of packages that the tool knows. */
#include "itk/itk_tool.h"

const lzi_profile *const lzi_profiles[] = {
    &lzi_itk_profile,
    NULL,
};
