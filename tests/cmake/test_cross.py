"""mini-itk for aarch64: the index made by the tool of this machine, read by
an interpreter of the other. LAZYINDEX_SYSROOT_ARM64 is a directory with
Debian packages for it (tests/run.sh makes one where they can be had)."""

import os
import unittest
from pathlib import Path

from mini_itk import (
    MINI_ITK,
    PROGRAM,
    ROOT,
    TOOL,
    MiniItkTest,
    build,
    configure,
    python,
    run,
)

SYSROOT = os.environ.get("LAZYINDEX_SYSROOT_ARM64")

TOOLCHAIN = """
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_FIND_ROOT_PATH [[{sysroot}]])
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_C_FLAGS_INIT [[-idirafter "{sysroot}/usr/include"]])
set(CMAKE_CXX_FLAGS_INIT [[-idirafter "{sysroot}/usr/include"]])
"""


@unittest.skipUnless(SYSROOT, "LAZYINDEX_SYSROOT_ARM64 is not set")
class CrossTest(MiniItkTest):
    needed = (
        "aarch64-linux-gnu-gcc",
        "aarch64-linux-gnu-g++",
        "qemu-aarch64-static",
        "swig",
        "ninja",
    )

    @classmethod
    def prepare(cls):
        toolchain = cls.folder / "aarch64.cmake"
        toolchain.write_text(TOOLCHAIN.format(sysroot=SYSROOT))
        (headers,) = Path(SYSROOT).glob("usr/include/python3.*")
        options = (
            f"-DCMAKE_TOOLCHAIN_FILE={toolchain}",
            f"-DLAZYINDEX_EXECUTABLE={TOOL}",
            f"-DPython3_INCLUDE_DIR={headers}",
        )
        # The runtime for the other machine, without a tool.
        lazyindex = cls.folder / "lazyindex"
        configure(ROOT, lazyindex, "-DLAZYINDEX_TESTS=OFF", *options)
        build(lazyindex)
        cls.prefix = cls.folder / "prefix"
        run("cmake", "--install", lazyindex, "--prefix", cls.prefix)
        cls.build = cls.folder / "build"
        configure(
            MINI_ITK, cls.build, f"-DLazyIndex_ROOT={cls.prefix}", *options
        )
        build(cls.build)
        cls.package = cls.build / "python" / "itk"

    def other(self, program, **more):
        (interpreter,) = Path(SYSROOT).glob("usr/bin/python3.*")
        return run(
            "qemu-aarch64-static", "-L", SYSROOT, interpreter, "-c", program,
            PYTHONPATH=self.package.parent, **more,
        )  # fmt: skip

    def test_counts(self):
        self.assertEqual("13\n", self.other(PROGRAM))
        self.assertEqual("25\n", self.other(PROGRAM, LAZYINDEX="off"))

    def test_the_package_is_of_the_other_machine(self):
        output = self.other("import platform; print(platform.machine())")
        self.assertEqual("aarch64\n", output)
        self.assertFalse((self.prefix / "bin").exists())
        program = "import itk; print(itk.Image)"
        # Here, the extension cannot be loaded: stock tries, and cannot either.
        with self.assertRaisesRegex(AssertionError, "itk is not lazy: "):
            python(self.package.parent, program)

    def test_tool_is_asked_for(self):
        """Nothing that was built for the other machine is run here."""
        with self.assertRaisesRegex(
            AssertionError, "set\\s+LAZYINDEX_EXECUTABLE\\s+to"
        ):
            configure(
                MINI_ITK, self.folder / "none",
                f"-DLazyIndex_ROOT={self.prefix}",
                f"-DCMAKE_TOOLCHAIN_FILE={self.folder / 'aarch64.cmake'}",
                f"-DPython3_INCLUDE_DIR={next(Path(SYSROOT).glob('usr/include/python3.*'))}",
            )  # fmt: skip


if __name__ == "__main__":
    unittest.main()
