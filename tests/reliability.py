"""Print how often each promise was tested, from reports of a test run.

A REPORT is what `ctest --output-junit` writes. Tests print lines

    reliability: <promise> | <cases> | <signals> | <wrong> | <hangs>

The exit code is 1 if anything but a count of cases is not 0, or no report has
such a line.
"""

import argparse
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

COMMAND = (
    "python3 tests/reliability.py --write docs/reliability-counts.md "
    "build/*/junit.xml"
)
HEADER = f"""# How often each promise was tested

`{COMMAND}` makes this file from the reports of the last `sh tests/run.sh`. \
[reliability.md](reliability.md) says what the promises are and what the \
columns count. A name in front of a test is that of a build other than `dev`.

"""
LINE = re.compile(
    r"reliability: (.+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+)\s*$", re.M
)


def collect(reports):
    """(promise, test) -> counts; of a test that printed a line twice, both
    together."""
    found = {}
    for report in filter(Path.exists, reports):
        build = report.parent.name
        for case in ET.parse(report).iter("testcase"):
            text = case.findtext("system-out") or ""
            name = case.get("name")
            name = name if build == "dev" else f"{build}: {name}"
            for promise, *counts in LINE.findall(text):
                old = found.get((promise, name), (0, 0, 0, 0))
                found[promise, name] = tuple(
                    before + int(count)
                    for before, count in zip(old, counts, strict=True)
                )
    return found


def table(found):
    rows = [
        "| promise | test | cases | signals | wrong answers | hangs |",
        "|---|---|---:|---:|---:|---:|",
    ]
    ordered = sorted(found.items(), key=lambda item: item[0][::-1])
    for (promise, test), counts in ordered:
        numbers = " | ".join(f"{count:,}" for count in counts)
        rows.append(f"| {promise} | {test} | {numbers} |")
    total = [sum(column) for column in zip(*found.values(), strict=True)]
    numbers = " | ".join(f"**{count:,}**" for count in total)
    rows.append(f"| **all** | | {numbers} |")
    return "\n".join(rows) + "\n", total


def main(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--write", metavar="FILE", type=Path, help="write FILE, too"
    )
    parser.add_argument("reports", metavar="REPORT", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    found = collect(options.reports)
    if not found:
        print("reliability.py: error: no counts in the reports")
        return 1
    text, (_, *bad) = table(found)
    print(f"\n{text}", end="")
    if options.write:
        options.write.write_text(HEADER + text)
    return 1 if any(bad) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
