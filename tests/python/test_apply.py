"""lazyindex apply, revert and status on a small package."""

import fcntl
import os
import py_compile
import shutil
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

from fake_package import (
    TOOL,
    FakePackageTest,
    core_files,
    install,
    module_files,
    records,
    snapshot,
    uninstall,
)


class ApplyTest(FakePackageTest):
    def test_apply_then_revert(self):
        before = snapshot(self.site)
        inode = self.init.stat().st_ino
        done = self.apply()
        self.assertEqual(("", ""), (done.stdout, done.stderr))
        self.assertEqual(
            {
                "_lazyindex_stock.py",
                "__pycache__",
                "_lazyindex.abi3.so",
                "itk-core.lzi",
                "itk-io.lzi",
                "stock_init.py",
            },
            {path.name for path in self.own.iterdir()},
        )
        self.assertEqual(inode, (self.own / "stock_init.py").stat().st_ino)
        self.assertRecordsTrue()
        self.assertTrue(self.is_lazy())
        self.assertEqual("1.0", self.stock_version())
        done = self.revert()
        self.assertEqual(("", ""), (done.stdout, done.stderr))
        self.assertTree(before)
        self.assertEqual(inode, self.init.stat().st_ino)

    def test_readers_of_source(self):
        """They see a __getattr__ where the package's own __init__ has one,
        and nothing of it is there when the package runs."""
        for more, names in (
            ("", "__version__"),
            (
                "\ndef __getattr__(name):\n    ...\n",
                "__getattr__, __version__",
            ),
        ):
            with self.subTest(more):
                self.init.write_text(self.init.read_text() + more)
                self.apply()
                self.assertIn(
                    "\nif TYPE_CHECKING:\n"
                    "    from ._lazyindex.stock_init import *\n"
                    f"    from ._lazyindex.stock_init import {names}\n",
                    self.init.read_text(),
                )
                self.assertIn("applied and current", self.status().stdout)
                names = self.run_python("import itk; print(*vars(itk))")
                self.assertNotIn("TYPE_CHECKING", names)
                self.assertNotIn("stock", names.split())
                self.revert()

    def test_untouched_files_stay(self):
        before = snapshot(self.site)
        self.apply()
        after = snapshot(self.site)
        changed = {path for path in before if before[path] != after.get(path)}
        tag = sys.implementation.cache_tag
        self.assertEqual(
            {
                "itk/__init__.py",
                f"itk/__pycache__/__init__.{tag}.pyc",
                "itk_core-1.0.dist-info/RECORD",
                "itk_io-1.0.dist-info/RECORD",
            },
            changed,
        )

    def test_kept_byte_code_is_valid(self):
        self.apply()
        told = self.run_python(
            "import sys; sys.argv = ['']\n"
            "import importlib.machinery as m\n"
            "loader = m.SourceFileLoader('itk', sys.path[1] + "
            "'/itk/_lazyindex/stock_init.py')\n"
            "loader.source_to_code = None\n"
            "print(loader.get_code('itk') is not None)"
        )
        self.assertEqual("True", told)

    def test_apply_twice_touches_nothing(self):
        self.apply()
        before = snapshot(self.site)
        inodes = {p: p.stat().st_ino for p in self.site.rglob("*")}
        self.apply()
        self.assertTree(before)
        self.assertEqual(
            inodes, {p: p.stat().st_ino for p in self.site.rglob("*")}
        )

    def test_revert_of_what_was_not_applied(self):
        before = snapshot(self.site)
        self.revert()
        self.assertTree(before)

    def test_byte_code_made_meanwhile(self):
        """As imports do it: that of the original comes back."""
        before = snapshot(self.site)
        for again in False, True:
            with self.subTest(again=again):
                self.apply()
                for path in (self.init, self.own / "_lazyindex_stock.py"):
                    subprocess.run(
                        [sys.executable, "-m", "py_compile", path], check=True
                    )
                if again:
                    self.apply()
                self.assertIn("applied and current", self.status().stdout)
                self.revert()
                self.assertTree(before)

    def test_byte_code_of_an_init_put_back(self):
        """By pip, which compiles it: that of the newer one stays."""
        for version in "1.0", "1.2":
            with self.subTest(version):
                self.apply()
                original = self.own / "stock_init.py"
                self.init.unlink()
                if version == "1.0":
                    shutil.copy2(original, self.init)
                else:
                    self.init.write_text(f"stock = '{version}'\n")
                made = Path(py_compile.compile(self.init)).read_bytes()
                self.revert()
                self.assertFalse(self.own.exists())
                (kept,) = self.package.glob("__pycache__/__init__.*.pyc")
                self.assertEqual(made, kept.read_bytes())
                self.assertEqual(version, self.stock_version())

    def test_without_records(self):
        for record in records(self.site):
            shutil.rmtree(record.parent)
        before = snapshot(self.site)
        self.apply()
        self.assertTrue(self.is_lazy())
        self.assertIn("applied and current", self.status().stdout)
        self.assertTrue((self.own / "itk.lzi").is_file())
        self.revert()
        self.assertTree(before)

    def test_other_runtime(self):
        runtime = self.folder / "other runtime.so"
        runtime.write_bytes(b"\x7fELF other")
        self.tool("apply", "--runtime", runtime, self.package)
        self.assertEqual(
            runtime.read_bytes(),
            (self.own / "_lazyindex.abi3.so").read_bytes(),
        )
        self.assertRecordsTrue()
        self.assertIn("_lazyindex.abi3.so", self.status(code=1).stdout)
        self.assertEqual("1.0", self.stock_version())

    def test_relative_paths(self):
        before = snapshot(self.site)
        for cwd, path in (
            (self.site, "itk"),
            (self.site, "itk///"),
            (self.package, "."),
            (self.own.parent / "Configuration", ".."),
        ):
            with self.subTest(path):
                self.tool("apply", path, cwd=cwd)
                self.assertRecordsTrue()
                self.tool("status", path, cwd=cwd)
                self.tool("revert", path, cwd=cwd)
                self.assertTree(before)


