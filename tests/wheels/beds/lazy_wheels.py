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


# What a bed with some of the wheels shows. The names first: what is used
# makes more of them in stock. Of itk-numerics two that stock loads soon.
SUBSET = """
import sys, warnings
warnings.simplefilter("ignore")
import itk
print(*[n for n in dir(itk) if n[0] != "_" and n not in
        {"itk_base_global_lazy_attributes", "loaded_lazy_modules"}])
print(itk.Image, hasattr(itk, "CurvatureFlowImageFilter"))
image = itk.image_from_array(__import__("numpy").eye(8, dtype="float32"))
print(type(image).__name__, itk.origin(image), itk.size(image))
for name in ("CurvatureFlowImageFilter", "imread", "PNGImageIO", "ITKWatersheds",
             "elastix_registration_method", "ImageRegistrationMethodv4",
             "join_image_filter"):
    print(name, name in dir(itk), hasattr(itk, name))
"""


def wheelhouse(variable):
    """The wheels in the directory that an environment variable names."""
    folder = os.environ.get(variable)
    if not folder:
        if REQUIRED:
            raise AssertionError(f"{variable} is not set")
        raise unittest.SkipTest(f"{variable} is not set")
    return sorted(Path(folder).glob("*.whl"))


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
        timeout=600,
    )
    return sorted(out.iterdir())


def parts(wheels, *names):
    """Those wheels that have one of these names: "itk_core", ..."""
    return [w for w in wheels if w.name.split("-")[0] in names]


def installed(stock, target, wheels, compiled=False):
    """A bed with what ITK needs, and these wheels of ITK."""
    bed = stock.copy(target)
    for path in bed.site.glob("itk*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if compiled:
        bed.pip("install", *wheels)
    else:
        bed.pip("install", "--no-compile", *wheels)
        bed.share_byte_code(stock)
    return bed
