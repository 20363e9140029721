"""Several at once: processes that import the package, apply and revert, pip
that installs it anew."""

import subprocess
import sys
import threading
import unittest

from fake_package import (
    TOOL,
    FakePackageTest,
    core_files,
    io_files,
)
from make_wheels import Wheel
from tally import LONG, Tally

IMPORTERS = 2

# One word says which layer answered; the rest is the same for both.
IMPORT = """
import sys, itk
if "stock" in vars(itk):
    assert itk.stock == "1.0", itk.stock
    print("stock")
else:
    assert "Thing" in dir(itk) and "Reader" in dir(itk), dir(itk)
    print("lazy")
"""


class Importer(threading.Thread):
    """Imports the package in fresh processes, until it is told to stop."""

    def __init__(self, site, tally):
        super().__init__()
        self.site, self.tally = site, tally
        self.enough = threading.Event()
        self.seen = set()
        self.problems = []

    def run(self):
        while not self.enough.is_set():
            done = subprocess.run(
                [sys.executable, "-c", IMPORT],
                env={"PYTHONPATH": str(self.site)},
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            self.tally.cases += 1
            if done.returncode < 0:
                self.tally.signals += 1
            elif done.returncode > 0:
                self.tally.wrong += 1
            if done.returncode != 0:
                self.problems.append(done.stderr)
            self.seen.add(done.stdout.strip())


class ImportingTest(FakePackageTest):
    def test_apply_and_revert(self):
        """Both layers are seen, and never a package that does not work."""
        tally = Tally("imports while `apply` and `revert` take turns")
        before = self.site_files()
        importers = [Importer(self.site, tally) for _ in range(IMPORTERS)]
        for importer in importers:
            importer.start()
        turns = 0
        try:
            # Where others use the processors, it takes more of them.
            while turns < 60 * LONG or (
                turns < 6000 and len(self.seen(importers)) < 2
            ):
                self.apply()
                self.revert()
                turns += 1
        finally:
            for importer in importers:
                importer.enough.set()
                importer.join()
        tally.report()
        self.assertEqual([], [p for i in importers for p in i.problems])
        self.assertEqual({"lazy", "stock"}, self.seen(importers))
        self.assertEqual(before, self.site_files())

    @staticmethod
    def seen(importers):
        return {word for importer in importers for word in [*importer.seen]}

    def site_files(self):
        """Without byte code, which the importers write."""
        return sorted(
            str(path) for path in self.site.rglob("*")
            if "__pycache__" not in path.parts
        )  # fmt: skip

    def test_two_tools(self):
        """apply and revert at once, in every order: each leaves it whole."""
        tally = Tally("`apply` and `revert` at once")
        for _ in range(12 * LONG):
            with tally.case():
                tools = [
                    subprocess.Popen(
                        [TOOL, command, self.package],
                        stderr=subprocess.PIPE,
                        text=True,
                    )
                    for command in ("apply", "revert", "apply", "revert")
                ]
                for tool in tools:
                    _, told = tool.communicate(timeout=300)
                    self.assertEqual(0, tool.returncode, told)
                    self.assertNotIn("error", told)
                self.assertEqual("1.0", self.stock_version())
                self.run_python(IMPORT)
        tally.report()
        self.revert()
        self.assertFalse(self.own.exists())


class PipTest(FakePackageTest):
    """The real pip, installing wheels into an environment of its own."""

    def make_package(self):
        if subprocess.run(
            [sys.executable, "-m", "pip", "--version"],
            stdout=subprocess.DEVNULL,
            check=False,
        ).returncode:
            self.skipTest("no pip")
        venv = self.folder / "vénv"
        subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", venv], check=True
        )
        self.python = venv / "bin" / "python"
        (self.site,) = venv.glob("lib/python3*/site-packages")
        self.wheels = [
            Wheel(name, "1.0", files, "py3-none-any").write(self.folder)
            for name, files in (
                ("itk-core", core_files()),
                ("itk-io", io_files()),
            )
        ]
        self.assertEqual(0, self.pip(*self.wheels).wait(300))

    def pip(self, *wheels):
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "pip", "--python", self.python),
                *("install", "--quiet", "--no-index", "--no-deps"),
                *("--disable-pip-version-check", "--force-reinstall"),
                *wheels,
            ],
            stdout=subprocess.DEVNULL,
        )

    def test_reinstall_at_once(self):
        """Whatever the two did to each other's files: the package imports
        when both are done, and `apply` and `revert` finish."""
        tally = Tally("`apply` while pip installs the package anew")
        for turn in range(6 * LONG):
            wheels = self.wheels if turn % 2 else self.wheels[:1]
            with self.subTest(turn), tally.case():
                pip = self.pip(*wheels)
                while pip.poll() is None:
                    done = self.tool("apply", self.package, code=None)
                    tally.ended(done)
                    self.assertIn(done.returncode, (0, 1))
                if pip.returncode != 0:  # a file of ours went before its eyes
                    self.assertEqual(0, self.pip(*wheels).wait(300))
                self.assertEqual("1.0", self.stock_version())
                self.run_python("import itk")
                self.apply()
                self.assertRecordsTrue(byte_code=False)
                self.assertIn("applied and current", self.status().stdout)
                self.revert()
                self.assertEqual(
                    core_files()["itk/__init__.py"], self.init.read_text()
                )
                self.assertFalse(self.own.exists())
                self.assertRecordsTrue(byte_code=False)
        tally.report()


if __name__ == "__main__":
    unittest.main()