class ChangedPackageTest(FakePackageTest):
    def test_upgrade_by_pip(self):
        self.apply()
        uninstall(self.site, "itk-core")
        install(
            self.site,
            "itk-core",
            "2.0",
            core_files("2.0"),
            ["itk/__init__.py"],
        )
        self.assertEqual("2.0", self.stock_version())
        self.assertIn("__init__.py was replaced", self.status(code=1).stdout)
        self.apply()
        self.status()
        self.assertRecordsTrue()
        self.assertEqual("2.0", self.stock_version())
        self.revert()
        self.assertFalse(self.own.exists())
        self.assertEqual(
            core_files("2.0")["itk/__init__.py"], self.init.read_text()
        )

    def test_revert_after_upgrade_keeps_the_new(self):
        self.apply()
        uninstall(self.site, "itk-core")
        install(
            self.site,
            "itk-core",
            "2.0",
            core_files("2.0"),
            ["itk/__init__.py"],
        )
        before = snapshot(self.package)
        self.revert()
        after = snapshot(self.package)
        self.assertEqual({}, {p: after[p] for p in after if p not in before})
        self.assertFalse(self.own.exists())
        self.assertEqual("2.0", self.stock_version())
        self.assertRecordsTrue()

    def unpack_over(self):
        """A new version put over the applied one, its files only."""
        install_time = self.init.stat().st_mtime + 10
        self.init.unlink()
        self.init.write_text(core_files("2.0")["itk/__init__.py"])
        os.utime(self.init, (install_time, install_time))

    def test_apply_after_unpacking_over(self):
        self.apply()
        self.unpack_over()
        self.assertIn("__init__.py was replaced", self.status(code=1).stdout)
        self.apply()
        self.status()
        self.assertEqual("2.0", self.stock_version())
        self.revert()
        self.assertEqual("2.0", self.stock_version())
        self.assertFalse(self.own.exists())

    def test_revert_after_unpacking_over(self):
        self.apply()
        self.unpack_over()
        self.revert()
        self.assertEqual("2.0", self.stock_version())
        self.assertFalse(self.own.exists())

    def test_a_distribution_goes(self):
        self.apply()
        uninstall(self.site, "itk-io")
        self.assertFalse((self.own / "itk-io.lzi").exists())
        self.apply()
        self.assertRecordsTrue()
        self.assertIn("applied and current", self.status().stdout)

    def test_a_distribution_goes_without_its_shard(self):
        self.apply()
        shard = (self.own / "itk-io.lzi").read_bytes()
        uninstall(self.site, "itk-io")
        (self.own / "itk-io.lzi").write_bytes(shard)
        self.assertIn("is gone", self.status(code=1).stdout)
        self.apply()
        self.assertFalse((self.own / "itk-io.lzi").exists())
        self.status()

    def test_a_distribution_comes(self):
        self.apply()
        files = module_files("ITKNew", "Novelty", ["ITKCommon"])
        install(self.site, "itk-new", "1.0", files)
        self.assertIn("ITKNew: ", self.status(code=1).stdout)
        self.apply()
        self.assertTrue((self.own / "itk-new.lzi").is_file())
        self.assertRecordsTrue()
        self.status()

    def test_all_go(self):
        for order in (["itk-core", "itk-io"], ["itk-io", "itk-core"]):
            with self.subTest(order):
                self.apply()
                for name in order:
                    uninstall(self.site, name)
                self.assertFalse(self.package.exists())
                shutil.rmtree(self.site)
                self.site.mkdir()
                self.make_package()

    def test_leftovers_are_removed(self):
        self.apply()
        uninstall(self.site, "itk-core")
        self.assertFalse(self.init.exists())
        self.revert()
        self.assertFalse(self.own.exists())
        self.apply(code=1)

    def test_files_of_others_are_left(self):
        before = snapshot(self.site)
        self.apply()
        (self.own / "notes.txt").write_text("mine")
        done = self.revert()
        self.assertIn("warning", done.stderr)
        self.assertEqual("mine", (self.own / "notes.txt").read_text())
        shutil.rmtree(self.own)
        self.assertTree(before)


