"""The tool, when anything it asks of the system fails, and when it is killed:
at every single call, one after the other."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from fake_package import (
    TOOL,
    FakePackageTest,
    build_faults,
    install,
    module_files,
    snapshot,
)
from make_wheels import core_wheel, io_wheel
from tally import Tally

EACH = int(os.environ.get("LAZYINDEX_EACH", "1"))  # of so many calls, one
MESSAGE = re.compile(r".+: (error|warning|note): .*[^.]")
AGAIN = "lazyindex: note: remove the cause and run the same command again"
GROUPS = {
    "memory": "an allocation",
    "files": "a look at a file",
    "change": "a change of a file",
}


class FaultTest(FakePackageTest):
    """Trees to start from, and the tool with the n-th call of a group failing
    (see faults.c)."""

    # Some thousand runs of a tool that makes sure of each file: in memory.
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    changes_site = True

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="lazyindex-")
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.library = build_faults(folder)

    def setUp(self):
        super().setUp()
        self.count = self.folder / "count"
        self.original = self.keep("original")
        self.apply()
        self.applied = self.keep("applied")

    def keep(self, name):
        """A copy of the site directory to put back later."""
        shutil.copytree(self.site, self.folder / name, symlinks=True)
        return self.folder / name

    def put(self, copy):
        shutil.rmtree(self.site)
        shutil.copytree(copy, self.site, symlinks=True)

    def interrupted(self, command, group, **how):
        environment = {name: str(value) for name, value in how.items()}
        return subprocess.run(
            [TOOL, *command],
            env=os.environ
            | {
                "LD_PRELOAD": str(self.library),
                "FAULT_GROUP": group,
                "COUNT_TO": str(self.count),
            }
            | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def counted(self):
        """Calls, blocks not freed, files left open; of the last run."""
        return list(map(int, self.count.read_text().split()))

    def at_every_call(self, promise, command, start, group, check):
        """check(number of the call); the site is as in `start` each time, if
        the command changes it."""
        tally = Tally(promise)
        self.put(start)
        done = self.interrupted(command, group)
        self.assertEqual(0, done.returncode, done.stderr)
        total, *self.kept = self.counted()
        self.assertGreater(total, 5)
        for step in range(1, total + 1, EACH):
            if self.changes_site:
                self.put(start)
            with self.subTest(step, group=group), tally.case():
                check(step, tally)
        tally.report()

    def changed(self):
        """Applied, and then a distribution was added."""
        files = module_files("ITKNew", "Novelty", ["ITKCommon"])
        self.put(self.applied)
        install(self.site, "itk-new", "1.0", files)
        return self.keep("changed")

    def assertFinishes(self):
        """The package imports now; revert restores it, apply completes it."""
        self.assertEqual("1.0", self.stock_version())
        self.run_python("import itk")
        now = self.keep("interrupted")
        try:
            self.revert()
            self.assertTree(snapshot(self.original, times=False), times=False)
            self.put(now)
            self.apply()
            self.assertTree(snapshot(self.applied, times=False), times=False)
        finally:
            shutil.rmtree(now)

    def assertMessage(self, done):
        """Nothing but messages of ours; at least one if it failed, be it
        among the reasons of `status`."""
        self.assertIn(done.returncode, (0, 1), done.stderr)
        lines = done.stderr.splitlines()
        for line in lines:
            self.assertRegex(line, MESSAGE)
        errors = sum(": error: " in line for line in lines) or (
            ": out of memory" in done.stdout
            or ": Input/output error" in done.stdout
        )
        self.assertEqual(done.returncode, errors > 0, done.stderr)

    def assertNothingLost(self, done):
        """Memory, open files; one exit gives all back at once."""
        _, blocks, files = self.counted()
        if "lazyindex: error: out of memory\n" not in done.stderr:
            self.assertLessEqual(blocks, self.kept[0], done.stderr)
            self.assertLessEqual(files, self.kept[1], done.stderr)


class LinkedPackage:
    """Its __init__.py is a link, as uv makes them; what that leads to is as
    it was in the end."""

    of_what = " of a package of links"
    groups = ("files", "change")

    def make_package(self):
        super().make_package()
        init = self.site / "itk" / "__init__.py"
        self.target = self.folder / "cache.py"
        init.rename(self.target)
        init.symlink_to(self.target)
        self.kept_target = self.target_state()

    def target_state(self):
        status = self.target.lstat()
        return self.target.read_bytes(), status.st_ino, status.st_mtime_ns

    def tearDown(self):
        self.assertEqual(self.kept_target, self.target_state())
        super().tearDown()


class KilledTest(FaultTest):
    of_what = ""

    def killed(self, command, start):
        def check(step, tally):
            done = self.interrupted(line, "change", KILL_AT=step)
            self.assertEqual(-9, done.returncode)
            self.assertFinishes()

        line = [command, self.package]
        self.at_every_call(
            f"`{command}`{self.of_what} killed at every call that changes a "
            "file: the package imports, `apply` and `revert` finish",
            line,
            start,
            "change",
            check,
        )

    def test_apply(self):
        self.killed("apply", self.original)

    def test_revert(self):
        self.killed("revert", self.applied)


class LinkedKilledTest(LinkedPackage, KilledTest):
    pass


# Reads the package's __init__.py, lets the tool run until it is killed, then
# goes on with what it has read.
IMPORT_UNDER_WAY = """
import importlib.util, subprocess, sys
spec = importlib.util.find_spec("itk")
code = spec.loader.get_code("itk")
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
sys.modules["itk"] = itk = importlib.util.module_from_spec(spec)
exec(code, vars(itk))
assert vars(itk).get("stock") == "1.0" or "Thing" in dir(itk), dir(itk)
"""


class ImportUnderWayTest(FaultTest):
    """A process that imports the package while the tool changes it works,
    however far the tool has come."""

    def meeting(self, what, command, start):
        def check(step, tally):
            done = subprocess.run(
                [
                    *(sys.executable, "-B", "-c", IMPORT_UNDER_WAY, "env"),
                    f"LD_PRELOAD={self.library}",
                    *("FAULT_GROUP=change", f"KILL_AT={step}"),
                    *line,
                ],
                env={"PYTHONPATH": str(self.site)},
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
            tally.ended(done)
            self.assertEqual(0, done.returncode, done.stderr)

        line = [TOOL, command, self.package]
        self.at_every_call(
            f"an import under way while {what}",
            line[1:],
            start,
            "change",
            check,
        )

    def test_apply(self):
        self.meeting("`apply` runs", "apply", self.original)

    def test_revert(self):
        self.meeting("`revert` runs", "revert", self.applied)

    def test_renewal(self):
        self.meeting("`apply` runs again", "apply", self.changed())


class FailingTest(FaultTest):
    of_what = ""
    groups = tuple(GROUPS)

    def failing(self, what, command, start, end):
        """One call fails: all is done; or a message, and nothing changed; or
        it says that the command has to run again, which works."""
        before, after = (snapshot(tree, times=False) for tree in (start, end))
        line = [command, self.package]

        def check(group, step, tally):
            done = self.interrupted(line, group, FAIL_AT=step)
            tally.ended(done)
            self.assertMessage(done)
            self.assertNothingLost(done)
            if done.returncode == 0:
                self.assertTree(after, times=False)
            elif snapshot(self.site, times=False) != before:
                self.assertIn(AGAIN, done.stderr)
                self.assertFinishes()

        for group in self.groups:
            self.at_every_call(
                f"{what}{self.of_what}: {GROUPS[group]} fails, every one in "
                "turn",
                line,
                start,
                group,
                lambda step, tally, group=group: check(group, step, tally),
            )

    def test_apply(self):
        self.failing("`apply`", "apply", self.original, self.applied)

    def test_revert(self):
        self.failing("`revert`", "revert", self.applied, self.original)


class LinkedFailingTest(LinkedPackage, FailingTest):
    pass


class NoExchangeTest(FaultTest):
    of_what = ""

    def test_both(self):
        tally = Tally(
            f"a file system that cannot exchange two files{self.of_what}"
        )
        for command, start, end in (
            ("apply", self.original, self.applied),
            ("revert", self.applied, self.original),
        ):
            with self.subTest(command), tally.case():
                self.put(start)
                done = self.interrupted(
                    [command, self.package], "change", NO_EXCHANGE=1
                )
                tally.ended(done)
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertTree(snapshot(end, times=False), times=False)
        tally.report()


class LinkedNoExchangeTest(LinkedPackage, NoExchangeTest):
    pass


class FullDiskTest(FaultTest):
    """From one call on, all that need space fail: one message and nothing
    changed, whenever it gets full."""

    def full(self, what, start):
        def check(step, tally):
            done = self.interrupted(line, "change", FULL_AT=step)
            tally.ended(done)
            if done.returncode == 0:
                self.status()
                return
            self.assertEqual(1, done.stderr.count("\n"), done.stderr)
            self.assertIn(": No space left on device", done.stderr)
            self.assertTree(before)

        line = ["apply", self.package]
        before = snapshot(start)
        self.at_every_call(
            f"{what} while the disk gets full", line, start, "change", check
        )

    def test_apply(self):
        self.full("`apply`", self.original)

    def test_renewal(self):
        """Applying again to a changed package: what there was still works."""
        self.full("`apply` to a changed package", self.changed())


class ReadingTest(FaultTest):
    """Commands that change nothing in the package."""

    changes_site = False

    def reading(self, *command):
        def check(group, step, tally):
            done = self.interrupted(command, group, FAIL_AT=step)
            tally.ended(done)
            self.assertMessage(done)
            self.assertNothingLost(done)
            if done.returncode == 0:
                self.assertEqual(told, done.stdout)

        told = self.tool(*command).stdout
        for group in ("memory", "files"):
            self.at_every_call(
                f"`{command[0]}`: {GROUPS[group]} fails, every one in turn",
                command,
                self.applied,
                group,
                lambda step, tally, group=group: check(group, step, tally),
            )
        self.assertTree(snapshot(self.applied))

    def test_status(self):
        self.reading("status", self.package)

    def test_verify(self):
        self.reading("verify", self.package)

    def test_stats(self):
        self.reading("stats", self.package)

    def test_explain(self):
        self.reading("explain", self.package, "Reader")

    def test_dump(self):
        self.reading("dump", self.own / "itk-io.lzi")

    def test_build(self):
        """Whole shards or none, and nothing else."""
        out = self.folder / "out"
        line = ("build", "-o", out, self.package)
        self.put(self.original)
        self.tool(*line)
        whole = snapshot(out, times=False)

        def check(group, step, tally):
            shutil.rmtree(out, ignore_errors=True)
            done = self.interrupted(line, group, FAIL_AT=step)
            tally.ended(done)
            self.assertMessage(done)
            self.assertNothingLost(done)
            made = snapshot(out, times=False)
            for name, content in made.items():
                if name in whole or group != "change":
                    self.assertEqual(whole[name], content, name)
                else:  # the call that failed is the one to remove it
                    self.assertRegex(name, r"^\.itk-[a-z]+\.lzi\.\w{6}$")
            if done.returncode == 0:
                self.assertEqual(whole, made)

        for group, failing in GROUPS.items():
            shutil.rmtree(out, ignore_errors=True)
            self.at_every_call(
                f"`build`: {failing} fails, every one in turn",
                line,
                self.original,
                group,
                lambda step, tally, group=group: check(group, step, tally),
            )
        self.assertTree(snapshot(self.original))


class WheelTest(FaultTest):
    """`wheel`: each wheel is whole or not there, and nothing else is, unless
    the tool was killed."""

    def make_package(self):
        """Wheels instead, and a runtime of the smallest, for it is compressed
        each time."""
        wheel = io_wheel()
        wheel.files = {n: d for n, d in wheel.files.items() if "xtra" not in n}
        wheel.write(self.site)
        core_wheel().write(self.site)
        command = ["cc", "-shared", "-nostdlib", "-x", "c", "-", "-o"]
        subprocess.run(
            [*command, self.folder / "runtime.so"],
            input=b"int nothing;",
            check=True,
        )

    def setUp(self):
        FakePackageTest.setUp(self)
        self.count = self.folder / "count"
        self.original = self.keep("original")
        self.out = self.site / "out"
        given = sorted(self.site.glob("*.whl"))
        runtime = self.folder / "runtime.so"
        self.line = ["wheel", *given, "-o", self.out, "--runtime", runtime]
        self.tool(*self.line)
        self.whole = snapshot(self.out, times=False)
        self.assertEqual([path.name for path in given], sorted(self.whole))

    def failing(self, group):
        def check(step, tally):
            done = self.interrupted(self.line, group, FAIL_AT=step)
            tally.ended(done)
            self.assertMessage(done)
            self.assertNothingLost(done)
            made = snapshot(self.out, times=False)
            if done.returncode == 0:
                self.assertEqual(self.whole, made)
            else:
                self.assertLess(made.items(), self.whole.items())
                self.assertEqual(made != {}, self.out.exists())
            if group == "files":
                self.assertNotIn("damaged", done.stderr)

        what = f"`wheel`: {GROUPS[group]} fails, every one in turn"
        self.at_every_call(what, self.line, self.original, group, check)

    def test_memory(self):
        self.failing("memory")

    def test_files(self):
        self.failing("files")

    def test_change(self):
        self.failing("change")

    def test_terminated(self):
        """All of the output or none."""
        ends = set()

        def check(step, tally):
            done = self.interrupted(self.line, "change", TERM_AT=step)
            tally.ended(done)
            ends.add(done.returncode)
            if done.returncode == 0:
                self.assertEqual(self.whole, snapshot(self.out, times=False))
            else:
                self.assertIn("interrupted: Terminated", done.stderr)
                self.assertFalse(self.out.exists())

        self.at_every_call(
            "`wheel` asked to end at every call that changes a file",
            self.line,
            self.original,
            "change",
            check,
        )
        self.assertEqual({0, 1}, ends)

    def test_killed(self):
        def check(step, tally):
            done = self.interrupted(self.line, "change", KILL_AT=step)
            self.assertEqual(-9, done.returncode)
            for path in set(self.out.glob(".lazyindex-??????")):
                shutil.rmtree(path)
            made = snapshot(self.out, times=False)
            self.assertLessEqual(made.items(), self.whole.items())
            self.tool(*self.line)
            self.assertEqual(self.whole, snapshot(self.out, times=False))

        self.at_every_call(
            "`wheel` killed at every call that changes a file: whole wheels "
            "or none, and the same command then makes them",
            self.line,
            self.original,
            "change",
            check,
        )


if __name__ == "__main__":
    unittest.main()
