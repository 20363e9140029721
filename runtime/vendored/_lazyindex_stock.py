"""What a package made lazy falls back to: its own __init__, and its modules'
own start-up files."""

import os
import sys

DIRECTORY = os.path.dirname(__file__)


def run(name, error=None):
    """Run the package's own __init__ in the package's namespace.

    With `error`, the reason why it is not lazy, also warn.
    """
    from importlib.machinery import SourceFileLoader

    if error is not None:
        import warnings

        warnings.warn(
            f"{name} is not lazy: {error}; "
            f"to repair: lazyindex apply {os.path.dirname(DIRECTORY)}",
            RuntimeWarning,
            stacklevel=3,
        )
    path = os.path.join(DIRECTORY, "stock_init.py")
    exec(SourceFileLoader(name, path).get_code(name), vars(sys.modules[name]))


def run_hooks(modules):
    """Run __init_<module>__.py for each module that brought one, the way the
    package's own __init__ does."""
    import importlib.util

    for module in modules:
        path = os.path.join(
            os.path.dirname(DIRECTORY), f"__init_{module.lower()}__.py"
        )
        if os.path.isfile(path):
            spec = importlib.util.spec_from_file_location(
                f"{module}.__init__", path
            )
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
