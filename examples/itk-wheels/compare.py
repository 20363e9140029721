"""Run example.py with two Pythons in turns and print a table of medians.

usage: python3 compare.py STOCK_PYTHON LAZY_PYTHON [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent

# The example, with a look at the clock on its way.
TIMED = """
import time
start = time.perf_counter()
import itk
imported = time.perf_counter()
itk.MedianImageFilter
filtered = time.perf_counter()
import runpy, sys
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(imported - start, filtered - imported,
      int(status["VmHWM"].split()[0]) / 1024, len(sys.modules))
"""


def run(python, directory):
    """(what the example printed, figures) of one fresh process."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "LAZYINDEX"}
    }
    start = time.perf_counter()
    done = subprocess.run(
        [python, "-c", TIMED, HERE / "example.py", directory],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    whole = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(
            f"compare.py: error: the example failed with {python} "
            f"(exit code {done.returncode})"
        )
    output, figures = done.stdout.rstrip("\n").rsplit("\n", 1)
    imported, filtered, memory, modules = map(float, figures.split())
    return output + "\n", (imported, filtered, whole, memory, modules)


def main(stock, lazy, rounds="5"):
    expected = (HERE / "expected.txt").read_text()
    results = {"stock": [], "lazy": []}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(int(rounds)):
            for name, python in (("stock", stock), ("lazy", lazy)):
                output, figures = run(python, directory)
                if output != expected:
                    print(f"{name}: error: the example printed\n{output}")
                    print(f"instead of\n{expected}")
                    return 1
                results[name].append(figures)
            print(
                f"round {number + 1} of {rounds}: stock "
                f"{results['stock'][-1][2]:.2f} s, "
                f"LazyIndex {results['lazy'][-1][2]:.2f} s",
                flush=True,
            )

    rows = (
        ("import itk", "s", 3),
        ("then itk.MedianImageFilter", "s", 3),
        ("whole script", "s", 2),
        ("peak memory", "MB", 0),
        ("loaded modules", "", 0),
    )
    print(
        f"\nmedians of {rounds} {'stock':>20} {'LazyIndex':>12} {'ratio':>8}"
    )
    for column, (label, unit, digits) in enumerate(rows):
        a, b = (
            statistics.median(figures[column] for figures in results[name])
            for name in ("stock", "lazy")
        )
        print(
            f"{label:28} {a:8.{digits}f} {unit:2} {b:9.{digits}f} {unit:2}"
            f" {a / b:7.1f}x"
        )
    print("\nBoth wrote the same bytes.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
