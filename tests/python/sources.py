"""Where the sources are: tests name files, which are unique in plugin/ and
runtime/, and leave it to this in which of the folders below those they are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ROOT / "plugin", ROOT / "runtime"


def all_sources(pattern):
    """Every file below plugin/ and runtime/ whose name fits."""
    return sorted(path for folder in FOLDERS for path in folder.rglob(pattern))


def source(name):
    """The one file of that name."""
    found = all_sources(name)
    if len(found) != 1:
        raise AssertionError(f"files with the name {name}: {found}")
    return found[0]
