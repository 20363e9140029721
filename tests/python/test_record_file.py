"""RECORDs of all shapes through apply and revert, checked with Python's own
csv and hashlib."""

import csv
import unittest

from fake_package import FakePackageTest, record_line, records, snapshot

OURS = "itk/_lazyindex/"


class RecordTest(FakePackageTest):
    def setUp(self):
        super().setUp()
        self.core, self.io, self.other = records(self.site)

    def rows(self, record):
        with open(record, newline="") as lines:
            return list(csv.reader(lines))

    def check(self):
        """Apply, look, apply again, revert."""
        before = snapshot(self.site)
        other = self.other.read_bytes()
        self.apply()
        self.assertRecordsTrue()
        self.assertEqual(other, self.other.read_bytes())
        applied = snapshot(self.site)
        self.apply()
        self.assertTree(applied)
        self.assertIn("applied and current", self.status().stdout)
        self.revert()
        self.assertTree(before)

    def test_as_pip_writes_it(self):
        self.check()

    def test_what_is_listed_where(self):
        self.apply()
        listed = {
            record: {row[0] for row in self.rows(record)}
            for record in (self.core, self.io, self.other)
        }
        self.assertLessEqual(
            {
                "itk/__init__.py",
                OURS + "_lazyindex_stock.py",
                OURS + "_lazyindex.abi3.so",
                OURS + "itk-core.lzi",
                OURS + "stock_init.py",
            },
            listed[self.core],
        )
        self.assertEqual(
            {OURS + "itk-io.lzi"},
            {path for path in listed[self.io] if path.startswith(OURS)},
        )
        self.assertFalse(
            [path for path in listed[self.other] if path.startswith("itk")]
        )

    def test_line_ends(self):
        for end in (b"\n", b"\r\n"):
            with self.subTest(end):
                for record in (self.core, self.io):
                    lines = record.read_bytes().splitlines()
                    record.write_bytes(b"".join(x + end for x in lines))
                self.check()
                self.apply()
                lines = self.core.read_bytes().splitlines(keepends=True)
                self.assertTrue(all(x.endswith(end) for x in lines))
                self.assertEqual(
                    end == b"\r\n", any(x.endswith(b"\r\n") for x in lines)
                )
                self.revert()

    def test_no_line_end_at_the_end(self):
        for record in (self.core, self.io):
            record.write_bytes(record.read_bytes().rstrip(b"\r\n"))
        self.check()

    def test_any_order(self):
        for record in (self.core, self.io):
            lines = record.read_bytes().splitlines(keepends=True)
            record.write_bytes(b"".join(reversed(lines)))
        self.check()

    def test_everything_quoted(self):
        for record in (self.core, self.io):
            rows = self.rows(record)
            with open(record, "w", newline="") as out:
                csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
        self.check()

    def test_odd_names(self):
        for name in ('a "b", c.py', "new\nline.py", "ümlaut.py"):
            path = f"itk/{name}"
            (self.site / path).write_text("pass\n")
            rows = sorted(
                [*self.rows(self.core), record_line(self.site, path)]
            )
            with open(self.core, "w", newline="") as out:
                csv.writer(out).writerows(rows)
        self.check()

    def test_original_edited_by_its_user(self):
        """Its line was wrong before, and stays so."""
        self.init.write_text(self.init.read_text() + "# mine\n")
        before = snapshot(self.site)
        self.apply()
        self.status()
        self.revert()
        self.assertTree(before)

    def test_empty(self):
        self.io.write_bytes(b"")
        before = snapshot(self.site)
        self.apply()
        self.revert()
        self.assertTree(before)

    def test_lines_added_meanwhile(self):
        before = self.core.read_bytes()
        self.apply()
        line = b"itk/extra.py,,\r\n"
        self.core.write_bytes(self.core.read_bytes() + line)
        self.apply()
        self.assertIn(line, self.core.read_bytes())
        self.revert()
        self.assertEqual(before + line, self.core.read_bytes())

    def test_permissions_are_kept(self):
        self.core.chmod(0o600)
        self.apply()
        self.assertEqual(0o600, self.core.stat().st_mode & 0o777)
        self.revert()
        self.assertEqual(0o600, self.core.stat().st_mode & 0o777)

    def test_distribution_names(self):
        """`Name: ITK.IO` has its files in itk_io-1.0.dist-info."""
        metadata = self.io.parent / "METADATA"
        text = metadata.read_text().replace("itk-io", "ITK.IO")
        metadata.write_text(text)
        self.apply()
        self.assertTrue((self.own / "ITK.IO.lzi").is_file())
        self.assertIn(
            OURS + "ITK.IO.lzi", [row[0] for row in self.rows(self.io)]
        )
        self.status()


if __name__ == "__main__":
    unittest.main()
