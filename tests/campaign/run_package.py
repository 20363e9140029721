"""Import a package with shards that make no sense; use all of it.

Run as `run_package.py EXTENSION LIBRARY [ROUNDS [FIRST]]`: EXTENSION is the
runtime, LIBRARY what units.c became, ROUNDS how many shards are damaged at
random. Every case is a process. It may raise any exception; it must not die,
hang, or open or import anything outside the package.
"""

import gc
import importlib
import os
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path

try:
    from shard_writer import write_shard
    from wild_package import make_package
    from wild_records import at_random, made_by_hand
except ImportError as error:
    print(f"skipped: {error}; to run: pip install lmdb xxhash")
    sys.exit(1 if os.environ.get("LAZYINDEX_REQUIRE") else 77)

PATIENCE = 30  # seconds
FINE, WRONG = 0, 3


class Watch:
    """Notes what is opened or imported outside of the package."""

    def __init__(self, outside):
        self.outside = os.path.realpath(outside) + os.sep
        self.seen = []

    def __call__(self, event, arguments):
        if event not in ("open", "import", "exec", "os.listdir"):
            return
        for argument in arguments:
            if isinstance(argument, (str, bytes)):
                try:
                    path = os.path.realpath(os.fsdecode(argument))
                except ValueError:
                    continue
                if path.startswith(self.outside):
                    self.seen.append((event, path))


def attempt(function, *arguments):
    """What it returns; None if it raises."""
    try:
        return function(*arguments)
    except Exception:
        return None


def load_all(itk, names):
    """Use a package in every way. How many of its names there were."""
    found = sum(
        attempt(getattr, itk, name) is not None
        for name in dict.fromkeys(names)
    )
    attempt(dir, itk)
    attempt(exec, "from itk import *", {})
    for name in names:
        part = attempt(importlib.import_module, f"itk.{name}")
        attempt(dir, part)
        for other in ("Image", "Thing", "image_filter", "__all__"):
            attempt(getattr, part, other)
        for full in (f"itk._{name}Python", f"itk.{name}Python"):
            part = attempt(importlib.import_module, full)
            attempt(getattr, part, "Image")
    base = attempt(importlib.import_module, "itk.support.base")
    for name in names:
        for function in (
            "itk_load_swig_module",
            "load_module_needed_factories",
        ):
            attempt(lambda f, n: getattr(base, f)(n), function, name)
    image = attempt(getattr, itk, "Image")
    attempt(lambda: image._LoadModules())
    attempt(lambda: itk.swig)
    return found


def use(site, records, all_good):
    """In the child: what the parent is to hear."""
    watch = Watch(site / "outside")
    sys.path.insert(0, str(site))
    sys.addaudithook(watch)
    warnings.simplefilter("ignore")
    names = [
        key[1:].decode("utf-8", "surrogateescape")
        for key in records
        if key[:1] in b"nme"
    ]
    if len(names) > 200:
        names = names[:50] + names[-50:]
    names += ["swig", "ITKCommon", "ITKIOImageBase", "Image", "Thing"]
    itk = attempt(importlib.import_module, "itk")
    found = 0 if itk is None else load_all(itk, names)
    gc.collect()
    if watch.seen:
        print(watch.seen[0], file=sys.stderr, flush=True)
    good = not watch.seen and itk is not None
    if all_good:
        good = good and found == len(set(names))
    return FINE if good else WRONG


def wait(child):
    """Its status; None if it had to be killed."""
    end = time.monotonic() + PATIENCE
    pause = 0.0005
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(2 * pause, 0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def run_case(site, name, records):
    """@return what went wrong: None, "signals", "wrong" or "hangs"."""
    write_shard(str(site / "itk/_lazyindex/itk-core.lzi"), records)
    child = os.fork()
    if child == 0:
        code = WRONG
        try:
            # SWIG's own warnings, and what a unit lacks, are of no interest.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            code = use(site, records, name == "nothing wrong")
        finally:
            os._exit(code)
    status = wait(child)
    if status is None:
        return "hangs"
    if status < 0:
        return "signals"
    return None if status == FINE else "wrong"


def campaign(promise, site, cases):
    """Run all; print the line of counts. Whether all is well."""
    counts = {"signals": 0, "wrong": 0, "hangs": 0}
    total = 0
    for name, records in cases:
        total += 1
        result = run_case(site, name, records)
        if result:
            counts[result] += 1
            print(f"{name}: {result}", file=sys.stderr, flush=True)
    print(
        f"reliability: {promise} | {total} | {counts['signals']} | "
        f"{counts['wrong']} | {counts['hangs']}",
        flush=True,
    )
    return total > 0 and not any(counts.values())


def main(extension, library, rounds="500", first="0"):
    with tempfile.TemporaryDirectory(prefix="lazyindex-") as folder:
        site = Path(folder)
        make_package(site, extension, library)
        seeds = range(int(first), int(first) + int(rounds))
        good = campaign("package: records made by hand", site, made_by_hand())
        good &= campaign(
            "package: records damaged at random",
            site,
            map(at_random, seeds),
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
