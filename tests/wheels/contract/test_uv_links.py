"""The released wheels, installed by uv as links into its cache."""

import os
import tempfile
import unittest
from pathlib import Path

from beds import REQUIRED, digest_of, stock_bed
from test_uv import Environment, need_uv

SCRIPT = """
import numpy, itk

image = itk.image_from_array(numpy.arange(64, dtype=numpy.uint8).reshape(8, 8))
itk.imwrite(itk.median_image_filter(image, radius=1), {file!r})
print(itk.imread({file!r}).GetPixel([4, 4]), "Mesh" in vars(itk))
"""


def states(root):
    """Of all files below: inode, permissions, time, digest or link."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            status = path.lstat()
            found[str(path.relative_to(root))] = (
                status.st_ino,
                status.st_mode,
                status.st_mtime_ns,
                os.readlink(path) if path.is_symlink() else digest_of(path),
            )
    return found


class UvLinkTest(unittest.TestCase):
    def setUp(self):
        need_uv()
        self.wheels = os.environ.get("LAZYINDEX_WHEELS_60")
        if not self.wheels:
            if REQUIRED:
                self.fail("LAZYINDEX_WHEELS_60 is not set")
            self.skipTest("LAZYINDEX_WHEELS_60 is not set")
        self.bed = stock_bed("LAZYINDEX_BED_60")
        # Beside the bed, where there is room.
        folder = tempfile.TemporaryDirectory(
            prefix="uv-", dir=self.bed.root.parent
        )
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def environment(self, mode):
        names = sorted(
            path.name.partition("-6")[0] for path in Path(self.wheels).iterdir()
            if path.suffix == ".whl"
        )  # fmt: skip
        made = Environment(self.folder, mode, mode, self.wheels, names)
        # numpy is not what this is about.
        (made.site / "bed.pth").write_text(f"{self.bed.site}\n")
        return made

    def test_symlinks_and_hard_links(self):
        symlinks, hard_links = map(self.environment, ("symlink", "hardlink"))
        init = symlinks.package / "__init__.py"
        self.assertTrue(init.is_symlink())
        cache = self.folder / "cache" / "archive-v0"
        cached, others = states(cache), states(hard_links.site)
        kept = states(symlinks.site)
        for environment in symlinks, hard_links:
            for command in "apply", "status", "verify":
                done = environment.tool(command)
                self.assertEqual((0, ""), (done.returncode, done.stderr))
            file = str(self.folder / "median.png")
            told = environment.run(SCRIPT.format(file=file))
            self.assertEqual("36 False\n", told)
            if environment is symlinks:
                self.assertEqual(others, states(hard_links.site))
            self.assertEqual(cached, states(cache))
        done = symlinks.tool("revert")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertTrue(init.is_symlink())
        now = states(symlinks.site)
        changed = {name for name, state in kept.items() if state != now[name]}
        self.assertEqual(
            {name for name in kept if name.endswith("/RECORD")},
            changed | {"itk-6.0b2.dist-info/RECORD"},  # of no files
        )
        hard_links.uninstall()
        self.assertFalse(hard_links.package.exists())
        self.assertEqual(cached, states(cache))


if __name__ == "__main__":
    unittest.main()
