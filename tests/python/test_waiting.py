"""One thread does what others wait for: support/base.py is executed once.

Each case is a process. `meanwhile` is called in the middle of that, in every
run of it, and may be anything: another thread, a signal, a fork.
"""

import itertools
import subprocess
import unittest

from fake_package import make_package
from tally import Tally
from test_process import TOOL, ProcessTest

BASE = """\
needed_factories = {}
import builtins

builtins.runs = getattr(builtins, "runs", []) + [__name__]
EARLY = 1
getattr(builtins, "meanwhile", int)()
VALUE = object()
itk_base_global_lazy_attributes = {}


def itk_load_swig_module():
    pass
"""

HEAD = """
import builtins, os, signal, sys, threading, time
builtins.runs = []
def while_running(function):
    builtins.meanwhile = function
def once(function):
    def run():
        while_running(int)
        function()
    while_running(run)
def start(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    return thread
def fails(function, kind):
    try:
        function()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")
# The thread `first` is at it until somebody says `go`.
inside, go = threading.Event(), threading.Event()
def stay():
    inside.set()
    assert go.wait(60)
def begin():
    once(stay)
    thread = start(get)
    assert inside.wait(60)
    return thread
values = []
def get():
    values.append(base.VALUE)
def end(*threads):
    go.set()
    for thread in threads:
        thread.join()
    assert len(set(map(id, values))) == 1, values
def later(number):
    main = threading.main_thread().ident
    threading.Timer(0.2, signal.pthread_kill, [main, number]).start()
# Before 3.12, an import in a signal handler breaks one that it came into the
# middle of, whoever imports what.
def skip_if_locks_are_bad():
    if not hasattr(sys.modules["_frozen_importlib"], "_BlockingOnManager"):
        sys.exit()
def guards():
    return [name for name in sys.modules if "__lazyindex" in name]
from itk.support import base
"""

