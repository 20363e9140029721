"""A process that is importing the package, start-up files of its modules
included, or using it for the first time, while the tool changes it: at every
moment of that, the tool comes in and does all its work, or a part of it."""

import subprocess
import sys
import unittest

from fake_package import TOOL, make_package
from tally import Tally
from test_faults import FaultTest

# What ITK's own __init__ does at its end.
STOCK_END = """
def _start(module):
    import importlib.util, os
    path = os.path.join(os.path.dirname(__file__), f"__init_{module}__.py")
    spec = importlib.util.spec_from_file_location(f"{module}.__init__", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
_start("extra")
del _start
"""

HOOK = """import sys
itk = sys.modules["itk"]
itk.starts = getattr(itk, "starts", 0) + 1
itk.names = itk.imread("name"), itk.F
"""

# Runs a command at the n-th of the events that the interpreter tells while
# the package is imported and used; prints how many there are.
MEETING = """
import os, sys, warnings
at, *command = sys.argv[1:]
count = 0
def meet(event, arguments):
    global count
    if event in ("import", "open", "exec", "os.listdir", "marshal.loads"):
        count += 1
        if count == int(at):
            tool = os.posix_spawn(command[0], command, os.environ)
            os.waitpid(tool, 0)
warnings.simplefilter("error")
sys.addaudithook(meet)
import itk
assert itk.starts == 1, itk.starts
assert itk.names == ("name", itk.F)
assert itk.imread("name") == "name" and itk.imwrite
assert itk.F is itk.support.types.F
assert itk.__version__ == "1.0"
assert "imread" in dir(itk)
if "Image" in dir(itk):
    import itk.Extra, itk.ITKCommon
    assert "Image" in dir(itk.ITKCommon)
assert not [p for p in itk.__path__ if p.endswith("_lazyindex")]
print(count)
"""


class MidwayTest(FaultTest):
    def make_package(self):
        make_package(self.site)
        package = self.site / "itk"
        with open(package / "__init__.py", "a") as init:
            init.write(STOCK_END)
        (package / "__init_extra__.py").write_text(HOOK)

    def meet(self, moment, *command):
        return subprocess.run(
            [sys.executable, "-B", "-c", MEETING, str(moment), *command],
            env={"PYTHONPATH": str(self.site)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def at_every_moment(self, what, command, start):
        """All of the tool's work; or, in turn, one part of it more."""
        tally = Tally(f"an import, at every moment of it, meets {what}")
        line = [TOOL, command, self.package]
        self.put(start)
        self.interrupted(line[1:], "change")
        changes, *_ = self.counted()
        self.put(start)
        done = self.meet(0)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        total = int(done.stdout)
        self.assertGreater(total, 20)
        for moment in range(1, total + 1):
            for kill in (0, 1 + moment * 5 % changes):
                with self.subTest(moment, kill=kill), tally.case():
                    self.put(start)
                    done = tally.ended(
                        self.meet(
                            moment,
                            "/usr/bin/env",
                            f"LD_PRELOAD={self.library}",
                            "FAULT_GROUP=change",
                            f"KILL_AT={kill}",
                            *line,
                        )
                    )
                    self.assertEqual((0, ""), (done.returncode, done.stderr))
        tally.report()

    def test_apply(self):
        self.at_every_moment("`apply`", "apply", self.original)

    def test_revert(self):
        self.at_every_moment("`revert`", "revert", self.applied)


if __name__ == "__main__":
    unittest.main()
