"""The released wheels, made lazy by `lazyindex wheel` once a process."""

import functools
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from beds import REQUIRED, TOOL, environment

# Whether `import itk` is lazy.
LAZY = """
import sys, itk
print("itk.support.base" not in sys.modules)
"""


def wheelhouse(variable):
    """The wheels in the directory that an environment variable names."""
    folder = os.environ.get(variable)
    if not folder:
        if REQUIRED:
            raise AssertionError(f"{variable} is not set")
        raise unittest.SkipTest(f"{variable} is not set")
    return sorted(Path(folder).glob("*.whl"))


def without_remotes(wheels):
    return [
        w for w in wheels if "elastix" not in w.name and "rtk" not in w.name
    ]


@functools.cache
def processed(variable):
    """The same wheels, made lazy."""
    out = Path(tempfile.mkdtemp(prefix="lazyindex wheels "))
    unittest.addModuleCleanup(shutil.rmtree, out)
    subprocess.run(
        [TOOL, "wheel", *wheelhouse(variable), "-o", out],
        env=environment(),
        check=True,
        capture_output=True,
        timeout=300,
    )
    return sorted(out.iterdir())


def parts(wheels, *names):
    """Those wheels that have one of these names: "itk_core", ..."""
    return [w for w in wheels if w.name.split("-")[0] in names]


def empty_bed(stock, target):
    """What ITK needs, and no ITK."""
    bed = stock.copy(target)
    bed.pip("uninstall", *bed.itk_names())
    assert not list(bed.site.glob("itk*"))
    return bed
