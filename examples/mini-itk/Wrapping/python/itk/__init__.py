# ruff: noqa: F401, F403 (names for users of the package)
"""itk: a miniature of ITK's top-level package.

Modules are loaded as a whole when one of their names is first used, with all
modules below them, as in ITK.
"""

from itkConfig import ITK_GLOBAL_VERSION_STRING as __version__

from itk.support.extras import *
from itk.support.init_helpers import *
from itk.support.types import UC, D, F


def _load_submodule(name):
    import sys
    import types

    from itk.support import base

    module = types.ModuleType(f"itk.{name}")
    module.__package__ = "itk"
    base.itk_load_swig_module(name, vars(module))
    sys.modules[module.__name__] = module
    return module


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'itk' has no attribute {name!r}")

    from itk.support import base

    if name in base.itk_base_global_module_data:
        globals()[name] = _load_submodule(name)
    elif name in base.owners:
        base.itk_load_swig_module(base.owners[name], globals())
    else:
        raise AttributeError(f"module 'itk' has no attribute {name!r}")
    return globals()[name]


def __dir__():
    from itk.support import base

    return [*globals(), *base.owners, *base.itk_base_global_module_data]
