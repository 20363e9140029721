"""What `cmake --install` and `pip install` give: the tool, the extension and
the Python package, usable where they land."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = os.environ.get("LAZYINDEX_REQUIRE") == "1"


def run(*command, **more):
    """Standard output; a failure shows everything."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "LAZYINDEX_TOOL"}
    }
    done = subprocess.run(
        list(map(str, command)),
        env=environment | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"{command} failed:\n{done.stdout}")
    return done.stdout


class InstallTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def check(self, tool, python, **environment):
        """The parts are there, of one version, and find each other."""
        version = run(tool, "--version")
        self.assertRegex(version, r"^lazyindex \d+\.\d+\.\d+\n")
        # With nothing on PATH, the package must find the tool by itself.
        by_package = run(
            python, "-m", "lazyindex", "--version", PATH="", **environment
        )
        self.assertEqual(version, by_package)
        program = "import lazyindex; print(lazyindex.__version__)"
        self.assertEqual(
            version, "lazyindex " + run(python, "-c", program, **environment)
        )

    def test_cmake_install(self):
        build = os.environ.get("LAZYINDEX_BUILD_DIR")
        if build is None:
            self.skipTest("LAZYINDEX_BUILD_DIR is not set")
        run("cmake", "--install", build, "--prefix", self.folder)
        package = next(self.folder.glob("lib/**/lazyindex/__init__.py")).parent
        self.assertTrue(list(self.folder.glob("**/_lazyindex.abi3.so")))
        self.check(
            self.folder / "bin" / "lazyindex",
            sys.executable,
            PYTHONPATH=str(package.parent),
        )

    def test_pip_install(self):
        if importlib.util.find_spec("scikit_build_core") is None:
            if REQUIRED:
                self.fail("scikit-build-core is not installed")
            self.skipTest("scikit-build-core is not installed")
        wheels, environment = self.folder / "wheels", self.folder / "env"
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
        run(
            *pip, "wheel", "--no-build-isolation", "--no-deps", "--no-index",
            "--wheel-dir", wheels, ROOT,
        )  # fmt: skip
        (wheel,) = wheels.iterdir()
        self.assertRegex(wheel.name, r"-cp311-abi3-linux_\w+\.whl$")
        run(sys.executable, "-m", "venv", "--without-pip", environment)
        python = environment / "bin" / "python"
        run(*pip, "--python", python, "install", "--no-index", wheel)
        self.check(environment / "bin" / "lazyindex", python)

        run(*pip, "--python", python, "uninstall", "--yes", "lazyindex")
        self.assertEqual([], list(environment.rglob("*lazyindex*")))


if __name__ == "__main__":
    unittest.main()
