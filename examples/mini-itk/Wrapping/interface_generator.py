"""Write the SWIG interfaces of a module and its table of functions.

    interface_generator.py DESCRIPTION INTERFACE_DIR SNAKE_CASE_FILE

ITK's igenerator.py does this from what castxml saw. Here the description, a
line for each thing, comes from the .wrap files, and SWIG parses the headers.
"""

import re
import sys
from pathlib import Path

UNIT = """%module(package="itk") {unit}Python
%pythonbegin %{{
from . import _ITKCommonPython
from . import _{module}Python
%}}
%include "mini_itk.i"
%{{
{includes}#include "{unit}.h"
%}}
%init %{{
  itk::SingletonIndex::GetInstance()->CountInitialisation("{unit}Python");
%}}
{imports}{classes}{interfaces}%include "{unit}.h"
{templates}"""

FUNCTION = """%pythoncode %{{
def {function}(*args, **kwargs):
    import itk

    return itk.{name}.New(*args, **kwargs).__internal_call__()


def {function}_init_docstring():
    import itk

    filter_class = itk.{module}.{name}
    {function}.process_object = filter_class
    {function}.__doc__ = filter_class.__doc__
%}}
"""

LIBRARY = """%module(package="itk") {module}Python
%include "mini_library.i"
%{{
{declarations}%}}
%init %{{
  if ({share} < 0)
  {{
    return nullptr;
  }}
{calls}%}}
%pythoncode %{{
swig = {{}}
{dependencies}{stars}%}}
{body}"""

CALL = """  if (mini_add_unit("itk._{unit}Python", PyInit__{unit}Python) < 0)
  {{
    return nullptr;
  }}
"""


class Unit:
    def __init__(self, name):
        self.name = name
        self.imports = []
        self.interfaces = []
        self.classes = []
        self.templates = []
        self.functions = []


def snake_case(name):
    """As ITK: medianImage2D would give odd names, which are kept."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def read(path):
    """The module's name, modules below, interface of its body, units."""
    module, depends, bodies, units = None, [], [], []
    for line in Path(path).read_text().splitlines():
        key, value = line.split(" ", 1)
        if key == "module":
            module = value
        elif key == "depends":
            depends.append(value)
        elif key == "body":
            bodies.append(value)
        elif key == "unit":
            units.append(Unit(value))
        else:
            getattr(units[-1], key).append(value)
    return module, depends, bodies, units


def unit_interface(module, unit):
    text = UNIT.format(
        module=module,
        unit=unit.name,
        imports="".join(f'%import "{name}.i"\n' for name in unit.imports),
        interfaces="".join(f'%include "{name}"\n' for name in unit.interfaces),
        includes="".join(f'#include "{name}.h"\n' for name in unit.imports),
        classes="".join(
            "%rename({}) {};\n".format(*names.split(" ", 1))
            for names in unit.classes
        ),
        templates="".join(
            "%template({}) {};\n".format(*template.split(" ", 1))
            for template in unit.templates
        ),
    )
    for name in unit.functions:
        text += FUNCTION.format(
            function=snake_case(name), name=name, module=module
        )
    return text


def library_interface(module, depends, bodies, units):
    is_first = module == "ITKCommon"
    return LIBRARY.format(
        module=module,
        declarations="".join(
            f'extern "C" PyObject * PyInit__{unit.name}Python();\n'
            for unit in units
        ),
        share=(
            "mini_offer_singleton(m)" if is_first else "mini_take_singleton()"
        ),
        calls="".join(CALL.format(unit=unit.name) for unit in units),
        dependencies="".join(f"import itk.{name}Python\n" for name in depends),
        stars="".join(
            f"from itk.{unit.name}Python import *\n" for unit in units
        ),
        body="".join(f'%include "{name}"\n' for name in bodies),
    )


def main(description, interfaces, snake_case_file):
    module, depends, bodies, units = read(description)
    interfaces = Path(interfaces)
    for unit in units:
        (interfaces / f"{unit.name}.i").write_text(
            unit_interface(module, unit)
        )
    (interfaces / f"{module}.i").write_text(
        library_interface(module, depends, bodies, units)
    )
    if snake_case_file:
        names = sorted(
            snake_case(name) for unit in units for name in unit.functions
        )
        Path(snake_case_file).write_text(
            "snake_case_functions = ({})\n".format(
                "".join(f"{name!r}, " for name in names)
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
