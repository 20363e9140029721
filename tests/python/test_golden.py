"""Shards of each released format version stay readable for ever.

tests/golden/v<version> has shards and what `lazyindex dump --json` said of
them when they were made (tests/golden/make.py).
"""

import json
import re
import unittest
from pathlib import Path

from sources import source
from test_format import dump, read_shard, require_modules

TESTS = Path(__file__).resolve().parent.parent
GOLDEN = TESTS / "golden"


class Golden(unittest.TestCase):
    def each(self):
        paths = sorted(GOLDEN.glob("v*/*.lzi"))
        self.assertGreater(len(paths), 0)
        for path in paths:
            with self.subTest(path.relative_to(GOLDEN)):
                yield path, json.loads(path.with_suffix(".json").read_text())

    def test_tool_reads_them(self):
        for path, expected in self.each():
            self.assertTrue(expected == dump(path))

    def test_reader_made_from_the_document_reads_them(self):
        require_modules()
        for path, expected in self.each():
            if expected["format"] == 1:
                self.assertTrue(expected == read_shard(path))

    def test_the_version_that_is_written_has_some(self):
        (version,) = re.findall(
            r"#define LZI_FORMAT_VERSION (\d+)u",
            source("lzi_format.h").read_text(),
        )
        self.assertTrue(
            list(GOLDEN.glob(f"v{version}/*.lzi")),
            f"no golden files of version {version}: see tests/golden/make.py",
        )

    def test_they_have_what_shards_can_have(self):
        tables, deep = set(), False
        for path, expected in self.each():
            tables |= {name for name, records in expected.items() if records}
            pages = path.read_bytes()
            depth = pages[4096 + 94]
            overflow = int.from_bytes(pages[4096 + 112 : 4096 + 120], "little")
            deep = deep or (depth > 1 and overflow > 1)
        self.assertLessEqual(
            {"eager", "files", "modules", "names", "definitions", "tuples"}
            | {"units", "meta", "filter"},
            tables,
        )
        self.assertTrue(deep)


if __name__ == "__main__":
    unittest.main()
