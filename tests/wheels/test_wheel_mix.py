"""Any of the lazy wheels, alone, beside stock ones, and replaced by them."""

import shutil
import tempfile
import unittest
from pathlib import Path

from beds import stock_bed, stock_output
from lazy_wheels import (
    LAZY,
    SUBSET,
    installed,
    parts,
    processed,
    wheelhouse,
)
from remote import REMOTE

REMOTES = "itk_elastix", "itk_rtk"


def others(wheels, *names):
    """Those that parts() leaves out."""
    return sorted(set(wheels) - set(parts(wheels, *names)))


class MixTest(unittest.TestCase):
    """Some lazy wheels, some stock ones."""

    def beds(self, variable, wheels):
        """The stock bed, and one with these wheels."""
        stock = stock_bed(variable)
        folder = Path(tempfile.mkdtemp(prefix="mix ", dir=stock.root.parent))
        self.addCleanup(shutil.rmtree, folder)
        return stock, installed(stock, folder / "mixed", wheels)

    def assert_same_as_stock(self, stock, mixed):
        """It shows what stock shows with the same distributions."""
        missing = sorted({*stock.itk_names()} - {*mixed.itk_names(), "itk"})
        self.assertEqual(
            stock_output(stock, SUBSET, missing),
            mixed.run("-c", SUBSET).stdout,
        )

    def test_any_subset(self):
        wheels = processed("LAZYINDEX_WHEELS_60")
        for names in (
            ["itk_core"],
            ["itk_core", "itk_numerics"],
            ["itk_core", "itk_io", "itk_numerics", "itk_filtering"],
        ):
            with self.subTest(names):
                stock, mixed = self.beds(
                    "LAZYINDEX_BED_60", parts(wheels, *names)
                )
                self.assertEqual("True\n", mixed.run("-c", LAZY).stdout)
                self.assert_same_as_stock(stock, mixed)

    def test_stock_remote_wheels_beside(self):
        """Some that were not made lazy: everything works."""
        stock_wheels = wheelhouse("LAZYINDEX_WHEELS_54")
        lazy = processed("LAZYINDEX_WHEELS_54")
        stock, mixed = self.beds(
            "LAZYINDEX_BED_54",
            others(lazy, *REMOTES) + parts(stock_wheels, *REMOTES),
        )
        self.assertEqual("True\n", mixed.run("-c", LAZY).stdout)
        self.assertEqual(
            stock_output(stock, REMOTE), mixed.run("-c", REMOTE).stdout
        )

    def test_lazy_remote_wheel_beside_stock(self):
        """A shard that nobody reads does no harm."""
        stock_wheels = wheelhouse("LAZYINDEX_WHEELS_54")
        lazy = processed("LAZYINDEX_WHEELS_54")
        stock, mixed = self.beds(
            "LAZYINDEX_BED_54",
            others(stock_wheels, "itk_elastix") + parts(lazy, "itk_elastix"),
        )
        self.assertEqual("False\n", mixed.run("-c", LAZY).stdout)
        code = "import itk; print(itk.Image, 'ElastixFilter' in dir(itk))"
        self.assertEqual(
            stock.run("-c", code).stdout, mixed.run("-c", code).stdout
        )

    def test_stock_wheel_over_a_lazy_one(self):
        """As an upgrade to a release that is not lazy."""
        stock_wheels = wheelhouse("LAZYINDEX_WHEELS_60")
        lazy = processed("LAZYINDEX_WHEELS_60")
        stock, mixed = self.beds(
            "LAZYINDEX_BED_60", parts(lazy, "itk_core", "itk_numerics")
        )
        again = ("install", "--force-reinstall", "--no-compile")
        mixed.pip(*again, *parts(stock_wheels, "itk_core"))
        self.assertEqual("False\n", mixed.run("-c", LAZY).stdout)
        mixed.pip(*again, *parts(stock_wheels, "itk_numerics"))
        self.assertFalse((mixed.package / "_lazyindex").exists())
        mixed.share_byte_code(stock)
        self.assert_same_as_stock(stock, mixed)


if __name__ == "__main__":
    unittest.main()
