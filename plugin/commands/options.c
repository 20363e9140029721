#include "options.h"

#include "help.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    lzi_action action;
    const char *help;
    const char *operands[2]; /* NULL: one less; of `wheel`, the first can be
                                repeated */
    const char *options;     /* letters out of all_options, but for h */
} command_syntax;

static const command_syntax commands[] = {
    {"apply", LZI_DO_APPLY, lzi_help_apply, {"PACKAGE_DIR"}, "r"},
    {"build", LZI_DO_BUILD, lzi_help_build, {"PACKAGE_DIR"}, "omtd"},
    {"dump", LZI_DO_DUMP, lzi_help_dump, {"FILE"}, "j"},
    {"explain",
     LZI_DO_EXPLAIN,
     lzi_help_explain,
     {"PACKAGE_DIR", "NAME"},
     "u"},
    {"revert", LZI_DO_REVERT, lzi_help_revert, {"PACKAGE_DIR"}, ""},
    {"stats", LZI_DO_STATS, lzi_help_stats, {"FILE or PACKAGE_DIR"}, ""},
    {"status", LZI_DO_STATUS, lzi_help_status, {"PACKAGE_DIR"}, ""},
    {"verify", LZI_DO_VERIFY, lzi_help_verify, {"FILE or PACKAGE_DIR"}, "pT"},
    {"wheel", LZI_DO_WHEEL, lzi_help_wheel, {"IN.whl"}, "or"},
};

/* Only what a command lists is handed to getopt. */
static const struct option all_options[] = {
    {"depfile", required_argument, NULL, 'd'},
    {"help", no_argument, NULL, 'h'},
    {"json", no_argument, NULL, 'j'},
    {"modules", required_argument, NULL, 'm'},
    {"output", required_argument, NULL, 'o'},
    {"python", required_argument, NULL, 'p'},
    {"runtime", required_argument, NULL, 'r'},
    {"stamp", required_argument, NULL, 't'},
    {"types", no_argument, NULL, 'T'},
    {"units", no_argument, NULL, 'u'},
    {"version", no_argument, NULL, 'V'},
};
enum { OPTIONS = sizeof(all_options) / sizeof(all_options[0]) };

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
wrong_usage(const command_syntax *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("lazyindex: error: ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\ntry 'lazyindex %s%s--help'\n",
            command == NULL ? "" : command->name, command == NULL ? "" : " ");
    return false;
}

/* What getopt made of one option. */
static bool
take_option(lzi_options *out, const command_syntax *command, int letter,
            char *const *argv)
{
    switch (letter) {
    case 'h':
        out->action = LZI_DO_HELP;
        out->help = command == NULL ? lzi_help_tool : command->help;
        return true;
    case 'V':
        out->action = LZI_DO_VERSION;
        return true;
    case 'd':
        out->depfile = optarg;
        return true;
    case 'j':
        out->json = true;
        return true;
    case 'm':
        out->modules = optarg;
        return true;
    case 'o':
        out->output = optarg;
        return true;
    case 'p':
        out->python = optarg;
        return true;
    case 'r':
        out->runtime = optarg;
        return true;
    case 't':
        out->stamp = optarg;
        return true;
    case 'T':
        out->types = true;
        return true;
    case 'u':
        out->units = true;
        return true;
    default: /* ':' or '?' */
        break;
    }
    const char *given = argv[optind - 1];
    char short_form[] = {'-', (char)optopt, '\0'};
    if (optopt != 0 && strncmp(given, "--", 2) != 0) {
        given = short_form;
    }
    if (letter == ':') {
        return wrong_usage(command, "option '%s' needs an argument", given);
    }
    if (optopt != 0 && given != short_form) { /* "--json=x" */
        return wrong_usage(command, "option '%s' takes no argument", given);
    }
    return wrong_usage(command, "unknown option '%s'", given);
}

/* Run getopt over @p argv, of which element 0 is skipped. */
static bool
take_options(lzi_options *out, const command_syntax *command, int argc,
             char **argv)
{
    const char *letters = command == NULL ? "V" : command->options;
    struct option known[OPTIONS + 1] = {{0}};
    /* Leading '+' (the tool's own options end at the command), leading ':'
     * (a missing argument is told apart). Only -h, -o and -V are short. */
    char shorts[8] = ":h";
    size_t count = 0;
    for (size_t i = 0; i < OPTIONS; i++) {
        int letter = all_options[i].val;
        if (letter == 'h' || strchr(letters, letter) != NULL) {
            known[count++] = all_options[i];
        }
    }
    if (command == NULL) {
        strcpy(shorts, "+:hV");
    }
    else if (strchr(letters, 'o') != NULL) {
        strcpy(shorts, ":ho:");
    }
    opterr = 0;
    optind = 0; /* GNU: start afresh */
    int letter;
    while ((letter = getopt_long(argc, argv, shorts, known, NULL)) != -1) {
        if (!take_option(out, command, letter, argv)) {
            return false;
        }
        if (out->action == LZI_DO_HELP || out->action == LZI_DO_VERSION) {
            return true;
        }
    }
    return true;
}

static bool
take_operands(lzi_options *out, const command_syntax *command, int argc,
              char **argv)
{
    const char **places[2] = {&out->path, &out->name};
    size_t count = out->units ? 1 : 2;
    for (size_t i = 0; i < count && command->operands[i] != NULL; i++) {
        if (optind == argc || argv[optind][0] == '\0') {
            return wrong_usage(command, "%s is missing", command->operands[i]);
        }
        *places[i] = argv[optind++];
    }
    if (command->action == LZI_DO_WHEEL) {
        out->paths = (const char *const *)argv + optind - 1;
        out->path_count = (size_t)(argc - optind + 1);
    }
    else if (optind < argc) {
        return wrong_usage(command, "unexpected operand '%s'", argv[optind]);
    }
    if (strchr(command->options, 'o') != NULL &&
        (out->output == NULL || out->output[0] == '\0')) {
        return wrong_usage(command, "OUT_DIR is missing");
    }
    if (out->depfile != NULL && out->stamp == NULL) {
        return wrong_usage(command, "--depfile needs --stamp");
    }
    if (out->runtime != NULL && out->runtime[0] == '\0') {
        return wrong_usage(command, "FILE of --runtime is missing");
    }
    if (out->python != NULL && (out->python[0] == '\0' || !out->types)) {
        return wrong_usage(command, out->types ? "FILE of --python is missing"
                                               : "--python needs --types");
    }
    return true;
}

bool
lzi_options_parse(lzi_options *out, int argc, char **argv)
{
    *out = (lzi_options){.action = LZI_DO_BUILD};
    if (!take_options(out, NULL, argc, argv)) {
        return false;
    }
    if (out->action != LZI_DO_BUILD) { /* help or version */
        return true;
    }
    if (optind >= argc) {
        return wrong_usage(NULL, "no command");
    }
    argc -= optind;
    argv += optind;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const command_syntax *command = &commands[i];
        if (strcmp(argv[0], command->name) == 0) {
            out->action = command->action;
            return take_options(out, command, argc, argv) &&
                   (out->action == LZI_DO_HELP ||
                    take_operands(out, command, argc, argv));
        }
    }
    return wrong_usage(NULL, "unknown command '%s'", argv[0]);
}
