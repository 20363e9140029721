"""A small package laid out like ITK's wheels, installed as pip does it: two
distributions, `itk-core` and `itk-io`, in one directory. (That of make_package
would do, but for its size: some tests do all again for each call of the C
library, of which there are more with more files.)"""

import csv
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "cli"))
from make_package import aggregator, install, proxy, record_line, table
from make_package import make_package as make_package  # for other tests

TOOL = os.environ.get("LAZYINDEX_TOOL", "lazyindex")


def module_files(module, name, depends=()):
    """What a wrapped module with one class installs."""
    unit, swig = f"itk{name}Python", f"itk{name}F2"
    tuples = [(name, f"itk::{name}", swig, True, "float,2")]
    needs = ["itkThingPython" for _ in depends]
    return {
        f"itk/Configuration/{module}Config.py": table(depends, tuples),
        f"itk/Configuration/{module}_snake_case.py": (
            "snake_case_functions = ()\n"
        ),
        f"itk/{module}Python.py": aggregator(depends, [unit]),
        f"itk/{unit}.py": proxy(module, unit, needs, [(swig, swig)]),
        f"itk/_{module}Python.abi3.so": f"library of {module}\n",
    }


def core_files(version="1.0"):
    return {
        "itk/__init__.py": f"{'#' * 200}\nstock = '{version}'\n",
        "itk/Configuration/__init__.py": "",
    } | module_files("ITKCommon", "Thing")


def io_files():
    return module_files("ITKIOBase", "Reader", ["ITKCommon"])


def build_faults(folder):
    """The library that interrupts the tool; see faults.c. LD_PRELOAD takes no
    blanks in its path."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise unittest.SkipTest("no C compiler")
    library = Path(folder) / "faults.so"
    source = Path(__file__).with_name("faults.c")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"],
        check=True,
    )
    return library


def records(site):
    return sorted(site.glob("*.dist-info/RECORD"))


def uninstall(site, name):
    """As `pip uninstall` does it: what RECORD lists, and the running Python's
    byte code of that."""
    (record,) = site.glob(f"{name.replace('-', '_')}-*.dist-info/RECORD")
    with open(record, newline="") as lines:
        paths = [site / row[0] for row in csv.reader(lines)]
    tag = sys.implementation.cache_tag
    for path in list(paths):
        if path.suffix == ".py":
            paths.append(
                path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc"
            )
    for path in paths:
        path.unlink(missing_ok=True)
    for folder in sorted({path.parent for path in paths}, reverse=True):
        while folder != site and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def snapshot(root, times=True):
    """Path -> type, permissions, content and time of everything below; the
    times of directories and RECORDs are left out, for they do change."""
    tree = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = Path(folder, name)
            status = path.lstat()
            tree[str(path.relative_to(root))] = (
                stat.filemode(status.st_mode),
                os.readlink(path)
                if path.is_symlink()
                else None
                if path.is_dir()
                else path.read_bytes(),
                status.st_mtime_ns
                if times and path.is_file() and name != "RECORD"
                else 0,
            )
    return tree


class FakePackageTest(unittest.TestCase):
    """Each test has a fresh package at self.package, whose path is awkward."""

    maxDiff = 2000
    parent = None  # where to put it; None: the system's place

    def setUp(self):
        self.folder = Path(
            tempfile.mkdtemp(prefix="lazyindex-", dir=self.parent)
        )
        self.addCleanup(shutil.rmtree, self.folder)
        self.site = self.folder / "site päckages"
        self.site.mkdir()
        self.make_package()
        self.package = self.site / "itk"
        self.init = self.package / "__init__.py"
        self.own = self.package / "_lazyindex"

    def make_package(self):
        install(
            self.site, "itk-core", "1.0", core_files(), ["itk/__init__.py"]
        )
        install(self.site, "itk-io", "1.0", io_files())
        install(self.site, "other", "2", {"other.py": "pass\n"})

    def tool(self, *arguments, code=0, **more):
        """Run the tool; check its exit code. Standard output and error."""
        done = subprocess.run(
            [TOOL, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            **more,
        )
        if code is not None:
            self.assertEqual(code, done.returncode, done.stderr)
        return done

    def apply(self, **more):
        return self.tool("apply", self.package, **more)

    def revert(self, **more):
        return self.tool("revert", self.package, **more)

    def status(self, **more):
        return self.tool("status", self.package, **more)

    def run_python(self, program, **environment):
        done = subprocess.run(
            [sys.executable, "-B", "-c", program],
            cwd=self.folder,
            env={"PYTHONPATH": str(self.site)} | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout.strip()

    def stock_version(self):
        """What the package's own __init__ says, which also runs under
        LazyIndex if asked to."""
        return self.run_python("import itk; print(itk.stock)", LAZYINDEX="off")

    def is_lazy(self):
        return (
            self.run_python("import itk; print('stock' not in vars(itk))")
            == "True"
        )

    def assertRecordsTrue(self, byte_code=True):
        """Every RECORD describes the files it lists, none is listed twice,
        and every file of ours is listed, byte code if wanted."""
        listed = set()
        for record in records(self.site):
            with open(record, newline="") as lines:
                for row in csv.reader(lines):
                    path, digest, _ = row
                    self.assertNotIn(path, listed)
                    listed.add(path)
                    self.assertTrue((self.site / path).is_file(), path)
                    if digest:
                        self.assertEqual(record_line(self.site, path), row)
        for path in self.own.rglob("*"):
            if path.is_file() and (byte_code or path.suffix != ".pyc"):
                self.assertIn(str(path.relative_to(self.site)), listed)

    def assertTree(self, expected, times=True):
        """The site directory is as `expected`, a snapshot."""
        actual = snapshot(self.site, times)
        self.assertEqual(sorted(expected), sorted(actual))
        for path, content in expected.items():
            self.assertEqual(content, actual[path], path)
