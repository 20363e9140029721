"""Import a package with shards that make no sense; use all of it.

Run as `run_package.py EXTENSION LIBRARY [ROUNDS [FIRST]]`: EXTENSION is the
runtime, LIBRARY what units.c became, ROUNDS how many shards are damaged at
random (if not given, a 40th of LAZYINDEX_ROUNDS, or 500). Every case is a
process. It must not die, hang, open or import anything outside the package, or
give an answer that is wrong: see answers.py.
"""

import functools
import gc
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from pathlib import Path

from answers import Answers, Judge

sys.path.append(str(Path(__file__).resolve().parents[1] / "python"))
from tally import Tally

try:
    from shard_writer import write_shard
    from wild_package import make_package
    from wild_records import NAMES, at_random, good_records, made_by_hand
except ImportError as error:
    print(f"skipped: {error}; to run: pip install lmdb xxhash")
    sys.exit(1 if os.environ.get("LAZYINDEX_REQUIRE") else 77)

PATIENCE = 120  # seconds
FINE, WRONG = 0, 3
TOLD = os.fdopen(os.dup(2), "w")  # what children tell, whatever else they do
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


def names_of(records):
    """What to ask a package for."""
    names = [text(key[1:]) for key in records if key[:1].isupper()]
    if len(names) > 200:
        names = names[:50] + names[-50:]
    names += ["swig", "ITKCommon", "ITKIOImageBase", "Image", "Thing"]
    return list(dict.fromkeys(names))


def names_to_compare():
    """What damaged records can make one ask for."""
    names = names_of(good_records())
    units = [text(key[1:]) for key in good_records() if key[:1] == b"u"]
    return list(dict.fromkeys([*names, *units, *map(text, NAMES)]))


def text(name):
    return name.decode("utf-8", "surrogateescape")


def tell(what, problem):
    print(ascii(what), ascii(problem), file=TOLD, flush=True)


def ask_package(site, names, between=lambda: None):
    """In the child: the answers of the package, with what is wrong by itself
    in their `bugs`; where its own __init__ ran instead, none. @param between
    called after the import"""
    sys.path.insert(0, str(site))
    warnings.simplefilter("always")
    told = []
    warnings.showwarning = lambda message, *_: told.append(str(message))
    answers = Answers()
    itk = answers.import_module("itk")
    between()
    if itk is None:
        answers.bugs.append("the package cannot be imported")
    elif not hasattr(itk, "stock"):
        in_small_thread(answers.use, itk, names)
    elif len(told) != 1 or not told[0].startswith("itk is not lazy: "):
        answers.bugs.append(f"its own __init__ ran, and it told {told}")
    gc.collect()
    return answers


def keep_answers(site, path):
    """In the child: those of the undamaged package, which has all names that
    its records have."""
    answers = ask_package(site, names_to_compare())
    for name in set(names_of(good_records())) - {"swig"}:
        facts = answers["itk", name].facts
        if not any(name in word for fact in facts for word in fact):
            answers.bugs.append(f"itk.{name} is {facts}")
    path.write_bytes(pickle.dumps(dict(answers)))
    return verdict(answers, answers, good_records())


def verdict(answers, good_answers, records):
    judge = Judge(good_answers, good_records(), records)
    problems = [*answers.bugs, *judge.problems(answers)]
    if problems:
        tell(len(problems), problems[0])
    return WRONG if problems else FINE


def use(site, records, good_answers):
    """In the child: what the parent is to hear."""
    watch = Watch(site / "outside")
    sys.addaudithook(watch)
    answers = ask_package(site, names_of(records))
    answers.bugs += watch.seen
    return verdict(answers, good_answers, records)


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
        except BaseException:
            traceback.print_exc(file=TOLD)
            TOLD.flush()
        finally:
            os._exit(code)
    status = wait(child)
    if status is None:
        return "hangs"
    if status < 0:
        return "signals"
    return None if status == FINE else "wrong"


@functools.cache
def good_answers(site):
    """The answers to compare with."""
    path = site / "answers"
    write_shard(str(site / SHARD), good_records())
    result = run_child(keep_answers, site, path)
    if result:
        raise SystemExit(f"the undamaged package: {result}")
    return pickle.loads(path.read_bytes())


def run_records(site, name, records):
    answers = good_answers(site)
    write_shard(str(site / SHARD), records)
    return run_child(use, site, records, answers)


def replace_while_used(site, way, good_answers):
    """In the child: import, replace the shard, use what is not loaded yet."""
    answers = ask_package(site, names_to_compare(), lambda: way(site / SHARD))
    return verdict(answers, good_answers, good_records())


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
    answers = good_answers(site)
    write_shard(str(site / SHARD), good_records())
    result = run_child(replace_while_used, site, way, answers)
    shutil.rmtree(own, ignore_errors=True)
    shutil.rmtree(own.with_name("away"), ignore_errors=True)
    kept.rename(own)
    return result


def campaign(promise, site, run, cases):
    """Run all; print the line of counts. Whether all is well."""
    tally = Tally(promise)
    for name, what in cases:
        tally.cases += 1
        result = run(site, name, what)
        if result:
            setattr(tally, result, getattr(tally, result) + 1)
            print(f"{name}: {result}", file=sys.stderr, flush=True)
    tally.report()
    return tally.cases > 0 and not (
        tally.signals or tally.wrong or tally.hangs
    )


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
