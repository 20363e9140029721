"""How long it takes to open shards, every check included, page cache warm.

Shards of 10 kB, 1 MB, 4 MB and 64 MB that are made for it, and those of an
installed package, all together. Prints a table. See README.md.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = {
    "10 kB": 10_000,
    "1 MB": 10**6,
    "4 MB": 4 * 10**6,
    "64 MB": 64 * 10**6,
}
# About a second each.
ROUNDS = {"10 kB": 20000, "1 MB": 4000, "4 MB": 1000, "64 MB": 60}


def measure(program, rounds, paths):
    done = subprocess.run(
        [program, str(rounds), *paths],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return [float(word) for word in done.stdout.split()]


def row(label, program, rounds, paths):
    size = sum(path.stat().st_size for path in paths)
    opened, both, digest = measure(program, rounds, paths)
    print(
        f"| {label} | {len(paths)} | {size / 1e6:.2f} MB | "
        f"{opened / 1000:.3f} ms | {digest / 1000:.3f} ms | "
        f"{(both - digest) / 1000:.3f} ms | "
        f"{size / opened / 1000:.1f} GB/s |",
        flush=True,
    )


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="open_time, built")
    parser.add_argument("--tool", help="lazyindex; with --package")
    parser.add_argument("--package", help="an installed package: .../itk")
    options = parser.parse_args(arguments)
    print("| shards | files | size | open | of it digest | structure | rate |")
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for label, size in SIZES.items():
            path = Path(folder, "shard.lzi")
            subprocess.run(
                [options.program, "make", str(size), path], check=True
            )
            row(label, options.program, ROUNDS[label], [path])
        if options.package:
            shards = Path(folder, "shards")
            subprocess.run(
                [options.tool, "build", options.package, "-o", shards],
                check=True,
            )
            paths = sorted(shards.glob("*.lzi"))
            row("of the package", options.program, 1000, paths)


if __name__ == "__main__":
    main(sys.argv[1:])
