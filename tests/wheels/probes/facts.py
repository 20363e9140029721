"""What the probes share: facts about objects, told as JSON values that two
processes, in two environments, can agree on."""

import contextlib
import hashlib
import io
import json
import os
import re
import signal
import sys
import types
import warnings
import zlib

SITE = next(
    (path for path in sys.path if path.endswith("site-packages")), "/nowhere"
)
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}|\b[0-9]{12,15}\b")


def plain(text):
    """Text without what differs from process to process."""
    return ADDRESS.sub("0x", text).replace(SITE, "<site>")


def digest(data):
    if isinstance(data, str):
        data = data.encode(errors="surrogatepass")
    return hashlib.sha256(data).hexdigest()[:16]


def type_name(value):
    """Of a value that came out of C++; a few items of a sequence."""
    cls = type(value)
    name = f"{cls.__module__}.{cls.__qualname__}"
    if cls in (tuple, list):
        return f"{name}[{', '.join(map(type_name, value[:4]))}]"
    return name


def guarded(function, *arguments):
    """A function's value, or what it raised."""
    try:
        return function(*arguments)
    except Exception as error:
        return told_error(error)


def type_of_object(value):
    if isinstance(value, types.ModuleType):
        return "module"
    return type(value).__name__


def told_error(error):
    """Type and text of an exception, and what an AttributeError adds."""
    told = [f"{type(error).__name__}: {plain(str(error))}"]
    if isinstance(error, AttributeError):
        told.append(getattr(error, "name", None))
        told.append(type_of_object(getattr(error, "obj", None)))
    return told


def chosen(name, one_in):
    """Is this name in the sample? The same answer everywhere."""
    return zlib.crc32(name.encode()) % one_in == 0


@contextlib.contextmanager
def heard():
    """Collect what a block prints and warns of."""
    out = io.StringIO()
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
    ):
        warnings.simplefilter("always")
        told = {}
        yield told
    told["printed"] = plain(out.getvalue())
    told["warned"] = [
        f"{w.category.__name__}: {plain(str(w.message))}"
        for w in caught
        if "builtin type swig" not in str(w.message).lower()
    ]


class Child:
    """A fork of this process that tells (key, value) pairs.

    With a key alone it says what it is at; if it dies there, `at` has it.
    """

    def __init__(self, name, seconds=600):
        self.name = name
        self.facts = {}
        self.at = None
        self.seconds = seconds

    def run(self, body):
        """Run body(tell) in the fork. @return how it ended: 0 is well."""
        read, write = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(read)
            self._be_child(write, body)
        os.close(write)
        with open(read, encoding="utf-8") as lines:
            for line in lines:
                key, *value = json.loads(line)
                self.at = key
                if value:
                    self.facts[key] = value[0]
                    self.at = None
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def _be_child(self, write, body):
        status = 1
        try:
            signal.alarm(self.seconds)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)

            def tell(*pair):
                line = json.dumps(pair) + "\n"
                os.write(write, line.encode())

            body(tell)
            status = 0
        except BaseException as error:
            tell(f"uncaught/{self.name}", told_error(error))
        finally:
            os._exit(status)
