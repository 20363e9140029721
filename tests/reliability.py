"""Print the table of docs/reliability.md from reports of a test run.

usage: reliability.py [--write] REPORT...

A REPORT is what `ctest --output-junit` writes. Tests print lines

    reliability: <promise> | <cases> | <signals> | <wrong> | <hangs>

With --write, the table in docs/reliability.md is replaced. The exit code is 1
if anything but a count of cases is not 0, or nothing was found.
"""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/reliability.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"
LINE = re.compile(
    r"reliability: (.+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+)\s*$", re.M
)


def collect(reports):
    """(promise, test) -> counts; of a test that printed a line twice, both
    together."""
    found = {}
    for report in filter(Path.exists, map(Path, reports)):
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
    write = arguments[:1] == ["--write"]
    found = collect(arguments[write:])
    if not found:
        print("reliability.py: error: no counts in the reports")
        return 1
    text, (_, *bad) = table(found)
    print(f"\n{text}", end="")
    if write:
        page = DOCUMENT.read_text()
        before, rest = page.split(BEGIN)
        _, after = rest.split(END)
        DOCUMENT.write_text(f"{before}{BEGIN}{text}{END}{after}")
    return 1 if any(bad) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
