"""python -m lazyindex, as `cmake --install` puts it into a prefix."""

import os
import py_compile
import subprocess
import sys
import unittest

from fake_package import FakePackageTest, snapshot

BUILD = os.environ.get("LAZYINDEX_BUILD_DIR")


@unittest.skipIf(BUILD is None, "LAZYINDEX_BUILD_DIR is not set")
class ModuleTest(FakePackageTest):
    def setUp(self):
        super().setUp()
        self.prefix = self.folder / "préfix of it"
        subprocess.run(
            ["cmake", "--install", BUILD, "--prefix", self.prefix],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (init,) = self.prefix.glob("lib/python*/*/lazyindex/__init__.py")
        self.path = [init.parent.parent]

    def run_module(self, *arguments, code=0, cwd=None):
        path = os.pathsep.join(map(str, [self.site, *self.path]))
        done = subprocess.run(
            [sys.executable, "-m", "lazyindex", *map(str, arguments)],
            env={"PYTHONPATH": path, "PATH": "/nowhere"},
            cwd=cwd or self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.assertEqual(code, done.returncode, done.stderr)
        return done

    def test_by_name(self):
        before = snapshot(self.site)
        self.run_module("apply", "itk")
        self.assertTrue(self.is_lazy())
        self.assertEqual(
            f"{self.package}: applied and current\n",
            self.run_module("status", "itk").stdout,
        )
        self.assertIn(
            "Thing", self.run_module("explain", "itk", "Thing").stdout
        )
        self.run_module("revert", "itk")
        self.assertTree(before)

    def test_by_directory(self):
        before = snapshot(self.site)
        self.run_module("apply", self.package)
        self.run_module("status", "itk", cwd=self.site)
        self.run_module("revert", "itk", cwd=self.site)
        self.assertTree(before)

    def test_options_before_the_name(self):
        runtime = self.folder / "runtime.so"
        runtime.write_bytes(b"other")
        self.run_module("apply", "--runtime", runtime, "itk")
        self.assertEqual(
            b"other", (self.own / "_lazyindex.abi3.so").read_bytes()
        )
        out = self.folder / "out"
        self.run_module("build", "-o", out, "--", "itk")
        self.assertTrue((out / "itk-core.lzi").is_file())
        short = self.folder / "short"
        self.run_module("build", "--outp", short, "itk")
        self.assertTrue((short / "itk-core.lzi").is_file())

    def test_byte_compiles(self):
        self.run_module("apply", "itk")
        for source in (self.init, self.own / "_lazyindex_stock.py"):
            compiled = (
                source.parent
                / "__pycache__"
                / (f"{source.stem}.{sys.implementation.cache_tag}.pyc")
            )
            made = compiled.read_bytes()
            py_compile.compile(source)
            self.assertEqual(compiled.read_bytes(), made)

    def test_nothing_of_the_package_is_executed(self):
        self.init.write_text("raise SystemExit('executed')\n")
        self.run_module("apply", "itk")
        self.run_module("revert", "itk")

    def test_exit_codes(self):
        self.assertIn(
            "not applied", self.run_module("status", "itk", code=1).stdout
        )
        self.run_module("no-such-command", code=2)
        self.run_module(code=2)
        self.run_module("apply", code=2)
        done = self.run_module("apply", "nosuch", code=1)
        self.assertIn("no package 'nosuch'", done.stderr)
        self.assertIn("Usage", self.run_module("apply", "--help").stdout)

    def test_tool_is_missing(self):
        (self.prefix / "bin" / "lazyindex").unlink()
        done = self.run_module("--version", code=1)
        self.assertIn("reinstall lazyindex", done.stderr)


if __name__ == "__main__":
    unittest.main()
