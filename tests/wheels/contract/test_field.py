"""What users' scripts do with names that nobody documents."""

import json
import unittest

from beds import BedTest

# Scripts on public trackers reach classes through the module of a unit that
# they never import.
UNITS = """
import itk
itk.MedianImageFilter[itk.Image[itk.F, 2], itk.Image[itk.F, 2]]
unit = itk.itkRescaleIntensityImageFilterPython
print(unit.itkRescaleIntensityImageFilterISS3ISS3.New().GetNameOfClass())
print(itk.itkPointSetPython.itkPointSetF3.__name__)
print(itk.itkVersorRigid3DTransformPython.itkVersorRigid3DTransformD.__name__)
print(itk.itkImagePython.itkImageF2 is itk.Image[itk.F, 2])
"""

# A unit in a fresh process: stock does not have it yet.
FRESH = """
import itk, sys
before = set(sys.modules)
image = itk.itkImagePython.itkImageF2.New()
image.SetRegions([4, 5])
image.AllocateInitialized()
print(type(image.GetLargestPossibleRegion()).__name__)
print(type(itk.array_from_image(image)).__name__)
print(itk._itkImagePython.__name__, itk._ITKCommonPython.__name__)
for name in ("itkNoSuchPython", "_itkNoSuchPython", "Python", "_Python"):
    print(name, hasattr(itk, name))
"""

NAMES = """
import itk, json, numpy
itk.median_image_filter(itk.image_from_array(numpy.ones((4, 5), "f4")))
told = {}
for name in json.loads(%r):
    try:
        value = getattr(itk, name)
        told[name] = type(value).__name__, getattr(value, "__name__", None)
    except AttributeError as error:
        told[name] = str(error)
print(json.dumps(told))
"""
RAW = [
    "vectorD",
    "vnl_vectorF",
    "mapULD",
    "stdcomplexF",
    "vnl_matrix_fixedD_3_3",
    "vectoritkImageF3",
    "SwigPyIterator",
    "helpers",
    "collections",
    "Sequence",
]

# Of a class by such a name, what C++ returns has its own class.
USE = """
import itk
vector = itk.vnl_vectorD(3)
vector.put(0, 2.5)
print(vector.get(0), vector.size())
print(list(itk.vectorD([1.5, 2.5])), itk.vectorD is itk.vector[itk.D])
"""

ALL = """
import itk, json
itk.force_load()
print(json.dumps(sorted(dir(itk))))
print(json.dumps(sorted(vars(itk))))
"""

DIR = """
import itk, json
itk.median_image_filter, itk.Image[itk.F, 2]
print(json.dumps(dir(itk)))
"""

# Internals of LazyITKModule; see docs/differences.md.
INTERNAL = {
    "_LazyITKModule__belong_lazy_attributes",
    "_initialize_module",
    "itk_base_global_lazy_attributes",
    "loaded_lazy_modules",
}

TRACES = """
import itk
itk.Image[itk.F, 2]
print([name for name in dir(itk) if "lazy" in name.lower()])
print([name for name in itk.search("index") if "lazy" in name.lower()])
print(repr(itk.ITKCommon))
"""


class FieldTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    def both(self, code):
        return (
            self.stock.run("-c", code).stdout,
            self.lazy.run("-c", code).stdout,
        )

    def test_units_as_attributes(self):
        stock, lazy = self.both(UNITS)
        self.assertEqual(4, stock.count("\n"))
        self.assertEqual(stock, lazy)

    def test_units_in_a_fresh_process(self):
        self.assertEqual(
            "itkImageRegion2\nndarray\n"
            "itk._itkImagePython itk._ITKCommonPython\n"
            "itkNoSuchPython False\n_itkNoSuchPython False\n"
            "Python False\n_Python False\n",
            self.lazy.run("-c", FRESH).stdout,
        )

    def test_a_unit_in_many_threads(self):
        code = (
            "import itk, threading\n"
            "found = []\n"
            "def look():\n"
            "    found.append(itk.itkMedianImageFilterPython)\n"
            "threads = [threading.Thread(target=look) for _ in range(8)]\n"
            "[thread.start() for thread in threads]\n"
            "[thread.join() for thread in threads]\n"
            "print(len(found), len(set(map(id, found))))"
        )
        self.assertEqual("8 1\n", self.lazy.run("-c", code).stdout)

    def test_names_of_units(self):
        stock, lazy = map(json.loads, self.both(NAMES % json.dumps(RAW)))
        self.assertEqual(set(RAW), set(stock))
        self.assertEqual(stock, lazy)

    def test_classes_of_units_work(self):
        code = "import itk; itk.MedianImageFilter\n" + USE
        self.assertEqual(
            self.stock.run("-c", code).stdout, self.lazy.run("-c", USE).stdout
        )

    def test_force_load_binds_them(self):
        stock, lazy = (
            [set(json.loads(line)) for line in output.splitlines()]
            for output in self.both(ALL)
        )
        self.assertGreater(len(stock[0]), 3000)
        self.assertEqual(INTERNAL, stock[0] - lazy[0])
        self.assertEqual(set(), stock[1] - lazy[1] - INTERNAL)

    def test_dir(self):
        stock, lazy = (set(json.loads(text)) for text in self.both(DIR))
        self.assertEqual(INTERNAL, stock - lazy)

    def test_nothing_of_ours_is_seen(self):
        self.assertEqual(
            "[]\n[]\n<module 'itk.ITKCommon'>\n",
            self.lazy.run("-c", TRACES).stdout,
        )


class Field54Test(BedTest):
    variable = "LAZYINDEX_BED_54"

    def test_units_of_elastix(self):
        code = (
            "import itk\n"
            "itk.elastix_registration_method\n"
            "for name in ('elxParameterObjectPython',"
            " 'itkTransformixFilterPython', 'ElastixPython'):\n"
            "    print(hasattr(itk, name))\n"
            "print(itk.elxParameterObjectPython.__name__)\n"
            "print(itk.itkTransformixFilterPython.__name__)"
        )
        lazy = self.lazy.run("-c", code).stdout
        # Where stock would not have one yet, having it is the better answer.
        stock = self.stock.run("-c", code).stdout
        self.assertEqual(["True"] * 3, lazy.splitlines()[:3])
        self.assertEqual(stock.splitlines()[3:], lazy.splitlines()[3:])


del BedTest

if __name__ == "__main__":
    unittest.main()
