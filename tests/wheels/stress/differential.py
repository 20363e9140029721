"""Compare a lazy environment with a stock one, fact by fact.

    python differential.py --stock BED --lazy BED [--depth N] [--only PROBE]

Both are virtual environments with the same wheels. probes/probe.py looks at
`itk` in processes of either; whatever is told under the same key must be
equal, or allowed by allowed.py, which points into docs/differences.md.
What stock tells is kept beside the lazy environment, or in --cache.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # as a program
from beds import Bed, environment, state_of

from stress.allowed import ABSENT, Allowances

PROBES = Path(__file__).resolve().parents[1] / "probes"


class Depth:
    """How much is looked at: of the names, one in..., and the most classes
    of a template whose objects are made."""

    def __init__(self, one_in, most):
        self.options = f"one_in={one_in}", f"most={most}"


DEPTHS = {0: Depth(24, 1), 1: Depth(8, 2), 2: Depth(1, 4), 3: Depth(1, 9999)}
DEFAULT_DEPTH = 1


# Those for which stock needs one process, in this order: what the latter tell
# does not depend on what the former load, which takes stock 20 s.
IN_ONE_PROCESS = "use", "calls", "names", "loaded"


def comparisons(depth):
    """(name, run in stock, runs in lazy): a run is a probe and its options.
    Facts of all runs must be equal."""
    options = DEPTHS[depth].options
    shares = 2 if depth < 2 else 8
    fourth = () if depth >= 2 else ("one_in=4",)
    return [
        ("use", ("use",), [("use",)]),
        ("fresh", ("fresh",), [("fresh",)]),
        ("factories", ("factories",), [("factories",)]),
        (
            "calls",
            ("sequence", "group=calls"),
            [("sequence", "group=calls"), ("alone", "group=calls", *fourth)],
        ),
        ("first", ("alone", "group=first"), [("alone", "group=first")]),
        (
            "names",
            ("everything", *options),
            [("everything", *options, "seed=0")]
            + [("touched", f"seed={seed}") for seed in range(1, shares - 1)]
            + [
                ("names", *options, f"share={share}/{shares}")
                for share in range(shares)
            ],
        ),
        ("loaded", ("alone", "group=loaded"), [("alone", "group=loaded")]),
    ]


def run_probes(bed, runs):
    """What each tells, one after the other in a process of a bed's Python."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder, f"{n}.json") for n, _ in enumerate(runs)]
        arguments = [
            argument
            for (probe, *options), output in zip(runs, outputs, strict=True)
            for argument in ("+", probe, output, *options)
        ]
        process = subprocess.run(
            [bed.python, PROBES / "probe.py", *arguments],
            env=environment(PYTHONHASHSEED="0", HOME=folder),
            capture_output=True,
            text=True,
            cwd=folder,
            timeout=3600 * len(runs),
        )
        if not all(output.exists() for output in outputs):
            raise RuntimeError(
                f"{runs} in {bed.root} ended by "
                f"{process.returncode}: {process.stderr[-2000:]}"
            )
        return [json.loads(output.read_text()) for output in outputs]


class StockFacts:
    """What stock tells, kept by what it depends on."""

    def __init__(self, bed, cache):
        self.bed = bed
        self.cache = Path(cache)
        probes = (p for p in sorted(PROBES.iterdir()) if p.is_file())
        self.state = state_of(bed, *(probe.read_bytes() for probe in probes))

    def path(self, run):
        name = "-".join(run).replace("/", "of").replace("=", "")
        return self.cache / f"stock-{self.bed.root.name}-{name}.json"

    def kept(self, run):
        """The facts, or None."""
        if self.path(run).exists():
            kept = json.loads(self.path(run).read_text())
            if kept["state"] == self.state:
                return kept["facts"]
        return None

    def keep(self, run, facts):
        self.cache.mkdir(exist_ok=True)
        own = self.path(run).with_suffix(f".{os.getpid()}")
        own.write_text(json.dumps({"state": self.state, "facts": facts}))
        own.replace(self.path(run))

    def get(self, runs):
        """{run: facts}; of those that are not kept, from one process."""
        told = {run: self.kept(run) for run in runs}
        missing = [run for run in runs if told[run] is None]
        if missing:
            found = run_probes(self.bed, missing)
            for run, facts in zip(missing, found, strict=True):
                self.keep(run, facts)
                told[run] = facts
        return told