CASES = {
    "alone": "get()\nend()\nassert len(runs) == 1",
    "threads": """
while_running(lambda: time.sleep(0.2))
end(*[start(get) for _ in range(16)])
assert len(values) == 16 and len(runs) == 1
""",
    "a thread that waits": """
first = begin()
others = [start(get) for _ in range(4)]
time.sleep(0.2)
assert values == []
end(first, *others)
assert len(values) == 5 and len(runs) == 1
""",
    "a name that is there, of what is not complete": """
first = begin()
early = []
other = start(lambda: early.append(base.EARLY))
other_import = start(exec, "from itk.support.base import EARLY")
time.sleep(0.2)
assert early == [] and other.is_alive() and other_import.is_alive()
end(first, other, other_import)
assert early == [1] and type(base) is type(sys)
""",
    "listing": """
first = begin()
others = [start(lambda: values.append(base.VALUE if "VALUE" in dir(base) else 0))]
end(first, *others)
""",
    "an error": """
once(lambda: 1 / 0)
fails(get, ZeroDivisionError)
get()
end()
assert len(runs) == 2
""",
    "an error while others wait": """
def fail():
    stay()
    1 / 0
once(fail)
errors = []
first = start(lambda: errors.append(fails(get, ZeroDivisionError)))
inside.wait(60)
others = [start(get) for _ in range(4)]
end(first, *others)
assert len(errors) == 1 and len(values) == 4 and len(runs) == 2
""",
    "an exit": """
def leave():
    raise SystemExit(3)
once(leave)
assert fails(get, SystemExit).code == 3
get()
end()
""",
    "no recursion": """
def again():
    fails(get, AttributeError)
    assert base.EARLY == 1
while_running(again)
get()
end()
assert len(runs) == 1
""",
    "an interrupt of one that waits": """
first = begin()
later(signal.SIGINT)
fails(get, KeyboardInterrupt)
assert values == []
other = start(get)
end(first, other)
get()
end()
assert len(runs) == 1
""",
    "a signal handler in one that waits": """
skip_if_locks_are_bad()
def handle(*arguments):
    threading.Timer(0.2, go.set).start()
    get()
signal.signal(signal.SIGUSR1, handle)
first = begin()
later(signal.SIGUSR1)
get()
end(first)
assert len(values) == 3 and len(runs) == 1
""",
    "a signal handler in one that runs": """
seen = []
def handle(*arguments):
    seen.append(fails(get, AttributeError))
    assert base.EARLY == 1
signal.signal(signal.SIGUSR1, handle)
while_running(lambda: signal.raise_signal(signal.SIGUSR1))
get()
end()
assert len(seen) == 1 and len(runs) == 1
""",
    "an interrupt of one that runs": """
once(lambda: signal.raise_signal(signal.SIGINT))
fails(get, KeyboardInterrupt)
get()
end()
assert len(runs) == 2
""",
    # In the import system's own code, after and before the body.
    "signals everywhere": """
skip_if_locks_are_bad()
import importlib
def handle(*arguments):
    getattr(base, "VALUE", 0)
signal.signal(signal.SIGALRM, handle)
for place in range(1, 1000):
    del sys.modules["itk.support.base"]
    base = importlib.import_module("itk.support.base")
    runs.clear()
    seen = 0
    def tell(frame, event, argument):
        global seen
        seen += 1
        if seen == place:
            signal.raise_signal(signal.SIGALRM)
        return tell
    sys.settrace(tell)
    value = base.VALUE
    sys.settrace(None)
    assert base.VALUE is value and len(runs) == 1, (place, runs)
    if seen < place:
        break
assert 50 < place < 999, place
""",
    "sys.modules emptied": """
def empty():
    saved = {n: m for n, m in sys.modules.items() if "__lazyindex" not in n}
    sys.modules.clear()
    sys.modules.update(saved)
once(empty)
get()
end()
assert len(runs) == 1
""",
    "sys.modules emptied, and an error": """
def empty():
    for name in guards():
        del sys.modules[name]
    1 / 0
once(empty)
fails(get, ZeroDivisionError)
get()
end()
""",
    "sys.modules emptied while others wait": """
def empty():
    for name in guards():
        del sys.modules[name]
    stay()
once(empty)
first = start(get)
inside.wait(60)
others = [start(get) for _ in range(4)]
time.sleep(0.2)
end(first, *others)
assert len(values) == 5 and len(runs) == 1
""",
    "another __import__": """
real = builtins.__import__
def forbid(name, *arguments):
    assert "__lazyindex" not in name
    return real(name, *arguments)
builtins.__import__ = forbid
first = begin()
other = start(get)
end(first, other)
assert len(runs) == 1
""",
    "no finder": """
sys.meta_path[:] = [f for f in sys.meta_path if "Package" not in str(f)]
kept = list(sys.meta_path)
first = begin()
others = [start(get) for _ in range(4)]
time.sleep(0.2)
assert values == []
end(first, *others)
assert len(values) == 5 and len(runs) == 1 and sys.meta_path == kept
""",
    "no finder at all": """
sys.meta_path.clear()
while_running(lambda: fails(get, AttributeError))
get()
end()
assert len(runs) == 1 and sys.meta_path == []
""",
    "no list of finders": """
kept, sys.meta_path = sys.meta_path, None
while_running(lambda: fails(get, AttributeError))
get()
sys.meta_path = kept
end()
assert len(runs) == 1
""",
    "a finder that forbids": """
class Forbid:
    @staticmethod
    def find_spec(name, path=None, target=None):
        raise ImportError(f"{name} is forbidden")
sys.meta_path.insert(0, Forbid)
first = begin()
other = start(get)
time.sleep(0.2)
assert values == []
end(first, other)
assert len(runs) == 1 and sys.meta_path[0] is Forbid
""",
    "a finder that fails": """
class Fail:
    @staticmethod
    def find_spec(name, path=None, target=None):
        1 / 0
sys.meta_path.insert(0, Fail)
fails(get, ZeroDivisionError)
sys.meta_path.remove(Fail)
get()
end()
""",
    "crosswise with a module": """
import types
loading = threading.Event()
class Crossing:
    @staticmethod
    def find_spec(name, path=None, target=None):
        from importlib.machinery import ModuleSpec
        return ModuleSpec(name, Crossing) if name == "crossing" else None
    @staticmethod
    def create_module(spec):
        return None
    @staticmethod
    def exec_module(module):
        module.early = 1
        loading.set()
        assert inside.wait(60)
        time.sleep({0})
        module.seen = getattr(base, "VALUE", None)
sys.meta_path.append(Crossing)
def cross():
    inside.set()
    assert loading.wait(60)
    if {2}:
        for name in guards():
            del sys.modules[name]
    time.sleep({1})
    import crossing
    assert crossing.early == 1
once(cross)
first = start(get)
import crossing
first.join()
get()
end()
assert crossing.seen in (None, base.VALUE) and len(runs) == 1
""",
    "a fork while another runs": """
first = begin()
child = os.fork()
if child == 0:
    get()
    os._exit(len(runs) != 2)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
end(first)
assert len(runs) == 1
""",
    "a fork in the one that runs": """
child = None
def fork():
    global child
    child = os.fork()
    if child == 0:
        fails(get, AttributeError)
once(fork)
get()
if child == 0:
    os._exit(len(runs) != 1)
end()
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
""",
    "a fork in one that waits": """
def handle(*arguments):
    global child
    child = os.fork()
    if child == 0:
        get()
        os._exit(len(values) != 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
signal.signal(signal.SIGUSR1, handle)
first = begin()
later(signal.SIGUSR1)
threading.Timer(0.6, go.set).start()
get()
end(first)
assert len(runs) == 1
""",
    "another package": """
from kit.support import base as other
seen = []
def cross():
    seen.append(len(runs))
    if len(seen) == 1:
        assert other.VALUE
        assert other.VALUE is not getattr(base, "VALUE", None)
    else:
        fails(get, AttributeError)
while_running(cross)
get()
end()
assert runs == ["itk.support.base", "kit.support.base"]
""",
    "two packages crosswise": """
from kit.support import base as other
barrier = threading.Barrier(2)
names = set()
def cross():
    if len(names) < 2:
        names.add(threading.get_ident())
        barrier.wait(60)
        getattr(other if threading.current_thread() is first else base, "VALUE", 0)
while_running(cross)
first = threading.Thread(target=get)
first.start()
other.VALUE
first.join()
end()
assert len(runs) == 2
""",
    "imported anew": """
old = base
for name in [m for m in sys.modules if m.split(".")[0] == "itk"]:
    del sys.modules[name]
from itk.support import base
seen = []
def cross():
    seen.append(len(runs))
    if len(seen) == 1:
        assert old.VALUE
while_running(cross)
get()
end()
assert len(runs) == 2 and old is not base and old.VALUE is not base.VALUE
""",
    "left behind": """
get()
end()
assert guards() == []
""",
}
# Which of two waits first, and whether sys.modules has lost what it knows.
ORDERS = [
    (first, second, emptied)
    for first, second in (("0.2", "0"), ("0", "0.2"), ("0", "0"))
    for emptied in ("True", "False")
]


