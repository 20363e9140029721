"""Make the golden files of the format version that the tool writes:
`make.py TOOL DIRECTORY`. Once a version: they stay as they are.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))

from make_package import CORE, IO, aggregator, install, proxy, table

# A module whose records need a tree, and overflow pages.
CLASSES = [f"itkTransform{i:03}" for i in range(150)]
WIDE = {
    "itk/Configuration/WideConfig.py": table(
        ["ITKCommon"],
        [
            ("Transform", "itk::Transform", name, True, f"double,{i}")
            for i, name in enumerate(CLASSES)
        ]
        + [(f"Plain{i}", f"itk::Plain{i}", f"P{i}", False) for i in range(90)],
    ),
    "itk/Configuration/Wide_snake_case.py": "snake_case_functions = ()\n",
    "itk/WidePython.py": aggregator(
        ["ITKCommon"], ["itkTransformPython", "plainPython"]
    ),
    "itk/itkTransformPython.py": proxy(
        "Wide",
        "itkTransformPython",
        ["itkObjectPython"],
        [(name, "itkObject") for name in CLASSES],
    ),
    "itk/plainPython.py": proxy(
        "Wide", "plainPython", [], [(f"P{i}", "int") for i in range(90)]
    ),
    "itk/_WidePython.abi3.so": "",
}


# What says which groups of factories a module needs.
BASE = """needed_factories = {
    "ITKCommon": "MeshIO",
    "ITKIOPNG": "ImageIO",
}
"""


def main(tool, directory):
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        install(site, "itk-core", "1.0", CORE | {"itk/support/base.py": BASE})
        install(site, "itk-io", "1.1", IO)
        install(site, "itk-wide", "1.2", WIDE)
        subprocess.run(
            [tool, "build", site / "itk", "-o", directory], check=True
        )
    for path in sorted(Path(directory).glob("*.lzi")):
        dump = subprocess.run(
            [tool, "dump", "--json", path], stdout=subprocess.PIPE, check=True
        )
        path.with_suffix(".json").write_bytes(dump.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
