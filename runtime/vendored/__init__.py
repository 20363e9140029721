"""What LazyIndex adds to a package: its shards, its runtime, and the
package's own __init__ to fall back to."""

import os
import sys


def attach(name):
    """Make the package `name`, which is being imported, lazy.

    Where that cannot be (LAZYINDEX=off, the package's own switch for eager
    loading, a runtime that this interpreter cannot load, a damaged index),
    the package's own __init__ runs instead; the last two also warn.
    """
    hooks = None
    if os.environ.get("LAZYINDEX") != "off":
        try:
            from . import _lazyindex

            hooks = _lazyindex.attach(sys.modules[name])
        except (ImportError, OSError) as error:
            import warnings

            directory = os.path.dirname(os.path.dirname(__file__))
            warnings.warn(
                f"{name} is not lazy: {error}; "
                f"to repair: lazyindex apply {directory}",
                RuntimeWarning,
                stacklevel=3,
            )
    if hooks is None:
        run_stock(name)
    elif hooks:
        run_hooks(name, hooks)


def run_stock(name):
    """Run the package's own __init__ in the package's namespace."""
    from importlib.machinery import SourceFileLoader

    path = os.path.join(os.path.dirname(__file__), "stock_init.py")
    exec(SourceFileLoader(name, path).get_code(name), vars(sys.modules[name]))


def run_hooks(name, modules):
    """Run __init_<module>__.py for each module that brought one, the way the
    package's own __init__ does."""
    import importlib.util

    directory = os.path.dirname(os.path.dirname(__file__))
    for module in modules:
        path = os.path.join(directory, f"__init_{module.lower()}__.py")
        if os.path.isfile(path):
            spec = importlib.util.spec_from_file_location(
                f"{module}.__init__", path
            )
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
