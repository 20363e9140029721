"""Switches, introspection, errors, subsets of the wheels."""

import json
import os
import unittest

from beds import BedTest, stock_output
from beds.lazy_wheels import SUBSET

NAMES = """
import itk
missing = [n for n in dir(itk) if n not in vars(itk)]
print(len(missing), "itk.itkImagePython" in __import__("sys").modules)
"""

CALLBACK = """
import itk, itkConfig, json
told = []
itkConfig.ImportCallback = lambda *arguments: told.append(arguments)
itk.Image, itk.ITKCommon.Image
print(json.dumps(told))
"""

FACTORIES = """
import itk
itk.ImageFileReader, itk.MedianImageFilter
print(len(itk.ObjectFactoryBase.GetRegisteredFactories()))
"""

DEBUG_LEVEL = """
import itkConfig
itkConfig.DebugLevel = itkConfig.WARN
import itk
print(itk.Image[itk.F, 2].New().GetImageDimension())
"""

PROGRESS = """
import itk, itkConfig
told = []
itkConfig.ProgressCallback = lambda name, p: told.append((name, p))
itk.median_image_filter(itk.image_from_array(__import__("numpy").ones((5, 5), "f4")))
print(told[-1], itkConfig.NotInPlace)
itk.auto_progress(2)
itk.binary_threshold_image_filter
"""

# itkConfig sets the format of all warnings of a process. Then, with the first
# name here, and with the package in stock, what was set before is lost.
OWN_FORMAT = """
import warnings
warnings.formatwarning = lambda message, *rest: f"own: {message}\\n"
"""
FORMATS = (
    ("", ""),
    (OWN_FORMAT, ""),
    ("", OWN_FORMAT),
    ("import warnings", OWN_FORMAT),
    (OWN_FORMAT, OWN_FORMAT.replace("own", "later")),
)
WARN = """
import sys, warnings
sys.stderr = sys.stdout
itk.imread
warnings.warn("hello")
"""

# SWIG's types make Python warn, from wherever they are made.
WARNINGS_OF_LIBRARIES = """
import warnings
def show(message, kind, file, line, *rest):
    print(kind.__name__, message, file, line)
import itk
warnings.showwarning = show
warnings.simplefilter("default")
itk.Image[itk.F, 2].New()
itk.VariableLengthVector.keys()
def make():
    return itk.PointSet[itk.F, 2].New()
print(type(make()).__name__)
"""

# What looks at many names, or at none, and must not load anything.
LOADS_NOTHING = """
import sys, itk
import copy, importlib.util, inspect, pkgutil, rlcompleter, doctest, pickle
dunders = [n for n in dir(object) + dir(type) + dir(dict)] + [
    f"__{word}__" for word in ("wrapped", "path", "iter", "len", "test",
    "torch_function", "array_interface", "signature", "warningregistry")]
for name in dunders:
    hasattr(itk, name), hasattr(itk.ITKCommon, name)
inspect.stack(), inspect.getmodule(inspect.currentframe())
dir(itk), dir(itk.ITKCommon), hasattr(itk, "nope"), getattr(itk, "no", 5)
list(pkgutil.iter_modules(itk.__path__))
for name in ("itk.ITKCommon", "itk.itkImagePython", "itk.nope", "itk.ITKNope"):
    importlib.util.find_spec(name)
completer = rlcompleter.Completer({"itk": itk})
assert completer.complete("itk.NoSuch", 0) is None
copy.copy(itk), copy.deepcopy(itk), pickle.dumps(itk.ITKCommon)
repr(itk), str(itk.ITKCommon), vars(itk), bool(itk)
import itk.ITKSmoothing
from itk import ITKCommon
units = [n for n in sys.modules if n.startswith("itk.itk")]
print(units, "numpy" in sys.modules)
"""

# Interpreter options, each with what an ordinary script does first.
ORDINARY = (
    "import itk; print(itk.Image, itk.imread.__name__,"
    " itk.median_image_filter.__name__, itk.ITKCommon.Image is itk.Image)"
)

ERRORS = """
import itk
def told(function):
    try:
        function()
    except Exception as error:
        print(type(error).__name__, getattr(error, "name", None), *error.args,
              *getattr(error, "__notes__", ()), sep=" | ")
told(lambda: itk.MedianImageFilter.keys())
told(lambda: itk.ITKSmoothing.median_image_filter)
print(itk.Image)
import os, sys
os.rename(sys.argv[1] + ".away", sys.argv[1])
print(itk.MedianImageFilter, len(itk.MedianImageFilter) > 5)
"""


class OptionTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    def output(self, code, *arguments, **more):
        run = self.lazy.run(*arguments, "-c", code, **more)
        self.assertNotIn("Traceback", run.stderr)
        return run.stdout

    def test_eager(self):
        switches = (
            ("LAZYINDEX", "eager"),
            ("ITK_EAGER_IMPORT", "yes"),
            ("ITK_PYTHON_LAZYLOADING", "False"),
        )
        small = self.lazy.copy_only(self.folder / "small", "itk-core")
        for name, value in switches:
            with self.subTest(name):
                run = small.run("-c", NAMES, **{name: value})
                self.assertEqual("0 True\n", run.stdout)
                self.assertNotIn("Traceback", run.stderr)

    def test_force_load_of_a_subset(self):
        """A class of a returned type is in a wheel that is not there."""
        some = self.lazy.copy_only(
            self.folder / "some", "itk-core", "itk-numerics"
        )
        run = some.run("-c", NAMES, LAZYINDEX="eager")
        self.assertEqual("0 True\n", run.stdout)
        self.assertEqual("", some.tool("verify").stderr)
        told = some.tool("explain", "AmoebaOptimizer").stdout
        self.assertIn("ITKOptimizersBasePython", told)

    def test_trace(self):
        run = self.lazy.run(
            "-c", "import itk; itk.MedianImageFilter.keys()", LAZYINDEX="trace"
        )
        self.assertRegex(
            run.stderr,
            r"(?m)^lazyindex: MedianImageFilter \(ITKSmoothing\): "
            r"\d+ units, \d+ ms$",
        )
        for line in run.stderr.splitlines():
            self.assertRegex(
                line, r"^lazyindex: .* \(\w+\): \d+ units?, \d+ ms$"
            )

    def test_unknown_word(self):
        told = "import itk; print('LazyITK' in repr(type(itk)))"
        for word, warnings in (("OFF", 1), ("on", 0), ("", 0)):
            with self.subTest(word=word):
                run = self.lazy.run("-c", told, LAZYINDEX=word)
                self.assertEqual("False\n", run.stdout)
                self.assertEqual(
                    warnings,
                    run.stderr.count(
                        "RuntimeWarning: LAZYINDEX=OFF is ignored: the words "
                        "are on, off, eager, stock-types and trace\n"
                    ),
                )
                self.assertEqual(warnings, run.stderr.count("Warning"))

    def test_import_callback(self):
        told = json.loads(self.output(CALLBACK))
        modules = {name for name, _ in told}
        self.assertLessEqual({"ITKCommon", "ITKPyBase"}, modules)
        self.assertEqual(2 * len(modules), len(told))
        for module in modules:
            before, after = told.index([module, 0]), told.index([module, 1])
            self.assertLess(before, after, module)

    def test_no_default_factories(self):
        default = int(self.output(FACTORIES))
        self.assertGreater(default, 20)
        self.assertEqual(
            0,
            int(self.output(FACTORIES, ITK_PYTHON_DEFAULTFACTORYLOADING="0")),
        )

    def test_format_of_warnings(self):
        for before, after in FORMATS:
            code = "\n".join((before, "import itk", after, WARN))
            with self.subTest(before=before, after=after):
                expected = stock_output(self.stock, code)
                self.assertIn("hello", expected)
                self.assertEqual(expected, self.output(code))

    def test_warnings_of_libraries(self):
        expected = stock_output(self.stock, WARNINGS_OF_LIBRARIES)
        self.assertIn("itkPointSetF2\n", expected)
        self.assertEqual(expected, self.output(WARNINGS_OF_LIBRARIES))

    def test_debug_level(self):
        self.assertEqual("2\n", self.output(DEBUG_LEVEL))

    def test_progress(self):
        # With more threads than one, the last of them to end is not heard.
        run = self.lazy.run(
            *("-c", PROGRESS),
            ITK_PYTHON_NOTINPLACE="True",
            ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS="1",
        )
        self.assertEqual(
            "('itkMedianImageFilterIF2IF2', 1.0) True\n", run.stdout
        )
        self.assertIn("Loading ITKThresholding... done", run.stderr)

    def test_what_loads_nothing(self):
        self.assertEqual("[] False\n", self.output(LOADS_NOTHING))

    def test_interpreter_options(self):
        expected = self.output(ORDINARY)
        self.assertIn("<itkTemplate itk::Image>", expected)
        for options in (
            ["-O"],
            ["-OO"],
            ["-I"],
            ["-X", "importtime"],
            ["-X", "frozen_modules=off"],
            ["-X", "frozen_modules=on"],
            ["-B", "-s", "-E"],
        ):
            with self.subTest(options):
                found = self.output(ORDINARY, *options)
                self.assertEqual(expected, found)

    def test_broken_proxy(self):
        """The original error with a note; the next access tries again."""
        proxy = self.lazy.package / "itkMedianImageFilterPython.py"
        proxy.rename(f"{proxy}.away")
        self.addCleanup(
            lambda: proxy.exists() or os.rename(f"{proxy}.away", proxy)
        )
        run = self.lazy.run("-c", ERRORS, proxy, check=False)
        lines = run.stdout.splitlines()
        self.assertEqual(0, run.returncode, run.stderr)
        for line in lines[:2]:
            self.assertIn("itkMedianImageFilterPython", line)
            self.assertRegex(line, "^ModuleNotFoundError|^FileNotFoundError")
            for word in ("ITKSmoothing", "itk-numerics", "lazyindex"):
                self.assertIn(word, line)
        self.assertEqual("<itkTemplate itk::Image>", lines[2])
        self.assertEqual("<itkTemplate itk::MedianImageFilter> True", lines[3])


class SubsetTest(BedTest):
    """Any subset of the wheels shows exactly its names."""

    variable = "LAZYINDEX_BED_60"

    def test_subsets(self):
        for number, removed in enumerate(
            (
                ["itk-registration", "itk-segmentation"],
                ["itk-filtering", "itk-registration", "itk-segmentation"],
            )
        ):
            with self.subTest(removed):
                lazy = self.lazy.copy(self.folder / f"lazy{number}")
                lazy.pip("uninstall", *removed)
                self.assertEqual(
                    stock_output(self.stock, SUBSET, removed),
                    lazy.run("-c", SUBSET).stdout,
                )


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
