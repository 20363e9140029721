"""mini-itk with LazyIndex as a subproject, and a generator that builds several
configurations."""

import unittest

from mini_itk import MINI_ITK, ROOT, TOOL, MiniItkTest, build, configure, run

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(Superbuild C CXX)
include(FetchContent)
FetchContent_Declare(LazyIndex SOURCE_DIR [[{root}]])
FetchContent_MakeAvailable(LazyIndex)
add_subdirectory([[{mini_itk}]] mini-itk)
"""


class SubprojectTest(MiniItkTest):
    @classmethod
    def prepare(cls):
        cls.build = cls.folder / "build"
        source = cls.folder / "source"
        source.mkdir()
        (source / "CMakeLists.txt").write_text(
            PROJECT.format(root=ROOT, mini_itk=MINI_ITK)
        )
        configure(source, cls.build, generator="Ninja Multi-Config")
        build(cls.build, "--config", "Debug")
        cls.package = cls.build / "mini-itk" / "python" / "itk"

    def test_counts(self):
        # Libraries of this generator are in a directory for each
        # configuration, so the package is whole when installed.
        site = self.folder / "installed"
        run(
            "cmake",
            "--install",
            self.build,
            "--config",
            "Debug",
            "--prefix",
            site,
        )
        (package,) = site.glob("lib/python*/site-packages")
        self.check_counts(package)
        run(TOOL, "verify", package / "itk")
        # LazyIndex itself is not installed along.
        self.assertEqual([], list(site.rglob("*LazyIndex*")))
        self.assertEqual([], list(site.rglob("bin")))

    def test_nothing_to_do_the_second_time(self):
        output = build(self.build, "--config", "Debug")
        self.assertEqual(
            "ninja: no work to do.\n", output.splitlines(True)[-1]
        )


if __name__ == "__main__":
    unittest.main()
