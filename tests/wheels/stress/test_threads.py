"""Threads: no deadlock, one object for all, nothing done twice."""

import json
import os
import signal
import unittest
from pathlib import Path

from beds import BedTest
from probes import crossing
from tally import report

STRESS = Path(__file__).parents[1] / "probes" / "stress.py"
DEPTH = int(os.environ.get("LAZYINDEX_DEPTH", "1"))
# Runs of each kind, every day and in depth; 0: all there are.
COUNTS = {
    "pairs": (30, 0),
    "crowd": (10, 200),
    "same": (6, 50),
    "user_module": (8, 100),
    "direct": (8, 100),
}


class ThreadTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    def stress(self, bed, mode, count, seed=1):
        run = bed.run(STRESS, mode, count, seed, timeout=9000)
        return json.loads(run.stdout)

    def assert_clean(self, mode):
        count = COUNTS[mode][DEPTH >= 2]
        told = self.stress(self.lazy, mode, count)
        problems = " ".join(told["problems"])
        # What does not end is ended by an alarm, or by its own watchdog.
        alarm = f"ended by {-signal.SIGALRM} "
        hangs = problems.count(alarm) + problems.count("ended by 1 ")
        signals = problems.count("ended by -") - problems.count(alarm)
        report(
            f"threads that start together: {mode}",
            told["runs"],
            signals,
            len(told["problems"]) - signals - hangs,
            hangs,
        )
        self.assertEqual([], told["problems"])
        self.assertGreaterEqual(told["runs"], count or 820)

    def test_pairs(self):
        self.assert_clean("pairs")

    def test_crowd(self):
        self.assert_clean("crowd")

    def test_same(self):
        self.assert_clean("same")

    def test_user_module(self):
        self.assert_clean("user_module")

    def test_direct(self):
        self.assert_clean("direct")

    def test_stock_is_caught(self):
        """The same program finds what is wrong with stock."""
        told = self.stress(self.stock, "same", 1)
        self.assertIn("chdir", " ".join(told["problems"]))


class WaitingTest:
    """Others wait for one that loads a module without a shard or registers
    factories, and never for ever. Subclasses name the bed."""

    @classmethod
    def make_lazy(cls, target):
        bed = super().make_lazy(target)
        crossing.install(bed.package)
        return bed

    def run_cases(self, head, cases):
        for name, program in crossing.programs(head, cases):
            with self.subTest(name), self.tally.case():
                run = self.tally.ended(
                    self.lazy.run("-c", program, check=False, timeout=200)
                )
                self.assertEqual((0, ""), (run.returncode, run.stderr))

    def test_modules_without_shard(self):
        self.run_cases(crossing.HEAD, crossing.MODULE_CASES)

    def test_factories(self):
        self.run_cases(crossing.FACTORY_HEAD, crossing.FACTORY_CASES)


class Waiting60Test(WaitingTest, BedTest):
    variable = "LAZYINDEX_BED_60"
    promise = "threads, signals and forks while one thread loads: 3.11"


class Waiting60On312Test(WaitingTest, BedTest):
    variable = "LAZYINDEX_BED_60_312"
    optional = True
    promise = "threads, signals and forks while one thread loads: 3.12"


class Waiting60On313Test(WaitingTest, BedTest):
    variable = "LAZYINDEX_BED_60_313"
    optional = True
    promise = "threads, signals and forks while one thread loads: 3.13"


class Waiting60On314Test(WaitingTest, BedTest):
    variable = "LAZYINDEX_BED_60_314"
    optional = True
    promise = "threads, signals and forks while one thread loads: 3.14"


class Waiting60On315Test(WaitingTest, BedTest):
    variable = "LAZYINDEX_BED_60_315"
    optional = True
    promise = "threads, signals and forks while one thread loads: 3.15"


del BedTest, WaitingTest  # no tests by themselves

if __name__ == "__main__":
    unittest.main()
