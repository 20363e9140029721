/* lzi_record.h: the records that all shards have, decoded (see FORMAT.md).
 *
 * Every decoder checks all of its value; what it fills borrows from the value,
 * and means something only with LZI_OK.
 *
 * Threads, fork, memory: lazyindex.h says it. */
#ifndef LZI_RECORD_H
#define LZI_RECORD_H

#include "lzi_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** First byte of every key; the rest is the name. The other letters are a
 * profile's. Capital ones are of tables whose names are attributes. */
enum {
    LZI_TABLE_META = '@',   /**< "" -> lzi_meta */
    LZI_TABLE_FILTER = '%', /**< "" -> Bloom filter over names */
    LZI_TABLE_EAGER = 'E',  /**< name -> lzi_eager */
    LZI_TABLE_FILE = 'f'    /**< input file -> lzi_file */
};

/** @return Whether the filter of a shard has the names of a table: all that
 *         an attribute of the package can be. */
LZI_API bool lzi_table_is_filtered(char table);

/** One a shard. */
typedef struct {
    lzi_slice package; /**< Python package. */
    lzi_slice profile; /**< Family of packages. */
    lzi_slice
        distribution;   /**< Who ships it; the package where none is known. */
    lzi_slice version;  /**< Of the distribution; may be empty. */
    lzi_slice producer; /**< "lazyindex 0.1.0" */
} lzi_meta;

/** @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_meta_decode(lzi_meta *out, lzi_slice value);

/** A name bound by `import package` itself: `from module import attribute`.
 * An empty attribute stands for the module itself. */
typedef struct {
    lzi_slice module, attribute;
} lzi_eager;

/** @return LZI_OK, LZI_E_FORMAT. */
LZI_API lzi_status lzi_eager_decode(lzi_eager *out, lzi_slice value);

/** An input of the scan; its name is the path from the package directory. */
typedef struct {
    uint64_t size; /**< bytes */
    uint64_t hash; /**< XXH3-64 */
} lzi_file;

/** @return LZI_OK; LZI_E_FORMAT: also if the name leads out of that directory.
 */
LZI_API lzi_status lzi_file_decode(lzi_file *out, lzi_slice name,
                                   lzi_slice value);

#ifdef __cplusplus
}
#endif

#endif
