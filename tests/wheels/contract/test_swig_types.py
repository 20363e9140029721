"""SWIG's types, found by hash: the same as in SWIG's own way."""

import unittest
from pathlib import Path

from beds import BedTest
from tally import report

PROBE = Path(__file__).resolve().parents[1] / "probes/swig_types.py"

# Threads load C halves at once; a warning runs Python code in each.
CROWD = """
import importlib, sys, threading, warnings
import itk
warnings.simplefilter("always")
told = []
warnings.showwarning = lambda *arguments: told.append(arguments)
names = sys.argv[1:]
problems = []
def load(name):
    try:
        importlib.import_module(f"itk.{name}")
    except Exception as error:
        problems.append((name, repr(error)))
sys.setswitchinterval(1e-5)
threads = [threading.Thread(target=load, args=(name,)) for name in names]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(problems)
sys.argv[1:] = ["0", "20"]
exec(open(PROBE).read())
"""


class SwigTypesTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    def table(self, *arguments, **more):
        return self.lazy.run(PROBE, *map(str, arguments), **more).stdout

    def compare(self, seed, count):
        ours = self.table(seed, count)
        stock = self.table(seed, count, LAZYINDEX="stock-types")
        self.assertTrue(ours == stock, f"seed {seed}")
        return ours.count("\n")

    def test_all_units(self):
        """Types, classes, casts of all units, in the order of their names."""
        types = self.compare(0, 0)
        self.assertGreater(types, 5000)
        report("SWIG's types are the same, found by hash: types", types)

    def test_random_orders(self):
        for seed in (1, 2):
            with self.subTest(seed=seed):
                self.assertGreater(self.compare(seed, 120), 1000)

    def test_threads(self):
        names = [
            "itkImagePython",
            "itkMeshBasePython",
            "itkVectorImagePython",
            "itkPointSetPython",
            "itkMatrixPython",
            "itkSpatialObjectBasePython",
        ]
        program = CROWD.replace("PROBE", repr(str(PROBE)))
        run = self.lazy.run("-c", program, *names)
        problems, _, table = run.stdout.partition("\n")
        self.assertEqual("[]", problems)
        # The probe finds each type once, and lists of casts that are whole.
        # What else it prints depends on which thread was first.
        one_by_one = self.table(0, 20)
        self.assertLessEqual(
            {line.split()[0] for line in one_by_one.splitlines()},
            {line.split()[0] for line in table.splitlines()},
        )

    def test_a_word_that_turns_it_off(self):
        code = (
            "import itk, sys; itk.Image[itk.F, 2];"
            "print('__lazyindex_merged__' in"
            " vars(sys.modules['swig_runtime_data4']))"
        )
        self.assertEqual("True\n", self.lazy.run("-c", code).stdout)
        self.assertEqual(
            "False\n",
            self.lazy.run("-c", code, LAZYINDEX="stock-types").stdout,
        )


class SwigTypes54Test(SwigTypesTest):
    variable = "LAZYINDEX_BED_54"


class ForeignTest(BedTest):
    """Another package of SWIG's runtime version 4 in the process: QuantLib,
    whose tables share the ring."""

    variable = "LAZYINDEX_BED_60"

    USE = """
import sys
order = sys.argv[1]
def foreign():
    import QuantLib
    day = QuantLib.Date(28, 11, 2026)
    quote = QuantLib.QuoteHandle(QuantLib.SimpleQuote(1.5))
    schedule = QuantLib.MakeSchedule(
        day, QuantLib.Date(28, 11, 2028), QuantLib.Period("6M"))
    return str(day), quote.value(), len(list(schedule)), [
        type(date).__name__ for date in schedule][:2]
def itk_image():
    import itk
    image = itk.Image[itk.F, 2].New()
    image.SetRegions([4, 5])
    image.AllocateInitialized()
    return type(image.GetLargestPossibleRegion()).__name__
def itk_filter():
    import itk
    image = itk.Image[itk.F, 2].New()
    image.SetRegions([4, 5])
    image.AllocateInitialized()
    return type(itk.median_image_filter(image)).__name__
steps = {"f": foreign, "i": itk_image, "m": itk_filter}
for step in order:
    print(step, steps[step]())
"""

    def test_before_between_and_after(self):
        answers = set()
        for order in ("fimf", "imf", "ifmf", "mfi"):
            ours = self.lazy.run("-c", self.USE, order).stdout
            stock = self.lazy.run(
                "-c", self.USE, order, LAZYINDEX="stock-types"
            ).stdout
            self.assertEqual(stock, ours, order)
            answers |= set(ours.splitlines())
        self.assertEqual(3, len(answers), answers)


del BedTest

if __name__ == "__main__":
    unittest.main()
