"""Prints, as JSON, what looks at a package give where one allocation fails,
whichever: the right answer, or MemoryError. Anything else is wrong."""

import _testcapi
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
import itk  # noqa: E402
import itk.ITKPyBasePython as aggregator  # noqa: E402
import itk.itkVersorPython as unit  # noqa: E402
from itk.support import base  # noqa: E402
from itk.support.template_class import itkTemplateBase  # noqa: E402

# Each look is the first one in its process. `itk.Versor` has not been used,
# though its unit is imported; what these need else is loaded.
itk.Index.keys()
itk.ITKPyBase.vector.keys()
base.itk_load_swig_module  # noqa: B018
names = itkTemplateBase.__template_instantiations_name_to_object__
classes = itkTemplateBase.__template_instantiations_object_to_name__
index, lone = itk.Index[2], chr(0xD800)
LOOKS = {
    "a miss": lambda: hasattr(itk, "Nothing"),
    "a name that is none": lambda: hasattr(itk, lone),
    "a miss in a module": lambda: hasattr(itk.ITKPyBase, "Nothing"),
    "a template": lambda: itk.Vector.__name__,
    "a class": lambda: itk.string.__name__,
    "a helper": lambda: itk.imread.__name__,
    "a name in C++": lambda: names["itk::Index<2>"] is index,
    "no name in C++": lambda: "itk::Index<77>" in names,
    "a class of a unit": lambda: repr(classes[unit.itkVersorD][1]),
    "a class of none": lambda: int in classes,
    "an attribute": lambda: itk.Index.x2 is index,
    "a key": lambda: (2,) in itk.Index.__template__,
    "the whole": lambda: len(itk.Index.__template__),
    "a copy": lambda: len(itk.Index.__template__ | {}),
    "what SWIG made": lambda: itk.swig["vectorF"].__name__,
    "an aggregator": lambda: aggregator.vectorF.__name__,
    "a listing": lambda: len(dir(itk)),
    "a listing of a module": lambda: len(dir(itk.ITKPyBase)),
    "a listing of base": lambda: "needed_factories" in dir(base),
    "a module": lambda: base.itk_load_swig_module("ITKPyBase", {}),
}


def attempt(look, number):
    """In a child, where the allocation of that number fails; none: -1."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if number >= 0:
                _testcapi.set_nomemory(number, number + 1)
            answer = look()
        except MemoryError:
            answer = MemoryError
        except BaseException as error:
            answer = error
        _testcapi.remove_mem_hooks()
        told = "MemoryError" if answer is MemoryError else repr(answer)
        os.write(write, told.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        told = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return told if status == 0 else f"ended by {status}"


def attempts(look):
    """Until none has failed for long: there are no more allocations."""
    right = attempt(look, -1)
    wrong, cases, quiet, number = [], 0, 0, 0
    while quiet < 40 and number < 2000:
        told = attempt(look, number)
        quiet = 0 if told == "MemoryError" else quiet + 1
        if told not in ("MemoryError", right):
            wrong.append((number, told))
        cases += 1
        number += 1
    return {"right": right, "wrong": wrong, "cases": cases}


if __name__ == "__main__":
    only = sys.argv[1:]
    looks = {n: look for n, look in LOOKS.items() if not only or n in only}
    json.dump({n: attempts(look) for n, look in looks.items()}, sys.stdout)
