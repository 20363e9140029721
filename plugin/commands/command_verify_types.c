#include "commands.h"

#include "embedded_runtime.h"
#include "scan/scan.h"
#include "shard_source.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The interpreter whose site directory the package is in,
 * <prefix>/lib/pythonX.Y/site-packages/<package>, else the one on PATH. */
static const char *
find_python(lzi_arena *arena, const char *directory)
{
    const char *found =
        lzi_arena_format(arena, "%s/../../../../bin/python3", directory);
    return access(found, X_OK) == 0 ? found : "python3";
}

/* Start our program with its standard input open for writing.
 * @return its process; -1: reported. */
static pid_t
start_program(FILE **input, const char *python, const char *directory,
              lzi_arena *arena, lzi_diag *diag)
{
    lzi_slice text = lzi_embedded_verify_types();
    char *program = lzi_arena_copy(arena, text.data, text.size);
    char *where = lzi_arena_copy(arena, directory, strlen(directory));
    char *name = lzi_arena_copy(arena, python, strlen(python));
    char path[] = "-P", code[] = "-c";
    char *const arguments[] = {name, path, code, program, where, NULL};
    int ends[2];
    pid_t child = -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    int error = pipe(ends) < 0 ? errno : 0;
    if (error == 0) {
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addclose(&actions, ends[1]);
        error = posix_spawnp(&child, name, &actions, NULL, arguments, environ);
        close(ends[0]);
        *input = fdopen(ends[1], "w");
    }
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        lzi_diag_at(diag, LZI_ERROR, NULL, 0,
                    "cannot run '%s': %s: name the Python that the package "
                    "is for with --python",
                    name, strerror(error));
        return -1;
    }
    return child;
}

static bool
wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
verify_types(const lzi_index *index, const char *package_dir,
             const char *python, lzi_arena *arena, lzi_diag *diag)
{
    const lzi_profile *profile =
        lzi_profile_of(lzi_index_reader(index, 0), diag);
    FILE *input = NULL;
    if (profile == NULL) {
        return false;
    }
    if (profile->list_units == NULL) {
        lzi_diag_at(diag, LZI_ERROR, package_dir, 0,
                    "%s packages have no units to load", profile->name);
        return false;
    }
    if (python == NULL) {
        python = find_python(arena, package_dir);
    }
    signal(SIGPIPE, SIG_IGN); /* a program that ended early says why */
    pid_t child = start_program(&input, python, package_dir, arena, diag);
    if (child < 0 || input == NULL) {
        return false;
    }
    bool good = profile->list_units(input, index, diag);
    fclose(input);
    return wait_for(child) && good;
}

int
lzi_command_verify_types(const char *package_dir, const char *python)
{
    lzi_diag diag = {0};
    lzi_index *index = lzi_source_open_applied(package_dir, &diag);
    if (index == NULL) {
        return EXIT_FAILURE;
    }
    lzi_arena *arena = lzi_arena_new();
    bool good = verify_types(index, package_dir, python, arena, &diag);
    lzi_arena_free(arena);
    lzi_index_close(index);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
