"""Count the tests in JUnit reports of CTest, one level below CTest's own.

usage: summary.py REPORT...

A CTest test runs many: GoogleTest, unittest and the golden tests say how many
in their last lines. One that says nothing counts as one. The last line is
`N passed, M failed`; the exit code is 1 if anything failed or nothing ran.
"""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple


class Counts(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def last_number(pattern, text):
    """The number in the last match; 0 where there is none."""
    found = re.findall(pattern, text, re.M)
    return int(found[-1]) if found else 0


def count_output(text):
    """Counts by what a runner printed, or None."""
    if re.search(r"^\[=+\] Running \d+ tests? from", text, re.M):
        return Counts(
            last_number(r"^\[  PASSED  \] (\d+) test", text),
            last_number(r"^\[  FAILED  \] (\d+) test", text),
            last_number(r"^\[  SKIPPED \] (\d+) test", text),
        )
    if re.search(r"^Ran \d+ tests? in", text, re.M):
        ran = last_number(r"^Ran (\d+) tests? in", text)
        end = text[text.rindex("\nRan ") :]
        skipped = last_number(r"skipped=(\d+)", end)
        surprises = last_number(r"unexpected successes=(\d+)", end)
        # Of a test with subtests, each one that fails has a heading.
        bad = set(re.findall(r"^(?:FAIL|ERROR): (\w+ \(\S+\))", text, re.M))
        bad_tests = sum(name.startswith("test") for name in bad) + surprises
        return Counts(
            max(ran - bad_tests - skipped, 0), len(bad) + surprises, skipped
        )
    last = re.findall(r"^(\d+) passed, (\d+) failed\b", text, re.M)
    return Counts(*map(int, last[-1])) if last else None


def count_case(case):
    """Counts of one CTest test."""
    if case.get("status") in {"notrun", "disabled"}:
        missing = case.find("skipped")
        reason = "" if missing is None else missing.get("message", "")
        if "SKIP" in reason:
            return Counts(skipped=1)
        return Counts(failed=1)
    counts = count_output(case.findtext("system-out") or "")
    if case.get("status") == "fail":
        counts = counts or Counts()
        # A crash or a time-out tells of no failure: it is one.
        return counts._replace(failed=max(counts.failed, 1))
    return counts or Counts(passed=1)


def main(reports):
    total = Counts()
    print(f"\n{'':40} {'passed':>7} {'failed':>7} {'skipped':>8} {'time':>8}")
    for report in map(Path, reports):
        if not report.exists():
            print(f"{report!s:40} no report: it was not built or not run")
            total = total._replace(failed=total.failed + 1)
            continue
        for case in ET.parse(report).iter("testcase"):
            counts = count_case(case)
            name = f"{report.parent.name}: {case.get('name')}"
            print(
                f"{name:40} {counts.passed:7} {counts.failed:7} "
                f"{counts.skipped:8} {float(case.get('time', 0)):6.1f} s"
            )
            total = Counts(*map(sum, zip(total, counts, strict=True)))
    if total.skipped:
        print(f"{total.skipped} skipped")
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
