/* read_all.h: everything that can be asked of a shard, and whether the
 * answers agree with each other. */
#ifndef READ_ALL_H
#define READ_ALL_H

#include "lzi_itk_record.h"
#include "lzi_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Walk all tables, look each record up by its name, and decode it. A record
 * that does not decode is no fault; what is read out of one must be inside.
 *
 * @param size Of the image in bytes: no walk can be longer.
 * @return NULL: fine; else what is wrong, static. */
const char *read_all(const lzi_reader *reader, uint64_t size);

/** Decode the value of a table whatever it is; as above.
 * @param tuples Value of LZI_TABLE_TUPLE to read a unit's tuples from. */
const char *read_record(char table, lzi_slice name, lzi_slice value,
                        lzi_slice tuples);

#ifdef __cplusplus
}
#endif

#endif
