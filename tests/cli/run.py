"""Golden tests of the tool: `python3 run.py [--update] TOOL [NAME...]`.

Each NAME.sh runs in an empty directory, with `lazyindex` being the tool,
`make_package SITE` making the miniature of make_package.py, `make_wheels DIR`
the same as wheels, `make_build_tree SITE` the same without libraries and with
a list of its modules (modules.txt), and `damage FILE OFFSET` inverting a byte.
The first command that fails ends it, as `sh -eu` does; one that is to fail is
written `fails EXIT_CODE COMMAND...`, or is the last. In a pipe, only its end
counts: the tool belongs in none. Its output and exit code must be those in
NAME.stdout, NAME.stderr and NAME.exit; --update writes them. A missing
stdout or stderr file stands for an empty one, a missing exit file for 0.
"""

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

PRELUDE = """
lazyindex() { "$LAZYINDEX_TOOL" "$@"; }
make_package() { "$LAZYINDEX_PYTHON" "$LAZYINDEX_CLI/make_package.py" "$@"; }
make_wheels() { "$LAZYINDEX_PYTHON" "$LAZYINDEX_CLI/make_wheels.py" "$@"; }
fails() {
    expected=$1
    shift
    got=0
    "$@" || got=$?
    if [ "$got" -ne "$expected" ]; then
        echo "exit code $got, not $expected: $*" >&2
        exit 99
    fi
}
damage() { "$LAZYINDEX_PYTHON" "$LAZYINDEX_CLI/damage.py" "$@"; }
make_build_tree() {
    make_package "$1"
    rm "$1"/itk/*.so
    cat > modules.txt <<END
# written by hand
init core
module ITKPyBase core _ITKPyBasePython.so no-functions
module ITKCommon core _ITKCommonPython.so
module ITKIOPNG png _ITKIOPNGPython.so
module Extra extra _ExtraPython.so
END
}
"""


def run_script(script, tool):
    """What the script printed, by the suffix of the golden file."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "LAZYINDEX_TOOL": str(tool),
        "LAZYINDEX_PYTHON": sys.executable,
        "LAZYINDEX_CLI": str(HERE),
    }
    for name, value in os.environ.items():
        if name.endswith("SAN_OPTIONS"):
            environment[name] = value
    with tempfile.TemporaryDirectory() as directory:
        environment["TMPDIR"] = directory
        done = subprocess.run(
            ["sh", "-eu", "-c", PRELUDE + script.read_text()],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
        )
    return {
        ".stdout": done.stdout,
        ".stderr": done.stderr,
        ".exit": b"" if done.returncode == 0 else b"%d\n" % done.returncode,
    }


def golden(script, suffix):
    path = script.with_suffix(suffix)
    return path.read_bytes() if path.exists() else b""


def update(script, results):
    for suffix, data in results.items():
        if data:
            script.with_suffix(suffix).write_bytes(data)
        else:
            script.with_suffix(suffix).unlink(missing_ok=True)


def compare(script, results):
    """Print what differs; whether nothing does."""
    same = True
    for suffix, data in results.items():
        expected = golden(script, suffix)
        if expected != data:
            same = False
            lines = [
                text.decode(errors="backslashreplace").splitlines(
                    keepends=True
                )
                for text in (expected, data)
            ]
            name = script.stem + suffix
            sys.stdout.writelines(
                difflib.unified_diff(*lines, name, name + " (now)")
            )
    return same


def main():
    parser = argparse.ArgumentParser(description="Golden tests of the tool.")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("tool", type=Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    scripts = sorted(HERE.glob("*.sh"))
    if options.names:
        scripts = [HERE / f"{name}.sh" for name in options.names]
    failed = 0
    for script in scripts:
        results = run_script(script, options.tool.resolve())
        if options.update:
            update(script, results)
        elif not compare(script, results):
            print(f"FAILED {script.stem}")
            failed += 1
    print(f"{len(scripts) - failed} passed, {failed} failed")
    return 1 if failed or not scripts else 0


if __name__ == "__main__":
    sys.exit(main())
