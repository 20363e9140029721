"""Reads shards by runtime/format/FORMAT.md and runtime/itk/PROFILE.md alone,
without code of the project, and compares every record with what `lazyindex
dump --json` prints."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from fake_package import TOOL, make_package

try:
    import lmdb
    import xxhash
except ImportError as error:
    MISSING = f"{error.name} is not installed: pip install lmdb xxhash"
else:
    MISSING = None

BED = os.environ.get("LAZYINDEX_BED_60")
SUFFIX = ".lzi"


class Value:
    """The fields of one value, read from front to back."""

    def __init__(self, data):
        self.data = bytes(data)
        self.at = 0

    def take(self, size):
        if size > len(self.data) - self.at:
            raise ValueError("field exceeds its value")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self):
        number = shift = 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    def count(self):
        number = self.number()
        if number >= 1 << 31:
            raise ValueError("count out of range")
        return number

    def string(self):
        return self.take(self.count()).decode("utf-8", "surrogateescape")

    def list(self):
        return [self.string() for _ in range(self.count())]

    def fixed64(self):
        return int.from_bytes(self.take(8), "little")

    def each(self, *fields):
        """A count, then as many rows of the fields."""
        return [
            [getattr(self, field)() for field in fields]
            for _ in range(self.count())
        ]

    def end(self):
        if self.at != len(self.data):
            raise ValueError("bytes behind the last field")


def read_meta(value):
    return {
        "package": value.string(),
        "profile": value.string(),
        "distribution": value.string(),
        "version": value.string(),
        "producer": value.string(),
    }


def read_contents(value):
    return {
        "modules": value.list(),
        "module_sum": f"{value.fixed64():016x}",
        "startups": value.list(),
    }


def read_eager(value):
    return [value.string(), value.string()]


def read_file(value):
    return {"size": value.number(), "hash": f"{value.fixed64():016x}"}


def read_module(value):
    return {
        "library": value.string(),
        "has_body": bool(value.count()),
        "depends": value.list(),
        "factories": value.each("string", "string", "string"),
        "functions": value.each("string", "string"),
        "units": value.list(),
        "names": value.list(),
    }


def read_candidates(value):
    rows = []
    for _ in range(value.count()):
        module, flags = value.string(), value.count()
        rows.append(
            {
                "module": module,
                "in_module": bool(flags & 1),
                "function": bool(flags & 2),
                "template": bool(flags & 4),
                "cpp": value.string() if flags & 4 else "",
                "units": value.list(),
            }
        )
    return rows


def read_tuples(value):
    rows = []
    for _ in range(value.count()):
        flags = value.count()
        python, cpp, swig = value.string(), value.string(), value.string()
        parameters = value.string() if flags & 2 else None
        rows.append([python, cpp, swig, bool(flags & 1), parameters])
    return rows


def read_unit(value):
    return {
        "module": value.string(),
        "imports": value.list(),
        "soft": value.list(),
        "tuples": value.each("count", "count", "count"),
    }


TABLES = {
    "E": ("eager", read_eager),
    "f": ("files", read_file),
    "g": ("groups", Value.list),
    "M": ("modules", read_module),
    "N": ("names", read_candidates),
    "S": ("swig_names", Value.string),
    "t": ("tuples", read_tuples),
    "u": ("units", read_unit),
}


def read_trailer(data):
    """Size of the image and its digest; data is that of the whole file."""
    trailer = data[-64:]
    number = int.from_bytes
    checks = {
        "magic": trailer[:8] == b"\x89LZI\r\n\x1a\n",
        "hash": number(trailer[48:56], "little")
        == xxhash.xxh3_64_intdigest(trailer[:48]),
        "version": number(trailer[8:12], "little") == 2,
        "machine": trailer[12:16] == b"\x40\x00\x01\x02",
        "size": number(trailer[16:24], "little") == len(data) - 64,
        "page size": number(trailer[24:28], "little") == 4096,
        "zeros": trailer[28:32] + trailer[56:] == bytes(12),
        "digest": trailer[32:48] == xxhash.xxh3_128_digest(data[:-64]),
    }
    wrong = [name for name, good in checks.items() if not good]
    if wrong:
        raise ValueError(f"trailer: wrong {', '.join(wrong)}")
    return trailer[32:48]


def read_shard(path):
    """The shape of `lazyindex dump --json`."""
    data = Path(path).read_bytes()
    shard = {
        "format": 2,
        "size": len(data),
        "page_size": 4096,
        "digest": read_trailer(data).hex(),
    }
    shard["contents"] = {}
    shard.update((name, {}) for name, _ in TABLES.values())
    with (
        lmdb.open(
            str(path), subdir=False, readonly=True, lock=False
        ) as environment,
        environment.begin() as transaction,
    ):
        for key, data in transaction.cursor():
            table = chr(key[0])
            name = key[1:].decode("utf-8", "surrogateescape")
            value = Value(data)
            if table == "@":
                shard["meta"] = read_meta(value)
            elif table == "%":
                shard["filter"] = value.take(len(data)).hex()
            elif table == "c" and not name:
                shard["contents"] = read_contents(value)
            else:
                kind, read = TABLES[table]
                shard[kind][name] = read(value)
            value.end()
    return shard


def may_have(shard, name):
    bits = bytes.fromhex(shard["filter"])
    value = xxhash.xxh3_64_intdigest(name.encode())
    return all(
        bits[bit // 8] >> bit % 8 & 1
        for bit in (value % (8 * len(bits)), (value >> 32) % (8 * len(bits)))
    )


def dump(path):
    done = subprocess.run(
        [TOOL, "dump", "--json", path], capture_output=True, check=True
    )
    return json.loads(done.stdout.decode())


def require_modules():
    if MISSING and os.environ.get("LAZYINDEX_REQUIRE") == "1":
        raise AssertionError(MISSING)
    if MISSING:
        raise unittest.SkipTest(MISSING)


class ShardsOf:
    """Every shard of the package in the directory that `site()` gives."""

    @classmethod
    def setUpClass(cls):
        require_modules()
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.directory = Path(directory.name)
        cls.package = cls.site() / "itk"
        out = cls.directory / "out"
        subprocess.run([TOOL, "build", cls.package, "-o", out], check=True)
        cls.paths = sorted(out.glob("*" + SUFFIX))
        cls.shards = [read_shard(path) for path in cls.paths]

    def test_dump_agrees(self):
        self.assertGreater(len(self.paths), 0)
        for path, shard in zip(self.paths, self.shards, strict=True):
            with self.subTest(path.name):
                # By table: unittest's diff of a whole shard takes minutes.
                dumped = dump(path)
                self.assertEqual(shard.keys(), dumped.keys())
                for table, records in shard.items():
                    self.assertTrue(records == dumped[table], table)

    def test_filter_has_every_name(self):
        for shard in self.shards:
            tables = ("names", "eager", "modules", "swig_names")
            names = [name for table in tables for name in shard[table]]
            self.assertLess(len(shard["filter"]) // 2, max(9, 4 * len(names)))
            for name in names:
                self.assertTrue(may_have(shard, name), name)

    def test_image_records_its_own_size(self):
        for path in self.paths:
            data = path.read_bytes()
            for page in (0, 4096):
                map_size = int.from_bytes(
                    data[page + 32 : page + 40], "little"
                )
                self.assertEqual(map_size, len(data) - 64)

    def test_module_sum(self):
        for shard in self.shards:
            modules = shard["contents"]["modules"]
            self.assertEqual(modules, sorted(shard["modules"]))
            total = sum(
                xxhash.xxh3_64_intdigest(name.encode()) for name in modules
            )
            self.assertEqual(
                shard["contents"]["module_sum"],
                f"{total % (1 << 64):016x}",
            )

    def test_inputs_have_size_and_hash(self):
        for shard in self.shards:
            for path, record in shard["files"].items():
                data = (self.package / path).read_bytes()
                self.assertEqual(record["size"], len(data), path)
                self.assertEqual(
                    record["hash"],
                    f"{xxhash.xxh3_64_intdigest(data):016x}",
                    path,
                )

    def test_tuples_are_partitioned(self):
        for shard in self.shards:
            for module, rows in shard["tuples"].items():
                seen = []
                for unit in shard["units"].values():
                    if unit["module"] == module:
                        for _, first, count in unit["tuples"]:
                            seen += range(first, first + count)
                self.assertEqual(sorted(seen), list(range(len(rows))), module)

    def test_names_are_those_of_tables(self):
        for shard in self.shards:
            for module, record in shard["modules"].items():
                names = {row[0] for row in shard["tuples"][module]}
                names |= {name for name, _ in record["functions"]}
                self.assertEqual(record["names"], sorted(names), module)
                for name in names:
                    (candidate,) = [
                        candidate
                        for candidate in shard["names"][name]
                        if candidate["module"] == module
                    ]
                    rows = [
                        row
                        for row in shard["tuples"][module]
                        if row[0] == name
                    ]
                    self.assertEqual(
                        (candidate["in_module"], candidate["template"]),
                        (
                            any(row[3] for row in rows),
                            any(row[4] is not None for row in rows),
                        ),
                        name,
                    )

    def test_templates_have_the_name_of_their_first_instantiation(self):
        for shard in self.shards:
            for name, candidates in shard["names"].items():
                for candidate in candidates:
                    rows = shard["tuples"][candidate["module"]]
                    names = [
                        row[1]
                        for unit in candidate["units"]
                        for _, first, count in shard["units"][unit]["tuples"]
                        for row in rows[first : first + count]
                        if row[0] == name and row[4] is not None
                    ]
                    self.assertEqual([*names, ""][0], candidate["cpp"], name)


class MiniaturePackage(ShardsOf, unittest.TestCase):
    @classmethod
    def site(cls):
        site = cls.directory / "site"
        make_package(site)
        return site


@unittest.skipUnless(BED, "LAZYINDEX_BED_60 is not set")
class ReleasedWheels(ShardsOf, unittest.TestCase):
    @classmethod
    def site(cls):
        (site,) = Path(BED).glob("lib/python3.*/site-packages")
        return site


class Damage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require_modules()

    def test_this_reader_finds_it(self):
        with tempfile.TemporaryDirectory() as directory:
            site = Path(directory)
            make_package(site)
            subprocess.run(
                [TOOL, "build", site / "itk", "-o", site / "out"], check=True
            )
            path = site / "out/itk-io.lzi"
            good = path.read_bytes()
            for offset in (0, 5000, len(good) - 64, len(good) - 20):
                bad = bytearray(good)
                bad[offset] ^= 1
                path.write_bytes(bad)
                with self.assertRaises(ValueError):
                    read_shard(path)


if __name__ == "__main__":
    unittest.main()
