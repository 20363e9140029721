#include "options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char tool_help[] =
    "Usage: lazyindex COMMAND [OPTION...] OPERAND...\n"
    "\n"
    "Make the Python package of ITK load what is asked for, and no more.\n"
    "\n"
    "Commands:\n"
    "  apply PACKAGE_DIR           make an installed package lazy\n"
    "  revert PACKAGE_DIR          put back every file that apply changed\n"
    "  status PACKAGE_DIR          tell whether a package is lazy and "
    "current\n"
    "  build PACKAGE_DIR -o DIR    write the shards of a package's index\n"
    "  wheel IN.whl... -o OUT_DIR  make finished wheels lazy\n"
    "  explain PACKAGE_DIR NAME    tell where a name comes from\n"
    "  dump FILE                   print every record of a shard\n"
    "  stats FILE|PACKAGE_DIR      print counts and sizes\n"
    "  verify FILE|PACKAGE_DIR     check shards, and the package they "
    "describe\n"
    "\n"
    "Options:\n"
    "  -h, --help     print this text; after a command, that of the command\n"
    "  -V, --version  print the version\n"
    "\n"
    "Exit codes: 0 done, 1 a problem was reported, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex apply venv/lib/python3.11/site-packages/itk\n";

static const char build_help[] =
    "Usage: lazyindex build PACKAGE_DIR -o OUT_DIR\n"
    "\n"
    "Scan an installed package and write one shard, DISTRIBUTION.lzi, for "
    "each\n"
    "distribution that owns modules of it. Nothing of the package is "
    "executed.\n"
    "Identical input gives identical bytes.\n"
    "\n"
    "Options:\n"
    "  -o, --output OUT_DIR  where to write; made if it does not exist\n"
    "  -h, --help            print this text\n"
    "\n"
    "For build systems (CMake's lazyindex_add_package() uses these):\n"
    "  --modules FILE        the package is in a build tree: write shards of\n"
    "                        the modules listed here, one 'module NAME SHARD\n"
    "                        LIBRARY [hook] [no-functions]' a line, and "
    "'init\n"
    "                        SHARD' for the one with the __init__.py\n"
    "  --stamp FILE          write this when done: its time tells when, its\n"
    "                        content which shards are there; those of the "
    "run\n"
    "                        before that are not written any more go\n"
    "  --depfile FILE        write a rule for make: what the stamp depends "
    "on\n"
    "\n"
    "Exit codes: 0 written, 1 a problem was reported, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex build venv/lib/python3.11/site-packages/itk -o shards\n";

static const char apply_help[] =
    "Usage: lazyindex apply [--runtime FILE] PACKAGE_DIR\n"
    "\n"
    "Make an installed package lazy: build its index into it, put the "
    "runtime\n"
    "beside that, and swap its __init__.py for a short one (the original is\n"
    "kept). The RECORD of each distribution stays right, so that pip can\n"
    "uninstall and upgrade it. Applying again is harmless.\n"
    "\n"
    "Options:\n"
    "  --runtime FILE  the extension to put into the package, instead of the\n"
    "                  one inside this tool\n"
    "  -h, --help      print this text\n"
    "\n"
    "Exit codes: 0 applied, 1 a problem was reported, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex apply venv/lib/python3.11/site-packages/itk\n";

static const char wheel_help[] =
    "Usage: lazyindex wheel [--runtime FILE] IN.whl... -o OUT_DIR\n"
    "\n"
    "Write finished wheels of a package again, each with the shard of its\n"
    "modules; the one that has the package's __init__.py also gets the\n"
    "runtime, and a short __init__.py in place of its own, which is kept.\n"
    "What is installed from them is as after `lazyindex apply`. RECORD, "
    "tags\n"
    "and file names stay right; files that do not change are copied as they\n"
    "are compressed. All wheels that one imports from have to be given\n"
    "together. If anything is wrong with one, none is written.\n"
    "\n"
    "Options:\n"
    "  -o, --output OUT_DIR  where to write; made if it does not exist\n"
    "  --runtime FILE        the extension to put into the package, instead "
    "of\n"
    "                        the one inside this tool\n"
    "  -h, --help            print this text\n"
    "\n"
    "Environment:\n"
    "  SOURCE_DATE_EPOCH     time of the new files; without it, that of the\n"
    "                        RECORD they replace: identical input gives\n"
    "                        identical bytes either way\n"
    "\n"
    "Exit codes: 0 written, 1 a problem was reported, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex wheel dist/itk_*.whl -o lazy\n";

static const char revert_help[] =
    "Usage: lazyindex revert PACKAGE_DIR\n"
    "\n"
    "Undo `lazyindex apply`: every file of the package is again what its\n"
    "distributions installed, and nothing else is left.\n"
    "\n"
    "Options:\n"
    "  -h, --help  print this text\n"
    "\n"
    "Exit codes: 0 reverted, 1 a problem was reported, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex revert venv/lib/python3.11/site-packages/itk\n";

