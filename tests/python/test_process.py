"""Every way a process can live with the extension: long, with many
interpreters, with little memory, few files, no place to write. On a package
whose helpers are pure Python; tests/wheels does the same with ITK."""

import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from fake_package import TOOL, make_package
from tally import Tally

# All that the package can do without its libraries, which are empty files.
USE = """
import itk
assert itk.imread("name") == "name"
assert itk.F is itk.support.types.F
assert itk.__version__ == "1.0"
assert "Image" in dir(itk) and "imwrite" in dir(itk)
assert not hasattr(itk, "Nothing")
try:
    itk.Image
except (ImportError, OSError) as error:
    assert "ITKCommon" in error.__notes__[0]
else:
    raise AssertionError("an empty library was loaded")
from itk import imwrite
"""


class ProcessTest(unittest.TestCase):
    """One applied package for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="lazyindex-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.site = cls.make_site("site päckages")
        cls.package = cls.site / "itk"

    @classmethod
    def make_site(cls, name):
        site = cls.folder / name
        make_package(site)
        subprocess.run([TOOL, "apply", site / "itk"], check=True)
        return site

    def python(self, program, python=sys.executable, path=None, **more):
        """Run a program; its environment has the path and no more."""
        return subprocess.run(
            [python, "-B", "-c", program],
            **{
                "env": {"PYTHONPATH": str(path or self.site)},
                "cwd": self.folder,
                "capture_output": True,
                "text": True,
                "timeout": 300,
                "check": False,
            }
            | more,
        )

    def assertWorks(self, tally, program=USE, **more):
        done = tally.ended(self.python(program, **more))
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        return done.stdout.strip()

    def pythons(self):
        """This one, and those of other versions that a machine has."""
        yield sys.executable
        for minor in range(12, 16):
            bed = os.environ.get(f"LAZYINDEX_BED_60_3{minor}")
            if bed:
                yield Path(bed) / "bin" / "python"


class MemoryTest(ProcessTest):
    # Prints by how much the blocks of memory, and in a debug build of Python
    # the references, grow while each of these is done often.
    GROWTH = """
import gc, importlib, sys
import itk
def hits(n):
    for _ in range(n):
        itk.imread, itk.F
        delattr(itk, "imread")
def misses(n):
    for i in range(n):
        hasattr(itk, "nothing")
        hasattr(itk, f"nothing{i % 10}")