class StatusTest(FakePackageTest):
    def reasons(self):
        lines = self.status(code=1).stdout.splitlines()
        self.assertIn("applied, not current", lines[0])
        return [line.strip() for line in lines[1:]]

    def test_not_applied(self):
        self.assertIn("not applied", self.status(code=1).stdout)

    def test_current(self):
        self.apply()
        self.assertEqual(
            f"{self.package}: applied and current\n", self.status().stdout
        )

    def test_changed_input(self):
        self.apply()
        path = "Configuration/ITKIOBaseConfig.py"
        (self.package / path).write_text(
            (self.package / path).read_text() + "\n"
        )
        self.assertEqual([f"itk-io: {path} changed"], self.reasons())

    def test_removed_input(self):
        self.apply()
        (self.package / "itkReaderPython.py").unlink()
        self.assertIn("itk-io: itkReaderPython.py is gone", self.reasons())

    def test_shard(self):
        self.apply()
        shard = self.own / "itk-io.lzi"
        data = shard.read_bytes()
        shard.unlink()
        reasons = self.reasons()
        self.assertIn("ITKIOBase: no shard has this module", reasons)
        self.assertTrue(any("RECORD" in reason for reason in reasons))
        shard.write_bytes(data[:-1])
        self.assertTrue(self.reasons()[0].startswith("itk-io: "))
        self.apply()
        self.status()

    def test_no_shard(self):
        self.apply()
        for shard in self.own.glob("*.lzi"):
            shard.unlink()
        self.assertIn("_lazyindex has no shard", self.reasons())

    def test_original_is_gone(self):
        self.apply()
        (self.own / "stock_init.py").unlink()
        (reason,) = (r for r in self.reasons() if "stock_init" in r)
        self.assertIn("is gone; to repair", reason)

    def test_many_reasons(self):
        for number in range(30):
            files = module_files(f"ITKMore{number}", f"More{number}")
            install(self.site, f"itk-more{number}", "1.0", files)
        self.apply()
        for path in self.package.glob("itkMore*Python.py"):
            path.unlink()
        self.assertRegex(self.reasons()[-1], r"^and \d+ more$")

    def test_record(self):
        self.apply()
        record = self.site / "itk_io-1.0.dist-info" / "RECORD"
        lines = record.read_bytes().splitlines(keepends=True)
        record.write_bytes(b"".join(x for x in lines if b".lzi" not in x))
        self.assertEqual(
            [
                "itk_io-1.0: RECORD does not list itk/_lazyindex/itk-io.lzi as "
                "it is"
            ],
            self.reasons(),
        )
        self.apply()
        self.assertEqual(lines, record.read_bytes().splitlines(keepends=True))

    def test_runtime(self):
        self.apply()
        (self.own / "_lazyindex_stock.py").write_text("other")
        self.assertIn(
            "runtime: _lazyindex_stock.py is not the one of this lazyindex",
            self.reasons(),
        )

    def test_older_lazyindex(self):
        before = snapshot(self.site)
        self.apply()
        text = "# older\n" + self.init.read_text()
        self.init.write_text(text)
        self.assertIn(
            "package: __init__.py is not the one of this lazyindex",
            self.reasons(),
        )
        self.apply()
        self.assertNotEqual(text, self.init.read_text())
        self.assertRecordsTrue()
        self.init.write_text(text)
        self.revert()
        self.assertTree(before)


