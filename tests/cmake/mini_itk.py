"""What the tests of the CMake package share: building and using mini-itk.

LAZYINDEX_BUILD_DIR is the build tree of LazyIndex. SWIG and Ninja must be
there; without them the tests are skipped, or fail with LAZYINDEX_REQUIRE=1.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MINI_ITK = ROOT / "examples" / "mini-itk"
BUILD = os.environ.get("LAZYINDEX_BUILD_DIR")
TOOL = os.environ.get("LAZYINDEX_TOOL")
REQUIRED = os.environ.get("LAZYINDEX_REQUIRE") == "1"

# Of the stock layer, whatever is asked of it.
ALL_UNITS = 29

PROGRAM = """
import itk

image = itk.image_from_rows([[1, 2, 3], [9, 5, 6], [7, 8, 9]])
assert itk.rows_of(itk.median_image_filter(image, Radius=1)) == [
    [1, 2, 3], [5, 6, 6], [7, 8, 9]
]
print(itk.count_initialisations())
"""


def clean_environment(**more):
    dropped = {"PYTHONPATH", "LAZYINDEX", "LAZYINDEX_TOOL", "MAKEFLAGS"}
    kept = {k: v for k, v in os.environ.items() if k not in dropped}
    return kept | {k: str(v) for k, v in more.items()}


def attempt(*command, **more):
    """The finished process, its output as text, both streams in one."""
    return subprocess.run(
        list(map(str, command)),
        env=clean_environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def run(*command, **more):
    """Output; a failure shows everything."""
    done = attempt(*command, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command} failed:\n{done.stdout}")
    return done.stdout


def scripts(name):
    """A program of the environment of this Python, or on PATH."""
    return shutil.which(
        name, path=sysconfig.get_path("scripts")
    ) or shutil.which(name)


def configure(source, build, *options, generator="Ninja", **more):
    arguments = ["cmake", "-G", generator, "-S", source, "-B", build]
    if "Ninja" in generator:
        arguments.append(f"-DCMAKE_MAKE_PROGRAM={scripts('ninja')}")
    arguments.append(f"-DPython3_EXECUTABLE={sys.executable}")
    return run(*arguments, *options, **more)


def build(directory, *options):
    return run("cmake", "--build", directory, "--parallel", "2", *options)


def install_lazyindex(prefix):
    run("cmake", "--install", BUILD, "--prefix", prefix)


def python(site, program, **more):
    """Output of a program that has the package of a site directory."""
    return run(sys.executable, "-c", program, PYTHONPATH=site, **more)


def times(directory):
    """When each shard of a package was written, by name."""
    return {
        path.name: path.stat().st_mtime_ns
        for path in (directory / "_lazyindex").glob("*.lzi")
    }


class MiniItkTest(unittest.TestCase):
    """With a folder for the whole class, whose name is no easy one."""

    needed = ("swig", "ninja")

    @classmethod
    def setUpClass(cls):
        missing = [name for name in cls.needed if scripts(name) is None]
        if BUILD is None:
            missing.append("LAZYINDEX_BUILD_DIR")
        if missing and REQUIRED:
            raise AssertionError(f"missing: {missing}")
        if missing:
            raise unittest.SkipTest(f"missing: {missing}")
        folder = tempfile.TemporaryDirectory(prefix="mini itk, größer ")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.prepare()

    @classmethod
    def prepare(cls):
        """Build what all tests of the class need."""

    def check_counts(self, site):
        """Stock initialises what it depends on, LazyIndex what is needed."""
        self.assertEqual("13\n", python(site, PROGRAM))
        self.assertEqual("25\n", python(site, PROGRAM, LAZYINDEX="off"))

    def check_changed_table(self, directory, package):
        """A change of one table changes one shard, and nothing later."""
        build(directory)
        before = times(package)
        table = package / "Configuration" / "ITKSmoothing_snake_case.py"
        text = table.read_text()
        time.sleep(0.05)  # a file's time is that of the last clock tick
        table.write_text(text.replace("'mean_image_filter', ", ""))
        self.assertIn("Indexing the Python package itk", build(directory))
        after = times(package)
        changed = {name for name in after if before[name] != after[name]}
        self.assertEqual({"ITKSmoothing.lzi"}, changed)
        self.assertNotIn("Indexing", build(directory))
        table.write_text(text)
        build(directory)
