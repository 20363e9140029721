"""How many units each line initialises, stock and lazy, in fresh processes.

PYTHONPATH=<where itk is> python example.py
"""

import os
import subprocess
import sys
import tempfile

STEPS = [
    "import itk",
    "itk.MedianImageFilter",
    "itk.Image[itk.UC, 2]",
    "itk.MedianImageFilter.New()",
    "itk.imread(path)",
    "itk.force_load()",
]

PROGRAM = """
import itk

path = {path!r}
{step}
print(itk.count_initialisations())
"""


def count(step, path, switch):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(step=step, path=path)],
        env=os.environ | {"LAZYINDEX": switch},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "image.raw")
        with open(path, "wb") as file:
            file.write(b"RAW 3 2\n" + bytes(range(6)))
        print(f"{'units initialised by':<29}{'stock':>6}{'LazyIndex':>11}")
        for step in STEPS:
            stock, lazy = (count(step, path, to) for to in ("off", "on"))
            print(f"{step:<29}{stock:>6}{lazy:>11}")


if __name__ == "__main__":
    main()