class RefusalTest(FakePackageTest):
    def assertRefused(self, text, *arguments):
        """Exit code 1, one message, and nothing has changed."""
        before = snapshot(self.folder)
        done = self.tool(*arguments, code=1)
        self.assertEqual(1, done.stderr.count(": error: "), done.stderr)
        self.assertIn(text, done.stderr)
        self.assertEqual(before, snapshot(self.folder))

    def test_no_package(self):
        for command in ("apply", "revert", "status"):
            self.assertRefused("No such file", command, self.folder / "none")
            self.assertRefused("not a directory", command, self.init)
            self.assertRefused("no __init__.py", command, self.folder)

    def test_no_runtime(self):
        runtime = self.folder / "none.so"
        self.assertRefused(
            f"{runtime}: error: cannot read",
            "apply", "--runtime", runtime, self.package,
        )  # fmt: skip

    def test_links(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        record = self.site / "itk_io-1.0.dist-info" / "RECORD"
        cache = self.package / "__pycache__"
        for path in (self.package, cache, record, record.parent):
            with self.subTest(path):
                target = elsewhere / "target"
                path.rename(target)
                path.symlink_to(target)
                self.assertRefused("is a symbolic link", "apply", self.package)
                path.unlink()
                target.rename(path)
        self.own.symlink_to(elsewhere)
        for command in ("apply", "revert", "status"):
            self.assertRefused("is a symbolic link", command, self.package)
        self.own.unlink()

    def test_init_that_is_an_odd_link(self):
        kept = self.init.read_text()
        (self.package / "other.py").write_text(kept)
        self.init.unlink()
        for target, message in (
            ("other.py", "relative symbolic link, which cannot be moved"),
            (self.folder / "gone.py", "gone.py', which is no file: reinstall"),
            (self.site, "which is no file"),
            (self.init, "which is no file"),
        ):
            with self.subTest(target):
                self.init.symlink_to(target)
                for command in ("apply", "revert", "status"):
                    self.assertRefused(message, command, self.package)
                self.init.unlink()

    def test_lost_original(self):
        self.apply()
        (self.own / "stock_init.py").unlink()
        for command in ("apply", "revert"):
            self.assertRefused("reinstall", command, self.package)

    def test_package_that_cannot_be_scanned(self):
        path = self.package / "Configuration" / "ITKIOBaseConfig.py"
        path.write_text("templates = open('x')\n")
        before = snapshot(self.site)
        done = self.apply(code=1)
        self.assertIn("ITKIOBaseConfig.py:1: error: ", done.stderr)
        self.assertTree(before)

    def unprivileged(self):
        """The tool as run by a user to whom everything belongs."""
        tool = self.folder / "lazyindex"
        shutil.copy2(TOOL, tool)
        if os.geteuid() != 0:
            return [tool]
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            self.skipTest("root, and no setpriv")
        for path in [self.folder, *self.folder.rglob("*")]:
            os.lchown(path, 65534, 65534)
        return [
            # A place for the counts of a build that counts lines.
            "env", f"GCOV_PREFIX={self.folder}",
            setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", tool,
        ]  # fmt: skip

    def assertDenied(self, message, tool, command="apply"):
        """One message, and nothing has changed."""
        before = snapshot(self.site)
        done = subprocess.run(
            [*tool, command, self.package],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(
            f"lazyindex: error: {message}: Permission denied\n", done.stderr
        )
        self.assertEqual(1, done.returncode)
        self.assertTree(before)

    def test_read_only(self):
        tool = self.unprivileged()
        self.package.chmod(0o555)
        self.addCleanup(self.package.chmod, 0o755)
        self.assertDenied(f"cannot create '{self.own}'", tool)

    def test_read_only_when_applied(self):
        self.apply()
        tool = self.unprivileged()
        for directory in (self.package, self.own):
            directory.chmod(0o555)
            self.addCleanup(directory.chmod, 0o755)
        for command in ("apply", "revert"):
            self.assertDenied(
                f"cannot create '{self.own}/.new'", tool, command
            )

    def test_unreadable_package(self):
        tool = self.unprivileged()
        self.package.chmod(0)
        self.addCleanup(self.package.chmod, 0o755)
        self.assertDenied(f"cannot open '{self.init}'", tool, "status")
        for command in ("stats", "verify"):
            self.assertDenied(f"{self.own}: cannot read", tool, command)

    def test_record_in_read_only_directory(self):
        tool = self.unprivileged()
        info = self.site / "itk_io-1.0.dist-info"
        info.chmod(0o555)
        self.addCleanup(info.chmod, 0o755)
        self.assertDenied(f"cannot write into '{info}'", tool)

    def test_unreadable_table(self):
        tool = self.unprivileged()
        table = self.package / "Configuration" / "ITKIOBaseConfig.py"
        table.chmod(0)
        before = snapshot(self.site, times=False)
        done = subprocess.run(
            [*tool, "apply", self.package],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertIn("ITKIOBaseConfig.py: error: cannot read", done.stderr)
        self.assertEqual(1, done.returncode)
        self.assertTree(before, times=False)


class LinkTest(FakePackageTest):
    """Files that are links into a place that others use as well, such as uv's
    cache: links move, are replaced and come back; that place stays as it is.
    What real uv does is in test_uv.py."""

    def setUp(self):
        super().setUp()
        self.cache = self.folder / "cache"
        self.cache.mkdir()

    def link(self, path):
        """Put it into the cache, and a link in its place."""
        target = self.cache / path.relative_to(self.package)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        path.symlink_to(target)
        return target

    def state(self, path):
        status = path.lstat()
        return os.readlink(path), status.st_ino, status.st_mtime_ns

    def test_all_files(self):
        for path in self.package.rglob("*"):
            if path.is_file():
                self.link(path)
        self.assertTrue(any(self.cache.glob("__pycache__/__init__.*.pyc")))
        before = snapshot(self.site), snapshot(self.cache)
        link = self.state(self.init)
        self.apply()
        self.assertFalse(self.init.is_symlink())
        self.assertEqual(link, self.state(self.own / "stock_init.py"))
        self.assertIn("applied and current", self.status().stdout)
        self.assertRecordsTrue()
        self.assertTrue(self.is_lazy())
        self.assertEqual("1.0", self.stock_version())
        self.apply()
        self.assertEqual(before[1], snapshot(self.cache))
        self.revert()
        self.assertTree(before[0])
        self.assertEqual(link, self.state(self.init))
        self.assertEqual(before[1], snapshot(self.cache))

    def test_files_of_ours(self):
        """Of lazy wheels that were installed so. They stay if they are as
        they should be; another takes their place if not."""
        before = snapshot(self.site)
        self.apply()
        names = [path.name for path in self.own.iterdir() if path.is_file()]
        targets = [self.link(self.own / name) for name in names]
        targets.append(self.link(self.init))
        stock = self.cache / "_lazyindex" / "stock_init.py"
        lazy = snapshot(self.site)
        self.assertIn("applied and current", self.status().stdout)
        self.apply()
        self.assertTree(lazy)
        for target in targets:
            if target != stock:
                target.write_bytes(target.read_bytes() + b"\n")
        cached = snapshot(self.cache)
        self.assertIn("not current", self.status(code=1).stdout)
        self.apply()
        self.assertEqual(cached, snapshot(self.cache))
        self.assertFalse(self.init.is_symlink())
        self.assertEqual(
            ["stock_init.py"],
            [path.name for path in self.own.iterdir() if path.is_symlink()],
        )
        self.status()
        self.revert()
        self.assertEqual(cached, snapshot(self.cache))
        self.assertEqual(str(stock), os.readlink(self.init))
        self.init.unlink()
        stock.rename(self.init)
        self.assertTree(before)

    def test_what_links_lead_to_is_gone(self):
        """One message from each command, and nothing changes."""
        self.link(self.init)
        self.apply()
        (self.cache / "__init__.py").unlink()
        lazy = snapshot(self.site)
        for command in ("apply", "revert", "status"):
            done = self.tool(command, self.package, code=1)
            self.assertEqual(
                f"lazyindex: error: '{self.own}/stock_init.py' is a symbolic "
                f"link to '{self.cache}/__init__.py', which is no file: "
                "reinstall the package\n",
                done.stderr,
            )
            self.assertEqual("", done.stdout)
            self.assertTree(lazy)

    def test_link_that_changes_meanwhile(self):
        """An __init__.py that is put in the place of the link is not lost."""
        self.link(self.init)
        self.apply()
        self.init.unlink()
        self.init.write_text("stock = '2.0'\n")
        self.apply()
        self.assertEqual("2.0", self.stock_version())
        self.revert()
        self.assertFalse(self.init.is_symlink())
        self.assertEqual("stock = '2.0'\n", self.init.read_text())


class TogetherTest(FakePackageTest):
    def test_second_waits(self):
        descriptor = os.open(self.package, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with subprocess.Popen(
            [TOOL, "apply", self.package], stderr=subprocess.PIPE, text=True
        ) as tool:
            self.assertIn("waiting", tool.stderr.readline())
            time.sleep(0.1)
            self.assertIsNone(tool.poll())
            self.assertFalse(self.own.exists())
            os.close(descriptor)
            self.assertEqual(0, tool.wait(300))
        self.status()

    def test_many_at_once(self):
        before = snapshot(self.site)
        threads = [
            threading.Thread(target=self.tool, args=("apply", self.package))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.status()
        self.assertRecordsTrue()
        self.revert()
        self.assertTree(before)


if __name__ == "__main__":
    unittest.main()
