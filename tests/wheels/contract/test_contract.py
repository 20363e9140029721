"""Rows of docs/contract.md that need a look at one thing alone: each test
is named by its row."""

import json
import unittest

from beds import BedTest
from fake_package import install, module_files

# What tells units that were loaded, and names that were bound.
HELPERS = """
import importlib, json, os, sys
def units():
    return sorted(n for n in sys.modules if n.startswith("itk.itk"))
def told(function):
    try:
        return repr(function())
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""

BOUND_BY_USE = """
import itk
names = "Image", "median_image_filter", "imread", "ITKCommon", "PNGImageIO"
assert set(names) <= set(dir(itk))
assert not set(names) & set(vars(itk)), set(names) & set(vars(itk))
for name in names:
    value = getattr(itk, name)
    assert vars(itk)[name] is value, name
common = itk.ITKCommon
assert "Size" in dir(common) and "Size" not in vars(common)
size = common.Size
assert vars(common)["Size"] is size is itk.Size
print("bound")
"""

# The hook is counted by one in Python in its place, which a profile function
# would hear, too, as anything else that a hit would call.
HITS = """
import itk
heard = []
def hear(frame, event, argument):
    heard.append(event)
def listen(look):
    del heard[:]
    sys.setprofile(hear)
    try:
        look()
    finally:
        sys.setprofile(None)
def misses():
    try:
        itk.no_such_name
    except AttributeError:
        pass
looks = {
    "miss": misses,
    "Image": lambda: itk.Image,
    "function": lambda: itk.median_image_filter,
    "helper": lambda: itk.imread,
    "module": lambda: itk.ITKCommon,
    "module/Size": lambda: itk.ITKCommon.Size,
}
asked = {}
hook = vars(itk)["__getattr__"]
def counted(name):
    asked[name] = asked.get(name, 0) + 1
    return hook(name)
itk.__getattr__ = counted
for look in looks.values():
    try:
        look()
    except AttributeError:
        pass
first = dict(asked)
for _ in range(50):
    for name, look in looks.items():
        if name != "miss":
            look()
assert asked == first, (asked, first)
assert {"no_such_name", "Image", "median_image_filter", "imread",
        "ITKCommon"} <= set(first), first
# No call in a hit but the look itself, and that which ends the listening.
for name, look in looks.items():
    if name != "miss":
        listen(look)
        assert heard == ["call", "return", "c_call"], (name, heard)
listen(misses)
assert len(heard) > 3, heard
print("plain hits")
"""

DUNDERS = """
import itk
itk.ITKCommon
before = set(sys.modules)
for name in ("wrapped", "iter", "len", "test", "signature", "path0"):
    for module in (itk, itk.ITKCommon):
        text = told(lambda: getattr(module, f"__{name}__"))
        assert text.startswith("AttributeError"), (name, text)
assert set(sys.modules) == before, set(sys.modules) - before
assert told(lambda: itk.__all__).startswith("AttributeError")
namespace = {}
exec("from itk import *", namespace)
assert not units() and "Image" not in namespace, units()
print("nothing loaded")
"""

# Of stock: names of its own; of lazy: those that stock has.
RAW = """
import itk
itk.Image.keys()
names = sys.argv[1:] or [
    name for name, value in itk.swig.items()
    if isinstance(value, type) and not name.startswith("_")]
print(json.dumps({name: itk.swig[name].__module__ for name in names}))
"""

SPECS = """
import importlib.util
spec = importlib.util.find_spec("itk.ITKCommon")
assert spec.name == "itk.ITKCommon" and not units(), spec
import itk.ITKSmoothing as smoothing
from itk import ITKCommon as common
import itk
assert common.__spec__.name == common.__name__ == "itk.ITKCommon"
assert common.__package__ == "itk" and common.__loader__ is not None
assert sys.modules["itk.ITKCommon"] is common is itk.ITKCommon
assert smoothing is itk.ITKSmoothing and not units(), units()
assert smoothing.MedianImageFilter is itk.MedianImageFilter
print("modules")
"""

# What another thread sees between the end of an import and its last step, in
# which Python binds the submodule to its package.
UNBOUND = """
import types
import itk.itkSizePython as unit
import itk, itk.support.types
del itk.itkSizePython
assert "itkSizePython" not in vars(itk) and itk.itkSizePython is unit
class Spec:
    _initializing = True
half = types.ModuleType("itk.itkHalfPython")
sys.modules[half.__name__] = half
half.__spec__ = Spec
assert told(lambda: getattr(itk, "support.types")).startswith("AttributeError")
assert told(lambda: itk.itkHalfPython).startswith("AttributeError")
Spec._initializing = False
assert itk.itkHalfPython is half
print("found")
"""

# A thread asks for a type while this one is in the middle of numpy. It has to
# wait; where it does not, it gets as far as numpy's own types.
NUMPY_UNDER_WAY = """
import threading
import itk
went_on = threading.Event()
results = []
def ask():
    results.append(told(lambda: itk.F))
