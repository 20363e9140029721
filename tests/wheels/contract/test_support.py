"""ITK's support layer asks which packages are installed: every answer is
stock's, and a plain no does not cost the import of importlib.metadata."""

import unittest
import zipfile

from beds import BedTest

ANSWERS = """
import sys
%s
from itk.support import helpers, types
print([(module._HAVE_XARRAY, module._HAVE_TORCH) for module in (helpers, types)])
"""

NOTHING_IS_LEFT = """
import builtins, importlib, sys
from itk.support import helpers, types
print("importlib.metadata" in sys.modules)
for module in (helpers, types):
    functions = [
        value for value in vars(module).values()
        if hasattr(value, "__builtins__")
    ]
    print(
        module.importlib is importlib,
        module.__builtins__ is builtins.__dict__,
        len(functions) > 0,
        all(f.__builtins__ is builtins.__dict__ for f in functions),
    )
import importlib.metadata
try:
    types.metadata("xarray")
except importlib.metadata.PackageNotFoundError as error:
    print(error)
print(types.metadata("itk")["Name"])
"""

OTHER_FINDER = """
import importlib.metadata as real, pathlib
class Finder:
    def find_spec(self, *_):
        return None
    def find_distributions(self, context):
        if context.name == "torch":
            yield real.PathDistribution(pathlib.Path(PATH))
sys.meta_path.append(Finder())
for name in [name for name in sys.modules if name.startswith("importlib.m")]:
    del sys.modules[name]
"""


def put_metadata(folder, name):
    folder.joinpath(name).mkdir(parents=True)
    folder.joinpath(name, "METADATA").write_text("Name: x\nVersion: 1\n")


class InstalledTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    def assert_same(self, expected, path="", before=""):
        answers = [
            bed.run("-c", ANSWERS % before, PYTHONPATH=str(path)).stdout
            for bed in (self.stock, self.lazy)
        ]
        self.assertEqual([f"[{expected}, {expected}]\n"] * 2, answers)

    def test_nothing_is_left_of_the_stand_ins(self):
        run = self.lazy.run("-c", NOTHING_IS_LEFT)
        self.assertEqual(
            "False\n"
            + "True True True True\n" * 2
            + "No package metadata was found for xarray\nitk\n",
            run.stdout,
        )

    def test_absent(self):
        self.assert_same((False, False))
        self.assert_same((False, False), self.folder / "not there")
        self.assert_same((False, False), before="import importlib.metadata")

    def test_present(self):
        for name, expected in (
            ("xarray-2024.1.dist-info", (True, False)),
            ("XArray-1.DIST-INFO", (True, False)),
            ("torch.dist-info", (False, True)),
            ("xarray_einstats-0.8.dist-info", (False, False)),
            ("xarray.extra-0.8.dist-info", (False, False)),
            ("xarray-1.dist-infos", (False, False)),
            ("pytorch-2.0.dist-info", (False, False)),
        ):
            with self.subTest(name):
                folder = self.folder / name.replace(".", "")
                put_metadata(folder, name)
                self.assert_same(expected, folder)

    def test_present_in_an_archive(self):
        for name in ("library.zip", "xarray-1.0-py3.egg"):
            path = self.folder / name
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("torch-2.0.dist-info/METADATA", "Name: t\n")
                archive.writestr("EGG-INFO/PKG-INFO", "Name: xarray\n")
            self.assert_same((name.endswith("egg"), True), path)

    def test_present_by_another_finder(self):
        put_metadata(self.folder, "found.dist-info")
        path = str(self.folder / "found.dist-info")
        self.assert_same(
            (False, True), before=OTHER_FINDER.replace("PATH", repr(path))
        )


class Installed314Test(InstalledTest):
    """A file with annotations begins with a function that tells them."""

    variable = "LAZYINDEX_BED_60_314"
    optional = True


BODY = """
import itk, sys
function = itk.elastix_registration_method
print(function.__doc__.split(".")[0], itk.Elastix.convert_to_parameter_map)
print([name for name in sys.modules if name.startswith("itk._ITK")])
body = sys.modules["itk.ElastixPython"]
print(
    function.__globals__ is vars(body),
    "itkElastixRegistrationMethodIF2IF2" in vars(body),
    body.itkElastixRegistrationMethodIF2IF2.__module__,
    body._ElastixPython is sys.modules["itk._ElastixPython"],
    body.elastix_registration_method is function,
    itk.elastix_registration_method is function,
)
from itk.ElastixPython import *
print(elastix_registration_method is function, elastixParameterObject.__name__)
"""

REGISTERS = """
import itk, numpy
image = itk.image_from_array(numpy.eye(32, dtype="float32"))
parameters = itk.ParameterObject.New()
parameters.AddParameterMap(parameters.GetDefaultParameterMap("translation", 1))
moved, transform = itk.elastix_registration_method(
    image, image, parameter_object=parameters
)
print(type(moved).__name__, transform.GetNumberOfParameterMaps())
"""


class BodyTest(BedTest):
    """itk-elastix defines functions in its aggregator."""

    variable = "LAZYINDEX_BED_54"

    def test_body_is_executed_alone(self):
        first, libraries, rest, star, _ = self.lazy.run(
            "-c", BODY
        ).stdout.split("\n")
        self.assertIn("Run elastix registration", first)
        self.assertEqual("[]", libraries)
        self.assertEqual(
            "True False itk.itkElastixRegistrationMethodPython True True True",
            rest,
        )
        self.assertEqual("True elastixParameterObject", star)

    def test_body_is_missing(self):
        body = self.lazy.package / "ElastixPython.py"
        body.rename(self.folder / body.name)
        try:
            run = self.lazy.run(
                *("-c", "import itk; itk.elastix_registration_method"),
                check=False,
            )
        finally:
            (self.folder / body.name).rename(body)
        self.assertIn(
            "\nModuleNotFoundError: No module named 'itk.ElastixPython'\n"
            "while loading 'elastix_registration_method' of module Elastix ",
            run.stderr,
        )

    def test_body_works(self):
        """The first thing in a process; remote.py asks stock, too."""
        self.assertEqual(
            "itkImageF2 1\n", self.lazy.run("-c", REGISTERS).stdout
        )


if __name__ == "__main__":
    unittest.main()
