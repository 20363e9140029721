/* odd_files.h: what can stand where a shard should, damaged ones apart. */
#ifndef ODD_FILES_H
#define ODD_FILES_H

#include "damage.h"

/** Open each kind of file, and shards with odd trailers.
 * @return whether each was refused with the status it should be. */
bool odd_files_run(specimen *shard);

#endif