class Finder:
    other = None
    def find_spec(self, name, path=None, target=None):
        if name == "numpy.linalg" and self.other is None:
            self.other = threading.Thread(target=ask)
            self.other.start()
            self.early = went_on.wait(3)
        elif (name.startswith("numpy._typing.")
                and threading.current_thread() is self.other):
            went_on.set()
finder = Finder()
sys.meta_path.insert(0, finder)
import numpy
finder.other.join()
print(results, finder.early)
"""

# Every owner of a template is loaded before a key is said to be missing.
OWNERS = """
import itk
from itk.support.base import itk_base_global_module_data as tables
owners = {}
for module, data in tables.items():
    for feature in data.get_all_template_features():
        if feature.is_itk_class():
            owners.setdefault(feature.get_python_class_name(), {}).setdefault(
                module, []).append(feature)
name = sys.argv[1]
assert len(owners[name]) > 1, owners[name]
template = getattr(itk, name)
text = told(lambda: template["no such key"])
assert text.split(":")[0] in ("KeyError", "TemplateTypeError"), text
swig = {f.get_swig_class_name() for fs in owners[name].values() for f in fs}
loaded = {cls.__name__ for cls in template.__template__.values()}
assert {n.split("_Pointer")[0] for n in loaded} >= swig, swig - loaded
print("all", len(owners[name]) > 1)
"""

# Is anything of C++ loaded? To load all of it takes ten times as long; that
# it happens is for test_options.py.
EAGER = """
def hear(event, arguments):
    if event == "import" and arguments[0].startswith("itk._itk"):
        print(True, flush=True)
        os._exit(0)
sys.addaudithook(hear)
import itk
print(False)
"""

HOOKS = """
import itk
print(sys.hooks)
print([getattr(itk, name).from_hook for name in (
    "ITKPyBase", "ITKSmoothing", "ITKCommon")])
"""

HOOK = """
import sys
import itk
module = itk.{module}
sys.hooks = getattr(sys, "hooks", []) + ["{module}", __name__]
module.from_hook = "{module}"
assert itk.{module}.from_hook == "{module}"
"""

MISSING_CLASSES = """
import itkConfig
itkConfig.DebugLevel = getattr(itkConfig, sys.argv[1])
import itk
looks = {
    "keys": lambda: len(itk.MedianImageFilter.keys()),
    "function": lambda: itk.median_image_filter.__name__,
    "class": lambda: itk.FFTDiscreteGaussianImageFilterFactory,
    "other": lambda: len(itk.DiscreteGaussianImageFilter.keys()),
}
first, second = (
    {name: told(look) for name, look in looks.items()} for _ in range(2))
assert first == second, (first, second)
print(json.dumps(first))
"""
MISSING = {
    "itkMedianImageFilterPython": "itkMedianImageFilterISS2ISS2",
    "itkFFTDiscreteGaussianImageFilterFactoryPython": (
        "itkFFTDiscreteGaussianImageFilterFactory"
    ),
}

TWIN = """
import itk
print(type(itk.Twin).__mro__[-2].__name__, "Twin" in dir(itk.Twin))
"""


class RowTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    def run_code(self, code, *arguments, bed=None, **more):
        run = (bed or self.lazy).run(
            "-c", HELPERS + code, *arguments, check=False, **more
        )
        self.assertEqual(0, run.returncode, run.stderr[-3000:])
        return run

    def output(self, *arguments, **more):
        return self.run_code(*arguments, **more).stdout


class ContractTest(RowTest):
    def test_row_4_names_are_bound_by_use(self):
        self.assertEqual("bound\n", self.output(BOUND_BY_USE))

    def test_row_5_hits_do_not_reach_the_hook(self):
        self.assertEqual("plain hits\n", self.output(HITS))

    def test_row_6_dunders_and_star_load_nothing(self):
        self.assertEqual("nothing loaded\n", self.output(DUNDERS))

    def test_row_10_raw_classes(self):
        stock = json.loads(self.output(RAW, bed=self.stock))
        self.assertLess(20, len(stock))
        self.assertEqual(stock, json.loads(self.output(RAW, *stock)))

    def test_row_15_hooks_of_modules(self):
        """At import, in order, each finds its module and may add to it."""
        modules = ("ITKSmoothing", "ITKCommon", "ITKPyBase")
        told = []
        for bed in (self.stock, self.lazy):
            own = bed.copy(self.folder / f"hooks-{bed is self.lazy}")
            for module in modules:
                hook = own.package / f"__init_{module.lower()}__.py"
                hook.write_text(HOOK.format(module=module))
            if bed is self.lazy:
                own.tool("apply")
            told.append(self.output(HOOKS, bed=own))
        self.assertEqual(*told)
        self.assertEqual(
            "['ITKPyBase', 'ITKSmoothing', 'ITKCommon']",
            told[1].splitlines()[1],
        )

    def test_row_16_eager_switches(self):
        small = self.lazy.copy_only(self.folder / "small", "itk-core")

        def is_eager(**more):
            return self.output(EAGER, bed=small, **more) == "True\n"

        for value in ("0", "no", "off", "False", ""):
            with self.subTest(value):
                self.assertFalse(is_eager(ITK_EAGER_IMPORT=value))
        for value in ("True", "1", "YES", "on"):
            with self.subTest(value):
                self.assertTrue(is_eager(ITK_EAGER_IMPORT=value))

    def test_row_16_eager_in_itk_config(self):
        code = """
