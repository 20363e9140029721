/* lzi_itk_put.h: records of the profile "itk", written (see PROFILE.md). */
#ifndef LZI_ITK_PUT_H
#define LZI_ITK_PUT_H

#include "lzi_buffer.h"
#include "lzi_itk_record.h"

#ifdef __cplusplus
extern "C" {
#endif

void lzi_put_tuple(lzi_buffer *buffer, const lzi_tuple *tuple);

#ifdef __cplusplus
}
#endif

#endif
