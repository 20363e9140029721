"""What a load takes off the garbage collector's list (gc_relief.c) is not on
it, in each CPython. The runtime only asks for that: an object that CPython
tracks anew, or a copy that it keeps elsewhere, would cost time and nothing
else, so nobody would see it."""

import json
import unittest

from beds import BedTest

# Prints what should not be tracked and is, by its kind, and how many of each
# kind there are. Units that were loaded are modules of two halves each.
PROGRAM = """
import collections, gc, json, sys, types
import itk
itk.Image[itk.F, 2].New()
looked, tracked = collections.Counter(), collections.Counter()
def look(kind, value):
    looked[kind] += 1
    tracked[kind] += gc.is_tracked(value)
def look_into_class(cls):
    look("class", cls)
    for part in gc.get_referents(cls):
        if type(part) is tuple:
            look("bases of a class", part)
        elif type(part) is dict:
            look("namespace of a class", part)
            for value in part.values():
                if isinstance(value, KINDS):
                    look(f"{type(value).__name__} of a class", value)
KINDS = (
    types.FunctionType, types.BuiltinFunctionType, staticmethod, property
)
halves = {"itk.itk": "proxy", "itk._it": "C half"}
modules = {}
for name, module in list(sys.modules.items()):
    if name[:7] in halves:
        modules[name] = vars(module)
        look(f"namespace of a {halves[name[:7]]}", vars(module))
        for value in vars(module).values():
            if isinstance(value, types.BuiltinFunctionType):
                look("function in C", value)
            elif getattr(value, "__module__", None) != name:
                continue
            elif isinstance(value, type):
                look_into_class(value)
            elif isinstance(value, types.FunctionType):
                look("function", value)
# CPython keeps a copy of the namespace of a C half, which nothing in Python
# refers to: it has the functions by which SWIG makes classes known.
marks = {
    key: name
    for name, namespace in modules.items() if name[:7] == "itk._it"
    for key in namespace if key.endswith("_swigregister")
}
looked["copy"] = len(set(marks.values()))
tracked["copy"] = sum(
    type(found) is dict
    and not marks.keys().isdisjoint(key for key in found if type(key) is str)
    and not any(found is namespace for namespace in modules.values())
    for found in gc.get_objects()
)
print(json.dumps([looked, +tracked]))
"""

# So few there are at least, of one image: else the program looks in vain.
FEWEST = {
    "class": 100,
    "bases of a class": 100,
    "namespace of a class": 100,
    "function of a class": 1000,
    "builtin_function_or_method of a class": 100,
    "staticmethod of a class": 100,
    "property of a class": 100,
    "function": 50,
    "function in C": 1000,
    "namespace of a proxy": 10,
    "namespace of a C half": 10,
    "copy": 10,
}


class CollectorTest:
    """Subclasses name the bed."""

    def test_what_a_load_makes_is_not_tracked(self):
        looked, tracked = json.loads(self.lazy.run("-c", PROGRAM).stdout)
        for kind, fewest in FEWEST.items():
            self.assertGreaterEqual(looked.get(kind, 0), fewest, kind)
        version = self.lazy.run("--version").stdout.strip()
        self.assertEqual(
            {},
            tracked,
            f"{version} tracks what gc_relief.c has taken off the garbage "
            f"collector's list: if that is new, CPython has changed. Of "
            f"{looked} so many are tracked",
        )


class Collector60Test(CollectorTest, BedTest):
    variable = "LAZYINDEX_BED_60"


class Collector54Test(CollectorTest, BedTest):
    variable = "LAZYINDEX_BED_54"


class CollectorPython312Test(CollectorTest, BedTest):
    variable = "LAZYINDEX_BED_60_312"
    optional = True


class CollectorPython313Test(CollectorTest, BedTest):
    variable = "LAZYINDEX_BED_60_313"
    optional = True


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
