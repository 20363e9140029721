"""Copies of the test beds: virtual environments with released wheels, made
lazy by the tool under test.

A copy shares its files with the bed through hard links: the tool replaces
files by renaming, never writes into them, so the bed stays as it is.
"""

import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))
from tally import Tally

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


DIGESTS = {}


def digest_of(path):
    """SHA-256 of a file; read anew only if anything about it changed, for
    those of ITK have more than a gigabyte."""
    status = path.stat()
    key = status.st_ino, status.st_ctime_ns, status.st_size
    if key not in DIGESTS:
        with open(path, "rb") as file:
            DIGESTS[key] = hashlib.file_digest(file, "sha256").digest()
    return DIGESTS[key]


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

    def copy_without(self, target, names):
        """The same, as if these distributions had been uninstalled."""
        bed = self.copy(target)
        for name in names:
            info = f"{name.replace('-', '_')}-*.dist-info"
            (record,) = bed.site.glob(f"{info}/RECORD")
            with open(record, newline="") as lines:
                files = [bed.site / row[0] for row in csv.reader(lines)]
            for file in files:
                file.unlink(missing_ok=True)
            shutil.rmtree(record.parent)
        return bed

    def copy_only(self, target, *names):
        """With these distributions of ITK alone; itk-core loads as a whole
        in a few seconds."""
        gone = [name for name in self.itk_names() if name not in names]
        return self.copy_without(target, gone)

    def share_byte_code(self, bed):
        """Take it from a bed that has the same sources: a file is as old
        here as it is there. (pip compiles all of ITK in half a minute.)"""
        for source in self.package.rglob("*.py"):
            theirs = bed.site / source.relative_to(self.site)
            caches = theirs.parent.glob(f"__pycache__/{theirs.stem}.*.pyc")
            if theirs.is_file() and theirs.read_bytes() == source.read_bytes():
                status = theirs.stat()
                os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns))
                (source.parent / "__pycache__").mkdir(exist_ok=True)
                for cache in caches:
                    own = source.parent / "__pycache__" / cache.name
                    own.unlink(missing_ok=True)
                    os.link(cache, own)

    def run(self, *arguments, check=True, timeout=1800, **more):
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

    def tool(self, command, *arguments, check=True):
        return subprocess.run(
            [TOOL, command, self.package, *arguments],
            env=environment(),
            check=check,
            capture_output=True,
            text=True,
            timeout=600,
        )


def state_of(bed, *programs):
    """What programs tell in a stock bed depends on: them, the wheels, the
    interpreter."""
    state = hashlib.sha256()
    for program in programs:
        state.update(program)
    for record in sorted(bed.site.glob("*.dist-info/RECORD")):
        state.update(record.read_bytes())
    state.update(os.path.realpath(bed.python).encode())
    return state.hexdigest()[:16]


def stock_output(bed, program, without=()):
    """What a program prints in a stock bed, or in one without some of its
    distributions. Kept beside it, for stock takes long and several tests
    ask the same."""
    state = state_of(bed, program.encode(), " ".join(without).encode())
    kept = bed.root.parent / "stock" / f"{bed.root.name}-{state}.txt"
    if kept.exists():
        return kept.read_text()
    with tempfile.TemporaryDirectory(dir=bed.root.parent) as folder:
        if without:
            bed = bed.copy_without(Path(folder, "bed"), without)
        told = bed.run("-c", program).stdout
        kept.parent.mkdir(exist_ok=True)
        own = Path(folder, "told")
        own.write_text(told)
        own.replace(kept)
    return told


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
    promise = None  # of the cases that a class counts in its tally

    @classmethod
    def setUpClass(cls):
        if cls.promise:
            cls.tally = Tally(cls.promise)
            cls.addClassCleanup(cls.tally.report)
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
