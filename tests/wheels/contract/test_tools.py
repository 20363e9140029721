"""What users' tools do with a package: completion in IPython, collection of
tests by pytest."""

import tempfile
import unittest
from pathlib import Path

from beds import REQUIRED, BedTest

COMPLETE = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.Completer.use_jedi = False  # it reads sources, of no use here
shell.run_cell("import itk")
for text in ("itk.MedianIm", "itk.ITKSmoo", "itk.imrea", "itk.Nothing"):
    print(text, sorted(set(shell.complete(text)[1])))
print(any(name.startswith("itk._itk") for name in sys.modules))
"""

TESTS = '''
import itk
from itk import MedianImageFilter, imread


def test_keys():
    """
    >>> itk.Index[2].__name__
    'itkIndex2'
    """
    assert len(MedianImageFilter) == 15
'''


class ToolTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for tool in ("ipython", "pytest"):
            if not list(cls.stock.site.glob(f"{tool}-*.dist-info")):
                if REQUIRED:
                    raise AssertionError(f"the bed has no {tool}")
                raise unittest.SkipTest(f"the bed has no {tool}")

    def test_completion(self):
        with tempfile.TemporaryDirectory() as home:
            stock, lazy = (
                bed.run("-c", COMPLETE, HOME=home).stdout
                for bed in (self.stock, self.lazy)
            )
        self.assertIn("MedianImageFilter", lazy)
        self.assertEqual(stock, lazy)

    def test_collection(self):
        options = ("-q", "--doctest-modules", "-p", "no:cacheprovider")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "test_names.py")
            file.write_text(TESTS)
            for more, last in (
                (("--collect-only",), "2 tests collected"),
                ((), "2 passed"),
            ):
                run = self.lazy.run("-m", "pytest", *options, *more, file)
                self.assertIn(last, run.stdout)


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
