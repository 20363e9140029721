"""The released wheels made lazy, installed by pip, pass what an applied
package passes; any of them, alone, beside stock ones, and replaced by them,
works as well."""

import shutil
import tempfile
import unittest
from pathlib import Path

from beds import digest_of, stock_bed, stock_output
from beds.lazy_wheels import (
    LAZY,
    SUBSET,
    installed,
    parts,
    processed,
    wheelhouse,
)
from contract import test_wheels
from contract.test_apply_wheels import record_problems
from probes.remote import REMOTE

from stress.differential import Comparison, text_of

REMOTES = "itk_elastix", "itk_rtk"
AGAIN = "install", "--force-reinstall", "--no-compile"


def files(bed):
    """All of the package and its start-up files, but byte code."""
    found = {}
    for top in (
        bed.package,
        *bed.site.glob("itk*.libs"),
        *bed.site.glob("*.py"),
    ):
        for path in [top, *top.rglob("*")]:
            if path.is_file() and path.suffix != ".pyc":
                name = str(path.relative_to(bed.site))
                found[name] = digest_of(path)
    return found


class FromWheels:
    """Mixed into a test of `apply`: the same package out of lazy wheels."""

    wheels = None
    compiled = False
    probes = ("use", "fresh", "factories")
    test_eager_switch = None  # half a minute, for the same files

    @classmethod
    def make_lazy(cls, target):
        return installed(
            cls.stock, target, processed(cls.wheels), cls.compiled
        )

    def test_same_files_as_applied(self):
        """So what is true of an applied package is true of this one."""
        applied = self.stock.copy(self.folder / "applied")
        applied.tool("apply")
        self.assertEqual(files(applied), files(self.lazy))
        self.assertIn("applied and current", self.lazy.tool("status").stdout)
        self.assertEqual("", self.lazy.tool("verify").stdout)
        self.assertEqual("True\n", self.lazy.run("-c", LAZY).stdout)
        self.assertEqual([], record_problems(self.lazy))

    def test_differences(self):
        """None that an applied package does not have."""
        comparison = Comparison(
            self.stock, self.lazy, 0, cache=self.stock.root.parent / "stock"
        )
        for run, found in comparison.run(self.probes).items():
            with self.subTest(" ".join(run)):
                self.assertEqual("", "\n".join(map(text_of, found[:20])))
        self.assertGreater(comparison.facts, 20)

    def test_uninstall_leaves_nothing(self):
        bed = self.lazy.copy(self.folder / "uninstalled")
        bed.run("-c", "import itk; itk.Image")
        bed.run("-c", "import itk; itk.Image", LAZYINDEX="off")
        bed.pip("uninstall", *bed.itk_names())
        self.assertEqual([], list(bed.site.glob("itk*")))


class WheelStep60(FromWheels, test_wheels.Itk60Test):
    wheels = "LAZYINDEX_WHEELS_60"
    compiled = True  # by pip, as users have it


class WheelStep54(FromWheels, test_wheels.Itk54Test):
    wheels = "LAZYINDEX_WHEELS_54"

    def test_stock_remote_wheels_beside(self):
        """Some that were not made lazy: everything works."""
        mixed = self.lazy.copy(self.folder / "remotes")
        mixed.pip(*AGAIN, *parts(wheelhouse(self.wheels), *REMOTES))
        own = [shard.name for shard in mixed.package.glob("_lazyindex/*.lzi")]
        self.assertIn("itk-core.lzi", own)
        self.assertNotIn("itk-elastix.lzi", own)
        self.assertNotIn("itk-rtk.lzi", own)
        self.assertEqual("True\n", mixed.run("-c", LAZY).stdout)
        self.assertEqual(
            stock_output(self.stock, REMOTE), mixed.run("-c", REMOTE).stdout
        )

    def test_lazy_remote_wheel_beside_stock(self):
        """A shard that nobody reads does no harm."""
        mixed = self.stock.copy(self.folder / "shard")
        mixed.pip(*AGAIN, *parts(processed(self.wheels), "itk_elastix"))
        self.assertTrue(
            (mixed.package / "_lazyindex/itk-elastix.lzi").exists()
        )
        self.assertEqual("False\n", mixed.run("-c", LAZY).stdout)
        code = "import itk; print(itk.Image, 'ElastixFilter' in dir(itk))"
        self.assertEqual(
            self.stock.run("-c", code).stdout, mixed.run("-c", code).stdout
        )


class WheelStep60Python313(FromWheels, test_wheels.Itk60Python313Test):
    """The same runtime for another Python."""

    wheels = "LAZYINDEX_WHEELS_60"
    probes = ("use",)


class MixTest(unittest.TestCase):
    """Some lazy wheels; stock ones over them."""

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

    def test_stock_wheel_over_a_lazy_one(self):
        """As an upgrade to a release that is not lazy."""
        stock_wheels = wheelhouse("LAZYINDEX_WHEELS_60")
        lazy = processed("LAZYINDEX_WHEELS_60")
        stock, mixed = self.beds(
            "LAZYINDEX_BED_60", parts(lazy, "itk_core", "itk_numerics")
        )
        mixed.pip(*AGAIN, *parts(stock_wheels, "itk_core"))
        self.assertEqual("False\n", mixed.run("-c", LAZY).stdout)
        mixed.pip(*AGAIN, *parts(stock_wheels, "itk_numerics"))
        self.assertFalse((mixed.package / "_lazyindex").exists())
        mixed.share_byte_code(stock)
        self.assert_same_as_stock(stock, mixed)


if __name__ == "__main__":
    unittest.main()