def failures(n):
    for _ in range(n // 50):
        try:
            itk.Image
        except (ImportError, OSError):
            pass
def reloads(n):
    for _ in range(n // 20):
        importlib.reload(itk)
def opens(n):
    for _ in range(n // 50):
        for name in [m for m in sys.modules if m.split(".")[0] == "itk"]:
            del sys.modules[name]
        importlib.import_module("itk").imread
def listings(n):
    for _ in range(n // 50):
        dir(itk)
total = getattr(sys, "gettotalrefcount", lambda: 0)
for action in hits, misses, failures, reloads, opens, listings:
    itk = importlib.import_module("itk")
    n = 100000 if action in (hits, misses) else 50000
    action(n // 10)
    blocks, references = [], []
    for _ in range(3):
        gc.collect()
        before = sys.getallocatedblocks(), total()
        action(n // 2)
        gc.collect()
        blocks.append(sys.getallocatedblocks() - before[0])
        references.append(total() - before[1])
    # What is lost is lost in each round; caches grow now and then.
    print(action.__name__, min(blocks), min(references))
"""

    def growth(self, what, python):
        tally = Tally(f"memory stays flat over 100,000 accesses, {what}")
        told = tally.ended(self.python(self.GROWTH, python=python))
        self.assertEqual("", told.stderr)
        for line in told.stdout.splitlines():
            action, blocks, references = line.split()
            with self.subTest(action), tally.case():
                # Of each import of the extension a hook stays: what
                # os.register_at_fork() takes it does not give back.
                most = 1500 if action == "opens" else 250
                self.assertLess(int(blocks), most, action)
                self.assertLess(int(references), most, action)
        self.assertEqual(6, tally.cases)
        tally.report()

    def test_blocks(self):
        self.growth("blocks", sys.executable)

    def test_references(self):
        python = os.environ.get("LAZYINDEX_PYTHON_DEBUG")
        if not python:
            self.skipTest("no debug build of Python")
        runtime = os.environ["LAZYINDEX_DEBUG_EXTENSION"]
        command = [TOOL, "apply", "--runtime", runtime, self.package]
        subprocess.run(command, check=True)
        self.growth("references (debug build of Python)", python)


class WarningTest(ProcessTest):
    """What is told where warnings are errors: the same, once, and the
    package is there."""

    PROGRAM = """
import {more}
import itk
assert itk.imread("name") == "name" and itk.__version__ == "1.0"
assert itk.F is itk.support.types.F
import itk
"""
    WAYS = (
        ("sys", [], {}),
        ("sys", ["-W", "error"], {}),
        ("sys", [], {"PYTHONWARNINGS": "error"}),
        ("sys", ["-W", "error::RuntimeWarning"], {}),
        ("warnings; warnings.simplefilter('error')", [], {}),
    )

    def run_ways(self, tally, word, **environment):
        ways = itertools.product(self.WAYS, self.pythons())
        for (more, options, variables), python in ways:
            way = more, options, variables, python
            with self.subTest(way), tally.case():
                told = self.told(
                    python, more, options, variables | environment
                )
                self.assertEqual(1, told.count(word), told)
                self.assertNotIn("Traceback", told)

    def told(self, python, more, options, variables):
        done = subprocess.run(
            [python, "-B", *options, "-c", self.PROGRAM.format(more=more)],
            env={"PYTHONPATH": str(self.site)} | variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.assertEqual((0, ""), (done.returncode, done.stdout), done.stderr)
        return done.stderr

    def test_damaged_shard(self):
        tally = Tally("a damaged shard where warnings are errors")
        shard = self.package / "_lazyindex/itk-io.lzi"
        data = shard.read_bytes()
        self.addCleanup(shard.write_bytes, data)
        shard.write_bytes(data[:-1])
        self.run_ways(tally, "itk is not lazy: ")
        ignored = ["-W", "ignore"]
        with tally.case():
            told = self.told(sys.executable, "sys", ignored, {})
            self.assertEqual("", told)
        with tally.case():  # nobody to tell it, and stdout is not for it
            more = "sys; sys.stderr = None"
            told = self.told(sys.executable, more, ["-W", "error"], {})
            self.assertEqual("", told)
        tally.report()

    def test_word_that_means_nothing(self):
        tally = Tally("LAZYINDEX=nonsense where warnings are errors")
        self.run_ways(
            tally, "LAZYINDEX=nonsense is ignored", LAZYINDEX="nonsense"
        )
        tally.report()


class CollectorTest(ProcessTest):
    """The garbage collector is paused during a load; whatever the user does
    with it meanwhile, in another thread or a callback, stays."""

    # `meanwhile` is called in the middle of the load of `itk.imread`.
    HEAD = """
import builtins, gc, threading
before = gc.get_threshold()
def load(meanwhile):
    builtins.meanwhile = meanwhile
    try:
        itk.imread
    finally:
        del builtins.meanwhile
def in_thread(function):
    def run():
        thread = threading.Thread(target=function)
        thread.start()
        thread.join()
    return run
def collections():
    return sum(generation["collections"] for generation in gc.get_stats())
def work():
    count = collections()
    kept = [[] for _ in range(50000)]
    return collections() - count
import itk
"""

    @classmethod
    def make_site(cls, name):
        site = super().make_site(name)
        with open(site / "itk/support/extras.py", "a") as extras:
            extras.write(
                "import builtins\nif hasattr(builtins, 'meanwhile'):\n"
                "    meanwhile()\n"
            )
        return site

    def test_collector(self):
        tally = Tally("the garbage collector is the user's during a load")
        cases = {
            "pause": "counts = []\n"
            "load(lambda: counts.append(work()))\n"
            "assert counts == [0] and work() > 0\n"
            "assert gc.isenabled() and gc.get_threshold() == before",
            "disable": "load(in_thread(gc.disable))\n"
            "assert not gc.isenabled()\n"
            "assert gc.get_threshold() == before and work() == 0\n"
            "gc.enable()\nassert work() > 0",
            "enable": "gc.disable()\nload(in_thread(gc.enable))\n"
            "assert gc.isenabled() and work() > 0",
            "off": "gc.disable()\nload(work)\n"
            "assert not gc.isenabled() and gc.get_threshold() == before",
            "no threshold": "gc.set_threshold(0)\nload(work)\n"
            "assert gc.get_threshold()[0] == 0",
            "threshold": "load(in_thread(lambda: gc.set_threshold(20, 5)))\n"
            "assert gc.get_threshold()[:2] == (20, 5)",
            "other thresholds": "def other():\n"
            "    gc.set_threshold(gc.get_threshold()[0], 7)\n"
            "load(in_thread(other))\n"
            "assert gc.get_threshold()[:2] == (before[0], 7)",
            "put back later": "kept = []\n"
            "load(lambda: kept.extend(gc.get_threshold()))\n"
            "gc.set_threshold(*kept)\nassert work() == 0\n"
            "itk.F\nassert gc.get_threshold()[0] == before[0] and work() > 0",
            "failure": "try:\n    load(lambda: 1 / 0)\n"
            "except ZeroDivisionError:\n    pass\nelse:\n"
            "    raise AssertionError\n"
            "assert gc.get_threshold() == before and work() > 0",
            "fork": "import os, warnings\nwarnings.simplefilter('ignore')\n"
            "def fork():\n    if os.fork() == 0:\n"
            "        os._exit(work() == 0 or not gc.isenabled())\n"
            "load(in_thread(fork))\n"
            "assert os.waitstatus_to_exitcode(os.wait()[1]) == 0",
            "loaded": "load(work)\nitk.F\ncalls = []\nreal = gc.set_threshold\n"
            "gc.set_threshold = lambda *a: calls.append(a) or real(*a)\n"
            "del itk.imread, itk.F\nitk.imread, itk.F\n"
            "del itk.imread\nassert itk.imread('x') == 'x' and not calls",
        }
        for python in self.pythons():
            for name, code in cases.items():
                with self.subTest(name, python=python), tally.case():
                    self.assertWorks(tally, self.HEAD + code, python=python)
        tally.report()


class IsolationTest(ProcessTest):
    def test_extension_twice(self):
        """Two modules from one file, each with its own types and errors."""
        tally = Tally("the extension imported twice")
        with tally.case():
            self.assertWorks(
                tally,
                """
import sys, itk
first = sys.modules["itk._lazyindex"]
kept = itk
for name in [m for m in sys.modules if m.split(".")[0] == "itk"]:
    del sys.modules[name]
import itk
second = sys.modules["itk._lazyindex"]
assert first is not second and itk is not kept
assert first.FormatError is not second.FormatError
assert first.Package is not second.Package
assert kept.imread(1) == itk.imread(1) == 1
import gc
del kept, first
gc.collect()
assert itk.imwrite and itk.D
""",
            )
        tally.report()

    def test_finders(self):
        """A package has one, however often it is imported, and none where
        its own __init__ runs."""
        tally = Tally("a package imported anew, lazy or not: its finders")
        shard = self.package / "_lazyindex/itk-core.lzi"
        with tally.case():
            self.assertWorks(
                tally,
                f"""
import os, sys, warnings
warnings.simplefilter("ignore")
def found():
    return [f for f in sys.meta_path if type(f).__name__ == "Package"]
def forget(keep):
    for name in [m for m in sys.modules if m.split(".")[0] == "itk"]:
        if not name.endswith(keep):
            del sys.modules[name]
def use():
    import itk
    assert itk.imread(1) == 1
    return hasattr(itk, "__getattr__")
import itk
assert use() and len(found()) == 1
for keep in "_lazyindex", "nothing":  # the same extension, and a new one
    forget(keep)
    assert use() and len(found()) == 1
    forget(keep)
    os.rename({str(shard)!r}, {str(shard)!r} + ".away")
    assert not use() and found() == []
    os.rename({str(shard)!r} + ".away", {str(shard)!r})
    forget(keep)
    assert use() and len(found()) == 1
    forget(keep)
    os.environ["LAZYINDEX"] = "off"
    assert not use() and found() == []
    del os.environ["LAZYINDEX"]
    forget(keep)
    assert use() and len(found()) == 1
assert itk.imwrite  # of the first one
""",
            )
        with tally.case():
            self.assertWorks(
                tally,
                """
import sys, warnings
warnings.simplefilter("ignore")
finders, sys.meta_path = sys.meta_path, tuple(sys.meta_path)
import itk
assert itk.imread(1) == 1 and not hasattr(itk, "__getattr__")
sys.meta_path = finders
assert "Package" not in str(finders)
for name in [m for m in sys.modules if m.split(".")[0] == "itk"]:
    del sys.modules[name]
import itk
assert itk.imread(1) == 1 and hasattr(itk, "__getattr__")
assert str(finders).count("Package") == 1
""",
            )
        tally.report()

    def test_versions_side_by_side(self):
        """Packages with vendored copies of their own, not the same."""
        tally = Tally("vendored copies of two versions side by side")
        other = self.folder / "other"
        make_package(other)
        init = other / "itk" / "__init__.py"
        init.write_text(init.read_text().replace("itk.", "kit."))
        (other / "itk").rename(other / "kit")
        extension = (
            self.package / "_lazyindex/_lazyindex.abi3.so"
        ).read_bytes()
        runtime = self.folder / "version.so"
        runtime.write_bytes(extension + b"another version")
        subprocess.run(
            [TOOL, "apply", "--runtime", runtime, other / "kit"], check=True
        )
        with tally.case():
            self.assertWorks(
                tally,
                USE
                + f"""
import sys
sys.path.append({str(other)!r})
import kit
assert kit.imread(1) == 1 and itk.imread(1) == 1
assert kit.F is not itk.F and kit.imread is not itk.imread
one, two = sys.modules["itk._lazyindex"], sys.modules["kit._lazyindex"]
assert one.__file__ != two.__file__ and one.Package is not two.Package
assert "kit" in str(kit.support.types) and "itk" in str(itk.support.types)
""",
            )
        tally.report()

    # Runs USE in interpreters, one after another and in threads.
    INTERPRETERS = """
import sys, threading
try:
    import _interpreters as interpreters
    def create(own): return interpreters.create("isolated" if own else "legacy")
except ImportError:
    import _xxsubinterpreters as interpreters
    def create(own): return interpreters.create(isolated=own)
use = sys.argv[1]
def run(own, problems):
    made = create(own)
    try:
        problem = interpreters.run_string(made, use)
    except interpreters.RunFailedError as error:
        problem = error
    if problem is not None:
        problems.append(problem)
    interpreters.destroy(made)
problems = []
exec(use)
for own in (False, True):
    if own and sys.version_info < (3, 12):
        continue
    for _ in range(10):
        run(own, problems)
    threads = [
        threading.Thread(target=run, args=(own, problems)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
exec(use)
print(problems)
"""

    def test_subinterpreters(self):
        tally = Tally("sub-interpreters, with a shared and with their own GIL")
        for python in self.pythons():
            with self.subTest(python), tally.case():
                done = self.python("", python=python)
                done = subprocess.run(
                    [python, "-B", "-c", self.INTERPRETERS, USE],
                    env={"PYTHONPATH": str(self.site)},
                    capture_output=True,
                    text=True,
                    timeout=300,
                    check=False,
                )
                tally.ended(done)
                self.assertEqual(
                    (0, "[]\n", ""),
                    (done.returncode, done.stdout, done.stderr),
                )
        tally.report()

    # What a free-threaded build calls itself: none can be had where the tests
    # run, as a rule, so this one says that it is one.
    SAY_SO = "import sys; sys.abiflags += 't'\n"
    IS_ONE = "import sys; assert not sys._is_gil_enabled()\n"

    def test_free_threaded(self):
        """One warning, and the package's own __init__; the extension, which
        such a build takes for one of its own, is not loaded."""
        builds = [(sys.executable, self.SAY_SO)]
        if os.environ.get("LAZYINDEX_PYTHON_FREE_THREADED"):
            real = os.environ["LAZYINDEX_PYTHON_FREE_THREADED"]
            builds.append((real, self.IS_ONE))
        for python, begin in builds:
            with self.subTest(python):
                done = self.python(
                    f"{begin}import itk\n"
                    "print(itk.imread('name'), itk.__version__)\n"
                    "print('itk._lazyindex' in sys.modules)",
                    python=python,
                )
                self.assertEqual("name 1.0\nFalse\n", done.stdout, done.stderr)
                self.assertEqual(1, done.stderr.count("RuntimeWarning"))
                self.assertIn("free-threaded", done.stderr)

    def test_forks(self):
        tally = Tally("children of forks, before and after the first access")
        with tally.case():
            self.assertWorks(
                tally,
                f"""
import os, threading, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # of forks, with threads
use = {USE!r}
def child():
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            exec(use)
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
import itk
for _ in range(20):
    child()
exec(use)
for _ in range(20):
    child()
enough = threading.Event()
def others():
    while not enough.is_set():
        itk.imread, dir(itk), hasattr(itk, "nothing")
        vars(itk).pop("imread", None)
thread = threading.Thread(target=others)
thread.start()
for _ in range(40):
    child()
enough.set()
thread.join()
""",
            )
        tally.report()


class LimitTest(ProcessTest):
    def test_environment(self):
        tally = Tally("no HOME, no PATH, no locale")
        for environment in (
            {},
            {"HOME": "/nowhere", "LC_ALL": "C"},
            {"LANG": "xx_YY", "TMPDIR": "/nowhere", "PATH": ""},
        ):
            with self.subTest(environment), tally.case():
                environment["PYTHONPATH"] = str(self.site)
                self.assertWorks(tally, env=environment)
                done = subprocess.run(
                    [TOOL, "status", self.package],
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                self.assertIn("applied and current", done.stdout)
        tally.report()

    def test_closed_streams(self):
        """Every combination of the three, for Python and for the tool."""
        tally = Tally("standard streams that are closed")
        result = self.folder / "result"
        program = f"{USE}\nopen({str(result)!r}, 'w').write('done')"
        shards = {
            path: path.read_bytes()
            for path in self.package.glob("_lazyindex/*.*")
        }
        for number in range(1, 8):
            closed = [fd for fd in range(3) if number >> fd & 1]
            shell = '"$@" ' + " ".join(f"{fd}<&-" for fd in closed)
            for command, code in (
                ([sys.executable, "-B", "-c", program], 0),
                ([TOOL, "revert", self.package], 0),
                ([TOOL, "apply", self.package], 0),
                ([TOOL, "apply", self.folder / "none"], 1),
                ([TOOL, "status", self.package], int(1 in closed)),
            ):
                with self.subTest(closed, command=command), tally.case():
                    done = subprocess.run(
                        ["sh", "-c", shell, "sh", *command],
                        env={"PYTHONPATH": str(self.site)},
                        stdin=subprocess.DEVNULL,
                        capture_output=True,
                        timeout=300,
                        check=False,
                    )
                    tally.ended(done)
                    self.assertEqual(code, done.returncode, done.stderr)
            self.assertEqual("done", result.read_text())
            result.unlink()
            for path, data in shards.items():
                self.assertEqual(data, path.read_bytes(), path)
        tally.report()

    def test_few_files(self):
        """Success, or the package's own __init__ with a warning, or Python's
        own error: as many are left."""
        tally = Tally("few file descriptors left")
        for left in range(12):
            with self.subTest(left), tally.case():
                done = self.python(
                    f"""
import os, resource, warnings
top = max(map(int, os.listdir("/proc/self/fd")))
resource.setrlimit(resource.RLIMIT_NOFILE, (top + {left}, top + {left}))
try:
    import itk
    print(itk.imread("name"), itk.__version__)
except (OSError, ImportError) as error:
    print(type(error).__name__)
"""
                )
                tally.ended(done)
                self.assertEqual(0, done.returncode, done.stderr)
                self.assertIn(
                    done.stdout,
                    ["name 1.0\n"]
                    + ["OSError\n", "ModuleNotFoundError\n"] * (left < 3),
                )
        tally.report()

    def test_little_memory(self):
        """Address space ends somewhere in the import or the first access."""
        tally = Tally("little address space left, in 64 sizes to 64 MB")
        seen = set()
        for step in range(64):
            left = int(64 * 2**20 * (step / 63) ** 3)
            with self.subTest(left), tally.case():
                done = self.python(
                    f"""
import resource, sys
import warnings, importlib.machinery
size = int(open("/proc/self/statm").read().split()[0]) * 4096 + {left}
resource.setrlimit(resource.RLIMIT_AS, (size, -1))
try:
    import itk
    print(itk.imread("name"), itk.__version__)
except (OSError, ImportError, MemoryError) as error:
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
    print("failed", type(error).__name__)
"""
                )
                tally.ended(done)
                self.assertEqual(0, done.returncode, done.stderr)
                self.assertRegex(done.stdout, "^(name 1.0|failed .*)\n$")
                seen.add(done.stdout.split()[0])
        self.assertIn("name", seen)
        tally.report()

    def test_tool_with_little_memory(self):
        """What the tool cannot do it says, and changes nothing."""
        tally = Tally("the tool with little address space, in 40 sizes")

        def limit(size):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))

        subprocess.run([TOOL, "revert", self.package], check=True)
        codes = set()
        for step in range(40):
            size = (2500 + 500 * step) * 1024
            with self.subTest(size), tally.case():
                done = subprocess.run(
                    [TOOL, "apply", self.package],
                    capture_output=True,
                    text=True,
                    preexec_fn=lambda size=size: limit(size),
                    check=False,
                )
                if done.returncode == 127 or "loading shared" in done.stderr:
                    continue  # the dynamic linker's affair
                tally.ended(done)
                codes.add(done.returncode)
                applied = (self.package / "_lazyindex").exists()
                self.assertEqual(done.returncode == 0, applied, done.stderr)
                self.assertEqual(done.returncode == 0, not done.stderr)
                subprocess.run([TOOL, "revert", self.package], check=True)
        subprocess.run([TOOL, "apply", self.package], check=True)
        self.assertIn(0, codes)
        tally.report()

    def test_read_only_file_system(self):
        tally = Tally("a read-only file system")
        mount = [
            *("unshare", "--mount", "--map-root-user", "sh", "-c"),
            'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && '
            'cd "$0" && exec "$@"',
            self.site,
        ]
        if subprocess.run(
            [*mount, "true"], capture_output=True, check=False
        ).returncode:
            self.skipTest("mounting is not permitted")
        runs = {
            "python": ([sys.executable, "-c", USE], 0),
            "apply": ([TOOL, "apply", self.package], 1),
            "revert": ([TOOL, "revert", self.package], 1),
            "status": ([TOOL, "status", self.package], 0),
        }
        for name, (command, code) in runs.items():
            with self.subTest(name), tally.case():
                done = subprocess.run(
                    [*mount, *command],
                    env={
                        "PYTHONPATH": str(self.site),
                        "PATH": os.environ["PATH"],
                    },
                    capture_output=True,
                    text=True,
                    check=False,
                )
                tally.ended(done)
                self.assertEqual(code, done.returncode, done.stderr)
                told = ": Read-only file system\n" if code else ""
                self.assertTrue(done.stderr.endswith(told))
                self.assertEqual(code, done.stderr.count("\n"))
        tally.report()


if __name__ == "__main__":
    unittest.main()
