"""Compare released ITK wheels as they are with the same made lazy.

Whole, fresh processes; stock and lazy take turns within one run, beside
`python -c pass` and a floor: a process that only imports numpy and creates the
C halves of the units that a name needs. All figures are medians
of the rounds. See README.md for how to make the environments.
"""

import argparse
import math
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import NamedTuple

# -- What the processes run --------------------------------------------------

HEAD = """
import sys, time
before = len(sys.modules)
start = time.perf_counter()
"""
# Peak memory is that of this process alone: what wait4() tells includes the
# parent's, before exec.
TAIL = """
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        print("memory", int(line.split()[1]) / 1024)
"""
IMPORT_ITK = """
import itk
print("statement", time.perf_counter() - start)
print("modules", len(sys.modules) - before)
"""
SCRIPT = """
image = itk.imread("before.png", itk.F)
smooth = itk.median_image_filter(image, radius=2)
kinds = type(smooth), itk.Image[itk.UC, 2]
saved = itk.cast_image_filter(smooth, ttype=kinds)
itk.imwrite(saved, "after.png")
"""
# A template loads nothing before one looks into it; this does.
NEW = """
image = itk.Image[itk.F, 2]
itk.MedianImageFilter[image, image].New()
"""
PROGRAMS = {
    "pass": "",
    "import": IMPORT_ITK,
    "image": IMPORT_ITK + "itk.Image\n",
    "median": IMPORT_ITK + "itk.MedianImageFilter\n",
    "new": IMPORT_ITK + NEW,
    "script": IMPORT_ITK + SCRIPT,
    "elastix": IMPORT_ITK + "itk.elastix_registration_method\n",
}

# Figures of one process, by loops in it.
MICRO = """
import itk, statistics, sys, time
clock = time.perf_counter_ns

def each(function, count):
    times = []
    for _ in range(9):
        start = clock()
        for _ in range(count):
            function()
        times.append((clock() - start) / count)
    return statistics.median(times)

def nothing():
    pass

print("dir", each(lambda: dir(itk), 20))
print("names", len(dir(itk)))
overhead = each(nothing, 100000)
print("miss", each(lambda: hasattr(itk, "nope"), 100000) - overhead)
"""
# Of a name whose units are loaded, and that the package does not have yet:
# it is taken out again for each round. The clock's own cost is taken off.
FIRST_HIT = """
itk.MedianImageFilter
cost = statistics.median(-clock() + clock() for _ in range(1000))
names = []
for name in dir(itk):
    loaded = len(sys.modules)
    if name[0].isupper() and name not in vars(itk):
        getattr(itk, name)
        if len(sys.modules) == loaded:
            names.append(name)
    if len(names) == 100:
        break

def first_hit(name):
    times = []
    for _ in range(25):
        delattr(itk, name)
        start = clock()
        getattr(itk, name)
        times.append(clock() - start - cost)
    return statistics.median(times)

print("hit", statistics.median(map(first_hit, names)))
print("hits", len(names))
"""

# The C halves that a lazy process has after one name, in order, and their
# libraries with all their units.
CLOSURE = """
import sys, itk
itk.{}
for name, module in list(sys.modules.items()):
    if name.startswith("itk._") and name.endswith("Python"):
        origin = getattr(module.__spec__, "origin", None)
        if origin is not None:
            print(name, origin)
"""
FLOOR = """
import numpy, sys, types
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import module_from_spec

def load(name, path):
    loader = ExtensionFileLoader(name, path)
    spec = ModuleSpec(name, loader, origin=path)
    sys.modules[name] = module = module_from_spec(spec)
    loader.exec_module(module)
    setattr(package, name.removeprefix("itk."), module)

package = sys.modules["itk"] = types.ModuleType("itk")
package.__path__ = [DIRECTORY]
for name, path, units in LIBRARIES:
    held = [unit for unit in units if unit not in sys.modules]
    sys.modules.update(dict.fromkeys(held))
    load(name, path)
    for unit in held:
        del sys.modules[unit]
for name, path in UNITS:
    load(name, path)
"""


