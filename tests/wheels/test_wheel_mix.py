"""Any of the lazy wheels, alone, beside stock ones, and replaced by them."""

import shutil
import tempfile
import unittest
from pathlib import Path

from beds import stock_bed
from lazy_wheels import (
    LAZY,
    empty_bed,
    parts,
    processed,
    wheelhouse,
    without_remotes,
)

# The names first: what is used makes more of them in stock.
PROBE = """
import sys, warnings
warnings.simplefilter("ignore")
import itk
print(*[n for n in dir(itk) if n[0] != "_" and not n.endswith("Python")
        and n not in {"itk_base_global_lazy_attributes",
                      "loaded_lazy_modules", "swig"}])
image = itk.image_from_array(__import__("numpy").eye(8, dtype="float32"))
print(type(image).__name__, itk.origin(image), itk.size(image))
for name in ("MedianImageFilter", "imread", "PNGImageIO", "ITKWatersheds",
             "elastix_registration_method", "ImageRegistrationMethodv4",
             "otsu_threshold_image_filter"):
    print(name, name in dir(itk), hasattr(itk, name))
"""


class MixTest(unittest.TestCase):
    """Some lazy wheels, some stock ones."""

    def beds(self, variable, lazy):
        """A bed with these wheels, and the stock bed with the same
        distributions."""
        stock = stock_bed(variable)
        folder = Path(tempfile.mkdtemp(prefix="mix ", dir=stock.root.parent))
        self.addCleanup(shutil.rmtree, folder)
        mixed = empty_bed(stock, folder / "mixed")
        mixed.pip("install", *lazy)
        same = stock.copy(folder / "same")
        others = set(same.itk_names()) - set(mixed.itk_names())
        if others:
            same.pip("uninstall", *sorted(others))
        return same, mixed

    def test_any_subset(self):
        wheels = processed("LAZYINDEX_WHEELS_60")
        for names in (
            ["itk_core"],
            ["itk_core", "itk_numerics"],
            ["itk_core", "itk_io", "itk_numerics", "itk_filtering"],
        ):
            with self.subTest(names):
                same, mixed = self.beds(
                    "LAZYINDEX_BED_60", parts(wheels, *names)
                )
                self.assertEqual("True\n", mixed.run("-c", LAZY).stdout)
                self.assertEqual(
                    same.run("-c", PROBE).stdout,
                    mixed.run("-c", PROBE).stdout,
                )

    def test_stock_remote_wheel_beside(self):
        """One that was not made lazy: everything works."""
        stock = wheelhouse("LAZYINDEX_WHEELS_54")
        lazy = processed("LAZYINDEX_WHEELS_54")
        same, mixed = self.beds(
            "LAZYINDEX_BED_54",
            without_remotes(lazy) + parts(stock, "itk_elastix"),
        )
        self.assertIn("itk-elastix", mixed.itk_names())
        code = """
import itk
print(itk.elastix_registration_method.__name__, itk.ParameterObject)
print(itk.MedianImageFilter, itk.ElastixRegistrationMethod)
"""
        self.assertEqual(
            same.run("-c", code).stdout, mixed.run("-c", code).stdout
        )

    def test_lazy_remote_wheel_beside_stock(self):
        """A shard that nobody reads does no harm."""
        stock = wheelhouse("LAZYINDEX_WHEELS_54")
        lazy = processed("LAZYINDEX_WHEELS_54")
        same, mixed = self.beds(
            "LAZYINDEX_BED_54",
            without_remotes(stock) + parts(lazy, "itk_elastix"),
        )
        self.assertEqual("False\n", mixed.run("-c", LAZY).stdout)
        code = "import itk; print(itk.Image, 'ElastixFilter' in dir(itk))"
        self.assertEqual(
            same.run("-c", code).stdout, mixed.run("-c", code).stdout
        )

    def test_stock_wheel_over_a_lazy_one(self):
        """As an upgrade to a release that is not lazy."""
        stock = wheelhouse("LAZYINDEX_WHEELS_60")
        lazy = processed("LAZYINDEX_WHEELS_60")
        same, mixed = self.beds(
            "LAZYINDEX_BED_60", parts(lazy, "itk_core", "itk_numerics")
        )
        mixed.pip("install", "--force-reinstall", *parts(stock, "itk_core"))
        self.assertEqual("False\n", mixed.run("-c", LAZY).stdout)
        mixed.pip(
            "install", "--force-reinstall", *parts(stock, "itk_numerics")
        )
        self.assertFalse((mixed.package / "_lazyindex").exists())
        self.assertEqual(
            same.run("-c", PROBE).stdout, mixed.run("-c", PROBE).stdout
        )


if __name__ == "__main__":
    unittest.main()
