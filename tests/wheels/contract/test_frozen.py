"""An application frozen with PyInstaller, through the hook of ours."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from beds import REQUIRED, TOOL, BedTest, environment
from sources import ROOT

PACKAGE = ROOT / "runtime" / "lazyindex"

# What other tests need in the bed, and ITK and numpy would use, doubles the
# time.
NOT_OURS = "IPython", "dask", "distributed", "pytest", "setuptools"

SCRIPT = """
import sys
import itk

image = itk.image_from_array(__import__("numpy").arange(64.0).reshape(8, 8))
itk.imwrite(image.astype(itk.UC), "before.png")
before = itk.imread("before.png", itk.F)
smooth = itk.median_image_filter(before, radius=1)
kinds = type(smooth), itk.Image[itk.UC, 2]
itk.imwrite(itk.cast_image_filter(smooth, ttype=kinds), "after.png")
print(itk.size(smooth), len(itk.MedianImageFilter), "Mesh" + "Thing" in dir(itk))
"""


class FrozenTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        site = cls.stock.site
        if not list(site.glob("pyinstaller-*.dist-info")):
            if REQUIRED:
                raise AssertionError("the bed has no PyInstaller")
            raise unittest.SkipTest("the bed has no PyInstaller")
        package = cls.lazy.site / "lazyindex"
        shutil.copytree(PACKAGE, package)
        template = (package / "_version.py.in").read_text()
        (package / "_version.py").write_text(
            template.replace("@PROJECT_VERSION@", "0.0")
        )

    def freeze(self, folder):
        (folder / "app.py").write_text(SCRIPT)
        hooks = self.lazy.site / "lazyindex" / "pyinstaller"
        path = os.pathsep.join([str(Path(TOOL).parent), os.environ["PATH"]])
        subprocess.run(
            [
                *(self.lazy.python, "-m", "PyInstaller", "--log-level=ERROR"),
                *(f"--exclude-module={name}" for name in NOT_OURS),
                *("--additional-hooks-dir", hooks, "app.py"),
            ],
            cwd=folder,
            env=environment(PATH=path),
            check=True,
            capture_output=True,
            timeout=1800,
        )
        return folder / "dist" / "app"

    def test_script(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            app = folder / "elsewhere"
            shutil.move(self.freeze(folder), app)
            # What is there for type checkers does not go into it.
            modules = (folder / "build/app/PYZ-00.toc").read_text()
            self.assertIn("'itk.support.extras'", modules)
            self.assertNotIn("'itk._lazyindex", modules)
            results = []
            for command in (
                [app / "app"],
                [self.lazy.python, folder / "app.py"],
            ):
                place = folder / f"run{len(results)}"
                place.mkdir()
                done = subprocess.run(
                    command,
                    cwd=place,
                    env={"PATH": os.environ["PATH"]},
                    check=True,
                    capture_output=True,
                    text=True,
                    timeout=1800,
                )
                results.append(
                    (done.stdout, (place / "after.png").read_bytes())
                )
            self.assertEqual(results[1], results[0])
            package = app / "_internal" / "itk"
            size = sum(f.stat().st_size for f in package.rglob("*"))
            whole = sum(
                f.stat().st_size for f in self.stock.package.rglob("*")
            )
            self.assertLess(size, whole / 3)
            self.assertFalse(list(package.glob("_ITKWatershedsPython*")))

    def test_what_is_needed(self):
        spec = importlib.util.spec_from_file_location(
            "frozen", PACKAGE / "pyinstaller" / "__init__.py"
        )
        frozen = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(frozen)
        self.assertTrue(Path(frozen.hook_dirs()[0], "hook-itk.py").is_file())
        index = frozen.Index(self.lazy.package, TOOL)
        few, units = index.needed({"ITKWatersheds", "MedianImageFilter"})
        self.assertIn("ITKWatersheds", few)
        self.assertIn("itkMedianImageFilterPython", units)
        self.assertIn("itkPNGImageIOPython", units)  # a factory that is due
        self.assertLess(len(units), len(index.units) / 2)


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
