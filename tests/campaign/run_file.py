"""Run file_campaign on real shards: `run_file.py TOOL PROGRAM`.

The shards are those of the released wheels in LAZYINDEX_BED_60, if that is
set, else of a miniature package. LAZYINDEX_ROUNDS says how many are damaged
at random, if not 20,000.
"""

import glob
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "cli"))
from make_package import make_package


def main(tool, program):
    with tempfile.TemporaryDirectory() as folder:
        bed = os.environ.get("LAZYINDEX_BED_60")
        if bed:
            (package,) = glob.glob(f"{bed}/lib/python3*/site-packages/itk")
        else:
            package = f"{folder}/site/itk"
            make_package(f"{folder}/site")
        subprocess.run(
            [tool, "build", package, "-o", f"{folder}/shards"], check=True
        )
        shards = sorted(glob.glob(f"{folder}/shards/*.lzi"))
        rounds = os.environ.get("LAZYINDEX_ROUNDS", "20000")
        done = subprocess.run([program, "--rounds", rounds, *shards])
        return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
