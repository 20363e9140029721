"""What hardly anybody does, and must not hurt: reloads and forks in the
middle of a load, failures half-way, names that are none."""

import json
import unittest
from pathlib import Path

from beds import BedTest, stock_output

PROBES = Path(__file__).parents[1] / "probes"

RELOAD_IN_A_LOAD = """
import gc, importlib, itkConfig, itk
calls = []
def callback(module, progress):
    calls.append(module)
    if len(calls) == 1:
        importlib.reload(itk)
        gc.collect()
        [bytearray(64) for _ in range(10000)]  # where freed memory was
itkConfig.ImportCallback = callback
print(itk.Image, len(calls) > 1)
"""

FORK_IN_A_LOAD = """
import gc, os, threading, itkConfig, itk
before = gc.get_threshold()
started, go = threading.Event(), threading.Event()
def callback(module, progress):
    started.set()
    go.wait()
itkConfig.ImportCallback = callback
thread = threading.Thread(target=lambda: itk.Image)
thread.start()
started.wait()
assert gc.get_threshold() != before
child = os.fork()
if child == 0:
    os._exit(0 if gc.get_threshold() == before else 1)
go.set()
thread.join()
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(code, gc.get_threshold() == before)
"""

FORK_LATER = """
import os, itk
itk.Image
child = os.fork()
if child == 0:
    image = itk.Image[itk.F, 2].New()
    reader = itk.ImageFileReader
    os._exit(0 if "PNGImageIO" in dir(itk) and itk.PNGImageIO.New() else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), itk.ImageFileReader)
"""

FACTORY_FAILS_ONCE = """
import itk, itk.itkPNGImageIOPython as unit
real = unit.itkPNGImageIOFactory.RegisterOneFactory
calls = []
def register():
    calls.append(1)
    if len(calls) == 1:
        raise RuntimeError("once")
    return real()
unit.itkPNGImageIOFactory.RegisterOneFactory = staticmethod(register)
try:
    itk.ImageFileReader
except RuntimeError as error:
    print(error)
print(itk.ImageFileReader)
names = [
    factory.GetNameOfClass()
    for factory in itk.ObjectFactoryBase.GetRegisteredFactories()
]
print(len(calls), len(names) == len(set(names)), "PNGImageIOFactory" in names)
"""

CALLBACK_FAILS_ONCE = """
import itkConfig, itk
def callback(module, progress):
    itkConfig.ImportCallback = None
    raise RuntimeError("once")
itkConfig.ImportCallback = callback
try:
    itk.Image
except RuntimeError as error:
    print(error)
print(itk.Image)
"""

NO_NAMES = """
import importlib, sys, itk
import itk.support.base as base
aggregator = importlib.import_module("itk.ITKCommonPython")
def told(function, *arguments):
    try:
        function(*arguments)
    except Exception as error:
        return type(error).__name__
lone = chr(0xD800)
print(told(importlib.import_module, lone), told(getattr, itk, ""))
for module in (itk, base, aggregator, itk.ITKCommon):
    print(told(getattr, module, lone), told(module.__getattr__, 5))
itk.Image.keys()
vars(sys.modules["itk.itkImagePython"]).update({lone: 1, 7: 1})
class Key(str):
    def __hash__(self):
        vars(sys.modules["itk.itkImagePython"]).update(
            (f"_{number}", number) for number in range(1000)
        )
        return 1
vars(sys.modules["itk.itkImagePython"])[Key("key")] = 1
print(len(itk.swig) > 100, aggregator.itkImageF2 is itk.Image[itk.F, 2])
"""

LOAD_MODULE = """
import itk
import itk.support.base as base
print([name for name in sorted(dir(base)) if not name.startswith("_")])
from itk.support.base import itk_load_swig_module
names, values = dir(itk), {}
itk_load_swig_module("ITKSmoothing", values)
print([name for name in sorted(values) if name in names])
print(values["MedianImageFilter"] is itk.MedianImageFilter)
print("itkImageF2" in values["swig"])
try:
    itk_load_swig_module("ITKNone")
except KeyError as error:
    print(error)
"""


class EdgeTest(BedTest):
    variable = "LAZYINDEX_BED_60"
    promise = "reloads, forks and failures in the middle of a load"

    def assert_prints(self, expected, code):
        with self.tally.case():
            self.assertEqual(expected, self.lazy.run("-c", code).stdout)

    def test_reload_in_a_load(self):
        self.assert_prints("<itkTemplate itk::Image> True\n", RELOAD_IN_A_LOAD)

    def test_fork_in_a_load(self):
        self.assert_prints("0 True\n", FORK_IN_A_LOAD)

    def test_fork_later(self):
        self.assert_prints(
            "0 <itkTemplate itk::ImageFileReader>\n", FORK_LATER
        )

    def test_factory_fails_once(self):
        self.assert_prints(
            "once\n<itkTemplate itk::ImageFileReader>\n2 True True\n",
            FACTORY_FAILS_ONCE,
        )

    def test_callback_fails_once(self):
        self.assert_prints(
            "once\n<itkTemplate itk::Image>\n", CALLBACK_FAILS_ONCE
        )

    def test_no_names(self):
        self.assert_prints(
            "ModuleNotFoundError AttributeError\n"
            + "AttributeError TypeError\n" * 4
            + "True True\n",
            NO_NAMES,
        )

    def test_module_is_loaded_into_a_namespace(self):
        self.assert_prints(stock_output(self.stock, LOAD_MODULE), LOAD_MODULE)

    def test_no_memory(self):
        """An allocation that fails is not taken for an answer."""
        probe = PROBES / "no_memory.py"
        have = self.lazy.run("-c", "import _testcapi", check=False)
        if have.returncode != 0:
            self.skipTest("this Python has no _testcapi")
        for look, told in json.loads(self.lazy.run(probe).stdout).items():
            with self.subTest(look):
                self.tally.cases += told["cases"]
                self.tally.wrong += len(told["wrong"])
                self.assertEqual([], told["wrong"])

    def test_hook_that_fails(self):
        """Its own error, as in stock, and no word of LazyIndex."""
        hook = self.lazy.package / "__init_itksmoothing__.py"
        hook.write_text("import itk\nitk.Image\nimport no_such_module\n")
        self.addCleanup(self.lazy.tool, "apply")
        self.addCleanup(hook.unlink)
        self.lazy.tool("apply")
        run = self.lazy.run("-c", "import itk", check=False)
        self.assertEqual(1, run.returncode)
        self.assertNotIn("not lazy", run.stderr)
        self.assertEqual(
            "ModuleNotFoundError: No module named 'no_such_module'",
            run.stderr.splitlines()[-1],
        )


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