class Sample(NamedTuple):
    seconds: float
    figures: dict[str, float]


class Bench:
    def __init__(self, directory):
        self.directory = directory
        self.samples = {}
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name
            not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "LAZYINDEX"}
        }

    def output(self, python, program):
        done = subprocess.run(
            [python, "-c", program],
            check=False,
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        if done.returncode != 0:
            sys.exit(
                f"{Path(sys.argv[0]).name}: error: {python} failed with exit "
                f"code {done.returncode}, running\n{program[:1000]}"
            )
        return done.stdout

    def run(self, python, program):
        start = time.perf_counter()
        output = self.output(python, program)
        seconds = time.perf_counter() - start
        figures = {}
        for line in output.splitlines():
            name, figure = line.split()
            figures[name] = float(figure)
        return Sample(seconds, figures)

    def add(self, key, python, program):
        self.samples.setdefault(key, []).append(self.run(python, program))

    def seconds(self, *key):
        return statistics.median(s.seconds for s in self.samples[key])

    def figure(self, name, *key):
        return statistics.median(s.figures[name] for s in self.samples[key])


# -- Preparation -------------------------------------------------------------


def write_png(path):
    """A 128 x 128 grey image with texture, without any library."""
    rows = b"".join(
        b"\0"
        + bytes((x * x + 3 * y * y + x * y // 7) % 256 for x in range(128))
        for y in range(128)
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 128, 128, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in chunks:
            check = zlib.crc32(kind + data)
            file.write(struct.pack(">I", len(data)) + kind + data)
            file.write(struct.pack(">I", check))


def package_directory(python):
    """Where an interpreter has itk, without importing it."""
    program = (
        "import importlib.util as u; "
        "print(u.find_spec('itk').submodule_search_locations[0])"
    )
    return Path(
        subprocess.check_output([python, "-c", program], text=True).strip()
    )


def floor_program(bench, lazy, attribute):
    """The program of the floor, from what a lazy process has loaded."""
    units, libraries = [], []
    closure = CLOSURE.format(attribute)
    for line in bench.output(lazy, closure).splitlines():
        name, path = line.split(" ", 1)
        library = Path(path)
        stem = name.removeprefix("itk._")
        if not library.name.startswith(f"_{stem}."):
            units.append((name, path))
            continue
        aggregator = (library.parent / f"{stem}.py").read_text()
        halves = [
            "itk._" + line.split()[1].removeprefix("itk.")
            for line in aggregator.splitlines()
            if line.startswith("from itk.") and line.endswith(" import *")
        ]
        libraries.append((name, path, halves))
    libraries.sort(key=lambda entry: entry[0] != "itk._ITKCommonPython")
    directory = str(package_directory(lazy))
    return len(units), (
        f"DIRECTORY = {directory!r}\nLIBRARIES = {libraries!r}\n"
        f"UNITS = {units!r}\n{FLOOR}{TAIL}"
    )


def measure_build(tool, package, rounds):
    """(seconds, peak MB, MB of shards) of `lazyindex build`; medians."""
    seconds, peaks, size = [], [], 0
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as out:
            start = time.perf_counter()
            process = subprocess.Popen([tool, "build", package, "-o", out])
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds.append(time.perf_counter() - start)
            if process.returncode != 0:
                sys.exit(f"itk_wheels.py: error: '{tool} build' failed")
            peaks.append(usage.ru_maxrss / 1024)
            size = sum(shard.stat().st_size for shard in Path(out).iterdir())
    return statistics.median(seconds), statistics.median(peaks), size / 1e6


# -- Measurement -------------------------------------------------------------


def alternate(bench, name, pythons, rounds):
    """One program, stock and lazy in turns: what is measured is never longer
    out of use than the other takes, so the disk cache still has it."""
    for _ in range(rounds):
        written = set()
        for side, python in zip(("stock", "lazy"), pythons, strict=True):
            bench.add((name, side), python, HEAD + PROGRAMS[name] + TAIL)
            if name == "script":
                after = Path(bench.directory, "after.png")
                written.add(after.read_bytes())
                after.unlink()
        if len(written) > 1:
            sys.exit("itk_wheels.py: error: the scripts' images differ")
        if name == "import":
            bench.add(("pass",), pythons[0], HEAD + PROGRAMS["pass"] + TAIL)
    stock, lazy = (
        statistics.median(s.seconds for s in bench.samples[name, side])
        for side in ("stock", "lazy")
    )
    print(f"{name}: {stock:.3f} s stock, {lazy:.3f} s lazy", file=sys.stderr)


def measure(bench, options):
    """@return the number of C halves in each floor"""
    rounds = options.rounds
    stock, lazy = options.stock, options.lazy
    # Unmeasured first runs: they fill the disk cache and write .pyc files.
    bench.output(stock, "import itk")
    bench.output(lazy, HEAD + PROGRAMS["script"])
    floors = {"new": (lazy, "MedianImageFilter.keys()")}
    if options.stock54:
        floors["elastix"] = options.lazy54, "elastix_registration_method"

    units = {}
    for name, (python, attribute) in floors.items():
        units[name], program = floor_program(bench, python, attribute)
        for _ in range(rounds):
            bench.add(("floor", name), python, program)
    for name in ("import", "image", "median", "new", "script"):
        alternate(bench, name, (stock, lazy), rounds)
    if options.stock54:
        pythons = options.stock54, options.lazy54
        bench.output(options.stock54, "import itk")
        alternate(bench, "elastix", pythons, rounds)
    for _ in range(rounds):
        bench.add(("micro", "stock"), stock, MICRO)
        bench.add(("micro", "lazy"), lazy, MICRO + FIRST_HIT)
    return units


# -- The table ---------------------------------------------------------------


def number(value):
    """Three digits, or all before the point."""
    if math.isnan(value):
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


class Row(NamedTuple):
    label: str
    target: str
    stock: float  # nan: there is none
    lazy: float
    unit: str
    reached: bool

    def print(self):
        ratio = (
            ""
            if math.isnan(self.stock) or self.lazy <= 0
            else f"{self.stock / self.lazy:.1f}x"
        )
        print(
            f"| {self.label:44} | {self.target:>9} | {number(self.stock):>8} "
            f"| {number(self.lazy):>8} | {self.unit:3} | {ratio:>7} "
            f"| {'yes' if self.reached else 'NO':7} |"
        )


def times_faster(label, least, stock, lazy, unit="ms"):
    scale = 1000 if unit == "ms" else 1
    return Row(
        label,
        f"{least}x",
        stock * scale,
        lazy * scale,
        unit,
        stock >= least * lazy,
    )


def at_most(label, limit, lazy, unit, stock=math.nan):
    return Row(label, f"<= {limit:g}", stock, lazy, unit, lazy <= limit)


def rows(bench, options):
    seconds, figure = bench.seconds, bench.figure
    nothing = seconds("pass")
    yield times_faster(
        "import itk (the statement)",
        40,
        figure("statement", "import", "stock"),
        figure("statement", "import", "lazy"),
    )
    yield at_most(
        "import itk, process over `python -c pass`",
        5,
        (seconds("import", "lazy") - nothing) * 1000,
        "ms",
        (seconds("import", "stock") - nothing) * 1000,
    )
    for name, label, least in (
        ("image", "import itk; itk.Image", 3),
        ("median", "import itk; itk.MedianImageFilter", 25),
        ("new", "itk.MedianImageFilter[...].New()", 25),
        ("script", "imread PNG, median, cast, imwrite", 16),
    ):
        yield times_faster(
            label, least, seconds(name, "stock"), seconds(name, "lazy")
        )
    stock = figure("memory", "script", "stock")
    lazy = figure("memory", "script", "lazy")
    yield Row(
        "peak RSS of that script",
        "0.36",
        stock,
        lazy,
        "MB",
        lazy <= 0.36 * stock,
    )
    if options.stock54:
        yield times_faster(
            "5.4.7: itk.elastix_registration_method",
            60,
            seconds("elastix", "stock"),
            seconds("elastix", "lazy"),
        )
    yield at_most(
        "modules added by import itk",
        15,
        figure("modules", "import", "lazy"),
        "",
        figure("modules", "import", "stock"),
    )
    memory = figure("memory", "pass")
    yield at_most(
        "memory added by import itk",
        3,
        figure("memory", "import", "lazy") - memory,
        "MB",
        figure("memory", "import", "stock") - memory,
    )
    yield times_faster(
        "dir(itk)",
        1,
        figure("dir", "micro", "stock") / 1000,
        figure("dir", "micro", "lazy") / 1000,
        "us",
    )
    yield at_most(
        'hasattr(itk, "nope")',
        1,
        figure("miss", "micro", "lazy") / 1000,
        "us",
        figure("miss", "micro", "stock") / 1000,
    )
    yield at_most(
        "first hit of a loaded name",
        3,
        figure("hit", "micro", "lazy") / 1000,
        "us",
    )
    build = measure_build(
        options.tool, package_directory(options.stock), options.rounds
    )
    for label, limit, value, unit in zip(
        ("lazyindex build: time", "its peak RSS", "all shards together"),
        (2, 200, 6),
        build,
        ("s", "MB", "MB"),
        strict=True,
    ):
        yield at_most(label, limit, value, unit)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    # Children run elsewhere; a link to Python tells its environment, so it is
    # not to be resolved.
    path = os.path.abspath
    parser.add_argument(
        "--stock", type=path, required=True, help="Python with itk 6.0b2"
    )
    parser.add_argument(
        "--lazy", type=path, required=True, help="the same, made lazy"
    )
    parser.add_argument(
        "--stock54",
        type=path,
        help="Python with itk 5.4.7, itk-elastix and itk-rtk",
    )
    parser.add_argument("--lazy54", type=path, help="the same, made lazy")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--tool", default="lazyindex", help="default: the one on PATH"
    )
    options = parser.parse_args()
    if bool(options.stock54) != bool(options.lazy54):
        parser.error("--stock54 and --lazy54 go together")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")

    with tempfile.TemporaryDirectory() as directory:
        write_png(Path(directory, "before.png"))
        bench = Bench(directory)
        units = measure(bench, options)
        print(
            f"medians of {options.rounds}; "
            f"`python -c pass` {bench.seconds('pass') * 1000:.1f} ms, "
            f"{bench.figure('memory', 'pass'):.1f} MB"
        )
        for name, count in units.items():
            print(
                f"floor of {name} (numpy and {count} C halves): "
                f"{bench.seconds('floor', name) * 1000:.0f} ms, "
                f"{bench.figure('memory', 'floor', name):.0f} MB"
            )
        print()
        print(
            f"| {'':44} | {'target':>9} | {'stock':>8} | {'lazy':>8} "
            f"|     | {'ratio':>7} | reached |"
        )
        print(
            "|-"
            + "-" * 44
            + "-|----------:|---------:|---------:|-----|--------:|---------|"
        )
        missed = 0
        for row in rows(bench, options):
            row.print()
            missed += not row.reached
    print(
        f"\ndir(itk) has {bench.figure('names', 'micro', 'lazy'):.0f} names "
        f"(stock {bench.figure('names', 'micro', 'stock'):.0f}); first hits: "
        f"{bench.figure('hits', 'micro', 'lazy'):.0f} names"
    )
    print(f"{missed} targets missed" if missed else "all targets reached")


if __name__ == "__main__":
    main()
