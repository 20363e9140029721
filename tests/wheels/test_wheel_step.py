"""The released wheels made lazy, installed by pip, pass what an applied
package passes."""

import unittest

import test_wheels
from beds import digest_of
from differential import Comparison, text_of
from lazy_wheels import LAZY, installed, processed
from test_apply_wheels import record_problems


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


class WheelStep60Python313(FromWheels, test_wheels.Itk60Python313Test):
    """The same runtime for another Python."""

    wheels = "LAZYINDEX_WHEELS_60"
    probes = ("use",)


if __name__ == "__main__":
    unittest.main()
