/* module_body.h: which aggregators' bodies are standalone: can be executed
 * without any unit. */
#ifndef LZI_MODULE_BODY_H
#define LZI_MODULE_BODY_H

#include "swig_proxy.h"

/** Take the units off the imports of each body that looks up none of their
 * names: it needs them only when somebody looks into the module.
 *
 * @param[in,out] itk       With all units read.
 * @param[in]     aggregators Of each module; `used` of those with a body. */
void lzi_find_standalone_bodies(lzi_itk_model *itk,
                                const lzi_proxy *aggregators);

#endif