static const char status_help[] =
    "Usage: lazyindex status PACKAGE_DIR\n"
    "\n"
    "Tell whether LazyIndex is applied to a package, whether its index is\n"
    "current, and if not, why not.\n"
    "\n"
    "Options:\n"
    "  -h, --help  print this text\n"
    "\n"
    "Exit codes: 0 applied and current, 1 not, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex status venv/lib/python3.11/site-packages/itk\n";

static const char explain_help[] =
    "Usage: lazyindex explain PACKAGE_DIR NAME\n"
    "       lazyindex explain --units PACKAGE_DIR\n"
    "\n"
    "Tell where a public name of a package comes from: the module that owns "
    "it\n"
    "and the rule that chose it, the other owners, the units that have to be\n"
    "loaded, in order, and the shard that says so. Reads the package's "
    "index,\n"
    "or makes a temporary one where there is none.\n"
    "\n"
    "With --units, print a line for each unit, for programs to read: all that "
    "it\n"
    "needs and itself at the end, in the order in which they are loaded, "
    "with\n"
    "blanks between.\n"
    "\n"
    "Options:\n"
    "  --units     print what each unit needs\n"
    "  -h, --help  print this text\n"
    "\n"
    "Exit codes: 0 found, 1 no such name or a problem was reported, 2 wrong\n"
    "usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex explain venv/lib/python3.11/site-packages/itk Image\n";

static const char dump_help[] =
    "Usage: lazyindex dump [--json] FILE\n"
    "\n"
    "Print every record of a shard.\n"
    "\n"
    "Options:\n"
    "  --json      print one JSON object\n"
    "  -h, --help  print this text\n"
    "\n"
    "Exit codes: 0 printed, 1 a problem was reported, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex dump --json shards/itk-core.lzi\n";

static const char stats_help[] =
    "Usage: lazyindex stats FILE|PACKAGE_DIR\n"
    "\n"
    "Print how many records each table of a shard has, and their sizes in\n"
    "bytes; for a package, that of every shard applied to it, and the total.\n"
    "\n"
    "Options:\n"
    "  -h, --help  print this text\n"
    "\n"
    "Exit codes: 0 printed, 1 a problem was reported, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex stats shards/itk-core.lzi\n";

static const char verify_help[] =
    "Usage: lazyindex verify FILE|PACKAGE_DIR\n"
    "       lazyindex verify --types [--python FILE] PACKAGE_DIR\n"
    "\n"
    "Check a shard: its trailer and digest, that every record decodes, and\n"
    "that what the records name exists. For the shards of a package, also "
    "that\n"
    "every library, proxy and class they name is in the package, and that no\n"
    "file has changed since it was scanned. Silent where all is well.\n"
    "\n"
    "With --types, run the package instead, for minutes: load each of its "
    "units\n"
    "alone, and print how many C++ types have no Python class then, but have "
    "one\n"
    "when everything is loaded. It should be none.\n"
    "\n"
    "Options:\n"
    "  --types        load every unit alone and compare the types\n"
    "  --python FILE  the Python to do that with, instead of the one in "
    "whose\n"
    "                 site directory the package is, or else on PATH\n"
    "  -h, --help     print this text\n"
    "\n"
    "Exit codes: 0 all is well, 1 a problem was reported, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  lazyindex verify venv/lib/python3.11/site-packages/itk\n";

typedef struct {
    const char *name;
    lzi_action action;
    const char *help;
    const char *operands[2]; /* NULL: one less; of `wheel`, the first can be
                                repeated */
    const char *options;     /* letters out of all_options, but for h */
} command_syntax;

static const command_syntax commands[] = {
    {"apply", LZI_DO_APPLY, apply_help, {"PACKAGE_DIR"}, "r"},
    {"build", LZI_DO_BUILD, build_help, {"PACKAGE_DIR"}, "omtd"},
    {"dump", LZI_DO_DUMP, dump_help, {"FILE"}, "j"},
    {"explain", LZI_DO_EXPLAIN, explain_help, {"PACKAGE_DIR", "NAME"}, "u"},
    {"revert", LZI_DO_REVERT, revert_help, {"PACKAGE_DIR"}, ""},
    {"stats", LZI_DO_STATS, stats_help, {"FILE or PACKAGE_DIR"}, ""},
    {"status", LZI_DO_STATUS, status_help, {"PACKAGE_DIR"}, ""},
    {"verify", LZI_DO_VERIFY, verify_help, {"FILE or PACKAGE_DIR"}, "pT"},
    {"wheel", LZI_DO_WHEEL, wheel_help, {"IN.whl"}, "or"},
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
        out->help = command == NULL ? tool_help : command->help;
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
