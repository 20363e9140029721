"""Import a package with shards that make no sense; use all of it.

Run as `run_package.py EXTENSION LIBRARY [ROUNDS [FIRST]]`: EXTENSION is the
runtime, LIBRARY what units.c became, ROUNDS how many shards are damaged at
random (if not given, a 40th of LAZYINDEX_ROUNDS, or 500). Every case is a process. It may raise any exception; it must not die,
hang, or open or import anything outside the package.
"""

import gc
import importlib
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

try:
    from shard_writer import write_shard
    from wild_package import make_package
    from wild_records import at_random, good_records, made_by_hand
except ImportError as error:
    print(f"skipped: {error}; to run: pip install lmdb xxhash")
    sys.exit(1 if os.environ.get("LAZYINDEX_REQUIRE") else 77)

PATIENCE = 120  # seconds
FINE, WRONG = 0, 3
SHARD = "itk/_lazyindex/itk-core.lzi"


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


def look_into(view):
    """At what loads when one looks into it. How many items it has."""
    for key in ("itk::Image<float,2>", "itk::Thing", "a\0b", "<", "", 1, int):
        attempt(lambda v, k: k in v and v[k], view, key)
    attempt(repr, view)
    attempt(list, view)
    return attempt(len, view) or 0


def look_into_registries():
    classes = attempt(importlib.import_module, "itk.support.template_class")
    for name in (
        "__template_instantiations_name_to_object__",
        "__template_instantiations_object_to_name__",
        "__named_template_registry__",
    ):
        look_into(attempt(lambda n: getattr(classes.itkTemplateBase, n), name))


def load_all(itk, names):
    """Use a package in every way. How many of its names there were."""
    found = 0
    for name in dict.fromkeys(names):
        value = attempt(getattr, itk, name)
        table = attempt(getattr, value, "__template__")
        size = look_into(table) if table is not None else 1
        found += value is not None and size > 0
    look_into_registries()
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
    look_into(attempt(lambda: itk.swig))
    return found


def in_small_thread(function, *arguments):
    """Call it where depth is dear."""
    results = []
    threading.stack_size(256 * 1024)
    thread = threading.Thread(
        target=lambda: results.append(function(*arguments))
    )
    thread.start()
    thread.join()
    return results[0]


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
    found = 0 if itk is None else in_small_thread(load_all, itk, names)
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


def run_child(function, *arguments):
    """Call it in a child. What went wrong: None, "signals", "wrong" or
    "hangs"."""
    child = os.fork()
    if child == 0:
        code = WRONG
        try:
            # Warnings, and what a unit lacks, are of no interest.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            code = function(*arguments)
        finally:
            os._exit(code)
    status = wait(child)
    if status is None:
        return "hangs"
    if status < 0:
        return "signals"
    return None if status == FINE else "wrong"


def run_records(site, name, records):
    write_shard(str(site / SHARD), records)
    return run_child(use, site, records, name == "nothing wrong")


def replace_while_used(site, way):
    """In the child: import, replace the shard, use what is not loaded yet."""
    sys.path.insert(0, str(site))
    import itk

    way(site / SHARD)
    names = [key[1:].decode() for key in good_records() if key[:1] in b"nme"]
    return FINE if load_all(itk, names) == len(names) else WRONG


def rename_over(path, data):
    other = path.with_name("other")
    other.write_bytes(data)
    other.rename(path)


def another_shard(path):
    write_shard(f"{path}.other", {b"@": b"", b"%": b"\xff" * 8})
    os.rename(f"{path}.other", path)


WAYS = {
    "removed": Path.unlink,
    "replaced by another": another_shard,
    "replaced by itself": lambda path: rename_over(path, path.read_bytes()),
    "replaced by nothing": lambda path: rename_over(path, b""),
    "replaced by garbage": lambda path: rename_over(path, b"x" * 50000),
    "renamed": lambda path: path.rename(path.with_name("gone")),
    "its directory renamed": lambda path: path.parent.rename(
        path.parent.with_name("away")
    ),
}


def fall_back(site):
    """In the child: import with an index that cannot be used."""
    sys.path.insert(0, str(site))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        import itk
    told = [str(warning.message) for warning in told]
    good = len(told) == 1 and told[0].startswith("itk is not lazy: ")
    return FINE if good and itk.stock else WRONG


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    rename_over(path, data)


def put(make):
    """Something else in the place of a shard."""

    def place(path):
        path.unlink()
        make(path)

    return place


NO_SHARDS = {
    "nothing": Path.unlink,
    "an empty file": lambda path: path.write_bytes(b""),
    "another byte": flip,
    "half of it": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a trailer": lambda path: path.write_bytes(path.read_bytes()[-64:]),
    "a directory": put(Path.mkdir),
    "a FIFO": put(os.mkfifo),
    "a link to itself": put(lambda path: path.symlink_to(path)),
    "/dev/zero": put(lambda path: path.symlink_to("/dev/zero")),
    "/dev/null": put(lambda path: path.symlink_to("/dev/null")),
    "a shard of nothing": another_shard,
}


def run_no_shard(site, name, damage):
    path = site / SHARD
    write_shard(str(path), good_records())
    damage(path)
    result = run_child(fall_back, site)
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    return result


def run_replacement(site, name, way):
    own = (site / SHARD).parent
    kept = own.with_name("kept")
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(own, kept)
    write_shard(str(site / SHARD), good_records())
    result = run_child(replace_while_used, site, way)
    shutil.rmtree(own, ignore_errors=True)
    shutil.rmtree(own.with_name("away"), ignore_errors=True)
    kept.rename(own)
    return result


def campaign(promise, site, run, cases):
    """Run all; print the line of counts. Whether all is well."""
    counts = {"signals": 0, "wrong": 0, "hangs": 0}
    total = 0
    for name, what in cases:
        total += 1
        result = run(site, name, what)
        if result:
            counts[result] += 1
            print(f"{name}: {result}", file=sys.stderr, flush=True)
    print(
        f"reliability: {promise} | {total} | {counts['signals']} | "
        f"{counts['wrong']} | {counts['hangs']}",
        flush=True,
    )
    return total > 0 and not any(counts.values())


def main(extension, library, rounds=None, first="0"):
    if rounds is None:
        rounds = int(os.environ.get("LAZYINDEX_ROUNDS", "20000")) // 40
    with tempfile.TemporaryDirectory(prefix="lazyindex-") as folder:
        site = Path(folder)
        make_package(site, extension, library)
        seeds = range(int(first), int(first) + int(rounds))
        good = campaign(
            "package: its own __init__ where there is no shard",
            site,
            run_no_shard,
            NO_SHARDS.items(),
        )
        good &= campaign(
            "package: shard replaced or removed while in use",
            site,
            run_replacement,
            WAYS.items(),
        )
        good &= campaign(
            "package: records made by hand", site, run_records, made_by_hand()
        )
        good &= campaign(
            "package: records damaged at random",
            site,
            run_records,
            map(at_random, seeds),
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
