"""Prints what every method of a dictionary gives on ITK's own, as JSON. The
same program runs in a stock and a lazy process: see test_registries.py.

Each look is the first one, in a process of its own, where a template of
ITKPyBase was named and not yet looked into.
"""

import json
import os
import re
import sys
import warnings

warnings.simplefilter("ignore")
import itk  # noqa: E402
import itk.pyBasePython as unit  # noqa: E402
from itk.support.template_class import itkTemplateBase  # noqa: E402

itk.ITKPyBase.vector  # noqa: B018
VIEWS = {
    "table": (itk.ITKPyBase.vector.__template__, (itk.F,)),
    "names": (
        itkTemplateBase.__template_instantiations_name_to_object__,
        "std::vector<float>",
    ),
    "classes": (
        itkTemplateBase.__template_instantiations_object_to_name__,
        unit.vectorF,
    ),
}

# What to run: `d` is the dictionary, `k` a key that it has, and `last` the
# one before its last one; what it returns is told, and what `d` has then.
HEAD = """
import collections, copy, pickle
from collections import OrderedDict
def raises(function, *arguments, **keywords):
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        return type(error).__name__, len(error.args)
def assign(key, value):
    d[key] = value
def delete(key):
    del d[key]
def made(function, arguments):
    return function(*arguments) or d
def join(other):
    global d
    kept = d
    d |= other
    return d is kept
"""
METHODS = {
    "__contains__": "k in d, 'no' in d, raises(lambda: [] in d)",
    "__copy__": "copy.copy(d)",  # of objects, by way of __reduce_ex__
    "__deepcopy__": "len(copy.deepcopy(d))",
    "__delitem__": "delete(k), k in d, raises(delete, k), raises(delete, 'no')",
    "__eq__": "d == dict(d), d == {}, d == d.copy(), d == 1, {} == d, "
    "dict(d) == d, all(v == v for v in others), [d == v for v in others]",
    "__ne__": "d != dict(d), d != {}, [d != v for v in others]",
    "__format__": "format(d)",
    "__ge__": "raises(lambda: d >= d), raises(d.__ge__, {})",
    "__gt__": "raises(lambda: d > d), raises(d.__gt__, {})",
    "__le__": "raises(lambda: d <= d), raises(d.__le__, {})",
    "__lt__": "raises(lambda: d < d), raises(d.__lt__, {})",
    "__getitem__": "d[k], raises(lambda: d['no']), raises(lambda: d[[]])",
    "__getstate__": "d.__getstate__() if hasattr(d, '__getstate__') else 0",
    "__hash__": "raises(hash, d), d.__hash__",
    "__init__": "d.__init__({1: 2})",
    "__ior__": "join({k: 1, 'new': 2}), raises(join, 5)",
    "__iter__": "list(d), list(iter(d)), [*d], sorted(map(repr, d))",
    "__len__": "len(d), bool(d)",
    "__new__": "len(type(d)()), 'no' in type(d)(), type(d)() == {}, "
    "type(d)({1: 2}) == {1: 2}, list(type(d)(d)) == list(d)",
    "__or__": "d | {'new': 1}, d | d, raises(lambda: d | 5), "
    "type(d | {}), [len(d | v) for v in others]",
    "__ror__": "{'new': 1} | d, OrderedDict(new=1) | d, "
    "raises(lambda: 5 | d), [len(v | d) for v in others]",
    "__reduce__": "raises(lambda: len(made(*d.__reduce__()[:2])))",
    "__reduce_ex__": "[made(*d.__reduce_ex__(n)[:2]) == d for n in range(2, 6)]",
    "__repr__": "repr(d)",
    "__reversed__": "list(reversed(d))",
    "__setitem__": "assign(k, 1), d[k], raises(assign, [], 1)",
    "__setitem__ of what is not there": "assign('new', 2), d['new']",
    "__sizeof__": "d.__sizeof__() >= d.copy().__sizeof__() // 2",
    "__str__": "str(d)",
    "clear": "d.clear(), len(d), k in d, list(d)",
    "copy": "d.copy(), type(d.copy())",
    "fromkeys": "type(d).fromkeys([1], 2), type(type(d).fromkeys([1]))",
    "get": "d.get(k), d.get('no'), d.get('no', 5), raises(d.get), "
    "raises(d.get, [])",
    "items": "d.items(), len(d.items()), (k, d[k]) in d.items()",
    "keys": "d.keys(), k in d.keys(), d.keys() & {k}, d.keys() == set(d)",
    "values": "d.values(), len(d.values())",
    "move_to_end": "d.move_to_end(k), list(d)[-1], "
    "d.move_to_end(key=k, last=False), list(d)[0], "
    "raises(d.move_to_end, 'no')",
    "pop": "d.pop(k), k in d, raises(d.pop, k), d.pop(k, 5), "
    "raises(d.pop), raises(d.pop, [])",
    "popitem": "d.popitem(), d.popitem(), "
    "d.popitem(last=False) if isinstance(d, OrderedDict) else 0, "
    "raises(lambda: [d.popitem() for _ in range(100000)])",
    "setdefault": "d.setdefault(k, 1), raises(d.setdefault)",
    "setdefault of what is not there": "d.setdefault('new', 2), "
    "d.setdefault('none')",
    "setdefault by name": "raises(d.setdefault, key=k, default=1)",
    "pop by name": "raises(d.pop, key=k), k in d",
    "update": "d.update({k: 1}), d.update([('new', 2)]), d.update(more=3), "
    "d.update(), raises(d.update, 5)",
    "dict()": "dict(d), type(dict(d))",
    "{**}": "{**d}",
    "OrderedDict()": "OrderedDict(d)",
    "update of another": "[(e := {}), e.update(d), e][2]",
    "ChainMap": "list(collections.ChainMap({}, d)), "
    "collections.ChainMap({}, d)[k]",
    "pickle": "raises(lambda: len(pickle.loads(pickle.dumps(d))))",
    "unpacking": "(lambda *a: len(a))(*d)",
    "isinstance": "isinstance(d, dict), isinstance(d, OrderedDict)",
    "after a pop": "d.pop(k), d.get(k), len(d), k in list(d)",
}
# What an object has, and what differs: the type, and where it keeps the name
# of a template.
OTHERS = {
    "__class__",
    "__class_getitem__",
    "__delattr__",
    "__dict__",
    "__dir__",
    "__doc__",
    "__getattribute__",
    "__init_subclass__",
    "__module__",
    "__setattr__",
    "__subclasshook__",
    "__weakref__",
}


def told(value):
    """What can be compared: types by their names, objects without places."""
    text = value if isinstance(value, str) else repr(value)
    text = text.replace("_lazyindex.OrderedDict", "collections.OrderedDict")
    text = text.replace("_lazyindex.dict", "dict")
    return re.sub(r" at 0x\w+", "", text)


def look(name, code):
    """In a child."""
    view, key = VIEWS[name]
    space = {"d": view, "k": key}
    space["others"] = [v for n, (v, _) in VIEWS.items() if n != name]
    exec(HEAD, space)
    try:
        result = told(eval(code, space))
    except Exception as error:
        result = told(f"{type(error).__name__}: {error}")
    return [result, *map(told, view.items())]


def in_child(name, code):
    read, write = os.pipe()
    if os.fork() == 0:
        with os.fdopen(write, "w") as pipe:
            json.dump(look(name, code), pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.wait()
    return json.loads(text) if text else "nothing"


def main():
    from collections import OrderedDict

    found = {
        "without a look": sorted(
            ({*dir(OrderedDict), *dir(dict)} - OTHERS) - METHODS.keys()
        )
    }
    for name in VIEWS:
        for method, code in METHODS.items():
            found[f"{name} {method}"] = in_child(name, code)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
