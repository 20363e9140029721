/* lazyindex.h: read the index of a lazy package, from C or C++.
 *
 * A package made lazy with LazyIndex has an index: for each name, what to
 * load. It is a few files, `*.lzi`, in <package>/_lazyindex: one shard for
 * each distribution that brought a part of the package. A shard holds tables
 * of records, and a record is found by its table, a letter, and a name. What
 * the records say is in FORMAT.md; some tables are those of a profile, the
 * family that the package is of, and have headers of their own.
 *
 *     lzi_index   all shards of a package          lzi_merge.h
 *     lzi_reader  one of them                      lzi_reader.h
 *     lzi_slice   bytes of a record; borrowed      lzi_format.h
 *     lzi_cursor  a place in a record's value      lzi_format.h
 *     lzi_meta    records, decoded                 lzi_record.h
 *     lzi_closure what a unit needs, in order      lzi_closure.h
 *     lzi_status  what a call reports              lzi_status.h
 *
 * A complete program: `inputs DIRECTORY` tells which files the shards there
 * were made from.
 *
 *     #include <lazyindex/lazyindex.h>
 *
 *     #include <stdio.h>
 *
 *     static lzi_status
 *     print_input(void *context, lzi_slice name, lzi_slice value)
 *     {
 *         lzi_file file;
 *         unsigned long long *total = context;
 *         const lzi_status status = lzi_file_decode(&file, name, value);
 *
 *         if (status == LZI_OK) {
 *             printf("  %.*s\n", (int)name.size, name.data);
 *             *total += file.size;
 *         }
 *         return status;
 *     }
 *
 *     int
 *     main(int argc, char **argv)
 *     {
 *         lzi_index *index;
 *         lzi_error error;
 *         lzi_status status;
 *         unsigned long long total = 0;
 *
 *         status = lzi_index_open(&index, argc > 1 ? argv[1] : ".", &error);
 *         if (status != LZI_OK) {
 *             fprintf(stderr, "%s\n", error.text);
 *             return 1;
 *         }
 *         for (size_t i = 0; i < lzi_index_count(index); i++) {
 *             const lzi_reader *reader = lzi_index_reader(index, i);
 *             const lzi_slice from = lzi_reader_meta(reader)->distribution;
 *
 *             printf("%.*s\n", (int)from.size, from.data);
 *             status = lzi_reader_each(reader, LZI_TABLE_FILE, print_input,
 *                                      &total);
 *             if (status != LZI_OK) {
 *                 fprintf(stderr, "%s: %s\n", lzi_reader_path(reader),
 *                         lzi_status_text(status));
 *             }
 *         }
 *         printf("%llu bytes\n", total);
 *         lzi_index_close(index);
 *         return status == LZI_OK ? 0 : 1;
 *     }
 *
 * Build it with CMake: find_package(LazyIndex CONFIG REQUIRED), then
 * target_link_libraries(inputs PRIVATE LazyIndex::format).
 *
 * Threads: any number may use a reader or an index at the same time, from
 *          when it is open until one begins to close it: reading changes
 *          nothing in it. lzi_index_hide() must be called before others
 *          read. What a caller makes for himself (cursors, lists, closures)
 *          is for one thread at a time.
 * Fork:    a child may go on with what its parent had open: no lock, and no
 *          file is written.
 * Memory:  slices point into the file's map. They are good until the reader
 *          is closed, and as long as nobody writes into the file itself: a
 *          shard is replaced by another, never changed.
 *
 * Trust:   opening a file checks all of it that LMDB follows, and every
 *          decoder all that it follows: a wild shard gives errors or wrong
 *          answers, not crashes.
 *
 * ABI:     it has the version MAJOR.MINOR, which is the library's SONAME, as
 *          long as MAJOR is 0: a program works with every library of the same
 *          one. Within it, no struct changes its size or its fields, and no
 *          enumerator its value; new functions and statuses may come, so take
 *          a status that you do not know for a failure. Structs are made by
 *          the caller, and have no hidden parts but where a comment says
 *          "private"; lzi_index, lzi_reader and lzi_closure are opaque. */
#ifndef LAZYINDEX_H
#define LAZYINDEX_H

#include "lzi_api.h"
#include "lzi_closure.h"
#include "lzi_format.h"
#include "lzi_merge.h"
#include "lzi_reader.h"
#include "lzi_record.h"
#include "lzi_status.h"

#endif