class WaitingTest(ProcessTest):
    @classmethod
    def make_site(cls, name):
        site = cls.folder / name
        make_package(site)
        (site / "itk/support/base.py").write_text(BASE)
        other = cls.folder / "other"
        make_package(other)
        init = other / "itk/__init__.py"
        init.write_text(init.read_text().replace("itk.", "kit."))
        (other / "itk/support/base.py").write_text(BASE)
        (other / "itk").rename(site / "kit")
        for package in ("itk", "kit"):
            subprocess.run([TOOL, "apply", site / package], check=True)
        return site

    def test_waiting(self):
        tally = Tally("threads, signals and forks while one thread loads")
        cases = []
        for name, code in CASES.items():
            if "{0}" in code:
                for order in ORDERS:
                    filled = code
                    for number, value in enumerate(order):
                        filled = filled.replace(f"{{{number}}}", value)
                    cases.append((f"{name}, {order}", filled))
            else:
                cases.append((name, code))
        for python, (name, code) in itertools.product(self.pythons(), cases):
            with self.subTest(name, python=python), tally.case():
                program = "import warnings\n"
                program += "warnings.simplefilter('ignore')\n" + HEAD + code
                self.assertWorks(tally, program, python=python, timeout=60)
        tally.report()


if __name__ == "__main__":
    unittest.main()
