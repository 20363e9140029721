/* main.c: argv -> command; the only file that decides how the tool exits. */
#include "commands.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

static int
run(const lzi_options *options)
{
    switch (options->action) {
    case LZI_DO_HELP:
        fputs(options->help, stdout);
        return EXIT_SUCCESS;
    case LZI_DO_VERSION:
        puts("lazyindex " LAZYINDEX_VERSION);
        return EXIT_SUCCESS;
    case LZI_DO_BUILD:
        return lzi_command_build(&(lzi_build_request){
            .package_dir = options->path,
            .out_dir = options->output,
            .modules = options->modules,
            .stamp = options->stamp,
            .depfile = options->depfile,
        });
    case LZI_DO_APPLY:
        return lzi_command_apply(options->path, options->runtime);
    case LZI_DO_REVERT:
        return lzi_command_revert(options->path);
    case LZI_DO_STATUS:
        return lzi_command_status(options->path);
    case LZI_DO_WHEEL:
        return lzi_command_wheel(options->paths, options->path_count,
                                 options->output, options->runtime);
    case LZI_DO_EXPLAIN:
        return options->units
                   ? lzi_command_explain_units(options->path)
                   : lzi_command_explain(options->path, options->name);
    case LZI_DO_DUMP:
        return lzi_command_dump(options->path, options->json);
    case LZI_DO_STATS:
        return lzi_command_stats(options->path);
    case LZI_DO_VERIFY:
        return options->types
                   ? lzi_command_verify_types(options->path, options->python)
                   : lzi_command_verify(options->path);
    }
    return EXIT_USAGE;
}

/* A standard stream that is closed would be the next file that is opened, and
 * messages would go into it. Opened the wrong way round, using it fails as
 * before. */
static void
occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) {
            exit(EXIT_FAILURE);
        }
    }
}

int
main(int argc, char **argv)
{
    lzi_options options;
    occupy_standard_streams();
    if (!lzi_options_parse(&options, argc, argv)) {
        exit(EXIT_USAGE);
    }
    int code = run(&options);
    /* What was printed may be stuck in the buffer: a full disk shows here. */
    errno = 0;
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        lzi_diag diag = {0};
        lzi_diag_at(&diag, LZI_ERROR, NULL, 0,
                    "cannot write to standard output: %s",
                    errno != 0 ? strerror(errno) : "an earlier write failed");
        code = EXIT_FAILURE;
    }
    exit(code);
}
