"""Run by `lazyindex verify --types`: load each unit of a package alone and
look for C++ types that have no Python class then, and have one when all units
are loaded. An object of such a type would arrive as a bare SwigPyObject.

Argument: the package's directory. Standard input: a line for each unit, all
that it needs and itself at the end, in load order, separated by blanks.
"""

import collections
import ctypes
import importlib
import json
import os
import selectors
import sys
import time


def closures(lines):
    """[(units to import, unit they are for)], dependencies first.

    Units that many need come first, so that what is loaded for one can be
    shared with others. Whoever needs a unit needs its dependencies, too:
    they are as frequent, and come before it.
    """
    wanted = sorted(map(str.split, lines), key=lambda units: units[-1])
    counts = collections.Counter(u for units in wanted for u in units)
    order = {}
    for unit in (u for units in wanted for u in units):
        order.setdefault(unit, len(order))
    return [
        (sorted(units, key=lambda u: (-counts[u], order[u])), units[-1])
        for units in wanted
    ]


class TypeInfo(ctypes.Structure):
    """swig_type_info, the same since SWIG 1.3."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("str", ctypes.c_char_p),
        ("dcast", ctypes.c_void_p),
        ("cast", ctypes.c_void_p),
        ("clientdata", ctypes.c_void_p),
        ("owndata", ctypes.c_int),
    )


class ModuleInfo(ctypes.Structure):
    """swig_module_info: a unit's table, in a ring of all of them."""


ModuleInfo._fields_ = (
    ("types", ctypes.POINTER(ctypes.POINTER(TypeInfo))),
    ("size", ctypes.c_size_t),
    ("next", ctypes.POINTER(ModuleInfo)),
)


def types_loaded():
    """(count of the types of all units loaded, names of those that have no
    class)"""
    runtimes = (n for n in sys.modules if n.startswith("swig_runtime_data"))
    runtime = next(runtimes, None)
    if runtime is None:
        return 0, []  # only a body that needs no library of its module
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype = ctypes.POINTER(ModuleInfo)
    get.argtypes = ctypes.py_object, ctypes.c_char_p
    first = module = get(
        sys.modules[runtime].type_pointer_capsule,
        f"{runtime}.type_pointer_capsule".encode(),
    )
    has_class = {}
    while True:
        for i in range(module.contents.size):
            info = module.contents.types[i].contents
            known = has_class.get(info.name, False)
            has_class[info.name] = known or info.clientdata is not None
        module = module.contents.next
        if ctypes.addressof(module.contents) == ctypes.addressof(
            first.contents
        ):
            break
    bare = [name.decode() for name, has in has_class.items() if not has]
    return len(has_class), bare


class Worker:
    """Loads closures in forks of its own, and tells each unit's types."""

    def __init__(self, package, wanted):
        self.package = package
        self.output, write = os.pipe()
        self.rest = b""
        self.process = fork(lambda: self._work(write, wanted))
        os.close(write)

    def read(self):
        """@return [(unit, its types or text)], None at the end."""
        chunk = os.read(self.output, 1 << 20)
        if not chunk:
            os.close(self.output)
            os.waitpid(self.process, 0)
            return None
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        return [json.loads(line) for line in lines]

    def _work(self, write, wanted):
        # What C++ has to say while it loads is not the question.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        self._visit(write, wanted, 0)

    def _visit(self, write, wanted, depth):
        """All of these share their first units, which are loaded."""
        groups = {}
        for units, name in wanted:
            if len(units) > depth:
                groups.setdefault(units[depth], []).append((units, name))
            else:
                tell(write, name, types_loaded())
        for unit, group in groups.items():
            status = os.waitpid(
                fork(lambda: self._load(write, unit, group, depth)),  # noqa: B023
                0,
            )[1]
            if status != 0:
                code = os.waitstatus_to_exitcode(status)
                for _, name in group:
                    tell(write, name, f"{unit} ended by {code}")

    def _load(self, write, unit, group, depth):
        # One alone needs no further forks.
        units = group[0][0][depth:] if len(group) == 1 else [unit]
        try:
            for unit in units:
                importlib.import_module(f"{self.package}.{unit}")
        except Exception as error:
            for _, name in group:
                tell(write, name, f"{unit}: {type(error).__name__}: {error}")
        else:
            self._visit(write, group, depth + len(units))


def tell(write, unit, told):
    data = json.dumps([unit, told]).encode() + b"\n"
    while data:
        data = data[os.write(write, data) :]


def fork(body):
    """@return the process that runs it."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            body()
            status = 0
        finally:
            os._exit(status)
    return child


def draw(done, total, started):
    if sys.stderr.isatty() and time.monotonic() - started > 2:
        bar = ("#" * (40 * done // total)).ljust(40, ".")
        line = f"\r\033[Klazyindex: loading units [{bar}] {done}/{total}"
        print(line if done < total else "\r\033[K", end="", file=sys.stderr)
        sys.stderr.flush()


def load_all(package, wanted):
    """{unit: told} for all, with the types of all units loaded as ALL."""
    everything = dict.fromkeys(u for units, _ in wanted for u in units)
    cores = len(os.sched_getaffinity(0))
    wanted = sorted(wanted)
    share = -(-len(wanted) // cores)
    selector = selectors.DefaultSelector()
    for part in [
        [(list(everything), ALL)],
        *(wanted[i : i + share] for i in range(0, len(wanted), share)),
    ]:
        worker = Worker(package, part)
        selector.register(worker.output, selectors.EVENT_READ, worker)
    started = time.monotonic()
    tables = {}
    while selector.get_map():
        for key, _ in selector.select():
            told = key.data.read()
            if told is None:
                selector.unregister(key.fd)
            tables.update(told or ())
            draw(len(tables), len(wanted) + 1, started)
    return tables


def say(text):
    print(f"lazyindex: error: {text}", file=sys.stderr)


def report(told):
    """@return whether all is well."""
    broken = {u: text for u, text in told.items() if isinstance(text, str)}
    for unit, text in broken.items():
        say(f"unit '{unit}' does not load: {text}")
    if broken:
        return False
    count, bare = told.pop(ALL)
    bare = set(bare)
    missing = {}
    for unit, (_, names) in sorted(told.items()):
        for name in set(names) - bare:
            missing.setdefault(name, []).append(unit)
    for name, units in sorted(missing.items()):
        more = f" or {len(units) - 3} more" if len(units) > 3 else ""
        say(
            f"type '{name}' has no class where only {', '.join(units[:3])}"
            f"{more} is loaded: please report it with the version of the "
            "package"
        )
    print(
        f"{len(told)} units loaded alone, {count} types, "
        f"{count - len(bare)} with a class, {len(missing)} missing somewhere"
    )
    return not missing


ALL = "(all units)"


def is_lazy(module):
    """Whether a finder of LazyIndex serves it."""
    return any(
        (type(finder).__module__, type(finder).__name__)
        == ("_lazyindex", "Package")
        and finder.find_spec(f"{module.__name__}.support.base") is not None
        for finder in sys.meta_path
    )


def main(directory):
    wanted = closures(sys.stdin)
    parent, package = os.path.split(os.path.abspath(directory))
    os.environ.pop("LAZYINDEX", None)
    sys.path.insert(0, parent)
    module = importlib.import_module(package)
    if not is_lazy(module):
        say(
            f"'{directory}' is not lazy: to repair: lazyindex apply {directory}"
        )
        return 1
    return 0 if report(load_all(package, wanted)) else 1


sys.exit(main(sys.argv[1]))
