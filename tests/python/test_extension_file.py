"""The extension's file, cut short or exchanged for something else: the
package's own __init__ runs, and the process lives."""

import os
import shutil
import subprocess
import sys
import unittest

from fake_package import FakePackageTest
from tally import Tally

# Which layer answered, and what was told.
IMPORT = """
import warnings
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    import itk
assert "_check" not in dir(itk)
print("stock" if "stock" in vars(itk) else "lazy", "Thing" in dir(itk))
print(*(warning.message for warning in told), sep="\\n")
"""


class ExtensionFileTest(FakePackageTest):
    def setUp(self):
        super().setUp()
        self.apply()
        self.extension = self.own / "_lazyindex.abi3.so"
        self.whole = self.extension.read_bytes()

    def put(self, data):
        """By a new file, so that none that is mapped is cut."""
        self.extension.unlink()
        self.extension.write_bytes(data)

    def import_it(self):
        return subprocess.run(
            [sys.executable, "-B", "-c", IMPORT],
            env={"PYTHONPATH": str(self.site)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def imported(self, tally):
        """Layer, and what it told."""
        done = self.import_it()
        tally.ended(done)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        layer, _, told = done.stdout.partition("\n")
        return layer, told.strip()

    def assertStock(self, tally, *words):
        layer, told = self.imported(tally)
        self.assertEqual("stock False", layer)
        self.assertEqual(1, told.count("itk is not lazy: "), told)
        for word in ("to repair: lazyindex apply", *words):
            self.assertIn(word, told)

    def test_cut_short(self):
        """At every page, and where the parts of its head end."""
        tally = Tally("the extension cut short: the package's own __init__")
        size = len(self.whole)
        at_pages = range(0, size, 4096)
        near_ends = (1, 16, 48, 62, 63, 64, 65, size - 2432, size - 64)
        for length in sorted({*at_pages, *near_ends, size - 1}):
            with self.subTest(length), tally.case():
                self.put(self.whole[:length])
                self.assertStock(
                    tally, "cut short" if length >= 64 else "_lazyindex.abi3"
                )
        tally.report()

    def test_whole(self):
        """As tools that work on libraries leave it."""
        tally = Tally("the extension longer, or stripped: lazy as ever")
        copies = [self.whole + b"\0", self.whole + b"x" * 5000]
        strip = shutil.which("strip")
        if strip is not None:
            other = self.folder / "stripped.so"
            other.write_bytes(self.whole)
            subprocess.run([strip, other], check=True)
            copies.append(other.read_bytes())
            self.assertLess(len(copies[-1]), len(self.whole))
        for data in copies:
            with self.subTest(len(data)), tally.case():
                self.put(data)
                self.assertEqual(("lazy True", ""), self.imported(tally))
        tally.report()

    def test_something_else(self):
        tally = Tally("something else in the place of the extension")
        path = self.extension
        kinds = {
            "text": lambda: path.write_text("no library\n" * 999),
            "another machine": lambda: path.write_bytes(
                self.whole[:18] + b"\xff" + self.whole[19:]
            ),
            "directory": path.mkdir,
            "FIFO": lambda: os.mkfifo(path),
            "link to itself": lambda: path.symlink_to(path),
            "link to nothing": lambda: path.symlink_to("nowhere"),
            "/dev/null": lambda: path.symlink_to("/dev/null"),
            "/dev/zero": lambda: path.symlink_to("/dev/zero"),
        }
        for name, make in kinds.items():
            path.unlink()
            make()
            with self.subTest(name), tally.case():
                self.assertStock(tally)
            if path.is_dir():
                path.rmdir()
                path.touch()
        tally.report()

    def test_all_is_lost(self):
        """One message, not one for each try."""
        shutil.rmtree(self.own)
        done = self.import_it()
        self.assertEqual(1, done.returncode)
        self.assertRegex(
            done.stderr.splitlines()[-1],
            r"ImportError: itk: what belongs into .*/itk/_lazyindex is lost "
            r"\(.*No such file.*\): reinstall it",
        )
        self.assertEqual(1, done.stderr.count("Traceback"), done.stderr)


if __name__ == "__main__":
    unittest.main()
