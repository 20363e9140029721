/* itk_verify.h: what the checks of ITK's records share. */
#ifndef LZI_ITK_VERIFY_H
#define LZI_ITK_VERIFY_H

#include "lzi_itk_index.h"
#include "scan/verify.h"

/** A record of the shard itself, decoded. @return false: no good one. */
bool lzi_itk_get_module(const lzi_verification *self, lzi_module *out,
                        lzi_slice name);
bool lzi_itk_get_unit(const lzi_verification *self, lzi_unit *out,
                      lzi_slice name);

/** The unit that stands for executing the aggregator, if that has a body. */
lzi_slice lzi_itk_body_unit(const lzi_verification *self, lzi_slice module);

/** Check that the proxy of a unit exists and defines what the records of the
 * unit and its module say (verify_proxy.c). Needs `directory`. */
void lzi_itk_verify_proxy(lzi_verification *self, lzi_slice name,
                          const lzi_unit *unit, const lzi_module *module);

#endif
