/* swig_runtime.h: the structures of SWIG's runtime, version 4.
 *
 * Source: swigrun.swg of SWIG 4, where they are called swig_type_info,
 * swig_cast_info and swig_module_info. */
#ifndef LZI_SWIG_RUNTIME_H
#define LZI_SWIG_RUNTIME_H

#include <stddef.h>

struct swig_type;

/** How an object of one type becomes one of another. */
typedef struct swig_cast {
    struct swig_type *type; /* of the object; NULL behind the last of an
                             * array */
    void *(*converter)(void *, int *);
    struct swig_cast *next, *prev; /* in the list of the target type */
} swig_cast;

typedef struct swig_type {
    const char *name; /* "_p_itk__ImageT_float_2u_t" */
    const char *str;  /* names in C++, with | between */
    void *dcast;
    swig_cast *cast;  /* list: what can become this type */
    void *clientdata; /* the class in Python */
    int owndata;
} swig_type;

/** What a C half brings. */
typedef struct swig_table {
    swig_type **types; /* sorted by name; a NULL behind the last */
    size_t size;
    struct swig_table *next;  /* in the ring */
    swig_type **type_initial; /* the table's own, before they are merged */
    swig_cast **cast_initial; /* arrays of casts, one for each type */
    void *clientdata;
} swig_table;

#endif
