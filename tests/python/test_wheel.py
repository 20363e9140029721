"""`lazyindex wheel` on a miniature of ITK's wheels."""

import csv
import io
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from fake_package import TOOL
from make_wheels import core_wheel, digest, io_wheel

RECORD = "itk_core-1.0.dist-info/RECORD"


def contents(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: info for info in archive.infolist()}


class WheelTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="whéel ")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.given = self.folder / "in"
        self.out = self.folder / "out"
        self.given.mkdir()

    def run_tool(self, *wheels, check=True, command=(), **more):
        environment = {
            name: value
            for name, value in os.environ.items()
            if name != "SOURCE_DATE_EPOCH"
        }
        return subprocess.run(
            [TOOL, "wheel", *wheels, "-o", self.out, *command],
            check=check,
            capture_output=True,
            text=True,
            timeout=300,
            env=environment | more.pop("environment", {}),
            **more,
        )

    def output(self, pattern="itk_core-*"):
        (path,) = self.out.glob(pattern)
        return path

    def assertRecordIsRight(self, path):
        files = contents(path)
        (name,) = (n for n in files if n.endswith(".dist-info/RECORD"))
        self.assertEqual(name, list(files)[-1])
        listed = {}
        for row in csv.reader(io.StringIO(files[name].decode(), newline="")):
            self.assertNotIn(row[0], listed)
            listed[row[0]] = row[1:]
        self.assertEqual(["", ""], listed.pop(name))
        del files[name]
        self.assertEqual(
            listed, {n: [digest(d), str(len(d))] for n, d in files.items()}
        )

    def test_what_is_written(self):
        """The files, what RECORD says of them, and that the others stay."""
        core, png = core_wheel(), io_wheel()
        self.run_tool(core.write(self.given), png.write(self.given))
        path = self.output()
        self.assertRecordIsRight(path)
        self.assertRecordIsRight(self.output("itk_io-*"))
        files = contents(path)
        init = core.files.pop("itk/__init__.py")
        self.assertEqual(init, files.pop("itk/_lazyindex/stock_init.py"))
        self.assertIn(b"_lazyindex.attach", files.pop("itk/__init__.py"))
        own = {n for n in files if n.startswith("itk/_lazyindex/")}
        self.assertEqual(
            {"_lazyindex.abi3.so", "_lazyindex_stock.py", "itk-core.lzi"},
            {Path(name).name for name in own},
        )
        rest = {n: d for n, d in files.items() if n not in own | {RECORD}}
        self.assertEqual(core.files, rest)
        added = set(contents(self.output("itk_io-*"))) - set(png.files)
        self.assertEqual(
            {"itk/_lazyindex/itk-io.lzi", f"{png.info}/RECORD"}, added
        )

    def test_what_apply_does(self):
        """Unpacked, the wheels are a package to which LazyIndex is applied."""
        self.run_tool(core_wheel().write(self.given))
        site = self.folder / "site"
        with zipfile.ZipFile(self.output()) as archive:
            archive.extractall(site)
        done = subprocess.run(
            [TOOL, "status", site / "itk"], capture_output=True, text=True
        )
        self.assertIn("applied and current", done.stdout)
        subprocess.run([TOOL, "verify", site / "itk"], check=True)
        subprocess.run([TOOL, "revert", site / "itk"], check=True)
        for name, data in core_wheel().files.items():
            self.assertEqual(data, (site / name).read_bytes())
        self.assertFalse((site / "itk/_lazyindex").exists())

    def test_compressed_bytes_stay(self):
        wheel = core_wheel()
        wheel.files["itk/data.bin"] = os.urandom(100000) + bytes(100000)
        given = wheel.write(self.given)
        self.run_tool(given)
        before, after = members(given), members(self.output())
        for name, info in before.items():
            if name in {RECORD, "itk/__init__.py"}:
                continue
            for what in (
                "compress_size", "CRC", "date_time", "external_attr",
                "compress_type", "create_system",
            ):  # fmt: skip
                self.assertEqual(
                    getattr(info, what), getattr(after[name], what), name
                )

    def test_names_that_are_not_ascii(self):
        wheel = core_wheel()
        names = ['itk/blänk dir/ü, "x".txt', "itk/日本.py"]
        for name in names:
            wheel.files[name] = name.encode()
        wheel.record = lambda lines: [
            '"' + line.replace('"', '""').replace(",sha", '",sha')
            if line.startswith("itk/blänk")
            else line
            for line in lines
        ]
        self.run_tool(wheel.write(self.given))
        self.assertRecordIsRight(self.output())
        for name in names:
            self.assertEqual(name.encode(), contents(self.output())[name])

    def test_streamed_archive(self):
        """Sizes behind the data, as those who cannot seek write it."""
        given = core_wheel().write(self.given)

        class Pipe(io.RawIOBase):
            data = bytearray()

            def writable(self):
                return True

            def write(self, data):
                self.data += data
                return len(data)

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in contents(given).items():
                archive.writestr(name, data)
        given.write_bytes(pipe.data)
        self.assertTrue(members(given)[RECORD].flag_bits & 8)
        self.run_tool(given)
        self.assertRecordIsRight(self.output())
        self.assertFalse(members(self.output())[RECORD].flag_bits & 8)

    def test_many_files(self):
        """More than a zip archive without zip64 can have."""
        wheel = core_wheel()
        for i in range(66000):
            wheel.files[f"data/{i}"] = b""
        self.run_tool(wheel.write(self.given))
        self.assertRecordIsRight(self.output())

    def test_glibc_of_the_runtime(self):
        """The tag promises what the runtime needs, in all places."""
        old = "manylinux_2_5_x86_64.manylinux1_x86_64"
        given = core_wheel(f"cp311.cp312-abi3-{old}").write(self.given)
        done = self.run_tool(given)
        name = self.output().name
        self.assertRegex(
            name,
            r"^itk_core-1\.0-cp311\.cp312-abi3-manylinux_2_\d+_x86_64\.whl$",
        )
        platform = name.removesuffix(".whl").split("-")[-1]
        self.assertIn(f"the platform becomes {platform}", done.stderr)
        self.assertIn(
            f"Root-Is-Purelib: false\nTag: cp311-abi3-{platform}\n"
            f"Tag: cp312-abi3-{platform}\n",
            contents(self.output())["itk_core-1.0.dist-info/WHEEL"].decode(),
        )
        self.assertRecordIsRight(self.output())

    def test_glibc_that_is_new_enough(self):
        new = "manylinux_2_99_x86_64"
        given = core_wheel(f"cp311-abi3-manylinux_2_5_x86_64.{new}")
        done = self.run_tool(given.write(self.given))
        self.assertEqual(
            f"itk_core-1.0-cp311-abi3-{new}.whl", self.output().name
        )
        self.assertIn(f"the platform becomes {new};", done.stderr)
        shutil.rmtree(self.out)
        done = self.run_tool(core_wheel(f"cp311-abi3-{new}").write(self.given))
        self.assertEqual("", done.stderr)

    def test_runtime(self):
        extension = Path(os.environ["LAZYINDEX_EXTENSION"])
        other = self.folder / "other.so"
        other.write_bytes(extension.read_bytes() + b"other")
        self.run_tool(
            core_wheel().write(self.given), command=["--runtime", other.name],
            cwd=self.folder,
        )  # fmt: skip
        self.assertEqual(
            other.read_bytes(),
            contents(self.output())["itk/_lazyindex/_lazyindex.abi3.so"],
        )

    def test_times(self):
        """SOURCE_DATE_EPOCH, within what archives can tell."""
        given = core_wheel().write(self.given)
        for epoch, expected in (
            ("0", (1980, 1, 1, 0, 0, 0)),
            ("1700000001", (2023, 11, 14, 22, 13, 20)),
            ("9999999999", (2107, 12, 31, 23, 59, 58)),
        ):
            self.run_tool(given, environment={"SOURCE_DATE_EPOCH": epoch})
            self.assertEqual(
                expected, members(self.output())[RECORD].date_time
            )
        self.run_tool(given)
        self.assertEqual(
            members(given)[RECORD].date_time,
            members(self.output())[RECORD].date_time,
        )

    def test_modules_that_import_from_no_wheel(self):
        wheel = io_wheel()
        wheel.files["itk/extraPython.py"] += b"import itk.itkElsewherePython\n"
        done = self.run_tool(
            core_wheel().write(self.given),
            wheel.write(self.given),
            check=False,
        )
        self.assertEqual(1, done.returncode)
        self.assertIn("imports 'itkElsewherePython'", done.stderr)
        self.assertIn("give all wheels of 'itk'", done.stderr)
        self.assertFalse(self.out.exists())

    def test_full_disk(self):
        """At any size of a file: one message, and nothing is left."""
        wheel = core_wheel()
        wheel.files["data"] = os.urandom(3 << 20)
        given = wheel.write(self.given)

        def limit(size):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        for size in (0, 100, 100000, 1 << 20, 3 << 20):
            with self.subTest(size):
                done = self.run_tool(
                    given, check=False, preexec_fn=lambda s=size: limit(s)
                )
                self.assertEqual(1, done.returncode)
                self.assertEqual(1, done.stderr.count("\n"), done.stderr)
                self.assertIn(": File too large", done.stderr)
                self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
