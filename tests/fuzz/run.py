"""Run a fuzzer for a while: `run.py NAME PROGRAM WORK_DIRECTORY`.

LAZYINDEX_FUZZ_SECONDS says for how long, if not 60 s. It starts from
corpus/NAME, or, for Python, corpus/python; what it finds on the way stays in
WORK_DIRECTORY/NAME, as does an input that fails: to try that again, give it to
PROGRAM as its argument.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "python"))
from tally import report

TIMEOUT = 70  # what libFuzzer exits with


def main(name, program, work):
    found = Path(work, name)
    found.mkdir(parents=True, exist_ok=True)
    corpus = "python" if name in ("lexer", "proxy") else name
    seconds = int(os.environ.get("LAZYINDEX_FUZZ_SECONDS", "60"))
    done = subprocess.run(
        [
            program,
            f"-max_total_time={seconds}",
            "-timeout=60",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            f"-max_len={98305 if name == 'reader' else 8192}",
            f"-artifact_prefix={found}{os.sep}",
            found,
            Path(__file__).resolve().parent / "corpus" / corpus,
        ],
        stderr=subprocess.PIPE,
        env=os.environ | {"ASAN_OPTIONS": "detect_leaks=1"},
        text=True,
        errors="replace",
        check=False,
    )
    runs = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    count = int(runs.group(1)) if runs else 0
    wrong = "wrong: " in done.stderr
    hangs = done.returncode == TIMEOUT
    signals = done.returncode != 0 and not wrong and not hangs
    report(f"fuzz: {name}", count, int(signals), int(wrong), int(hangs))
    if done.returncode != 0:
        print(done.stderr[-8000:], file=sys.stderr)
    return 0 if done.returncode == 0 and count > 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
