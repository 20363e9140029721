"""The released wheels made lazy, installed by pip, pass what an applied
package passes."""

import shutil
import unittest

import test_wheels
from beds import BedTest
from lazy_wheels import LAZY, empty_bed, processed
from test_apply_wheels import record_problems


class FromWheels:
    """Mixed into a test of `apply`: the same package out of lazy wheels."""

    wheels = None

    @classmethod
    def make_lazy(cls, target):
        wheels = processed(cls.wheels)
        bed = empty_bed(cls.stock, target)
        bed.pip("install", *wheels)
        return bed

    def test_installed_as_applied(self):
        self.assertEqual([], record_problems(self.lazy))
        self.assertIn("applied and current", self.lazy.tool("status").stdout)
        self.assertEqual("", self.lazy.tool("verify").stdout)
        self.assertEqual("True\n", self.lazy.run("-c", LAZY).stdout)

    def test_uninstall_leaves_nothing(self):
        bed = self.lazy.copy(self.folder / "uninstalled")
        bed.run("-c", "import itk; itk.Image")
        bed.run("-c", "import itk; itk.Image", LAZYINDEX="off")
        bed.pip("uninstall", *bed.itk_names())
        self.assertEqual([], list(bed.site.glob("itk*")))
        shutil.rmtree(bed.root)


class WheelStep60(FromWheels, test_wheels.Itk60Test):
    wheels = "LAZYINDEX_WHEELS_60"


class WheelStep60Python313(FromWheels, BedTest):
    """The same runtime for another Python."""

    wheels = "LAZYINDEX_WHEELS_60"
    variable = "LAZYINDEX_BED_60_313"
    optional = True

    def test_ordinary_use(self):
        stock, lazy = (
            test_wheels.Itk60Test.results(self, bed)
            for bed in (self.stock, self.lazy)
        )
        self.assertEqual(stock, lazy)


class WheelStep54(FromWheels, test_wheels.Itk54Test):
    wheels = "LAZYINDEX_WHEELS_54"


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
