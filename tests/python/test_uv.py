"""apply and revert in environments that uv makes from one cache, by each of
its ways to link: neither the cache nor another environment changes."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from fake_package import TOOL, core_files, io_files, snapshot

sys.path.append(str(Path(__file__).resolve().parents[1] / "cli"))
from make_wheels import Wheel

TOOLS = os.environ.get("LAZYINDEX_USER_TOOLS")
REQUIRED = os.environ.get("LAZYINDEX_REQUIRE") == "1"


def files_below(root):
    """Path -> inode, type and mode, time, content of each file."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            status = path.lstat()
            found[str(path.relative_to(root))] = (
                status.st_ino,
                oct(status.st_mode),
                status.st_mtime_ns,
                os.readlink(path) if path.is_symlink() else path.read_bytes(),
            )
    return found


class Environment:
    """A virtual environment of uv's with the package, from `folder/cache`."""

    def __init__(self, folder, name, mode, wheels, names):
        self.folder = folder
        self.root = folder / name
        self.mode = mode
        self.wheels = wheels
        self.names = names
        self.python = self.root / "bin" / "python"
        self.uv("venv", "--quiet", "--python", sys.executable, self.root)
        (self.site,) = self.root.glob("lib/python3*/site-packages")
        self.package = self.site / "itk"
        self.own = self.package / "_lazyindex"
        self.install()

    def uv(self, *arguments):
        done = subprocess.run(
            [Path(TOOLS, "bin", "uv"), *map(str, arguments)],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "UV_CACHE_DIR": str(self.folder / "cache"),
                "UV_NO_CONFIG": "1",
                "UV_OFFLINE": "1",
                "VIRTUAL_ENV": str(self.root),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode != 0:
            raise AssertionError(f"uv {arguments} failed:\n{done.stderr}")
        return done.stdout

    def pip(self, command, *arguments):
        return self.uv("pip", command, *arguments)

    def install(self, *options):
        """By the names of the wheels, as from an index."""
        return self.pip(
            "install", "--quiet", "--no-index", "--no-deps",
            "--link-mode", self.mode, "--find-links", self.wheels,
            *options, *self.names,
        )  # fmt: skip

    def uninstall(self):
        return self.pip("uninstall", "--quiet", *self.names)

    def run(self, program, **more):
        done = subprocess.run(
            [self.python, "-c", program],
            env=more,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout

    def tool(self, command):
        return subprocess.run(
            [TOOL, command, self.package],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


def need_uv():
    if not TOOLS:
        if REQUIRED:
            raise AssertionError("LAZYINDEX_USER_TOOLS is not set")
        raise unittest.SkipTest("LAZYINDEX_USER_TOOLS is not set")


class UvTest(unittest.TestCase):
    def setUp(self):
        need_uv()
        self.folder = Path(tempfile.mkdtemp(prefix="lazyindex-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.wheels = self.folder / "wheels"
        self.wheels.mkdir()
        Wheel("itk-core", "1.0", core_files()).write(self.wheels)
        Wheel("itk-io", "1.0", io_files()).write(self.wheels)

    def environments(self, mode):
        return (
            Environment(
                *(self.folder, f"{mode} {name}", mode, self.wheels),
                ("itk-core", "itk-io"),
            )
            for name in ("mine", "other")
        )

    def rest(self, other):
        """What must not change while something is done in `mine`."""
        cache = self.folder / "cache" / "archive-v0"
        return files_below(cache), files_below(other.root)

    def succeed(self, environment, command):
        done = environment.tool(command)
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)
        return done.stdout

    def is_lazy(self, environment):
        names = environment.run("import itk; print(*vars(itk))")
        return "stock" not in names.split()

    def test_each_way_to_link(self):
        for mode in "symlink", "hardlink", "clone", "copy":
            with self.subTest(mode):
                self.check(mode)

    def check(self, mode):
        mine, other = self.environments(mode)
        init = mine.package / "__init__.py"
        self.assertEqual(mode == "symlink", init.is_symlink())
        if mode == "hardlink":
            self.assertGreater(init.stat().st_nlink, 2)
        rest = self.rest(other)
        self.assertTrue(any("__init__.py" in path for path in rest[0]))
        before, link = snapshot(mine.site), files_below(mine.package)
        self.succeed(mine, "apply")
        self.assertIn("applied and current", self.succeed(mine, "status"))
        self.assertTrue(self.is_lazy(mine))  # writes byte code
        self.assertFalse(init.is_symlink())
        self.assertEqual(1, init.stat().st_nlink)
        self.succeed(mine, "apply")
        self.succeed(mine, "revert")
        self.assertEqual(before, snapshot(mine.site))
        self.assertEqual(link, files_below(mine.package))
        self.assertEqual(rest, self.rest(other))

        self.succeed(mine, "apply")
        self.is_lazy(mine)
        mine.install("--reinstall")
        self.assertEqual(
            snapshot(other.site, times=False), snapshot(mine.site, times=False)
        )
        self.succeed(mine, "apply")
        self.is_lazy(mine)
        mine.uninstall()
        self.assertFalse(mine.package.exists())
        self.assertEqual(rest, self.rest(other))
        self.assertFalse(self.is_lazy(other))

    def test_one_distribution_is_installed_again(self):
        mine, other = self.environments("symlink")
        rest = self.rest(other)
        before = snapshot(mine.site, times=False)
        self.succeed(mine, "apply")
        mine.install("--reinstall-package", "itk-core")
        self.assertIn("not current", mine.tool("status").stdout)
        self.succeed(mine, "apply")
        self.assertIn("applied and current", self.succeed(mine, "status"))
        self.succeed(mine, "revert")
        self.assertEqual(before, snapshot(mine.site, times=False))
        self.assertEqual(rest, self.rest(other))

    def test_clean_cache(self):
        """The links lead nowhere: one message, and nothing changes, until
        the package is installed again."""
        mine, other = self.environments("symlink")
        before = snapshot(mine.site)
        self.succeed(mine, "apply")
        mine.uv("cache", "clean", "--quiet")
        for environment, file in (
            (mine, mine.own / "stock_init.py"),
            (other, other.package / "__init__.py"),
        ):
            broken = snapshot(environment.site)
            for command in ("apply", "revert", "status"):
                done = environment.tool(command)
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertEqual(1, done.stderr.count("\n"), done.stderr)
                self.assertIn(f"'{file}' is a symbolic link to '", done.stderr)
                self.assertIn("is no file: reinstall the pack", done.stderr)
                self.assertEqual(broken, snapshot(environment.site))
        mine.install("--reinstall")
        self.assertEqual(sorted(before), sorted(snapshot(mine.site)))
        self.assertIn("not applied", mine.tool("status").stdout)
        self.succeed(mine, "apply")
        self.assertTrue(self.is_lazy(mine))
        self.succeed(mine, "revert")

    def test_lazy_wheels(self):
        """They are links as well: apply leaves them, until it is another
        LazyIndex that applies."""
        subprocess.run(
            [
                *(TOOL, "wheel", "--output", self.folder / "lazy"),
                *self.wheels.iterdir(),
            ],
            check=True,
        )
        self.wheels = self.folder / "lazy"
        mine, other = self.environments("symlink")
        self.assertTrue((mine.own / "itk-core.lzi").is_symlink())
        rest = self.rest(other)
        self.assertTrue(self.is_lazy(mine))
        before = files_below(mine.package)
        self.assertIn("applied and current", self.succeed(mine, "status"))
        self.succeed(mine, "apply")
        self.assertEqual(before, files_below(mine.package))
        glue = mine.own / "_lazyindex_stock.py"
        glue.unlink()
        glue.symlink_to(self.folder / "nowhere")
        self.assertIn("is gone", mine.tool("status").stdout)
        self.succeed(mine, "apply")
        self.assertFalse(glue.is_symlink())
        self.succeed(mine, "revert")
        self.assertFalse(mine.own.exists())
        self.assertFalse(self.is_lazy(mine))
        self.assertEqual(rest, self.rest(other))

    def test_list(self):
        """uv reads the RECORDs that apply wrote."""
        mine, _ = self.environments("symlink")
        self.succeed(mine, "apply")
        told = json.loads(mine.pip("list", "--format", "json"))
        self.assertIn({"name": "itk-core", "version": "1.0"}, told)
        shown = mine.pip("show", "--files", "itk-core")
        self.assertIn("itk/_lazyindex/itk-core.lzi", shown)


if __name__ == "__main__":
    unittest.main()
