"""What a package made lazy falls back to: its own __init__, its modules' own
start-up files, and its own way to load modules that no shard describes."""

import os
import sys
from threading import get_ident

DIRECTORY = os.path.dirname(__file__)


def find(name):
    """The package's own __init__, and whether it is where it belongs: it is
    while LazyIndex is taken out of the package that is being imported."""
    from importlib.machinery import SourceFileLoader

    init = os.path.join(os.path.dirname(DIRECTORY), "__init__.py")
    # Several times: it may change its place more than once.
    for path in (os.path.join(DIRECTORY, "stock_init.py"), init) * 3:
        try:
            code = SourceFileLoader(name, path).get_code(name)
        except FileNotFoundError:
            continue
        if "_lazyindex" not in code.co_names:  # not the one that calls us
            return code, path == init
    raise ImportError(f"{name}: its own __init__ is lost: reinstall it")


def run(name, error=None):
    """Run the package's own __init__ in the package's namespace.

    With `error`, the reason why it is not lazy, also warn. Where warnings are
    errors, that is no reason to be without the package.
    """
    code, is_reverted = find(name)
    if error is not None and not is_reverted:
        import warnings

        text = (
            f"{name} is not lazy: {error}; "
            f"to repair: lazyindex apply {os.path.dirname(DIRECTORY)}"
        )
        try:
            warnings.warn(text, RuntimeWarning, stacklevel=3)
        except RuntimeWarning:
            if sys.stderr is not None:  # print() would take stdout
                print(f"lazyindex: warning: {text}", file=sys.stderr)
    exec(code, vars(sys.modules[name]))


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


class Unindexed:
    """Modules that no shard describes, and their tables.

    owners: public name -> (module, class_in_module), by the package's rule
    modules: module -> its public names, as keys of a dict
    factories: (group, module, number in the module, name of the class)
    """

    def __init__(self, package, modules):
        self.package = package
        self.owners = {}
        self.modules = {}
        self.factories = []
        self._loaded = {}
        self._below = set()  # modules whose library is loaded, without units
        self._load = None
        self._loading = {}  # thread -> modules that it is loading
        for module in sorted(modules):
            self._read(module)

    def _table(self, module):
        from importlib import import_module

        return vars(import_module(f"{self.package}.Configuration.{module}"))

    def _read(self, module):
        table = self._table(module + "Config")
        names = self.modules[module] = {}
        for name, _, _, *more in table.get("templates", ()):
            names[name] = names.get(name, False) or bool(more and more[0])
        try:
            functions = self._table(module + "_snake_case")
        except ImportError:
            functions = {}
        for name in functions.get("snake_case_functions", ()):
            names.setdefault(name, False)
        for name, in_module in names.items():
            if in_module or name not in self.owners:
                self.owners[name] = module, in_module
        for number, (group, prefix) in enumerate(table.get("factories", ())):
            factory = f"{prefix}{group}Factory"
            self.factories.append((group, module, number, factory))

    def load(self, module):
        """Load a module the package's own way; return its public objects.

        Whoever calls lets one thread at a time come here, as the package does.
        """
        if module not in self._loaded:
            if self._load is None:
                self._load = self._stock_load()
            found = {}
            me = get_ident()
            before = self._loading.get(me, frozenset())
            self._loading[me] = before | {module}
            try:
                self._load(module, found)
            finally:
                self._loading[me] = before
            self._loaded[module] = found
        return self._loaded[module]

    def ready(self, factories):
        """Those whose module is not just being loaded by this thread."""
        busy = self._loading.get(get_ident(), ())
        return [factory for factory in factories if factory[0] not in busy]

    def _stock_load(self):
        """The original function, but that modules below come from the index,
        and that the process keeps its directory and path."""
        import types
        from importlib import import_module

        base = import_module(f"{self.package}.support.base")
        base.itk_load_swig_module  # noqa: B018 - now the original is there
        original = base.__stock_load__

        class Loader:
            def load(self, name):
                module = import_module(name)
                module.__spec__.loader.exec_module(module)
                return module

        def below(name, namespace=None):
            if name in self.modules:
                load(name, namespace)
            elif name not in self._below:
                self._below.add(name)
                known = base.itk_base_global_module_data
                for dependency in known[name].get_module_dependencies():
                    below(dependency)
                import_module(f"{self.package}._{name}Python")
                base.load_module_needed_factories(name)

        load = types.FunctionType(
            original.__code__,
            vars(base)
            | {"itk_load_swig_module": below, "LibraryLoader": Loader},
            original.__name__,
            original.__defaults__,
        )
        return load
