"""apply, revert and pip on the released wheels."""

import base64
import csv
import shutil
import stat
import tempfile
import unittest
from pathlib import Path

from beds import digest_of, stock_bed


def itk_files(bed):
    """Everything that belongs to the distributions of ITK: permissions,
    contents, times; of directories and RECORDs these do change."""
    tree = {}
    for top in [bed.package, *bed.site.glob("itk*.dist-info")]:
        for path in top.rglob("*"):
            status = path.lstat()
            is_file = stat.S_ISREG(status.st_mode)
            timed = is_file and path.name != "RECORD"
            tree[str(path.relative_to(bed.site))] = (
                stat.filemode(status.st_mode),
                digest_of(path) if is_file else None,
                status.st_mtime_ns if timed else 0,
            )
    return tree


def record_problems(bed):
    """Lines of RECORDs that do not describe the file they name."""
    problems = []
    for record in sorted(bed.site.glob("itk*.dist-info/RECORD")):
        with open(record, newline="") as lines:
            for path, digest, size in csv.reader(lines):
                file = bed.site / path
                if not file.is_file():
                    problems.append(f"{path}: no such file")
                elif digest:
                    actual = base64.urlsafe_b64encode(digest_of(file))
                    wanted = "sha256=" + actual.decode().rstrip("=")
                    if (digest, size) != (wanted, str(file.stat().st_size)):
                        problems.append(f"{path}: {digest},{size}")
    return problems


class ApplyWheels:
    variable = None

    def setUp(self):
        stock = stock_bed(self.variable)
        folder = Path(tempfile.mkdtemp(prefix="apply ", dir=stock.root.parent))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.bed = stock.copy(folder / "vénv")
        self.own = self.bed.package / "_lazyindex"

    def test_revert_restores_every_byte(self):
        before = itk_files(self.bed)
        self.bed.tool("apply")
        self.assertIn("applied and current", self.bed.tool("status").stdout)
        self.assertEqual([], record_problems(self.bed))
        applied = itk_files(self.bed)
        self.bed.tool("apply")
        self.assertEqual(applied, itk_files(self.bed))
        self.bed.run("-c", "import itk; itk.Image")
        self.bed.tool("revert")
        self.assertTrue(before == itk_files(self.bed))

    def test_uninstall_leaves_nothing(self):
        self.bed.tool("apply")
        self.bed.run("-c", "import itk; itk.Image")
        names = [
            line.split("==")[0]
            for line in self.bed.run(
                "-m", "pip", "list", "--format=freeze"
            ).stdout.splitlines()
            if line.startswith("itk")
        ]
        self.assertGreater(len(names), 5)
        first = "itk-filtering"
        pip = ("-m", "pip", "uninstall", "--yes")
        self.bed.run(*pip, first)
        self.assertFalse((self.own / f"{first}.lzi").exists())
        self.bed.tool("apply")
        self.assertEqual([], record_problems(self.bed))
        self.assertIn("applied and current", self.bed.tool("status").stdout)
        self.bed.run(*pip, *sorted(set(names) - {first}))
        self.assertFalse(self.bed.package.exists())
        self.assertEqual([], list(self.bed.site.glob("itk*")))


class ApplyWheels60(ApplyWheels, unittest.TestCase):
    variable = "LAZYINDEX_BED_60"


class ApplyWheels54(ApplyWheels, unittest.TestCase):
    variable = "LAZYINDEX_BED_54"


if __name__ == "__main__":
    unittest.main()
