/* options.h: the command line of the tool.
 *
 * Memory: everything is borrowed from argv or static. */
#ifndef LZI_OPTIONS_H
#define LZI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    LZI_DO_HELP, /* of a command, or of the tool where there is none */
    LZI_DO_VERSION,
    LZI_DO_BUILD,
    LZI_DO_APPLY,
    LZI_DO_REVERT,
    LZI_DO_STATUS,
    LZI_DO_EXPLAIN,
    LZI_DO_DUMP,
    LZI_DO_STATS,
    LZI_DO_VERIFY,
    LZI_DO_WHEEL
} lzi_action;

typedef struct {
    lzi_action action;
    const char *help;         /* with LZI_DO_HELP: the text to print */
    const char *path;         /* first operand: PACKAGE_DIR or FILE */
    const char *name;         /* second operand */
    const char *const *paths; /* all operands, with LZI_DO_WHEEL */
    size_t path_count;
    const char *output;  /* --output */
    const char *runtime; /* --runtime; NULL: not given */
    const char *modules; /* --modules; NULL: not given */
    const char *stamp;   /* --stamp; NULL: not given */
    const char *depfile; /* --depfile; NULL: not given */
    const char *python;  /* --python; NULL: not given */
    bool json;           /* --json */
    bool types;          /* --types */
    bool units;          /* --units */
} lzi_options;

/** Parse the command line.
 *
 * @param argv Its elements may be reordered.
 * @return false: wrong usage, which has been reported on stderr. */
bool lzi_options_parse(lzi_options *out, int argc, char **argv);

#endif
