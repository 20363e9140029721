"""`revert` and `apply` while a process imports the released wheels: when it
loads the runtime, before and in the start-up file of a module (RTK has one),
in the middle of its first access."""

import unittest

from beds import TOOL, BedTest
from tally import Tally

# Runs a command when a module is about to be imported, or a file executed.
# One line about what there is; then what was imported and executed.
PROGRAM = """
import os, sys
moment, *command = sys.argv[1:]
seen = []
def meet(event, arguments):
    name = None
    if event == "import":
        name = arguments[0]
    elif event == "exec":
        name = os.path.basename(arguments[0].co_filename)
    if name is not None and name not in seen:
        seen.append(name)
        if name == moment:
            tool = os.posix_spawn(command[0], command, os.environ)
            assert os.waitstatus_to_exitcode(os.waitpid(tool, 0)[1]) == 0
sys.addaudithook(meet)
import itk
image = itk.Image[itk.F, 2].New()
print(
    image.GetNameOfClass(), len(itk.Image), itk.imread.__name__,
    sorted(n for n in dir(itk.RTK) if n in dir(sys.modules["itk.rtkExtras"])),
    "Elastix" in dir(itk), hasattr(itk, "Nothing"),
    sep="; ",
)
print(*seen)
"""


class MidwayTest(BedTest):
    variable = "LAZYINDEX_BED_54"

    def meet(self, moment, command):
        """What it told; what was imported and executed."""
        run = self.lazy.run(
            "-c", PROGRAM, moment, TOOL, command, self.lazy.package
        )
        self.assertEqual("", run.stderr)
        told, seen = run.stdout.splitlines()
        return told, seen.split()

    def at_moments(self, promise, command, back, moments):
        """Some by name; then as many as that spread over the rest."""
        tally = Tally(promise)
        expected, seen = self.meet("none", command)
        of_package = [m for m in seen if m.startswith("itk")]
        step = max(1, len(of_package) // len(moments))
        moments += of_package[step // 2 :: step]
        for moment in dict.fromkeys(moments):
            with self.subTest(moment), tally.case():
                self.assertIn(moment, seen)
                told, _ = self.meet(moment, command)
                self.assertEqual(expected, told)
                self.lazy.tool(back)
        tally.report()

    def test_revert(self):
        self.at_moments(
            "`revert` in the middle of an import of ITK",
            "revert",
            "apply",
            [
                "itk._lazyindex",
                "itk._lazyindex_stock",
                "__init_rtk__.py",
                "rtkExtras.py",
                "itkImagePython.py",
            ],
        )

    def test_apply(self):
        self.lazy.tool("revert")
        self.addCleanup(self.lazy.tool, "apply")
        self.at_moments(
            "`apply` in the middle of an import of ITK",
            "apply",
            "revert",
            ["itkConfig", "rtkExtras.py"],
        )


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