def differences(stock, lazy):
    """(key, stock, lazy) for whatever is not equal. Where lazy looks at a
    sample, or past one, nothing is expected of the rest."""
    return [
        (key, stock.get(key, ABSENT), lazy.get(key, ABSENT))
        for key in sorted({*stock, *lazy})
        if stock.get(key, ABSENT) != lazy.get(key, ABSENT)
    ]


def is_sample(run):
    return run[0] in ("names", "touched") or "one_in=4" in run


def subject(key):
    """What a fact is about."""
    return key if key.startswith("snippet/") else key.rpartition("/")[0]


def common(stock, lazy):
    """Of stock, what is about anything that lazy looked at."""
    seen = set(map(subject, lazy))
    return {key: value for key, value in stock.items() if subject(key) in seen}


class Comparison:
    """All comparisons of two beds at a depth."""

    def __init__(self, stock, lazy, depth, cache=None, jobs=2):
        self.stock = StockFacts(stock, cache or lazy.root.parent / "stock")
        self.lazy = lazy
        self.depth = depth
        self.jobs = jobs
        self.allowances = Allowances()
        self.facts = 0

    def stock_runs(self, wanted):
        """Of comparisons, those that go into one process together."""
        runs = {name: run for name, run, _ in wanted}
        together = [runs.pop(name) for name in IN_ONE_PROCESS if name in runs]
        return [together, *([run] for run in runs.values())]

    def run(self, only=(), report=None):
        """@return {lazy run: [(key, stock, lazy), ...]} not allowed."""
        wanted = [
            c for c in comparisons(self.depth) if not only or c[0] in only
        ]
        tasks = [(stock, run) for _, stock, runs in wanted for run in runs]
        found = {}
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            stock = {}
            for runs in self.stock_runs(wanted):
                told = pool.submit(self.stock.get, runs)
                stock |= dict.fromkeys(runs, told)
            lazy = {
                run: pool.submit(run_probes, self.lazy, [run])
                for _, run in tasks
            }
            for stock_run, run in tasks:
                (ours,) = lazy[run].result()
                context = stock[stock_run].result()[stock_run]
                theirs = common(context, ours) if is_sample(run) else context
                self.facts += len(ours)
                found[run] = [
                    difference
                    for difference in differences(theirs, ours)
                    if not self.allowances.allow(context, *difference)
                ]
                if report:
                    report(run, len(ours), found[run])
        return found


def short(value, size=300):
    text = json.dumps(value)
    return text if len(text) <= size else f"{text[:size]}... ({len(text)})"


def brief(stock, lazy):
    """Of two long lists, what is not in both."""
    if isinstance(stock, list) and isinstance(lazy, list):
        only = [x for x in stock if x not in lazy]
        extra = [x for x in lazy if x not in stock]
        if len(stock) + len(lazy) > 20:
            if not only and not extra:
                return "the same items", "in another order"
            return f"only {short(only)}", f"only {short(extra)}"
    return short(stock), short(lazy)


def text_of(difference):
    key, stock, lazy = difference
    stock, lazy = brief(stock, lazy)
    return f"{key}\n    stock: {stock}\n    lazy:  {lazy}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0], allow_abbrev=False
    )
    parser.add_argument("--stock", type=Bed, required=True)
    parser.add_argument("--lazy", type=Bed, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument(
        "--depth",
        type=int,
        choices=DEPTHS,
        default=DEFAULT_DEPTH,
        help="0: a minute; 1: the default; 2: every name; 3: every class",
    )
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--most", type=int, default=20, help="to print, each")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()

    def report(run, facts, found):
        print(
            f"{' '.join(run)}: {facts} facts, {len(found)} differences, "
            f"{time.monotonic() - start:.0f} s",
            flush=True,
        )
        for difference in found[: options.most]:
            print(text_of(difference), flush=True)

    start = time.monotonic()
    comparison = Comparison(
        options.stock, options.lazy, options.depth, options.cache, options.jobs
    )
    found = comparison.run(options.only, report)
    total = sum(map(len, found.values()))
    print(
        f"{comparison.facts} facts, {total} differences, "
        f"{comparison.allowances.count()} allowed"
    )
    for row, count in comparison.allowances.used.items():
        print(f"  {count:6} {row}")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
