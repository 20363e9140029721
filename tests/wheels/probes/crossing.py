"""Modules of a package that no shard describes, in Python only, and programs
in which threads, signals and forks come into the middle of their load."""

PROXY = """import builtins

builtins.runs = getattr(builtins, "runs", []) + [{name!r}]
getattr(builtins, "in_{name}", int)()


class itkCrossing{name}F{size}:
    "Of C++."


class itk{name}Plain:
    "Of C++, too."


def {function}():
    pass


def {function}_init_docstring():
    import itk

    {function}.__doc__ = itk.{name}Plain.__name__
"""

CONFIG = """depends = {depends}
templates = (
    ("Crossing", "itk::Crossing", "itkCrossing{name}F{size}", False, "float,{size}"),
    ("{name}Plain", "itk::{name}Plain", "itk{name}Plain", True),
)
factories = ()
"""

# name -> what it depends on. The last two depend on each other.
MODULES = {
    "CrossA": ("ITKPyBase",),
    "CrossB": ("ITKPyBase",),
    "CrossC": ("CrossA", "CrossB"),
    "CrossD": ("ITKPyBase", "CrossE"),
    "CrossE": ("ITKPyBase", "CrossD"),
}


def install(package):
    """Each has one class of a template, a class and a function, in a unit
    that calls `in_<module>` of the builtins, if there is one."""
    for size, (name, depends) in enumerate(MODULES.items(), 2):
        function = f"{name.lower()}_function"
        words = {
            "name": name,
            "size": size,
            "depends": depends,
            "function": function,
        }
        files = {
            f"Configuration/{name}Config.py": CONFIG,
            f"Configuration/{name}_snake_case.py": (
                f"snake_case_functions = ('{function}', )\n"
            ),
            f"{name}Python.py": "swig = {{}}\nfrom itk.itk{name}Python import *\n",
            f"itk{name}Python.py": PROXY,
        }
        for path, text in files.items():
            if "{name}" in text:
                text = text.format(**words)
            (package / path).write_text(text)


HEAD = """
import builtins, os, signal, sys, threading, time, warnings
warned = []
warnings.showwarning = lambda text, *_: warned.append(str(text))
warnings.filterwarnings("ignore", "builtin type swig")
warnings.filterwarnings("ignore", category=DeprecationWarning)
builtins.runs = []
import itk
def load_in(module, function):
    setattr(builtins, "in_" + module, function)
errors = []
def start(function, *arguments):
    def run():
        try:
            function(*arguments)
        except Exception as error:
            errors.append(error)
    thread = threading.Thread(target=run)
    thread.start()
    return thread
def fails(function, kind):
    try:
        function()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")
def later(number):
    main = threading.main_thread().ident
    threading.Timer(0.3, signal.pthread_kill, [main, number]).start()
def skip_if_locks_are_bad():
    if not hasattr(sys.modules["_frozen_importlib"], "_BlockingOnManager"):
        sys.exit()
inside, go = threading.Event(), threading.Event()
def stay():
    inside.set()
    assert go.wait(60)
def get(name):
    return getattr(itk, name)
def end(*threads):
    go.set()
    for thread in threads:
        thread.join()
    assert not errors and not warned, (errors, warned)
    assert len(runs) == len(set(runs)), runs
    for module in runs:
        part = getattr(itk, module)
        assert part.Crossing is itk.Crossing
        plain = sys.modules[f"itk.itk{module}Python"]
        assert getattr(itk, module + "Plain") is getattr(
            plain, f"itk{module}Plain")
        function = getattr(itk, module.lower() + "_function")
        assert function.__doc__ == f"itk{module}Plain", function.__doc__
        assert getattr(plain, module.lower() + "_function") is function
    assert [n for n in sys.modules if "__lazyindex" in n] == []
# A user's module, made of a function.
class Theirs:
    @staticmethod
    def find_spec(name, path=None, target=None):
        from importlib.machinery import ModuleSpec
        return ModuleSpec(name, Theirs) if name == "theirs" else None
    @staticmethod
    def create_module(spec):
        return None
    @staticmethod
    def exec_module(module):
        theirs(module)
sys.meta_path.append(Theirs)
"""

