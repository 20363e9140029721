/* lzi_itk_record.h: the records of a shard of the profile "itk", decoded (see
 * PROFILE.md).
 *
 * Every decoder checks all of its value; what it fills borrows from the value,
 * and means something only with LZI_OK.
 *
 * Threads, fork, memory: lazyindex.h says it. */
#ifndef LZI_ITK_RECORD_H
#define LZI_ITK_RECORD_H

#include "lzi_record.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Tables of this profile, beside those of all. */
enum {
    LZI_TABLE_CONTENTS = 'c', /**< "" -> lzi_contents */
    LZI_TABLE_GROUP = 'g',    /**< module -> groups of factories it needs */
    LZI_TABLE_MODULE = 'M',   /**< module -> lzi_module */
    LZI_TABLE_NAME = 'N',     /**< public name -> candidates */
    LZI_TABLE_SWIG = 'S',     /**< other name of a unit's -> unit */
    LZI_TABLE_TUPLE = 't',    /**< module -> its template tuples */
    LZI_TABLE_UNIT = 'u'      /**< unit -> lzi_unit */
};

/** What a shard has; one each. */
typedef struct {
    lzi_list modules; /**< Sorted by bytes; UTF-8, good in names of files. */
    uint64_t module_sum; /**< Sum of lzi_name_hash() of all modules. */
    lzi_list startups;   /**< Modules with an __init_<module>__.py. */
} lzi_contents;

/** @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_contents_decode(lzi_contents *out, lzi_slice value);

/** A value of LZI_TABLE_GROUP: once the module is in use, all factories of
 * these groups are due.
 *
 * @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_groups_decode(lzi_list *out, lzi_slice value);

/** A module that can provide a public name. */
typedef struct {
    lzi_slice module;
    uint32_t flags; /**< LZI_NAME_* */
    lzi_slice cpp;  /**< Of a template, "itk::Image"; else empty. */
    lzi_list units; /**< Units to load for the name, in module order. */
} lzi_candidate;

enum {
    LZI_NAME_IN_MODULE = 1, /**< class_in_module is True. */
    LZI_NAME_FUNCTION = 2,  /**< Snake-case function; else a class. */
    LZI_NAME_TEMPLATE = 4   /**< Class template. */
};

/** A value of LZI_TABLE_SWIG: the unit to load for a name that units define
 * beside ITK's classes ("vectorD", "vnl_vectorF").
 *
 * @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_swig_name_decode(lzi_slice *unit, lzi_slice value);

/** A value of LZI_TABLE_NAME: a count, then that many candidates, sorted by
 * module. Read the count, then call this for each.
 *
 * @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_candidate_decode(lzi_candidate *out,
                                        lzi_cursor *cursor);

/** A module of ITK, which has a library and a table of its own. */
typedef struct {
    lzi_slice library;  /**< File in the package's own directory,
                             "_ITKCommonPython.abi3.so". */
    bool has_body;      /**< Its aggregator defines public names itself. */
    lzi_list depends;   /**< Modules, in table order, duplicates removed. */
    uint32_t factories; /**< Count; read them from `factory_cursor`. */
    lzi_cursor factory_cursor;
    uint32_t functions; /**< Count; read them from `function_cursor`. */
    lzi_cursor function_cursor;
    lzi_list units; /**< In the order of the aggregator. */
    lzi_list names; /**< Public names, sorted. */
} lzi_module;

/** @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_module_decode(lzi_module *out, lzi_slice value);

/** A factory of a module. */
typedef struct {
    lzi_slice group;  /**< "ImageIO" */
    lzi_slice prefix; /**< "PNG": the class is PNGImageIOFactory */
    lzi_slice unit;   /**< Unit of that class. */
} lzi_factory;

/** Take the next factory; call lzi_module.factories times. */
LZI_API void lzi_factory_next(lzi_factory *out, lzi_cursor *factory_cursor);

/** A snake-case function of a module. */
typedef struct {
    lzi_slice name, unit;
} lzi_function;

/** Take the next function; call lzi_module.functions times. */
LZI_API void lzi_function_next(lzi_function *out, lzi_cursor *function_cursor);

/** A proxy, and the part of a library behind it. */
typedef struct {
    lzi_slice module;
    lzi_list imports; /**< Units, in the order of the proxy. */
    lzi_list soft;    /**< Units needed only for returned types. */
    uint32_t ranges;  /**< Count; read them from `range_cursor`. */
    lzi_cursor range_cursor;
} lzi_unit;

/** @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_unit_decode(lzi_unit *out, lzi_slice value);

/** Consecutive tuples of a unit in its module's LZI_TABLE_TUPLE value. */
typedef struct {
    uint32_t offset; /**< Bytes from the start of the value. */
    uint32_t first;  /**< Ordinal of the first tuple in the module. */
    uint32_t count;
} lzi_tuple_range;

/** Take the next range; call lzi_unit.ranges times. */
LZI_API void lzi_tuple_range_next(lzi_tuple_range *out,
                                  lzi_cursor *range_cursor);

/** One entry of a Configuration table. The value of LZI_TABLE_TUPLE is a
 * count followed by that many of these. */
typedef struct {
    lzi_slice python; /**< "Image" */
    lzi_slice cpp;    /**< "itk::Image" */
    lzi_slice swig;   /**< "itkImageSS2" */
    lzi_slice params; /**< "signed short,2"; only if has_params */
    bool in_module, has_params;
} lzi_tuple;

/** Flags of a tuple in the table; lzi_tuple has them as its last fields. */
enum { LZI_TUPLE_IN_MODULE = 1, LZI_TUPLE_HAS_PARAMS = 2 };

/** Take the next tuple of a module.
 *
 * @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_tuple_next(lzi_tuple *out, lzi_cursor *cursor);

/** The tuples of a unit, read out of its module's table. */
typedef struct {
    lzi_cursor ranges; /* private, all of it */
    uint32_t ranges_left, tuples_left;
    const uint8_t *table;
    lzi_cursor tuples;
} lzi_unit_tuples;

/** @param table Value of LZI_TABLE_TUPLE of the unit's module; borrowed.
 * @return Before the first of them. */
LZI_API lzi_unit_tuples lzi_unit_tuples_of(const lzi_unit *unit,
                                           lzi_slice table);

/** Take the next tuple. Ranges must not go back, so that no walk takes longer
 * than the table.
 *
 * @return LZI_OK, LZI_NOT_FOUND at the end, LZI_E_FORMAT. */
LZI_API lzi_status lzi_unit_tuple_next(lzi_tuple *out,
                                       lzi_unit_tuples *tuples);

#ifdef __cplusplus
}
#endif

#endif
