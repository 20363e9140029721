"""Templates: C++ class templates as Python sees them."""

from collections import OrderedDict
from typing import ClassVar

from itk.support.types import itkCType


class itkTemplateBase:
    # Names are normalised: without blanks.
    __template_instantiations_name_to_object__: ClassVar = OrderedDict()
    __template_instantiations_object_to_name__: ClassVar = {}
    __named_template_registry__: ClassVar = {}


class itkTemplate(itkTemplateBase):
    """`itk.Image`: its instantiations by their parameters."""

    def __new__(cls, name):
        known = itkTemplateBase.__named_template_registry__
        if name not in known:
            template = object.__new__(cls)
            template.__local__init__(name)
            known[name] = template
        return known[name]

    def __local__init__(self, name):
        self.__template__ = OrderedDict()
        self.__name__ = name

    @staticmethod
    def normalizeName(name):
        return name.replace(" ", "").replace("*", "")

    @staticmethod
    def registerNoTpl(name, python_class):
        names = itkTemplateBase.__template_instantiations_name_to_object__
        names[itkTemplate.normalizeName(name)] = python_class

    def __add__(self, parameters, python_class):
        names = itkTemplateBase.__template_instantiations_name_to_object__
        name = itkTemplate.normalizeName(f"{self.__name__}<{parameters}>")
        if names.get(name) is python_class:
            return
        names[name] = python_class
        key = tuple(self.__find_parameter(text) for text in split(parameters))
        self.__template__[key] = python_class
        objects = itkTemplateBase.__template_instantiations_object_to_name__
        objects[python_class] = (self, key)

    @staticmethod
    def __find_parameter(text):
        names = itkTemplateBase.__template_instantiations_name_to_object__
        normalized = itkTemplate.normalizeName(text)
        if normalized in names:
            return names[normalized]
        return itkCType.GetCType(text) or int(normalized)

    def _LoadModules(self):
        """Load all modules that have instantiations of this."""
        from itk.support import base

        name = self.__name__.rpartition("::")[2]
        for module in sorted(base.itk_base_global_lazy_attributes[name]):
            base.itk_load_swig_module(module)

    def __getitem__(self, parameters):
        if not isinstance(parameters, tuple):
            parameters = (parameters,)
        if parameters not in self.__template__:
            self._LoadModules()
        return self.__template__[parameters]

    def keys(self):
        return list(self.__template__)

    def values(self):
        return list(self.__template__.values())

    def __len__(self):
        return len(self.__template__)

    def __iter__(self):
        return iter(self.keys())

    def __repr__(self):
        return f"<itkTemplate {self.__name__}>"

    def New(self, *args, **kwargs):
        """An object of the instantiation whose first parameter is the type of
        the first argument; of the first instantiation without arguments.
        Keyword arguments are set."""
        python_class = self.values()[0]
        if args:
            wanted = type(args[0])
            python_class = next(
                self.__template__[key] for key in self if key[0] is wanted
            )
        return Instance(python_class.New(), args, kwargs)


class Instance:
    """An object with its pipeline; behaves as the object."""

    def __init__(self, wrapped, args, kwargs):
        self.wrapped = wrapped
        if args:
            wrapped.SetInput(args[0])
        for name, value in kwargs.items():
            getattr(wrapped, f"Set{name}")(value)

    def __getattr__(self, name):
        return getattr(self.wrapped, name)

    def __internal_call__(self):
        self.wrapped.Update()
        return self.wrapped.GetOutput()


def split(parameters):
    """At the commas outside of brackets."""
    parts, depth = [""], 0
    for letter in parameters:
        depth += (letter == "<") - (letter == ">")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]
