"""Copies of the test beds: virtual environments with released wheels, made
lazy by the tool under test.

A copy shares its files with the bed through hard links: the tool replaces
files by renaming, never writes into them, so the bed stays as it is.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TOOL = os.environ.get("LAZYINDEX_TOOL", "lazyindex")
REQUIRED = os.environ.get("LAZYINDEX_REQUIRE") == "1"


def environment(**more):
    """Of a child: users have .pyc files, and no settings of this test."""
    child = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "LAZYINDEX", "ITK_"))
    }
    child.update(more)
    return child


class Bed:
    """A virtual environment."""

    def __init__(self, root):
        self.root = Path(root)
        self.python = self.root / "bin" / "python"
        sites = list(self.root.glob("lib/python3*/site-packages"))
        self.site = sites[0]
        self.package = self.site / "itk"

    def copy(self, target):
        """A copy of the site directory's files, under a new environment."""
        subprocess.run(["cp", "-al", self.root, target], check=True)
        return Bed(target)

    def run(self, *arguments, check=True, timeout=600, **more):
        """Run this environment's Python; more: environment variables."""
        return subprocess.run(
            [self.python, *map(str, arguments)],
            env=environment(**more),
            check=check,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def pip(self, *arguments):
        """Without a network, and without what wheels depend on."""
        command, *rest = arguments
        more = {
            "install": ("--no-index", "--no-deps", "--no-warn-conflicts"),
            "uninstall": ("--yes",),
        }
        return self.run(
            *("-m", "pip", "--disable-pip-version-check", command, "--quiet"),
            *(*more.get(command, ()), *rest),
        ).stdout

    def itk_names(self):
        """The distributions of ITK that are installed."""
        return sorted(
            path.name.split("-")[0].replace("_", "-")
            for path in self.site.glob("itk*.dist-info")
        )

    def tool(self, command, check=True):
        return subprocess.run(
            [TOOL, command, self.package],
            env=environment(),
            check=check,
            capture_output=True,
            text=True,
            timeout=120,
        )


def stock_bed(variable, optional=False):
    """The bed that an environment variable names. One for a Python that a
    machine need not have is optional."""
    root = os.environ.get(variable)
    if not root:
        if REQUIRED and not optional:
            raise AssertionError(f"{variable} is not set")
        raise unittest.SkipTest(f"{variable} is not set")
    return Bed(root)


class BedTest(unittest.TestCase):
    """A test class over one bed: `stock` as it is, `lazy` with LazyIndex."""

    variable = None
    optional = False

    @classmethod
    def setUpClass(cls):
        cls.stock = stock_bed(cls.variable, cls.optional)
        # Beside the bed, for hard links do not cross file systems.
        cls.folder = Path(
            tempfile.mkdtemp(prefix="lazy-", dir=cls.stock.root.parent)
        )
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.lazy = cls.make_lazy(cls.folder / "lazy")

    @classmethod
    def make_lazy(cls, target):
        bed = cls.stock.copy(target)
        bed.tool("apply")
        return bed
