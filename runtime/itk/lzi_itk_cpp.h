/* lzi_itk_cpp.h: names of C++ types, taken apart as itkTemplate does it: the
 * one home of these rules, for the tool and for the extension.
 *
 * Threads: no shared state. Memory: what is returned borrows from what is
 * passed. */
#ifndef LZI_ITK_CPP_H
#define LZI_ITK_CPP_H

#include "lzi_format.h"

#include <string.h>

/** Whether a character is left in a normalized name
 * (itkTemplate.normalizeName()). */
static inline bool
lzi_cpp_is_kept(char c)
{
    return c != ' ' && c != '*';
}

/** Without white space at both ends, as str.strip() leaves it. */
static inline lzi_slice
lzi_cpp_strip(lzi_slice text)
{
    while (text.size > 0 && strchr(" \t\n\r\f\v", text.data[0]) != NULL) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 &&
           strchr(" \t\n\r\f\v", text.data[text.size - 1]) != NULL) {
        text.size--;
    }
    return text;
}

/** Take the next parameter of a template, up to a comma outside <>. There is
 * one at least, which may be empty.
 *
 * @param[in,out] rest Moves behind it; data NULL: that was the last. */
static inline lzi_slice
lzi_cpp_next_param(lzi_slice *rest)
{
    lzi_slice param = *rest;
    int depth = 0;
    for (size_t i = 0; i < param.size; i++) {
        char c = param.data[i];
        depth += (c == '<') - (c == '>');
        if (c == ',' && depth == 0) {
            *rest = (lzi_slice){param.data + i + 1, param.size - i - 1};
            param.size = i;
            return lzi_cpp_strip(param);
        }
    }
    *rest = (lzi_slice){NULL, 0};
    return lzi_cpp_strip(param);
}

#endif
