"""LazyIndex on the released wheels, looked at from the lazy side alone; for
the comparison with stock see test_differential.py."""

import json
import unittest

from beds import BedTest, stock_output
from probes.remote import REMOTE

IMPORT_ONLY = """
import sys
before = set(sys.modules)
import itk
added = sorted(set(sys.modules) - before)
import json
print(json.dumps(added))
"""


# What a load has made and the collector still walks: functions and classes;
# namespaces, and CPython's copies of them.
WALKED = """
import gc, re, sys, types
import itk
itk.MedianImageFilter[itk.Image[itk.F, 2], itk.Image[itk.F, 2]].New()
kinds = type, types.FunctionType, types.BuiltinFunctionType
made = {
    id(thing): name
    for name in [*sys.modules]
    if re.match(r"itk\\._?itk", name)
    for thing in vars(sys.modules[name]).values()
    if isinstance(thing, kinds) and thing.__module__ in (name, None)
}
assert len(made) > 1000
walked = gc.get_objects()
print(
    [made[id(thing)] for thing in walked if id(thing) in made],
    sum(
        any(
            str(key).endswith("_swigregister") and callable(value)
            for key, value in thing.items()
        )
        for thing in walked
        if type(thing) is dict
    ),
)
"""


class WheelTest(BedTest):
    """What holds for every release; subclasses name the bed."""

    modules_at_import = 15

    def test_import_imports_next_to_nothing(self):
        added = json.loads(self.lazy.run("-c", IMPORT_ONLY).stdout)
        self.assertIn("itk", added)
        self.assertLessEqual(len(added), self.modules_at_import, added)
        for module in (
            "numpy",
            "itkConfig",
            "itk.support",
            "itk.Configuration",
        ):
            self.assertNotIn(module, added)

    def test_collector_is_spared(self):
        self.assertEqual("[] 0\n", self.lazy.run("-c", WALKED).stdout)

    def test_off_runs_stock(self):
        code = "import itk, sys; print('itk.support.base' in sys.modules)"
        self.assertEqual(
            "True\n", self.lazy.run("-c", code, LAZYINDEX="off").stdout
        )


class EagerTest(WheelTest):
    """What test_options.py asks of one release and Python."""

    all_eager = False  # it takes half a minute: itk-core is enough

    def test_format_of_warnings(self):
        """ITK's own, where nobody has set another one."""
        code = (
            "import itk, warnings; itk.imread;"
            " print(warnings.formatwarning.__module__)"
        )
        self.assertEqual("itkConfig\n", self.lazy.run("-c", code).stdout)

    def test_eager_switch(self):
        bed = self.lazy
        if not self.all_eager:
            bed = bed.copy_only(self.folder / "small", "itk-core")
        code = "import itk, sys; print('itk.support.base' in sys.modules)"
        run = bed.run("-c", code, ITK_EAGER_IMPORT="1")
        self.assertEqual("True\n", run.stdout)


class Itk60Test(WheelTest):
    variable = "LAZYINDEX_BED_60"

    def test_memory_stays_flat(self):
        code = """
import ctypes, importlib, gc, itk
ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)  # no huge pages, which come any time
def resident():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1])
names = "Image", "median_image_filter", "ImageToImageFilter", "imread"
def touch(count):
    for i in range(count):
        hasattr(itk, f"nope{i % 100}")
        for name in names:
            getattr(itk, name)
            delattr(itk, name)
    gc.collect()
touch(2000)
before = resident()
touch(20000)
for _ in range(200):
    importlib.reload(itk)
gc.collect()
print(resident() - before)
"""
        self.assertLess(int(self.lazy.run("-c", code).stdout), 500)

    def test_import_callback(self):
        code = """
import itk, itkConfig, json
told = []
itkConfig.ImportCallback = lambda name, progress: told.append([name, progress])
itk.MedianImageFilter
itk.median_image_filter
print(json.dumps(told))
"""
        told = json.loads(self.lazy.run("-c", code).stdout)
        modules = {name for name, _ in told}
        self.assertIn("ITKSmoothing", modules)
        self.assertEqual(2 * len(modules), len(told))
        for module in modules:
            self.assertLess(
                told.index([module, 0]), told.index([module, 1]), module
            )


class Itk60Python312Test(EagerTest):
    variable = "LAZYINDEX_BED_60_312"
    optional = True


class Itk60Python313Test(EagerTest):
    variable = "LAZYINDEX_BED_60_313"
    optional = True
    all_eager = True  # for Python 3.11 test_differential.py does it


class Itk60Python314Test(EagerTest):
    variable = "LAZYINDEX_BED_60_314"
    optional = True


class Itk60Python315Test(EagerTest):
    variable = "LAZYINDEX_BED_60_315"
    optional = True


class Itk54Test(EagerTest):
    variable = "LAZYINDEX_BED_54"
    modules_at_import = 60  # RTK's __init_rtk__.py imports five files

    def test_elastix_and_rtk(self):
        self.assertEqual(
            stock_output(self.stock, REMOTE),
            self.lazy.run("-c", REMOTE).stdout,
        )


del EagerTest, WheelTest, BedTest  # not tests by themselves

if __name__ == "__main__":
    unittest.main()
