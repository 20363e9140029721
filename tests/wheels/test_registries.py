"""What is not registered yet shows wherever code looks: see registries.py."""

import json
import unittest
from pathlib import Path

from beds import BedTest

HERE = Path(__file__).parent

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
REGISTRIES = ("names", "classes")
UNPICKLE = """
import pickle, sys
template = pickle.load(open(sys.argv[1], "rb"))
import itk
print(itk.MedianImageFilter is template, len(template), len(itk.Image))
"""


class RegistryTest:
    """Subclasses name the bed."""

    def test_first_thing_in_a_process(self):
        self.assertEqual(
            "itkVectorF2\nTrue False\n"
            "(<itkTemplate itk::Size>, (2,)) False\nTrue\n",
            self.lazy.run("-c", FIRST_THING).stdout,
        )

    def test_pickled_templates_cross(self):
        file = self.folder / "template.pickle"
        write = f"""
import itk, pickle
pickle.dump(itk.MedianImageFilter, open({str(file)!r}, "wb"))
print(itk.MedianImageFilter is pickle.load(open({str(file)!r}, "rb")))
"""
        for writer in (self.stock, self.lazy):
            self.assertEqual("True\n", writer.run("-c", write).stdout)
            texts = {
                reader.run("-c", UNPICKLE, file).stdout
                for reader in (self.stock, self.lazy)
            }
            self.assertEqual(1, len(texts), texts)


class Registry60Test(RegistryTest, BedTest):
    variable = "LAZYINDEX_BED_60"

    def test_same_as_stock(self):
        program = HERE / "registries.py"
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


class Registry54Test(RegistryTest, BedTest):
    variable = "LAZYINDEX_BED_54"


if __name__ == "__main__":
    unittest.main()
