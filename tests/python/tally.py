"""Counts of a reliability test, printed for docs/reliability.md: one line

    reliability: <promise> | <cases> | <signals> | <wrong> | <hangs>

which tests/reliability.py collects from the reports of a test run."""

import os
import subprocess
from contextlib import contextmanager

# How often to repeat what chance decides; more for a long campaign.
LONG = int(os.environ.get("LAZYINDEX_LONG", "1"))


def report(promise, cases, signals=0, wrong=0, hangs=0):
    print(
        f"\nreliability: {promise} | {cases} | {signals} | {wrong} | {hangs}",
        flush=True,
    )


class Tally:
    """Cases of one promise; each runs inside `with tally.case():`."""

    def __init__(self, promise):
        self.promise = promise
        self.cases = self.signals = self.wrong = self.hangs = 0

    @contextmanager
    def case(self):
        """What is raised counts: a time-out as a hang, the rest as wrong,
        unless a signal was seen."""
        self.cases += 1
        signals = self.signals
        try:
            yield
        except subprocess.TimeoutExpired:
            self.hangs += 1
            raise
        except BaseException:
            self.wrong += self.signals == signals
            raise

    def ended(self, done):
        """A process must have ended by itself."""
        if done.returncode < 0:
            self.signals += 1
            raise AssertionError(f"signal {-done.returncode}: {done.stderr}")
        return done

    def report(self):
        report(self.promise, self.cases, self.signals, self.wrong, self.hangs)
