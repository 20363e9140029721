"""Shards of each released format version, in tests/golden/v<version>: those of
the version that is written are read, as they were when they were made
(tests/golden/make.py); those of others are refused, with one message that says
what to do.
"""

import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from fake_package import TOOL, FakePackageTest
from sources import source
from test_format import dump, read_shard, require_modules

TESTS = Path(__file__).resolve().parent.parent
GOLDEN = TESTS / "golden"
(WRITTEN,) = re.findall(
    r"#define LZI_FORMAT_VERSION (\d+)u", source("lzi_format.h").read_text()
)


def others():
    return [
        path
        for path in sorted(GOLDEN.glob("v*"))
        if path.name != f"v{WRITTEN}"
    ]


class Golden(unittest.TestCase):
    def each(self):
        paths = sorted(GOLDEN.glob(f"v{WRITTEN}/*.lzi"))
        self.assertGreater(len(paths), 0, "see tests/golden/make.py")
        for path in paths:
            with self.subTest(path.relative_to(GOLDEN)):
                yield path, json.loads(path.with_suffix(".json").read_text())

    def test_tool_reads_them(self):
        for path, expected in self.each():
            self.assertTrue(expected == dump(path))

    def test_reader_made_from_the_documents_reads_them(self):
        require_modules()
        for path, expected in self.each():
            self.assertTrue(expected == read_shard(path))

    def test_they_have_what_shards_can_have(self):
        tables, deep = set(), False
        for path, expected in self.each():
            tables |= {name for name, records in expected.items() if records}
            pages = path.read_bytes()
            depth = pages[4096 + 94]
            overflow = int.from_bytes(pages[4096 + 112 : 4096 + 120], "little")
            deep = deep or (depth > 1 and overflow > 1)
        self.assertLessEqual(
            {"contents", "eager", "files", "filter", "groups", "meta"}
            | {"modules", "names", "swig_names", "tuples", "units"},
            tables,
        )
        self.assertTrue(deep)

    def test_tool_refuses_other_versions(self):
        self.assertGreater(len(others()), 0)
        for folder in others():
            for path in sorted(folder.glob("*.lzi")):
                run = subprocess.run(
                    [TOOL, "dump", path], capture_output=True, text=True
                )
                self.assertEqual((1, ""), (run.returncode, run.stdout))
                self.assertEqual(
                    f"{path}: error: format version {folder.name[1:]}, this "
                    f"LazyIndex reads {WRITTEN}\n"
                    "lazyindex: note: to write the shard again, run "
                    "'lazyindex build PACKAGE_DIR -o OUT_DIR'\n",
                    run.stderr,
                )


class OtherVersions(FakePackageTest):
    """A package with the shards of another LazyIndex."""

    def setUp(self):
        super().setUp()
        self.apply()
        for shard in self.own.glob("*.lzi"):
            shutil.copy(others()[0] / shard.name, shard)
        self.told = (
            f"{self.own / 'itk-core.lzi'}: format version "
            f"{others()[0].name[1:]}, this LazyIndex reads {WRITTEN}"
        )

    def test_package_is_not_lazy_and_says_what_to_do(self):
        program = (
            "import warnings\n"
            "with warnings.catch_warnings(record=True) as told:\n"
            "    import itk\n"
            "print(itk.stock, *(str(w.message) for w in told), sep='|')"
        )
        self.assertEqual(
            f"1.0|itk is not lazy: {self.told}; to repair: lazyindex apply "
            f"{self.package}",
            self.run_python(program),
        )

    def test_tool_says_what_to_do(self):
        run = self.tool("explain", self.package, "Thing", code=1)
        self.assertEqual(
            f"lazyindex: error: {self.told}\nlazyindex: note: to make the "
            f"index again, run 'lazyindex apply {self.package}'\n",
            run.stderr,
        )
        self.assertIn(
            "format version", self.tool("status", self.package, code=1).stdout
        )
        self.apply()
        self.assertTrue(self.is_lazy())


if __name__ == "__main__":
    unittest.main()
