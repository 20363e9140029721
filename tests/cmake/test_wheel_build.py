"""mini-itk as two wheels by scikit-build-core, through LazyIndex's wheel: the
entry point `cmake.root` tells where its CMake package is."""

import importlib.util
import sys
import unittest

from mini_itk import (
    MINI_ITK,
    PROGRAM,
    REQUIRED,
    ROOT,
    MiniItkTest,
    run,
)

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


class WheelBuildTest(MiniItkTest):
    @classmethod
    def prepare(cls):
        if importlib.util.find_spec("scikit_build_core") is None:
            if REQUIRED:
                raise AssertionError("scikit-build-core is not installed")
            raise unittest.SkipTest("scikit-build-core is not installed")
        cls.wheels = cls.folder / "wheels"
        # As in pip's build environments: beside Python packages, on no PATH.
        cls.tools = cls.folder / "tools"
        lazyindex = cls.make_wheel(ROOT)
        run(*PIP, "install", "--no-index", "--target", cls.tools, lazyindex)
        built = cls.folder / "build"
        cls.core = cls.make_wheel(
            MINI_ITK / "wheels" / "core",
            f"--config-settings=build-dir={built}",
        )
        cls.filtering = cls.make_wheel(
            MINI_ITK / "wheels" / "filtering",
            f"--config-settings=build-dir={cls.folder / 'unused'}",
            f"--config-settings=cmake.define.MINI_ITK_BUILD={built}",
        )

    @classmethod
    def make_wheel(cls, source, *options):
        before = set(cls.wheels.glob("*.whl"))
        run(
            *PIP, "wheel", "--no-build-isolation", "--no-deps", "--no-index",
            "--wheel-dir", cls.wheels, *options, source,
            PYTHONPATH=cls.tools,
        )  # fmt: skip
        (wheel,) = set(cls.wheels.glob("*.whl")) - before
        return wheel

    def environment(self, name, *wheels):
        """A Python that has the wheels and nothing else."""
        folder = self.folder / name
        run(sys.executable, "-m", "venv", "--without-pip", folder)
        interpreter = folder / "bin" / "python"
        run(
            *PIP, "--python", interpreter, "install", "--no-index",
            "--no-deps", *wheels,
        )  # fmt: skip
        return interpreter

    def test_only_one_of_them_was_compiled(self):
        self.assertTrue(list(self.folder.glob("build/**/*.cpp.o")))
        self.assertFalse(list(self.folder.glob("unused/**/*.o")))

    def test_core_alone(self):
        interpreter = self.environment("core", self.core)
        program = (
            "import itk; print(hasattr(itk, 'MedianImageFilter'), "
            "itk.Image, len(itk.Image), itk.count_initialisations())"
        )
        self.assertEqual(
            "False <itkTemplate itk::Image> 3 8\n",
            run(interpreter, "-W", "error", "-c", program),
        )

    def test_both_and_none(self):
        interpreter = self.environment("both", self.core, self.filtering)
        self.assertEqual(
            "13\n", run(interpreter, "-W", "error", "-c", PROGRAM)
        )
        self.assertEqual(
            "25\n", run(interpreter, "-c", PROGRAM, LAZYINDEX="off")
        )
        run(
            *PIP, "--python", interpreter, "uninstall", "--yes",
            "mini-itk-core", "mini-itk-filtering",
        )  # fmt: skip
        site = next((self.folder / "both").glob("lib/*/site-packages"))
        self.assertEqual([], list(site.iterdir()))

    def test_filtering_goes_and_core_stays(self):
        interpreter = self.environment("less", self.core, self.filtering)
        run(
            *PIP,
            "--python",
            interpreter,
            "uninstall",
            "--yes",
            "mini-itk-filtering",
        )
        program = (
            "import itk; print('MedianImageFilter' in dir(itk), itk.Image)"
        )
        self.assertEqual(
            "False <itkTemplate itk::Image>\n",
            run(interpreter, "-W", "error", "-c", program),
        )

    def test_cmake_dir(self):
        """The other way to find the package, from any build system."""
        directory = run(
            sys.executable, "-m", "lazyindex", "--cmake-dir",
            PYTHONPATH=self.tools,
        ).strip()  # fmt: skip
        self.assertEqual(str(self.tools / "lazyindex" / "cmake"), directory)
        source = self.folder / "consumer"
        source.mkdir()
        (source / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.22)\n"
            "project(Consumer NONE)\n"
            "find_package(LazyIndex 0.1 CONFIG REQUIRED)\n"
            "get_target_property(tool LazyIndex::lazyindex IMPORTED_LOCATION)\n"
            'execute_process(COMMAND "${tool}" --version\n'
            "  OUTPUT_VARIABLE version)\n"
            'message(STATUS "the tool says ${version}")\n'
        )
        output = run(
            "cmake", "-S", source, "-B", self.folder / "consumer build",
            f"-DLazyIndex_DIR={directory}",
        )  # fmt: skip
        self.assertRegex(output, r"the tool says lazyindex \d+\.\d+\.\d+")


if __name__ == "__main__":
    unittest.main()
