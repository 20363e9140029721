/* commands.h: the commands of the tool; each has its own file.
 *
 * Every command returns the exit code: 0 done, 1 something was reported. */
#ifndef LZI_COMMANDS_H
#define LZI_COMMANDS_H

#include "base/diag.h"

#include <stddef.h>

/** What `build` is asked for. */
typedef struct {
    const char *package_dir, *out_dir;
    const char *modules; /* list of modules (build_plan.h); NULL: installed */
    const char *stamp;   /* file to touch; NULL: none */
    const char *depfile; /* rule for make that names the inputs; NULL: none */
} lzi_build_request;

/** Write shards of the package into out_dir (command_build.c). */
int lzi_command_build(const lzi_build_request *request);

/** Make wheels lazy (command_wheel.c).
 * @param wheels  Finished wheels of one package; @p count of them.
 * @param runtime As for lzi_command_apply(). */
int lzi_command_wheel(const char *const *wheels, size_t count,
                      const char *out_dir, const char *runtime);

/** Names of a package or records of a shard (command_explain.c,
 * command_dump.c, command_stats.c, command_verify.c). */
int lzi_command_explain(const char *package_dir, const char *name);
int lzi_command_explain_units(const char *package_dir);
int lzi_command_dump(const char *file, bool json);
int lzi_command_stats(const char *file_or_package_dir);
int lzi_command_verify(const char *file_or_package_dir);

/** Load every unit of a package alone, which executes the package, and look
 * for types without a class (command_verify_types.c).
 * @param python The interpreter to use; NULL: the package's own. */
int lzi_command_verify_types(const char *package_dir, const char *python);

/** Make a package lazy, undo that, tell the state (apply.c,
 * apply_status.c).
 * @param runtime The extension to put into it; NULL: the one inside the tool.
 */
int lzi_command_apply(const char *package_dir, const char *runtime);
int lzi_command_revert(const char *package_dir);
int lzi_command_status(const char *package_dir);

#endif
