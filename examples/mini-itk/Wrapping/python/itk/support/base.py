"""The loader: which module has a name, and how a module is loaded."""

import importlib
from pathlib import Path

import itkConfig
from itk.support.template_class import itkTemplate

# Which groups of factories a module needs.
needed_factories = {"ITKIOImageBase": "ImageIO"}

# The tables of each module; the module that a name is taken from; all that
# have it.
itk_base_global_module_data = {}
itk_base_global_lazy_attributes = {}
owners = {}

_loaded = set()
_registered = set()


class ITKModuleInfo:
    def __init__(self, name):
        prefix = f"itk.Configuration.{name}"
        config = importlib.import_module(f"{prefix}Config")
        self._depends = config.depends
        self.templates = config.templates
        self.factories = config.factories
        try:
            functions = importlib.import_module(f"{prefix}_snake_case")
            self.functions = functions.snake_case_functions
        except ImportError:
            self.functions = ()

    def get_module_dependencies(self):
        return self._depends


class LibraryLoader:
    def load(self, name):
        return importlib.import_module(name)


def _initialize():
    """The last module that defines a class owns its name; else the first."""
    tables = Path(__file__).parents[1] / "Configuration"
    for name in sorted(
        path.name.removesuffix("Config.py")
        for path in tables.glob("*Config.py")
    ):
        info = itk_base_global_module_data[name] = ITKModuleInfo(name)
        for python_name, _, _, in_module, *_ in info.templates:
            if in_module:
                owners[python_name] = name
        for public in [row[0] for row in info.templates] + [*info.functions]:
            owners.setdefault(public, name)
            itk_base_global_lazy_attributes.setdefault(public, set()).add(name)


def itk_load_swig_module(name, namespace=None):
    """Load a module and all below it; put their names into the namespace."""
    if namespace is None:
        namespace = {}
    info = itk_base_global_module_data[name]
    for below in info.get_module_dependencies():
        itk_load_swig_module(below, namespace)
    callback = itkConfig.ImportCallback
    first = name not in _loaded
    _loaded.add(name)
    if first and callback:
        callback(name, 0)
    swig = LibraryLoader().load(f"itk.{name}Python")
    for python_name, cpp_name, swig_name, _, *parameters in info.templates:
        python_class = getattr(swig, swig_name)
        if parameters:
            template = itkTemplate(cpp_name)
            template.__add__(parameters[0], python_class)
            namespace[python_name] = template
        else:
            itkTemplate.registerNoTpl(cpp_name, python_class)
            namespace[python_name] = python_class
    for function in info.functions:
        namespace[function] = getattr(swig, function)
    if first:
        load_module_needed_factories(name)
        for function in info.functions:
            getattr(swig, f"{function}_init_docstring")()
        if callback:
            callback(name, 1)


def load_module_needed_factories(name):
    """Register the factories of the group that a module needs, once."""
    group = needed_factories.get(name)
    if group is None or not itkConfig.DefaultFactoryLoading:
        return
    for module, info in itk_base_global_module_data.items():
        for factory_group, prefix in info.factories:
            if factory_group == group and prefix not in _registered:
                _registered.add(prefix)
                namespace = {}
                itk_load_swig_module(module, namespace)
                namespace[f"{prefix}{group}Factory"].RegisterOneFactory()


_initialize()
