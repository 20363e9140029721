"""Print SWIG's types as this process has them, after loading units.

Arguments: a seed for the order of the units, and how many (0: all). A line
for each type: its name, its class in Python, its names in C++, and from which
types it can be made, each with whether it takes a conversion.
"""

import ctypes
import importlib
import random
import re
import sys
from pathlib import Path

import itk


class Type(ctypes.Structure):
    """swig_type_info"""


class Cast(ctypes.Structure):
    """swig_cast_info"""


class Table(ctypes.Structure):
    """swig_module_info"""


Cast._fields_ = (
    ("type", ctypes.POINTER(Type)),
    ("converter", ctypes.c_void_p),
    ("next", ctypes.POINTER(Cast)),
    ("prev", ctypes.POINTER(Cast)),
)
Type._fields_ = (
    ("name", ctypes.c_char_p),
    ("str", ctypes.c_char_p),
    ("dcast", ctypes.c_void_p),
    ("cast", ctypes.POINTER(Cast)),
    ("clientdata", ctypes.c_void_p),
    ("owndata", ctypes.c_int),
)
Table._fields_ = (
    ("types", ctypes.POINTER(ctypes.POINTER(Type))),
    ("size", ctypes.c_size_t),
    ("next", ctypes.POINTER(Table)),
)


def tables():
    """Every table of the ring."""
    name = b"swig_runtime_data4.type_pointer_capsule"
    find = ctypes.pythonapi.PyCapsule_Import
    find.restype = ctypes.POINTER(Table)
    find.argtypes = ctypes.c_char_p, ctypes.c_int
    head = table = find(name, 0)
    while True:
        yield table.contents
        table = table.contents.next
        if ctypes.addressof(table.contents) == ctypes.addressof(head.contents):
            return


def types():
    """Name -> type. A name that has two of them is an error."""
    found = {}
    for table in tables():
        for i in range(table.size):
            known = table.types[i].contents
            address = ctypes.addressof(known)
            assert found.setdefault(known.name, (address, known))[0] == address
    return {name: known for name, (_, known) in found.items()}


def casts(known):
    """(name, takes a conversion) of each cast; the list has no name twice."""
    found = {}
    cast, previous = known.cast, None
    while cast:
        at = cast.contents
        name = at.type.contents.name
        assert name not in found, (known.name, name)
        before = ctypes.addressof(at.prev.contents) if at.prev else None
        assert before == previous, (known.name, name)
        found[name] = bool(at.converter)
        previous = ctypes.addressof(at)
        cast = at.next
    return sorted(found.items())


def class_of(known):
    """The class that SWIG makes objects of a type of."""
    if not known.clientdata:
        return None
    # SwigPyClientData begins with the class.
    address = ctypes.cast(
        known.clientdata, ctypes.POINTER(ctypes.c_void_p)
    ).contents
    return ctypes.cast(address, ctypes.py_object).value.__qualname__


def main(seed, count):
    directory = Path(itk.__file__).parent
    units = sorted(
        path.stem
        for path in directory.glob("*Python.py")
        if re.search(r"^\s*from \. import _|_swig_python", path.read_text())
    )
    if seed:
        random.Random(seed).shuffle(units)
    for unit in units[: count or None]:
        importlib.import_module(f"itk.{unit}")
    for name, known in sorted(types().items()):
        print(name, class_of(known), known.str, casts(known))
    assert "itk.ITKCommonPython" not in units


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