MODULE_CASES = {
    "one module": """
load_in("CrossA", lambda: time.sleep(0.3))
end(*[start(get, name) for name in ("CrossAPlain", "crossa_function") * 8])
assert runs == ["CrossA"]
""",
    "all modules": """
for module in "CrossA", "CrossB", "CrossC":
    load_in(module, lambda: time.sleep(0.2))
end(*[start(get, name) for name in (
    "CrossCPlain", "CrossBPlain", "CrossAPlain", "Crossing") * 4])
assert sorted(runs) == ["CrossA", "CrossB", "CrossC"]
assert len(itk.Crossing) == 3
""",
    "two at once": """
barrier = threading.Barrier(2)
load_in("CrossA", lambda: barrier.wait(60))
load_in("CrossB", lambda: barrier.wait(60))
end(start(get, "CrossAPlain"), start(get, "CrossBPlain"))
""",
    "two that one needs": """
barrier = threading.Barrier(3)
def wait():
    if barrier.n_waiting < 2:
        barrier.wait(60)
load_in("CrossA", lambda: time.sleep(0.2))
load_in("CrossB", lambda: time.sleep(0.2))
end(start(get, "CrossCPlain"), start(get, "CrossBPlain"),
    start(get, "CrossAPlain"), start(get, "crossc_function"))
""",
    "each needs the other": """
end(start(get, "CrossDPlain"), start(get, "CrossEPlain"))
assert runs.count("CrossD") == runs.count("CrossE") == 1
""",
    "a module by its own name": """
load_in("CrossA", stay)
first = start(get, "CrossAPlain")
assert inside.wait(60)
def direct():
    import itk.CrossAPython as part
    assert part.itkCrossAPlain
second = start(direct)
time.sleep(0.3)
assert second.is_alive()
end(first, second)
""",
    "base.itk_load_swig_module": """
from itk.support import base
names = {}
load_in("CrossC", lambda: time.sleep(0.2))
first = start(get, "CrossCPlain")
second = start(base.itk_load_swig_module, "CrossC", names)
end(first, second)
assert names["CrossAPlain"] is itk.CrossAPlain
assert names["Crossing"] is itk.Crossing
""",
    # What one loads is imported by another, which loads another module.
    "a user's module": """
reached = threading.Event()
def theirs(module):
    reached.set()
    assert inside.wait(60)
    time.sleep({0})
    module.value = itk.CrossBPlain
def use():
    inside.set()
    assert reached.wait(60)
    time.sleep({1})
    from theirs import value
load_in("CrossA", use)
first = start(get, "CrossAPlain")
import theirs as module
assert module.value is itk.CrossBPlain
end(first)
""",
    # The same one: whoever is second to wait must not.
    "a user's module, crosswise": """
reached = threading.Event()
def theirs(module):
    reached.set()
    assert inside.wait(60)
    time.sleep({0})
    try:
        module.value = itk.CrossAPlain
    except ImportError as error:
        assert "waits for this one" in str(error), error
        module.value = None
def use():
    inside.set()
    assert reached.wait(60)
    time.sleep({1})
    import theirs
load_in("CrossA", use)
first = start(get, "CrossAPlain")
import theirs as module
first.join()
assert module.value in (None, itk.CrossAPlain)
end(first)
""",
    "a callback that imports": """
import itkConfig
names = "CrossAPlain", "CrossBPlain", "crossc_function"
def theirs(module):
    module.values = [getattr(itk, name) for name in names]
told = []
def callback(module, progress):
    told.append((module, progress))
    import theirs
itkConfig.ImportCallback = callback
def use():
    import theirs
end(*[start(get, name) for name in names], start(use), start(use))
ours = [(m, p) for m, p in told if m.startswith("Cross")]
assert len(ours) == len(set(ours)) == 6, ours
for module in "CrossA", "CrossB", "CrossC":
    assert ours.index((module, 0)) < ours.index((module, 1))
""",
    # Stopped where itkTemplate.__new__() has looked for a name.
    "one template of two modules": """
from itk.support import template_class
itk.Crossing  # of the first module; this one is of all
name = "itk::CrossingOfTwo"
lines = []
def count_lines(frame, event, argument):
    lines.append(frame.f_lineno)
    if len(lines) == 2:
        stay()
    return count_lines
def stop(frame, event, argument):
    return count_lines if frame.f_code.co_name == "__new__" else None
made = []
def make():
    sys.settrace(stop)
    made.append(template_class.itkTemplate(name))
first = start(make)
inside.wait(0.5)
made.append(template_class.itkTemplate(name))
end(first)
assert made[0] is made[1] is template_class.itkTemplate(name)
import pickle
assert pickle.loads(pickle.dumps(itk.Crossing)) is itk.Crossing
""",
    "asked while the support layer is being imported": """
seen = []
class Ask:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "itk.support.base" and not seen:  # by one that it needs
            seen.append(1)
            fails(lambda: itk.Image, ImportError)
            fails(lambda: itk.CrossAPlain, ImportError)
        return None
sys.meta_path.insert(0, Ask)
assert itk.Image[itk.F, 2] and seen
end(start(get, "CrossAPlain"))
""",
    "an error": """
load_in("CrossA", lambda: 1 / 0)
fails(lambda: get("CrossAPlain"), ZeroDivisionError)
load_in("CrossA", int)
runs.clear()
end(start(get, "CrossAPlain"))
assert runs == ["CrossA"]
""",
    "an error while another waits": """
def fail():
    load_in("CrossA", int)
    stay()
    runs.clear()
    1 / 0
load_in("CrossA", fail)
first = start(get, "CrossAPlain")
assert inside.wait(60)
second = start(get, "CrossAPlain")
time.sleep(0.3)
go.set()
first.join()
second.join()
assert isinstance(errors.pop(), ZeroDivisionError) and not errors
end()
""",
    "an interrupt of one that waits": """
load_in("CrossA", stay)
first = start(get, "CrossAPlain")
assert inside.wait(60)
later(signal.SIGINT)
fails(lambda: get("CrossAPlain"), KeyboardInterrupt)
end(first)
""",
    "an interrupt of one that loads": """
def interrupt():
    load_in("CrossA", int)
    runs.clear()
    signal.raise_signal(signal.SIGINT)
load_in("CrossA", interrupt)
fails(lambda: get("CrossAPlain"), KeyboardInterrupt)
end(start(get, "CrossAPlain"))
""",
    "a signal handler in one that loads": """
def handle(*arguments):
    fails(lambda: get("CrossAPlain"), AttributeError)
    assert itk.CrossBPlain
signal.signal(signal.SIGUSR1, handle)
load_in("CrossA", lambda: signal.raise_signal(signal.SIGUSR1))
itk.CrossAPlain
end()
""",
    "a signal handler in one that waits": """
skip_if_locks_are_bad()
def handle(*arguments):
    threading.Timer(0.2, go.set).start()
    assert itk.CrossBPlain and itk.CrossAPlain
signal.signal(signal.SIGUSR1, handle)
load_in("CrossA", stay)
first = start(get, "CrossAPlain")
assert inside.wait(60)
later(signal.SIGUSR1)
itk.CrossAPlain
end(first)
""",
    "asked for what it is loading": """
seen = []
def ask():
    seen.append(getattr(itk, "CrossAPlain", None))
load_in("CrossA", ask)
itk.CrossAPlain
end()
""",
    "a fork while another loads": """
import itkConfig
def callback(module, progress):
    if module == "CrossA":
        stay()
itkConfig.ImportCallback = callback
first = start(get, "CrossAPlain")
assert inside.wait(60)
child = os.fork()
if child == 0:
    itkConfig.ImportCallback = None
    assert itk.CrossAPlain and itk.CrossCPlain
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
end(first)
""",
    "a fork in the one that loads": """
child = None
def fork():
    global child
    child = os.fork()
    if child == 0:
        assert itk.CrossBPlain
load_in("CrossA", fork)
itk.CrossAPlain
if child != 0:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
end()
os._exit(0)
""",
}

