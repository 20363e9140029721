"""What wrong use of the CMake package says: misuse/NAME.cmake gives NAME.txt,
nothing where that is missing. `python3 test_misuse.py --update` writes them.
And what LazyIndex itself says where a part that it is built from is missing.
"""

import os
import re
import sys
import tempfile
import unittest
from pathlib import Path

from mini_itk import BUILD, ROOT, attempt

CASES = Path(__file__).resolve().parent / "misuse"

PROJECT = """
cmake_minimum_required(VERSION 3.22)
project(Misuse LANGUAGES NONE)
find_package(LazyIndex CONFIG REQUIRED)
add_library(lib MODULE IMPORTED)
set_property(TARGET lib PROPERTY IMPORTED_LOCATION /somewhere/_lib.so)
add_custom_target(copy_python_files)
include([[{case}]])
"""


def message(case):
    """The text of the error, in one line, without what differs elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "itk").mkdir()
        (folder / "itk" / "__init__.py").touch()
        (folder / "CMakeLists.txt").write_text(PROJECT.format(case=case))
        done = attempt(
            "cmake", "-S", folder, "-B", folder / "build",
            f"-DLazyIndex_DIR={BUILD}/cmake",
        )  # fmt: skip
        found = re.search(
            r"^CMake Error at \S+ \(\w+\):\n(.*?)\n(Call Stack|\n\n|--|\Z)",
            done.stdout,
            re.S | re.M,
        )
        if (done.returncode == 0) != (found is None):
            raise AssertionError(done.stdout)
        if found is None:
            return ""
        text = " ".join(found[1].split())
        for path, name in ((folder, "SOURCE"), (Path(BUILD), "BUILD")):
            text = text.replace(str(path.resolve()), name)
        return re.sub(r"version: \d+\.\d+\.\d+", "version: N", text) + "\n"


def expected(case):
    path = case.with_suffix(".txt")
    return path.read_text() if path.exists() else ""


@unittest.skipIf(BUILD is None, "LAZYINDEX_BUILD_DIR is not set")
class MisuseTest(unittest.TestCase):
    maxDiff = None

    def test_messages(self):
        cases = sorted(CASES.glob("*.cmake"))
        self.assertTrue(cases)
        for case in cases:
            with self.subTest(case.stem):
                self.assertEqual(expected(case), message(case))

    def test_every_text_has_its_case(self):
        for text in CASES.glob("*.txt"):
            self.assertTrue(text.with_suffix(".cmake").exists(), text)


class MissingPartTest(unittest.TestCase):
    """One error, which names the Debian package."""

    def check(self, what, package, *options):
        with self.subTest(options), tempfile.TemporaryDirectory() as folder:
            done = attempt(
                "cmake", "-S", ROOT, "-B", folder,
                f"-DPython3_EXECUTABLE={sys.executable}", *options,
            )  # fmt: skip
            text = " ".join(done.stdout.split())
            self.assertNotEqual(0, done.returncode)
            self.assertEqual(1, text.count("CMake Error"), done.stdout)
            self.assertIn(
                f"LazyIndex needs {what}, which was not found. "
                f"On Debian/Ubuntu: apt-get install {package} Call Stack",
                text,
            )

    def test_not_installed(self):
        for name, what, package in (
            ("LMDB", "the static library of LMDB 0.9", "liblmdb-dev"),
            ("xxHash", "xxHash 0.8", "libxxhash-dev"),
            ("libmd", "libmd", "libmd-dev"),
            ("ZLIB", "zlib", "zlib1g-dev"),
            ("minizip", "minizip", "libminizip-dev"),
            ("Python3", "Python 3.11 or later with its headers",
             "python3-dev"),
            ("GTest", "GoogleTest (or -DLAZYINDEX_TESTS=OFF)",
             "libgtest-dev"),
        ):  # fmt: skip
            self.check(
                what, package, f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON"
            )

    def test_not_where_it_was_said_to_be(self):
        lmdb = ("the static library of LMDB 0.9", "liblmdb-dev")
        for variable, what, package in (
            ("LMDB_LIBRARY", *lmdb),
            ("LMDB_INCLUDE_DIR", *lmdb),
            ("XXHASH_INCLUDE_DIR", "xxHash 0.8", "libxxhash-dev"),
            ("LIBMD_LIBRARY", "libmd", "libmd-dev"),
            ("ZLIB_LIBRARY", "zlib", "zlib1g-dev"),
            ("ZLIB_INCLUDE_DIR", "zlib", "zlib1g-dev"),
            ("MINIZIP_LIBRARY", "minizip", "libminizip-dev"),
        ):
            self.check(what, package, f"-D{variable}=/nowhere")

    def test_lmdb_of_another_series(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "lmdb.h").write_text(
                "#define MDB_VERSION_MAJOR\t1\n"
                "#define MDB_VERSION_MINOR\t0\n"
                "#define MDB_VERSION_PATCH\t0\n"
            )
            done = attempt(
                "cmake", "-S", ROOT, "-B", f"{folder}/build",
                f"-DLMDB_INCLUDE_DIR={folder}",
            )  # fmt: skip
        self.assertIn(
            f"LazyIndex needs LMDB 0.9: {folder}/lmdb.h is of another series",
            " ".join(done.stdout.split()),
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        for case in CASES.glob("*.cmake"):
            text = message(case)
            if text:
                case.with_suffix(".txt").write_text(text)
            else:
                case.with_suffix(".txt").unlink(missing_ok=True)
        sys.exit()
    unittest.main(argv=[os.path.basename(__file__), *sys.argv[1:]])