import itkConfig
asked = []
{}
import itk
print(asked, "itk.itkImagePython" in sys.modules)
"""
        # That of the next ITK warns when it is asked.
        without = (
            "del itkConfig.LazyLoading; itkConfig.__getattr__ = asked.append"
        )
        self.assertEqual("[] False\n", self.output(code.format(without)))
        eager = "itkConfig.LazyLoading = False"
        small = self.lazy.copy_only(self.folder / "config", "itk-core")
        self.assertEqual(
            "[] True\n", self.output(code.format(eager), bed=small)
        )

    def test_row_17_modules_can_be_imported(self):
        self.assertEqual("modules\n", self.output(SPECS))

    def test_row_19_all_owners_before_a_miss(self):
        for name in ("Image", "ImageSource", "ImageToImageFilter"):
            with self.subTest(name):
                self.assertEqual("all True\n", self.output(OWNERS, name))

    def test_row_23_submodule_not_bound_yet(self):
        self.assertEqual("found\n", self.output(UNBOUND))

    def test_row_23_numpy_under_way(self):
        self.assertEqual(
            "['<itkCType float>'] False\n", self.output(NUMPY_UNDER_WAY)
        )


class MissingClassTest(RowTest):
    """Row 11: tables name classes that the units do not define."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock = cls.stock.copy(cls.folder / "stock")
        for bed in (cls.stock, cls.lazy):
            for unit, name in MISSING.items():
                path = bed.package / f"{unit}.py"
                text = path.read_text()
                path.unlink()  # shared with the bed
                path.write_text(f"{text}\ndel {name}\n")

    def look(self, bed, level):
        """What the looks gave; what was told of missing classes."""
        run = self.run_code(MISSING_CLASSES, level, bed=bed)
        told = [
            line
            for line in run.stderr.splitlines()
            if any(name in line for name in MISSING.values())
        ]
        return json.loads(run.stdout), sorted(told)

    def test_row_11_told(self):
        stock, stock_told = self.look(self.stock, "WARN")
        lazy, told = self.look(self.lazy, "WARN")
        self.assertEqual(4, len(told))
        self.assertEqual(stock_told, told)
        self.assertRegex(stock.pop("class"), "^KeyError: ")
        self.assertRegex(lazy.pop("class"), "^AttributeError: .*Factory")
        self.assertEqual(stock, lazy)
        self.assertEqual("14", lazy["keys"])

    def test_row_11_silent(self):
        lazy, told = self.look(self.lazy, "SILENT")
        self.assertEqual(("14", []), (lazy["keys"], told))
        self.assertRegex(lazy["class"], "^AttributeError: ")

    def test_row_11_raised(self):
        stock, _ = self.look(self.stock, "ERROR")
        lazy, told = self.look(self.lazy, "ERROR")
        self.assertEqual([], told)
        self.assertRegex(stock["class"], "^RuntimeError: .*Factory not found")
        self.assertEqual(stock["class"], lazy["class"])
        self.assertRegex(lazy["keys"], "^RuntimeError: .*ISS2ISS2 not loaded")
        self.assertEqual(lazy["keys"], lazy["function"])
        self.assertEqual("15", lazy["other"])


class TwinTest(RowTest):
    """Row 17: a module and a template of the same name, as in
    itk-subdivisionquadedgemeshfilter."""

    def test_row_17_a_module_comes_before_a_template(self):
        stock = self.stock.copy(self.folder / "stock")
        files = module_files("Twin", "Twin")
        for bed in (stock, self.lazy):
            install(bed.site, "itk-twin", "1.0", files)
        self.assertEqual("module True\n", self.output(TWIN, bed=stock))
        for step in ("without a shard", "with one"):
            with self.subTest(step):
                self.assertEqual("module True\n", self.output(TWIN))
            self.lazy.tool("apply")


del BedTest, RowTest  # no tests by themselves

if __name__ == "__main__":
    unittest.main()
