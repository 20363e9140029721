"""Whatever is wrong with the index, `import itk` works and tells the truth."""

import os
import shutil
import subprocess
import unittest

from beds import BedTest, environment, stock_output
from probes.remote import REMOTE

try:
    import xxhash
except ImportError:
    xxhash = None

# Where `itk.Image` comes from tells which layer answered; one line a fact.
# A second module, which takes stock as long again, is for ours to load.
PROBE = """
import sys
import itk
lazy = "itk.support.base" not in sys.modules
print("lazy" if lazy else "stock")
print(itk.Image, "PNGImageIO" in dir(itk), not lazy or hasattr(itk, "PNGImageIO"))
"""
HEALTHY = "<itkTemplate itk::Image> True True\n"

# The order of factories decides which one is asked first.
FACTORIES = """
import itk
for name in "ImageFileReader", "TransformFileReaderTemplate":
    getattr(itk, name)
    print(*[
        factory.GetNameOfClass()
        for factory in itk.ObjectFactoryBase.GetRegisteredFactories()
    ])
"""


class FallbackTest(BedTest):
    """Each test damages the lazy package and repairs it by `apply`."""

    variable = "LAZYINDEX_BED_60"
    promise = "the ladder: what is wrong is told, and answers hold"

    def setUp(self):
        self.package = self.lazy.package
        self.own = self.package / "_lazyindex"
        self.addCleanup(self.lazy.tool, "apply")

    def probe(self, **more):
        run = self.lazy.run("-c", PROBE, **more)
        layer, _, rest = run.stdout.partition("\n")
        return layer, rest, run.stderr

    def assert_stock(self, *words):
        """Stock answers, after exactly one warning with these words."""
        with self.tally.case():
            layer, rest, stderr = self.probe()
            self.assertEqual(("stock", HEALTHY), (layer, rest))
            warnings = [
                line
                for line in stderr.splitlines()
                if "RuntimeWarning" in line
            ]
            self.assertEqual(1, len(warnings), stderr)
            for word in ("itk is not lazy", "lazyindex apply", *words):
                self.assertIn(word, warnings[0])
            self.assertNotIn("Traceback", stderr)

    def rewrite(self, path, data):
        """By a new file: the old one may be shared with the bed."""
        path.unlink()
        path.write_bytes(data)

    def test_healthy(self):
        self.assertEqual(("lazy", HEALTHY, ""), self.probe())

    def test_off(self):
        self.assertEqual(("stock", HEALTHY, ""), self.probe(LAZYINDEX="off"))

    def test_flipped_bit(self):
        shard = self.own / "itk-io.lzi"
        data = bytearray(shard.read_bytes())
        data[len(data) // 2] ^= 4
        self.rewrite(shard, data)
        self.assert_stock("itk-io.lzi", "digest")

    def test_truncated_shard(self):
        shard = self.own / "itk-core.lzi"
        data = shard.read_bytes()
        for size in (0, 10, 4096, 8192 + 64, len(data) - 4096, len(data) - 1):
            with self.subTest(size):
                self.rewrite(shard, data[:size])
                self.assert_stock("itk-core.lzi")

    def test_other_format_version(self):
        shard = self.own / "itk-core.lzi"
        data = bytearray(shard.read_bytes())
        data[-64 + 8] += 1
        self.rewrite(shard, data)
        self.assert_stock("itk-core.lzi")

    @unittest.skipIf(xxhash is None, "xxhash is not installed")
    def test_other_machine(self):
        shard = self.own / "itk-core.lzi"
        for place, name in ((12, "word size"), (15, "byte order")):
            with self.subTest(name):
                data = bytearray(shard.read_bytes())
                data[-64 + place] ^= 0x60
                # Its own hash, over all before it, is right.
                trailer = bytes(data[-64:])
                digest = xxhash.xxh3_64_intdigest(trailer[:48])
                data[-16:-8] = digest.to_bytes(8, "little")
                self.rewrite(shard, data)
                self.assert_stock("itk-core.lzi")
                self.lazy.tool("apply")

    def test_runtime_is_gone(self):
        (self.own / "_lazyindex.abi3.so").unlink()
        self.assert_stock("_lazyindex.abi3.so")

    def test_missing_shard(self):
        """The modules of that wheel are loaded the stock way."""
        (self.own / "itk-io.lzi").unlink()
        with self.tally.case():
            self.assertEqual(("lazy", HEALTHY, ""), self.probe())
        with self.tally.case():
            stock = stock_output(self.stock, FACTORIES)
            self.assertEqual(stock, self.lazy.run("-c", FACTORIES).stdout)

    def test_missing_shard_of_the_package(self):
        """Without it, the helpers would be missing in silence."""
        (self.own / "itk-core.lzi").unlink()
        self.assert_stock("no shard", "__init__")

    def test_no_shard_at_all(self):
        for shard in self.own.glob("*.lzi"):
            shard.unlink()
        self.assert_stock("no shard")

    def test_shard_is_a_directory(self):
        (self.own / "itk-io.lzi").unlink()
        (self.own / "itk-io.lzi").mkdir()
        self.addCleanup(os.rmdir, self.own / "itk-io.lzi")
        self.assert_stock("itk-io.lzi", "not a regular file")
        # Cleanups run last first: `apply` comes after the rmdir.
        self.doCleanups()
        self.lazy.tool("apply")

    def test_shard_is_a_fifo(self):
        (self.own / "itk-io.lzi").unlink()
        os.mkfifo(self.own / "itk-io.lzi")
        self.addCleanup(os.unlink, self.own / "itk-io.lzi")
        self.assert_stock("itk-io.lzi", "not a regular file")

    def test_same_module_in_two_shards(self):
        shutil.copy(self.own / "itk-io.lzi", self.own / "other.lzi")
        self.assert_stock("more than one shard")

    def test_runtime_that_cannot_be_loaded(self):
        extension = self.own / "_lazyindex.abi3.so"
        self.rewrite(extension, b"of another machine" * 999)
        self.assert_stock("_lazyindex.abi3.so")

    def test_module_added_without_shard(self):
        tables = self.package / "Configuration"
        added = tables / "ITKAddedConfig.py"
        added.write_text("depends = ()\ntemplates = ()\nfactories = ()\n")
        self.addCleanup(added.unlink)
        self.assertEqual(("lazy", HEALTHY, ""), self.probe())
        code = "import itk; print(dir(itk).count('ITKAdded'), itk.ITKAdded)"
        self.assertIn(
            "1 <module 'itk.ITKAdded'", self.lazy.run("-c", code).stdout
        )

    def test_malformed_table_without_shard(self):
        """The error is that of the stock package."""
        added = self.package / "Configuration" / "ITKAddedConfig.py"
        added.write_text("depends = (\n")
        self.addCleanup(added.unlink)
        for more in ({}, {"LAZYINDEX": "off"}):
            run = self.lazy.run("-c", "import itk", check=False, **more)
            self.assertEqual(1, run.returncode)
            self.assertIn("SyntaxError: '(' was never closed", run.stderr)

    def test_module_removed_by_hand(self):
        table = self.package / "Configuration" / "ITKIOPNGConfig.py"
        data = table.read_bytes()
        table.unlink()
        self.addCleanup(table.write_bytes, data)
        layer, rest, stderr = self.probe()
        self.assertEqual("lazy", layer)
        self.assertEqual("<itkTemplate itk::Image> False False\n", rest)
        self.assertEqual("", stderr)

    def test_missing_proxy_raises_the_original_error_each_time(self):
        proxy = self.package / "itkMedianImageFilterPython.py"
        cache = self.package / "__pycache__"
        kept = {
            path: path.read_bytes()
            for path in [proxy, *cache.glob("itkMedianImageFilterPython.*")]
        }
        for path in kept:
            path.unlink()
        code = f"""
import itk
for _ in range(2):
    try:
        itk.MedianImageFilter.keys()
    except ModuleNotFoundError as error:
        print(error)
        print(*error.__notes__)
open({str(proxy)!r}, "wb").write({kept[proxy]!r})
import importlib
importlib.invalidate_caches()
print(len(itk.MedianImageFilter))
"""
        lines = self.lazy.run("-c", code).stdout.splitlines()
        self.assertEqual(5, len(lines), lines)
        self.assertEqual(lines[:2], lines[2:4])
        self.assertEqual(
            "No module named 'itk.itkMedianImageFilterPython'", lines[0]
        )
        for word in ("ITKSmoothing", "itk-numerics", "lazyindex verify"):
            self.assertIn(word, lines[1])
        self.assertEqual("15", lines[4])

    def test_read_only_place(self):
        """Nothing is written at run time."""
        if os.geteuid() == 0:
            self.skipTest("root writes anywhere")
        mode = self.own.stat().st_mode
        self.own.chmod(0o555)
        self.addCleanup(self.own.chmod, mode)
        self.assertEqual(("lazy", HEALTHY, ""), self.probe())


class RemoteModuleTest(BedTest):
    """Wheels that LazyIndex knows nothing of, beside some that it indexed."""

    variable = "LAZYINDEX_BED_54"

    def test_remote_wheels_without_shards(self):
        stock = stock_output(self.stock, REMOTE)
        for name in ("itk-elastix", "itk-rtk"):
            (self.lazy.package / "_lazyindex" / f"{name}.lzi").unlink()
        count = 'print(sum(m.startswith("itk._itk") for m in sys.modules))'
        run = self.lazy.run("-c", f"{REMOTE}\nimport sys\n{count}")
        *same, c_halves = run.stdout.splitlines(keepends=True)
        self.assertEqual(stock, "".join(same))
        self.assertEqual("", run.stderr)
        self.assertLess(int(c_halves), 250)  # stock: 520


FIFTH_GROUP = """
import itk
calls = []
import itk.itkPNGImageIOPython as unit
unit.itkPNGFifthIOFactory.calls = calls
itk.MedianImageFilter
print(calls)
itk.MorphologicalWatershedImageFilter
print(calls, itk.PNGFifthIOFactory is unit.itkPNGFifthIOFactory)
"""


class FactoryGroupTest(BedTest):
    """A release of ITK with a group of factories that no other one has."""

    variable = "LAZYINDEX_BED_60"

    @classmethod
    def make_lazy(cls, target):
        bed = cls.stock.copy(target)
        cls.append(
            bed.package / "support/base.py",
            "\nneeded_factories = {",
            '\nneeded_factories = {\n    "ITKWatersheds": "FifthIO",',
        )
        table = bed.package / "Configuration/ITKIOPNGConfig.py"
        cls.append(
            table,
            "\n)\n",
            "\n  ('PNGFifthIOFactory', 'itk::PNGFifthIOFactory', "
            "'itkPNGFifthIOFactory', True),\n)\n",
        )
        cls.append(table, "factories = (", 'factories = (("FifthIO","PNG"),')
        proxy = bed.package / "itkPNGImageIOPython.py"
        text = proxy.read_text()
        proxy.unlink()
        proxy.write_text(
            f"{text}\n\nclass itkPNGFifthIOFactory(object):\n"
            "    calls = []\n\n    @staticmethod\n"
            "    def RegisterOneFactory():\n"
            "        itkPNGFifthIOFactory.calls.append(1)\n"
        )
        bed.tool("apply")
        return bed

    @staticmethod
    def append(path, old, new):
        """By a new file: the old one is shared with the bed."""
        text = path.read_text()
        if text.count(old) != 1:
            raise AssertionError(f"{path}: {old!r}")
        path.unlink()
        path.write_text(text.replace(old, new))

    def test_fifth_group(self):
        lazy = self.lazy.run("-c", FIFTH_GROUP)
        stock = self.lazy.run("-c", FIFTH_GROUP, LAZYINDEX="off")
        self.assertEqual("[]\n[1] True\n", lazy.stdout)
        self.assertEqual(stock.stdout, lazy.stdout)
        self.assertEqual("", lazy.stderr)


class UninstallTest(BedTest):
    """pip takes a part of the package away."""

    variable = "LAZYINDEX_BED_60"

    def test_partly_uninstalled(self):
        subprocess.run(
            [
                self.lazy.python,
                *("-m", "pip", "uninstall", "--quiet", "--yes"),
                *("itk-segmentation", "itk-registration"),
            ],
            env=environment(),
            check=True,
            timeout=600,
        )
        shards = sorted(
            path.name for path in self.lazy.package.glob("_lazyindex/*.lzi")
        )
        self.assertEqual(
            [f"itk-{x}.lzi" for x in ("core", "filtering", "io", "numerics")],
            shards,
        )
        code = """
import sys, itk
print("itk.support.base" in sys.modules, itk.MedianImageFilter)
print(hasattr(itk, "WatershedImageFilter"), "ITKWatersheds" in dir(itk))
"""
        self.assertEqual(
            "False <itkTemplate itk::MedianImageFilter>\nFalse False\n",
            self.lazy.run("-c", code).stdout,
        )


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
