"""What is not registered yet shows wherever code looks: see registries.py."""

import json
import unittest
from pathlib import Path

from beds import BedTest

PROBES = Path(__file__).parents[1] / "probes"

# First thing in a process, with no name used before.
FIRST_THING = """
import itk, json, pickle, sys
from itk.support.template_class import itkTemplateBase
names = itkTemplateBase.__template_instantiations_name_to_object__
print(names["itk::Vector<float,2>"].__name__)
print("itk::RGBPixel<unsignedchar>" in names, "itk::Nothing<2>" in names)
import itk.itkSizePython
size = itk.itkSizePython.itkSize2
classes = itkTemplateBase.__template_instantiations_object_to_name__
print(classes[size], int in classes)
print(len([m for m in sys.modules if m.startswith("itk._itk")]) < 60)
"""
# An attribute comes from the modules that are in use, as in stock, before all
# others that have the template are loaded.
ATTRIBUTES = """
import itk, sys
def of(name):
    return sorted(m for m in sys.modules if m.startswith("itk." + name))
print(itk.Image.F2.__name__, of("itkLevelSet"))
print(hasattr(itk.Image, "nope"), len(of("itkLevelSet")) > 0)
"""
REGISTRIES = ("names", "classes")
# It loads while it is iterated over; a dict is not reduced.
STOCK_FAILS = ("classes __deepcopy__", "classes __reduce__")
# A template that stock loads soon.
READ = """
import pickle, sys
def read(path):
    template = pickle.load(open(path, "rb"))
    import itk
    print(itk.CurvatureFlowImageFilter is template, len(template), len(itk.Image))
"""
WRITE = """
import itk, pickle, sys
def write(path):
    pickle.dump(itk.CurvatureFlowImageFilter, open(path, "wb"))
    print(itk.CurvatureFlowImageFilter is pickle.load(open(path, "rb")))
"""


class RegistryTest:
    """Subclasses name the bed."""

    def test_first_thing_in_a_process(self):
        self.assertEqual(
            "itkVectorF2\nTrue False\n"
            "(<itkTemplate itk::Size>, (2,)) False\nTrue\n",
            self.lazy.run("-c", FIRST_THING).stdout,
        )

    def test_attributes_of_templates(self):
        self.assertEqual(
            "itkImageF2 []\nFalse True\n",
            self.lazy.run("-c", ATTRIBUTES).stdout,
        )

    def test_pickled_templates_cross(self):
        """One that is read is the first thing a process sees of ITK."""
        ours, theirs = self.folder / "ours", self.folder / "theirs"

        def told(bed, code, *paths):
            return bed.run("-c", code, *paths).stdout

        write = f"{WRITE}\nwrite(sys.argv[1])"
        read = f"{READ}\nread(sys.argv[1])"
        self.assertEqual("True\n", told(self.lazy, write, ours))
        both = f"{read}\n{WRITE}\nwrite(sys.argv[2])"
        found = told(self.stock, both, ours, theirs)
        self.assertTrue(found.endswith("\nTrue\n"), found)
        found = found.removesuffix("True\n")
        self.assertTrue(found.startswith("True "), found)
        self.assertEqual(found, told(self.lazy, read, ours))
        self.assertEqual(found, told(self.lazy, read, theirs))


class Registry60Test(RegistryTest, BedTest):
    variable = "LAZYINDEX_BED_60"
    promise = "methods of ITK's registries and tables, as the first look"

    def test_same_as_stock(self):
        program = PROBES / "registries.py"
        stock = json.loads(self.stock.run(program).stdout)
        lazy = json.loads(self.lazy.run(program).stdout)
        self.assertEqual(stock.keys(), lazy.keys())
        for what in REGISTRIES:
            # Units needed for the types that others return bring theirs.
            known = set(stock[what])
            more = [name for name in lazy[what] if name not in known]
            self.assertLess(len(more), 20, more)
            lazy[what] = [name for name in lazy[what] if name in known]
        for what, value in stock.items():
            with self.subTest(what):
                self.assertEqual(value, lazy[what])

    def test_methods_of_dictionaries(self):
        """Every one that a dict or an OrderedDict has; a new one of a later
        Python fails here until it has a look in view_methods.py."""
        program = PROBES / "view_methods.py"
        stock = json.loads(self.stock.run(program).stdout)
        lazy = json.loads(self.lazy.run(program).stdout)
        self.assertEqual([], stock.pop("without a look"))
        self.assertEqual([], lazy.pop("without a look"))
        self.assertEqual(stock.keys(), lazy.keys())
        for what, (result, *items) in stock.items():
            if what in STOCK_FAILS:
                continue
            with self.subTest(what), self.tally.case():
                own_result, *own_items = lazy[what]
                if what.endswith(("of what is not there", "__init__")):
                    # What is put in comes before what is loaded later.
                    items.sort()
                    own_items.sort()
                self.assertEqual(result, own_result)
                self.assertEqual(items, own_items)


class Registry54Test(RegistryTest, BedTest):
    variable = "LAZYINDEX_BED_54"


if __name__ == "__main__":
    unittest.main()
