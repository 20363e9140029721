"""`lazyindex explain` prints the order in which units are loaded: for every
public name with proxies that are empty, for some with those of ITK."""

import json
import subprocess
import unittest

from beds import TOOL, BedTest, environment

# Loads each name in a process of its own, and prints which units were imported,
# in the order in which they were begun. With a callback a template loads its
# units when it is named. Factories would come first: they are due because of a
# module, not of a name.
PROGRAM = """
import json, os, sys
import itkConfig

itkConfig.ImportCallback = lambda module, progress: None
itkConfig.DefaultFactoryLoading = False
import itk
# Once for all: what the support layer imports takes longer than most names.
import itk.support.extras, itk.support.init_helpers, itk.support.types
import itk.support.template_class

units, names = json.load(sys.stdin)
units = {f"itk.{unit}" for unit in units}


class Recorder:
    def __init__(self):
        self.order = []

    def find_spec(self, name, path=None, target=None):
        if name in units:
            self.order.append(name[4:])


sys.meta_path.insert(0, recorder := Recorder())
for name in names:
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        error = ""
        try:
            getattr(itk, name)
        except AttributeError as failure:  # an empty proxy has no classes
            error = str(failure)
        with open(write, "w") as pipe:
            json.dump([name, recorder.order, error], pipe)
        os._exit(0)
    os.close(write)
    with open(read) as pipe:
        print(pipe.read(), flush=True)
    os.wait()
"""

# Of each kind, with few and with many units, and where several modules have
# it.
SAMPLE = (
    "ImageFileReader",
    "LabelStatisticsImageFilter",
    "MedianImageFilter",
    "Mesh",
    "NumericTraits",
    "Object",
    "PNGImageIO",
    "SmartPointer",
    "TransformFileReader",
    "VersorRigid3DTransform",
    "gradient_magnitude_image_filter",
    "median_image_filter",
)


class OrderTest(BedTest):
    every = 1  # of how many names to take one
    promise = "`explain` prints the order in which units are loaded: names"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names, cls.units, cls.bodies = set(), set(), set()
        for shard in sorted(cls.lazy.package.glob("_lazyindex/*.lzi")):
            dump = subprocess.run(
                [TOOL, "dump", "--json", shard],
                check=True,
                stdout=subprocess.PIPE,
            )
            records = json.loads(dump.stdout)
            names |= set(records["names"])
            cls.units |= set(records["units"])
            cls.bodies |= {
                f"{name}Python"
                for name, module in records["modules"].items()
                if module["has_body"]
            }
        cls.names = sorted(names)

    def loaded(self, bed, names):
        """{name: (units in the order in which they came, error)}"""
        run = subprocess.run(
            [bed.python, "-B", "-c", PROGRAM],
            input=json.dumps([sorted(self.units), names]),
            env=environment(),
            check=True,
            capture_output=True,
            text=True,
            timeout=1800,
        )
        lines = map(json.loads, run.stdout.splitlines())
        return {name: (order, error) for name, order, error in lines}

    def explained(self, bed, name):
        lines = iter(bed.tool("explain", name).stdout.splitlines())
        first = next(x for x in lines if x.startswith("units, in load order"))
        return [next(lines)[2:].split()[0] for _ in range(int(first[21:]))]

    def compare(self, bed, names):
        wrong = {}
        for name, (order, error) in self.loaded(bed, names).items():
            told = self.explained(bed, name)
            self.tally.cases += 1
            if told != order:
                self.tally.wrong += 1
                wrong[name] = told, order, error
        self.assertEqual({}, wrong)

    def test_all_names(self):
        bed = self.lazy.copy(self.folder / "empty")
        for unit in self.units - self.bodies:
            proxy = bed.package / f"{unit}.py"
            proxy.unlink()  # a link to the bed's
            proxy.touch()
        self.compare(bed, self.names[:: self.every])

    def test_some_with_their_libraries(self):
        self.compare(self.lazy, sorted(set(SAMPLE) & set(self.names)))


class Order60Test(OrderTest):
    variable = "LAZYINDEX_BED_60"


class Order54Test(OrderTest):
    variable = "LAZYINDEX_BED_54"
    every = 8


del BedTest, OrderTest  # no tests by themselves

if __name__ == "__main__":
    unittest.main()
