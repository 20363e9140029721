"""python -m lazyindex COMMAND [ARGS]: the tool `lazyindex`, which here also
takes the name of a package of the running interpreter for its directory.

python -m lazyindex --cmake-dir: where find_package(LazyIndex) finds it."""

import contextlib
import glob
import importlib.util
import os
import py_compile
import shutil
import subprocess
import sys
import sysconfig

# Commands whose first operand is a package; the others take files.
PACKAGE_COMMANDS = {
    "apply",
    "build",
    "explain",
    "revert",
    "stats",
    "status",
    "verify",
}
OPTIONS_WITH_VALUE = {
    "-o",
    "--depfile",
    "--modules",
    "--output",
    "--python",
    "--runtime",
    "--stamp",
}


def find_tool():
    """The tool installed together with this Python package, else any."""
    name = "lazyindex" + (sysconfig.get_config_var("EXE") or "")
    # <prefix>/lib/pythonX.Y/site-packages/lazyindex, whose prefix may be a
    # virtual environment or that of `cmake --install`; or `pip --target`.
    directories = []
    parent = os.path.dirname(os.path.abspath(__file__))
    for _ in range(4):
        parent = os.path.dirname(parent)
        directories.append(os.path.join(parent, "bin"))
    directories.append(sysconfig.get_path("scripts"))
    directories.append(
        sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))
    )
    for directory in directories:
        tool = os.path.join(directory, name)
        if os.path.isfile(tool) and os.access(tool, os.X_OK):
            return tool
    return shutil.which(name)


def find_cmake_dir():
    """Directory of LazyIndexConfig.cmake; None: it is not installed."""
    here = os.path.dirname(os.path.abspath(__file__))
    directories = [os.path.join(here, "cmake")]
    # With `cmake --install`: <prefix>/lib*[/<architecture>]/cmake/LazyIndex.
    parent = os.path.dirname(here)
    for _ in range(3):
        parent = os.path.dirname(parent)
        for pattern in ("lib*/cmake/LazyIndex", "lib/*/cmake/LazyIndex"):
            directories += sorted(
                glob.glob(os.path.join(glob.escape(parent), pattern))
            )
    for directory in directories:
        if os.path.isfile(os.path.join(directory, "LazyIndexConfig.cmake")):
            return directory
    return None


def find_package(name):
    """Directory of a package, found without importing it; None: no such."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return os.path.abspath(next(iter(spec.submodule_search_locations)))


def first_operand(arguments):
    """Index of the first operand behind the command; None: there is none."""
    i = 1
    while i < len(arguments):
        if arguments[i] == "--":
            i += 1
            break
        # Long options may be cut short.
        if any(name.startswith(arguments[i]) for name in OPTIONS_WITH_VALUE):
            i += 1
        elif not arguments[i].startswith("-"):
            break
        i += 1
    return i if i < len(arguments) else None


def byte_compile(package):
    """For this interpreter; where that is not permitted, imports do without."""
    for path in (
        "__init__.py",
        os.path.join("_lazyindex", "_lazyindex_stock.py"),
    ):
        with contextlib.suppress(OSError):
            py_compile.compile(os.path.join(package, path), quiet=2)


def main(arguments):
    if arguments == ["--cmake-dir"]:
        directory = find_cmake_dir()
        if directory is None:
            print(
                "lazyindex: error: the CMake package LazyIndex is not "
                "installed beside this Python package: reinstall lazyindex",
                file=sys.stderr,
            )
            return 1
        print(directory)
        return 0
    tool = find_tool()
    if tool is None:
        print(
            "lazyindex: error: the tool 'lazyindex' is not installed beside "
            "this Python package nor on PATH: reinstall lazyindex",
            file=sys.stderr,
        )
        return 1
    arguments = list(arguments)
    command = arguments[0] if arguments else None
    at = first_operand(arguments)
    if command in PACKAGE_COMMANDS and at is not None:
        name = arguments[at]
        if name.isidentifier():
            package = find_package(name)
            if package is not None:
                arguments[at] = package
            elif not os.path.exists(name):
                print(
                    f"lazyindex: error: no package '{name}' is installed for "
                    f"{sys.executable}: run this with the interpreter that "
                    "has it, or give its directory",
                    file=sys.stderr,
                )
                return 1
    if command == "verify" and any(
        len(word) > 2 and "--types".startswith(word) for word in arguments
    ):
        arguments.insert(1, f"--python={sys.executable}")
    code = subprocess.call([tool, *arguments])
    if code == 0 and command == "apply" and at is not None:
        byte_compile(arguments[at])
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
