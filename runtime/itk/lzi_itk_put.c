#include "lzi_itk_put.h"

void
lzi_put_tuple(lzi_buffer *buffer, const lzi_tuple *tuple)
{
    unsigned flags = (tuple->in_module ? LZI_TUPLE_IN_MODULE : 0u) |
                     (tuple->has_params ? LZI_TUPLE_HAS_PARAMS : 0u);
    lzi_put_varint(buffer, flags);
    lzi_put_string(buffer, tuple->python);
    lzi_put_string(buffer, tuple->cpp);
    lzi_put_string(buffer, tuple->swig);
    if (tuple->has_params) {
        lzi_put_string(buffer, tuple->params);
    }
}
