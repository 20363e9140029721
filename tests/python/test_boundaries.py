"""Nothing leads out of the package: no path that a file of it names, no link
in it; and what is written belongs to whom it should."""

import contextlib
import os
import shutil
import stat
import threading
import unittest

from fake_package import FakePackageTest, snapshot
from tally import LONG, Tally

try:
    import xxhash
except ImportError:
    xxhash = None

OUTSIDE = [
    "../../evil",
    "../evil",
    "/tmp/evil",
    ".evil",
    "itk/../../evil",
    "a\nb",
    "x" * 300,
    "",
]


def retail(data):
    """A shard's image with a trailer that fits it (runtime/format/FORMAT.md)."""
    image, trailer = data[:-64], bytearray(data[-64:])
    trailer[32:48] = xxhash.xxh3_128_digest(image)
    hashed = xxhash.xxh3_64_intdigest(bytes(trailer[:48]))
    trailer[48:56] = hashed.to_bytes(8, "little")
    return image + bytes(trailer)


class PathTest(FakePackageTest):
    def outside(self):
        """Everything but what LazyIndex writes."""
        return {
            path: content
            for path, content in snapshot(self.folder).items()
            if "_lazyindex" not in path
            and not path.endswith(("RECORD", "METADATA"))
            and "__init__" not in path
            and "__pycache__" not in path
        }

    def applied_or_refused(self, tally):
        before = self.outside()
        done = tally.ended(self.tool("apply", self.package, code=None))
        self.assertIn(done.returncode, (0, 1))
        self.assertEqual(before, self.outside())
        for path in self.own.rglob("*"):
            self.assertRegex(path.name, r"^\w[\w.-]*$")
        self.run_python("import itk; dir(itk)")
        self.revert()
        self.assertEqual(before, self.outside())
        self.assertFalse(self.own.exists())

    def test_names_of_distributions(self):
        tally = Tally("a distribution's name that is a path")
        metadata = self.site / "itk_io-1.0.dist-info" / "METADATA"
        for name in OUTSIDE:
            with self.subTest(name), tally.case():
                metadata.write_text(
                    f"Metadata-Version: 2.1\nName: {name}\nVersion: {name}\n"
                )
                self.applied_or_refused(tally)
        tally.report()

    def test_names_of_info_directories(self):
        tally = Tally("a .dist-info directory with an odd name")
        info = self.site / "itk_io-1.0.dist-info"
        for name in ("..", "-", ".", "a b", "é", "x" * 200, "--", "\n"):
            with self.subTest(name), tally.case():
                odd = self.site / f"{name}.dist-info"
                info.rename(odd)
                (odd / "METADATA").unlink(missing_ok=True)
                self.applied_or_refused(tally)
                odd.rename(info)
        tally.report()

    def test_rows_of_records(self):
        """Files that a RECORD claims are neither read nor written."""
        tally = Tally("a row of RECORD that leads outside")
        record = self.site / "itk_io-1.0.dist-info" / "RECORD"
        text = record.read_text()
        victim = self.folder / "evil"
        victim.write_text("precious")
        for name in [*OUTSIDE, "../evil", str(victim), "itk/_lazyindex/../x"]:
            with self.subTest(name), tally.case():
                record.write_text(f'"{name}",sha256=AAAA,3\n{text}')
                self.applied_or_refused(tally)
                self.assertEqual("precious", victim.read_text())
        tally.report()

    def test_imports_of_proxies_and_support(self):
        """The scan follows names; none of them leaves the package."""
        tally = Tally("an import in a scanned file that leads outside")
        victim = self.folder / "evil.py"
        victim.write_text("raise SystemExit('executed')\n")
        support = self.package / "support"
        support.mkdir()
        for line in (
            "from ....evil import x",
            "from ...... import evil",
            "import itk.....evil",
            "from itk.support. import evil",
            "from .. import _lazyindex",
        ):
            for file in (
                self.package / "itkReaderPython.py",
                support / "__init__.py",
            ):
                kept = file.read_text() if file.exists() else None
                with self.subTest(line, file=file.name), tally.case():
                    file.write_text(f"{line}\n{kept or ''}")
                    before = self.outside()
                    done = self.tool("apply", self.package, code=None)
                    tally.ended(done)
                    self.assertEqual(before, self.outside())
                    self.revert()
                if kept is not None:
                    file.write_text(kept)
                else:
                    file.unlink()
        tally.report()

    @unittest.skipIf(xxhash is None, "xxhash is not installed")
    def test_libraries_of_shards(self):
        """A shard with a good digest whose library is elsewhere: refused."""
        tally = Tally("a library in a shard that leads outside")
        self.apply()
        shard = self.own / "itk-io.lzi"
        data = shard.read_bytes()
        library = b"_ITKIOBasePython.abi3.so"
        self.assertEqual(1, data.count(library))
        program = """
import itk
try:
    import itk._ITKIOBasePython
except ImportError as error:
    print(type(error).__name__, error)
"""
        self.assertIn(str(self.package), self.run_python(program))
        size = len(library)
        for path in (
            b"../../evil.so".rjust(size, b"/"),
            b"../evil.so".rjust(size, b"."),
            (b"./" * size)[: size - 7] + b"evil.so",
            (b"../" * size)[:size],
        ):
            with self.subTest(path), tally.case():
                shard.write_bytes(retail(data.replace(library, path)))
                told = self.run_python(program)
                self.assertIn("FormatError", told)
                done = self.tool("verify", self.package, code=1)
                self.assertIn("itk-io", done.stderr)
        tally.report()


