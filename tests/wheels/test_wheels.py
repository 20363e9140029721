"""LazyIndex on the released wheels: an ordinary script sees no difference."""

import json
import tempfile
import unittest
from pathlib import Path

from beds import BedTest

HERE = Path(__file__).parent

IMPORT_ONLY = """
import sys
before = set(sys.modules)
import itk
added = sorted(set(sys.modules) - before)
import json
print(json.dumps(added))
"""

SOME_NAMES = """
import json, warnings
warnings.simplefilter("ignore")
import itk
names = [n for n in dir(itk) if not n.startswith("_")]
print(json.dumps(names))
"""

ALL_OBJECTS = """
import json, sys, warnings
warnings.simplefilter("ignore")
import itk
from itk.support.base import itk_base_global_module_data as modules
owners = {}
for module in modules.values():
    for function in module.get_snake_case_functions():
        owners[function] = owners.get(function, 0) + 1
found = {}
for name in json.load(open(sys.argv[1])):
    try:
        value = getattr(itk, name)
    except Exception as error:
        found[name] = f"{type(error).__name__}: {error}"
        continue
    module = getattr(value, "__module__", None) or ""
    # Of a function in two modules stock binds the one that was loaded last.
    found[name] = [
        type(value).__name__,
        "" if owners.get(name, 0) > 1 else module.removeprefix("itk."),
    ]
    if type(value).__name__ == "itkTemplate" or isinstance(value, type):
        found[name].append(value.__name__)
json.dump(found, sys.stdout)
"""

# Bound by an import that stock happens to do, and known to be different:
# docs/differences.md.
NOT_PUBLIC = {"itk_base_global_lazy_attributes", "loaded_lazy_modules", "swig"}


class WheelTest(BedTest):
    """What holds for every release; subclasses name the bed."""

    modules_at_import = 15

    def results(self, bed, **more):
        with tempfile.TemporaryDirectory() as folder:
            return json.loads(
                bed.run(HERE / "ordinary_use.py", folder, **more).stdout
            )

    def test_ordinary_use(self):
        stock, lazy = self.results(self.stock), self.results(self.lazy)
        self.assertEqual(stock.keys(), lazy.keys())
        for action, value in stock.items():
            with self.subTest(action):
                self.assertEqual(value, lazy[action])

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

    def names(self, bed):
        names = json.loads(bed.run("-c", SOME_NAMES).stdout)
        return {n for n in names if not n.endswith("Python")} - NOT_PUBLIC

    def test_dir_shows_the_same_names(self):
        self.assertEqual(self.names(self.stock), self.names(self.lazy))

    def test_every_name_is_the_same_object(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(sorted(self.names(self.stock)), file)
            file.flush()
            stock = json.loads(
                self.stock.run("-c", ALL_OBJECTS, file.name).stdout
            )
            lazy = json.loads(
                self.lazy.run("-c", ALL_OBJECTS, file.name).stdout
            )
        different = {
            name: (value, lazy[name])
            for name, value in stock.items()
            if value != lazy[name] and value[0] != "LazyITKModule"
        }
        self.assertEqual({}, different)

    def test_off_runs_stock(self):
        code = "import itk, sys; print('itk.support.base' in sys.modules)"
        self.assertEqual(
            "True\n", self.lazy.run("-c", code, LAZYINDEX="off").stdout
        )

    def test_eager_switch_runs_stock(self):
        code = "import itk, sys; print('itk.support.base' in sys.modules)"
        run = self.lazy.run("-c", code, ITK_EAGER_IMPORT="1")
        self.assertEqual("True\n", run.stdout)


class Itk60Test(WheelTest):
    variable = "LAZYINDEX_BED_60"

    def test_threads(self):
        for seed in range(8):
            with self.subTest(seed):
                run = self.lazy.run(HERE / "stress_threads.py", seed)
                self.assertEqual("", run.stdout)

    def test_memory_stays_flat(self):
        code = """
import importlib, gc, itk
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


class Itk60Python312Test(WheelTest):
    variable = "LAZYINDEX_BED_60_312"
    optional = True


class Itk60Python313Test(WheelTest):
    variable = "LAZYINDEX_BED_60_313"
    optional = True


class Itk54Test(WheelTest):
    variable = "LAZYINDEX_BED_54"
    modules_at_import = 60  # RTK's __init_rtk__.py imports five files

    def test_elastix_and_rtk(self):
        code = """
import warnings; warnings.simplefilter("ignore")
import itk
print(itk.elastix_registration_method.__name__, itk.convert_to_parameter_map({"a": [1, True]}))
print(itk.ParameterObject, itk.RTK.ThreeDCircularProjectionGeometry)
print(itk.ElastixRegistrationMethod, hasattr(itk.RTK, "add_rtkinputprojections_group"))
"""
        self.assertEqual(
            self.stock.run("-c", code).stdout, self.lazy.run("-c", code).stdout
        )


del WheelTest, BedTest  # not tests by themselves

if __name__ == "__main__":
    unittest.main()
