"""Static analysis of plugin/ and runtime/: analyze.py clang|cppcheck BUILD

BUILD is a build directory with compile_commands.json. Any finding is a
failure. What cppcheck gets wrong is in tests/cppcheck.txt, with the reason.
A file in plugin/ or runtime/ that nothing compiles is a failure, too: nobody
looks at it.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "python"))
from sources import FOLDERS, ROOT, all_sources
from tally import report

# Compiled where the platform needs them.
OPTIONAL = {"lmdb_stderr.c", "malloc_wrap.c"}
FEWEST = 60  # fewer files: this script looks in the wrong place


def sources(build):
    """File -> its options for the preprocessor and the language."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = Path(entry["file"]).resolve()
        if any(map(file.is_relative_to, FOLDERS)):
            words = shlex.split(entry["command"])
            options = []
            for word, following in zip(words, [*words[1:], ""], strict=True):
                if word in ("-isystem", "-I", "-D"):
                    options += [word, following]
                elif word.startswith(("-I", "-D", "-std=")):
                    options.append(word)
            found.setdefault(file, options)
    return dict(sorted(found.items()))


def unseen(files):
    """What is wrong with the list of files to look at; empty: nothing."""
    told = [
        f"{path.relative_to(ROOT)}: error: no target compiles it\n"
        for path in all_sources("*.c")
        if path not in files and path.name not in OPTIONAL
    ]
    if len(files) < FEWEST:
        told.append(f"only {len(files)} files of plugin/ and runtime/ found\n")
    return told


def clang(file, options):
    """Its analyzer, and its warnings, which that switches off."""
    analyze = [
        *("clang", "--analyze", "--analyzer-output", "text"),
        *("-Xclang", "-analyzer-werror", "-o", os.devnull),
    ]
    warn = [
        *("clang", "-fsyntax-only", "-Wall", "-Wextra", "-Wshadow"),
        *("-Wconversion", "-Wstrict-prototypes", "-Wmissing-prototypes"),
        "-Werror",
    ]
    return [[*analyze, *options, file], [*warn, *options, file]]


def cppcheck(file, options):
    include = [word for word in options if word.startswith("-I")]
    command = [
        *("cppcheck", "--quiet", "--std=c11", "--platform=unix64"),
        *("--enable=warning,performance,portability", "--error-exitcode=1"),
        *("--template=gcc", "--inline-suppr"),
        f"--suppressions-list={ROOT / 'tests/cppcheck.txt'}",
        *("-D_GNU_SOURCE", "-D__x86_64__", "-D__linux__"),
        *("-DSIZE_MAX=0xFFFFFFFFFFFFFFFF", "-DUINT64_MAX=SIZE_MAX"),
        *("-D__ORDER_LITTLE_ENDIAN__=1", "-D__BYTE_ORDER__=1"),
        *include,
        file.relative_to(ROOT),
    ]
    return [command]


def main(name, build):
    tool = {"clang": clang, "cppcheck": cppcheck}[name]
    if shutil.which(name) is None:
        print(f"{name} is not installed")
        return 77  # skipped
    files = sources(Path(build))

    def run(item):
        """What is told of a file; empty: nothing."""
        told = ""
        for command in tool(*item):
            done = subprocess.run(
                command,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                told += done.stdout or f"exit code {done.returncode}\n"
        return told

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = list(pool.map(run, files.items())) + unseen(files)
    print(*runs, sep="", end="")
    failed = sum(told != "" for told in runs)
    print(f"{len(runs) - failed} passed, {failed} failed")
    report(f"{name} finds nothing in a file", len(runs), wrong=failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