class LinkTest(FakePackageTest):
    def test_links(self):
        """Whatever of ours or of the package is a link: nothing is written
        or removed where it leads."""
        tally = Tally("a symbolic link in the place of a file or directory")
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        kept = elsewhere / "kept"
        kept.write_text("precious")
        self.apply()
        places = [
            self.own,
            self.own / ".new",
            self.own / "__pycache__",
            self.own / "itk-io.lzi",
            self.own / "_lazyindex.abi3.so",
            self.own / "_lazyindex_stock.py",
            self.own / "stock_init.py",
            self.init,
            self.package / "__pycache__",
            self.site / "itk_io-1.0.dist-info",
            self.site / "itk_io-1.0.dist-info" / "RECORD",
        ]
        cases = [
            (place, target, command)
            for place in places
            for target in (elsewhere, kept, self.folder / "nothing")
            for command in ("apply", "revert")
        ]
        applied = self.folder / "applied"
        self.site.rename(applied)
        for place, target, command in cases:
            shutil.copytree(applied, self.site)
            with (
                self.subTest(place, target=target, command=command),
                tally.case(),
            ):
                if place.is_dir():
                    shutil.rmtree(place)
                else:
                    place.unlink(missing_ok=True)
                place.symlink_to(target)
                tally.ended(self.tool(command, self.package, code=None))
                self.assertEqual("precious", kept.read_text())
                self.assertEqual([kept], [*elsewhere.iterdir()])
                self.assertFalse((self.folder / "nothing").exists())
            shutil.rmtree(self.site)
        tally.report()

    def test_links_that_come_meanwhile(self):
        """Others put links in the place of files while the tool works."""
        tally = Tally("symbolic links that appear while the tool works")
        kept = self.folder / "kept"
        kept.write_text("precious")
        kept.chmod(0o640)
        before = kept.read_text(), kept.stat().st_mode, kept.stat().st_mtime_ns
        done = threading.Event()

        def put_links():
            link = self.folder / "link"
            while not done.is_set():
                # Directories come and go.
                with contextlib.suppress(OSError):
                    for path in [
                        self.init,
                        *self.own.glob("*.*"),
                        *self.own.glob(".new/*"),
                        *self.site.glob("*.dist-info/RECORD"),
                    ]:
                        link.unlink(missing_ok=True)
                        link.symlink_to(kept)
                        link.replace(path)

        original = self.folder / "original"
        shutil.copytree(self.site, original)
        for _ in range(20 * LONG):
            done.clear()
            others = threading.Thread(target=put_links)
            others.start()
            try:
                for command in ("apply", "apply", "revert"):
                    with tally.case():
                        tally.ended(
                            self.tool(command, self.package, code=None)
                        )
            finally:
                done.set()
                others.join()
            shutil.rmtree(self.site)
            shutil.copytree(original, self.site)
        status = kept.stat()
        self.assertEqual(
            before, (kept.read_text(), status.st_mode, status.st_mtime_ns)
        )
        tally.report()


class OwnerTest(FakePackageTest):
    """Files keep owner and mode, new ones have those of the package."""

    def modes(self):
        return {
            str(path.relative_to(self.site)): (
                path.lstat().st_uid,
                path.lstat().st_gid,
                stat.filemode(path.lstat().st_mode),
            )
            for path in self.site.rglob("*")
        }

    def test_modes(self):
        tally = Tally("owner and mode of files, with every umask")
        user = (4321, 1234) if os.geteuid() == 0 else (-1, -1)
        for file_mode, directory_mode in (
            (0o644, 0o755),
            (0o640, 0o750),
            (0o664, 0o775),
            (0o600, 0o700),
        ):
            for path in [self.site, *self.site.rglob("*")]:
                path.chmod(directory_mode if path.is_dir() else file_mode)
                os.chown(path, *user)
            for umask in (0, 0o022, 0o077, 0o777):
                with (
                    self.subTest(mode=oct(file_mode), umask=oct(umask)),
                    tally.case(),
                ):
                    self.keeps(umask, file_mode, directory_mode)
        tally.report()

    def keeps(self, umask, file_mode, directory_mode):
        before = self.modes()
        for command in ("apply", "apply"):
            self.tool(command, self.package, umask=umask)
            now = self.modes()
            moved = {
                name for name in before
                if "__pycache__/__init__" in name
            }  # fmt: skip
            self.assertEqual(
                {k: v for k, v in before.items() if k not in moved},
                {k: v for k, v in now.items() if k in before},
            )
            user = before["itk"][:2]
            self.assertEqual(
                {
                    (*user, stat.filemode(stat.S_IFREG | file_mode)),
                    (*user, stat.filemode(stat.S_IFDIR | directory_mode)),
                },
                {now[name] for name in now if "_lazyindex" in name},
            )
        self.tool("revert", self.package, umask=umask)
        self.assertEqual(before, self.modes())


if __name__ == "__main__":
    unittest.main()
