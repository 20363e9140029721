"""Stock and lazy cannot be told apart, but for docs/differences.md."""

import os
import unittest

import allowed
from beds import BedTest
from differential import DEFAULT_DEPTH, Comparison, text_of

DEPTH = int(os.environ.get("LAZYINDEX_DEPTH", DEFAULT_DEPTH))


class DifferentialTest(BedTest):
    depth = DEPTH

    def test_differences(self):
        comparison = Comparison(
            self.stock,
            self.lazy,
            self.depth,
            cache=self.stock.root.parent / "stock",
        )
        for run, found in comparison.run().items():
            with self.subTest(" ".join(run)):
                self.assertEqual("", "\n".join(map(text_of, found[:20])))
        self.assertGreater(comparison.facts, 20000)
        for row, count in comparison.allowances.used.items():
            print(f"{count:6} {row}")


class Itk60Test(DifferentialTest):
    variable = "LAZYINDEX_BED_60"


class Itk54Test(DifferentialTest):
    variable = "LAZYINDEX_BED_54"


class DocumentTest(unittest.TestCase):
    def test_every_allowance_is_documented(self):
        rows = allowed.documented_rows()
        self.assertGreater(len(rows), 10)
        for row, *_ in allowed.RULES:
            self.assertIn(row, rows)


del BedTest, DifferentialTest  # no tests by themselves

if __name__ == "__main__":
    unittest.main()
