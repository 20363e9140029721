"""What wrong use of the CMake package says: misuse/NAME.cmake gives NAME.txt,
nothing where that is missing. `python3 test_misuse.py --update` writes them.
"""

import os
import re
import sys
import tempfile
import unittest
from pathlib import Path

from mini_itk import BUILD, attempt

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
