"""What a package made lazy falls back to: its own __init__, its modules' own
start-up files, and its own way to load modules that no shard describes."""

import os
import sys
from _thread import get_ident

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
    loaded: module -> its public objects

    Any number of threads may be in here; load() of a module has one at a
    time. What comes before it and after it must not make others wait.
    """

    def __init__(self, package, modules):
        self.package = package
        self.owners = {}
        self.modules = {}
        self.factories = []
        self.loaded = {}
        self._below = set()  # modules whose library is loaded, without units
        self._busy = {}  # (process, thread) -> modules that it is at
        self._told = {}  # what ImportCallback was told
        for module in sorted(modules):
            self._read(module)

    def _import(self, name):
        from importlib import import_module

        return import_module(f"{self.package}.{name}")

    def _table(self, module):
        return vars(self._import(f"Configuration.{module}"))

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

    def prepare(self, module):
        """What a module needs: modules below it, with their factories."""
        before = self._begin(module)
        try:
            if module not in before:
                self._load_below(module, {module})
                self._tell(module, 0)
        finally:
            self._end(before)

    def _load_below(self, module, seen):
        base = self._import("support.base")
        known = base.itk_base_global_module_data
        busy = self._busy[self._me()]
        for name in known[module].get_module_dependencies():
            if name in self.modules:
                if name not in self.loaded and name not in busy:
                    base.itk_load_swig_module(name)  # ours
            elif name not in self._below and name not in seen:
                seen.add(name)
                self._load_below(name, seen)
                self._import(f"_{name}Python")
                base.load_module_needed_factories(name)
                self._below.add(name)

    def load(self, module, again):
        """Load a module the package's own way; its public objects.

        Where this thread is at it already, for code of the module asks for
        what the module has, it finds what is there of it, and what loads it
        comes to know nothing of that.
        """
        if module in self.loaded:  # another thread was faster
            return self.loaded[module]
        before, found = self._begin(module), {}
        try:
            parts = vars(self._import(f"{module}Python"))
            if again:
                self._load_part(module, parts, found)
            else:
                self._stock_load()(module, found)
                self.loaded[module] = found
        finally:
            self._end(before)
        return found

    def _load_part(self, module, parts, found):
        flag = "__templates_loaded"
        is_registered = flag in parts
        parts.setdefault("swig", {})
        load = self._stock_load(debug_print_error=lambda error: None)
        try:
            load(module, found)
        except AttributeError:
            pass  # a function that is not there yet
        finally:
            if not is_registered:
                parts.pop(flag, None)

    def finish(self, module):
        self._tell(module, 1)

    def ready(self, factories):
        """Those before the first of a module that this thread is at: order
        matters."""
        busy = self._busy.get(self._me(), ())
        is_busy = [factory[0] in busy for factory in factories]
        return factories[: [*is_busy, True].index(True)]

    def _me(self):
        """A child of a fork is not at what its parent's threads were at."""
        return os.getpid(), get_ident()

    def _begin(self, module):
        """What this thread was at before."""
        before = self._busy.get(self._me(), ())
        self._busy[self._me()] = (*before, module)
        return before

    def _end(self, before):
        if before:
            self._busy[self._me()] = before
        else:
            self._busy.pop(self._me(), None)

    def _tell(self, module, progress):
        """Once, and by one thread, what the package's own function tells."""
        me = object()
        if self._told.setdefault((module, progress), me) is me:
            import itkConfig

            if itkConfig.ImportCallback:
                itkConfig.ImportCallback(module, progress)

    def _stock_load(self, **more):
        """The package's own function, but that what it needs of other modules
        is there, that ImportCallback was told, and that the process keeps its
        directory and path."""
        import importlib
        from types import FunctionType

        base = self._import("support.base")
        base.itk_load_swig_module  # noqa: B018 - now its own is there
        stock = base.__stock_load__

        class Loader:
            def load(self, name):
                return importlib.import_module(name)

        class Config:
            ImportCallback = None

            def __getattr__(self, name):
                return getattr(base.itkConfig, name)

        def below(name, namespace=None):
            if name in self.loaded and namespace is not None:
                load(name, namespace)

        ours = {
            "itk_load_swig_module": below,
            "LibraryLoader": Loader,
            "itkConfig": Config(),
        }
        load = FunctionType(
            stock.__code__,
            vars(base) | ours | more,
            stock.__name__,
            stock.__defaults__,
        )
        return load