FACTORY_HEAD = (
    HEAD
    + """
import itk.itkPNGImageIOPython as unit
real = unit.itkPNGImageIOFactory.RegisterOneFactory
calls = []
def register_by(function):
    def register():
        calls.append(1)
        function()
        return real()
    unit.itkPNGImageIOFactory.RegisterOneFactory = staticmethod(register)
def factories():
    return [factory.GetNameOfClass()
            for factory in itk.ObjectFactoryBase.GetRegisteredFactories()]
seen = []
def read():
    itk.ImageFileReader
    seen.append(tuple(factories()))
def finish(*threads):
    end(*threads)
    read()
    assert len(set(seen)) == 1 and len(set(seen[0])) == len(seen[0]), seen
    assert "PNGImageIOFactory" in seen[0]
"""
)

FACTORY_CASES = {
    "threads": """
register_by(lambda: time.sleep(0.3))
finish(*[start(read) for _ in range(8)])
assert len(calls) == 1
""",
    "threads that wait": """
register_by(stay)
first = start(read)
assert inside.wait(60)
others = [start(read) for _ in range(4)]
time.sleep(0.3)
assert seen == []
finish(first, *others)
assert len(calls) == 1
""",
    "an error while others wait": """
def fail():
    if len(calls) == 1:
        stay()
        raise ZeroDivisionError
register_by(fail)
first = start(read)
assert inside.wait(60)
other = start(read)
time.sleep(0.3)
go.set()
first.join()
other.join()
assert isinstance(errors.pop(), ZeroDivisionError) and not errors
finish()
assert len(calls) == 2
""",
    "an interrupt of one that waits": """
register_by(stay)
first = start(read)
assert inside.wait(60)
later(signal.SIGINT)
fails(read, KeyboardInterrupt)
finish(first)
""",
    "an interrupt of one that registers": """
def interrupt():
    if len(calls) == 1:
        signal.raise_signal(signal.SIGINT)
register_by(interrupt)
fails(read, KeyboardInterrupt)
finish()
""",
    "a signal handler in one that registers": """
def handle(*arguments):
    assert itk.ImageFileReader and itk.Image
signal.signal(signal.SIGUSR1, handle)
register_by(lambda: signal.raise_signal(signal.SIGUSR1))
read()
finish()
assert len(calls) == 1
""",
    "a signal handler in one that waits": """
skip_if_locks_are_bad()
def handle(*arguments):
    threading.Timer(0.2, go.set).start()
    read()
signal.signal(signal.SIGUSR1, handle)
register_by(stay)
first = start(read)
assert inside.wait(60)
later(signal.SIGUSR1)
read()
finish(first)
assert len(calls) == 1
""",
    "crosswise with a module": """
reached = threading.Event()
def theirs(module):
    reached.set()
    assert inside.wait(60)
    time.sleep({0})
    module.value = itk.ImageFileReader
def use():
    inside.set()
    assert reached.wait(60)
    time.sleep({1})
    import theirs
register_by(use)
first = start(read)
import theirs as module
assert module.value is itk.ImageFileReader
finish(first)
assert len(calls) == 1
""",
    "a fork while another registers": """
register_by(stay)
first = start(read)
assert inside.wait(60)
child = os.fork()
if child == 0:
    register_by(int)
    read()
    assert seen[0].count("PNGImageIOFactory") == 1
    os._exit(len(set(seen[0])) != len(seen[0]))
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
finish(first)
""",
    "a fork in the one that registers": """
child = None
def fork():
    global child
    child = os.fork()
    if child == 0:
        assert itk.ImageFileReader and itk.Image
register_by(fork)
read()
if child != 0:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
finish()
os._exit(0)
""",
}


def programs(head, cases):
    """Names and texts; where the order of two threads matters, in each."""
    for name, code in cases.items():
        orders = [("0.3", "0"), ("0", "0.3")] if "{0}" in code else [()]
        for order in orders:
            text = code
            for number, seconds in enumerate(order):
                text = text.replace(f"{{{number}}}", seconds)
            yield f"{name} {' '.join(order)}".strip(), head + text
