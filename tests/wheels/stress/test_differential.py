"""Stock and lazy cannot be told apart, but for docs/differences.md."""

import os
import unittest

from beds import BedTest
from tally import report

from stress import allowed
from stress.differential import DEFAULT_DEPTH, Comparison, text_of

DEPTH = int(os.environ.get("LAZYINDEX_DEPTH", DEFAULT_DEPTH))


class DifferentialTest(BedTest):
    depth = DEPTH
    release = None

    def test_differences(self):
        comparison = Comparison(
            self.stock,
            self.lazy,
            self.depth,
            cache=self.stock.root.parent / "stock",
        )
        runs = comparison.run()
        wrong = sum(map(len, runs.values()))
        promise = f"itk {self.release}: facts that stock and lazy tell alike"
        report(promise, comparison.facts, wrong=wrong)
        for run, found in runs.items():
            with self.subTest(" ".join(run)):
                self.assertEqual("", "\n".join(map(text_of, found[:20])))
        self.assertGreater(comparison.facts, 20000)
        for row, count in comparison.allowances.used.items():
            print(f"{count:6} {row}")


class Itk60Test(DifferentialTest):
    variable = "LAZYINDEX_BED_60"
    release = "6.0b2"


class Itk54Test(DifferentialTest):
    variable = "LAZYINDEX_BED_54"
    release = "5.4.7"


class DocumentTest(unittest.TestCase):
    def test_every_allowance_is_documented(self):
        rows = allowed.documented_rows()
        self.assertGreater(len(rows), 10)
        for row, *_ in allowed.RULES:
            self.assertIn(row, rows)


del BedTest, DifferentialTest  # no tests by themselves

if __name__ == "__main__":
    unittest.main()
