"""The extension under AddressSanitizer: `sanitized.py TOOL LIBASAN`.

TOOL has an extension built with it. Each program runs to the end of its
interpreter; what is then lost and was allocated by way of the extension is a
leak of ours. (CPython itself loses some.)
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fake_package import make_package
from sources import all_sources
from tally import Tally
from test_process import USE

PROGRAMS = {
    "import": "import itk",
    "use": USE,
    "reload": f"{USE}\nimport importlib\nfor _ in range(50):\n"
    "    importlib.reload(itk)\n    dir(itk), itk.imread",
    "import again": "import importlib, sys\nfor _ in range(50):\n"
    "    for name in [m for m in sys.modules if m.split('.')[0] == 'itk']:\n"
    "        del sys.modules[name]\n"
    "    importlib.import_module('itk').imread",
    "exit in a thread": f"import threading\n"
    f"thread = threading.Thread(target=exec, args=({USE!r},))\n"
    "thread.start()",
    "error": "import itk\nitk.Image",
    "interpreters": "import _xxsubinterpreters as i\n"
    f"for _ in range(5):\n    made = i.create(isolated=False)\n"
    f"    i.run_string(made, {USE!r})\n    i.destroy(made)",
}
FILES = [re.escape(path.name) for path in all_sources("*.c")]
OURS = re.compile(rf"/(?:{'|'.join(FILES)}):\d+|_lazyindex\.abi3\.so")
DAMAGE = ("bit", "truncated", "missing")


def damage(own, kind):
    shard = own / "itk-io.lzi"
    data = bytearray(shard.read_bytes())
    if kind == "missing":
        shard.unlink()
        return
    data[len(data) // 3] ^= 1
    shard.write_bytes(data if kind == "bit" else data[: len(data) // 2])


def problems(text):
    """Errors, and leaks with a frame of the extension's."""
    reports = re.split(r"\n\n(?=Direct|Indirect|=+)", text)
    return [
        report
        for report in reports
        if "ERROR: AddressSanitizer" in report
        or "runtime error:" in report
        or ("leak of" in report and OURS.search(report))
    ]


def main(tool, library):
    if sys.version_info[:2] > (3, 12):
        del PROGRAMS["interpreters"]  # the module has another name
    folder = Path(tempfile.mkdtemp(prefix="lazyindex-"))
    tally = Tally("the extension under AddressSanitizer, to the exit: leaks")
    failed = 0
    cases = [(name, None) for name in PROGRAMS]
    cases += [("import", kind) for kind in DAMAGE]
    for name, kind in cases:
        site = folder / "site"
        shutil.rmtree(site, ignore_errors=True)
        make_package(site)
        subprocess.run([tool, "apply", site / "itk"], check=True)
        if kind:
            damage(site / "itk" / "_lazyindex", kind)
        done = subprocess.run(
            [sys.executable, "-B", "-c", PROGRAMS[name]],
            env={
                "PYTHONPATH": str(site),
                "LD_PRELOAD": library,
                "PYTHONMALLOC": "malloc",
                # CPython's functions have no frame pointers: without a slow
                # walk, a stack ends in the first that made an object for us.
                "ASAN_OPTIONS": "detect_leaks=1:exitcode=0:"
                "fast_unwind_on_malloc=0:malloc_context_size=12",
                "LSAN_OPTIONS": "max_leaks=0:print_suppressions=0",
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        tally.cases += 1
        tally.signals += done.returncode < 0
        found = problems(done.stderr)
        wrong = bool(found) or done.returncode != (name == "error")
        tally.wrong += wrong
        failed += wrong or done.returncode < 0
        if wrong:
            print(f"{name}, {kind}: exit code {done.returncode}")
            print("\n".join(found) or done.stderr[-2000:])
    shutil.rmtree(folder)
    tally.report()
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if not os.path.exists(sys.argv[2]):
        print("no AddressSanitizer")
        sys.exit(77)
    sys.exit(main(*sys.argv[1:]))
