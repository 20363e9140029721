"""Show shards that make no sense to every command that reads one.

Run as `run_tool.py TOOL EXTENSION LIBRARY [ROUNDS [FIRST]]`, as
run_package.py. A command may succeed, or fail and say why; what it prints as
JSON must be what the shard says.
"""

import json
import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from run_package import SHARD, campaign
from test_format import read_shard

try:
    from shard_writer import write_shard
    from wild_package import make_package
    from wild_records import at_random, made_by_hand
except ImportError:  # run_package has said so
    sys.exit(77)

PATIENCE = 120  # seconds
EACH = int(os.environ.get("LAZYINDEX_EACH", "1"))  # of so many cases, one


def run_command(tool, arguments):
    """What went wrong: None, "signals", "wrong" or "hangs"."""
    try:
        done = subprocess.run(
            [tool, *arguments],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "hangs"
    if done.returncode < 0:
        return "signals"
    told = done.stderr or arguments[0] == "status"
    if done.returncode not in (0, 1) or (done.returncode == 1 and not told):
        return "wrong"
    if "--json" in arguments and done.returncode == 0:
        return None if is_right(done.stdout, arguments[-1]) else "wrong"
    return None


def is_right(dump, shard):
    """Whether it is what a reader that is made from the document sees."""
    try:
        told = json.loads(dump.decode("utf-8", "surrogateescape"))
        return told == read_shard(shard)
    except ValueError:
        return False


def make_run(tool):
    def run(site, name, records):
        path, package = str(site / SHARD), str(site / "itk")
        write_shard(path, records)
        for arguments in (
            ["stats", path],
            ["dump", path],
            ["dump", "--json", path],
            ["verify", path],
            ["verify", package],
            ["status", package],
            ["explain", package, "Thing"],
            ["explain", package, "ITKCommon"],
        ):
            result = run_command(tool, arguments)
            if result:
                print(*arguments, file=sys.stderr)
                return result
        return None

    return run


def main(tool, extension, library, rounds=None, first="0"):
    if rounds is None:
        rounds = int(os.environ.get("LAZYINDEX_ROUNDS", "20000")) // 100
    with tempfile.TemporaryDirectory(prefix="lazyindex-") as folder:
        site = Path(folder)
        make_package(site, extension, library)
        seeds = range(int(first), int(first) + int(rounds))
        good = campaign(
            "tool: records made by hand",
            site,
            make_run(tool),
            islice(made_by_hand(), 0, None, EACH),
        )
        good &= campaign(
            "tool: records damaged at random",
            site,
            make_run(tool),
            map(at_random, seeds[::EACH]),
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
