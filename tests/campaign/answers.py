"""What a package answers, as facts that can be compared.

With damaged records, an answer is right if it is that of the undamaged
package, or what a damaged record says: the digest is right, so nobody can know
better. It is a clean refusal if it is an exception that users have to expect.
All else is wrong, and so is any SystemError: that is how Python tells of a
function in C that returned nothing and raised nothing, or did both.
"""

import importlib
import re
import sys
import types
from collections import defaultdict, namedtuple

REFUSALS = {"AttributeError", "ImportError", "LookupError", "ValueError"}
# A record with such a name gives the package an attribute that Python, or this
# program, takes for something else; then these are refusals, too.
SPECIAL = b"__path__", b"__all__", b"__class__", b"__init__", b"swig"
SPECIAL_REFUSALS = {"TypeError", "NameError"}

REGISTRIES = (
    "__template_instantiations_name_to_object__",
    "__template_instantiations_object_to_name__",
    "__named_template_registry__",
)
KEYS = "itk::Image<float,2>", "itk::Thing", "a\0b", "<", "", 1, int

UTF8 = "utf-8", "surrogateescape"

# Of the package's own, there if a record names a hook.
ALWAYS = {("_lazyindex_stock",)}

# Of one question: a set of facts, each a tuple of str; of an exception, the
# names of its class and of those below.
Answer = namedtuple("Answer", "facts refusal", defaults=[()])


def short_name(module):
    """What a record may call it."""
    return module.removeprefix("itk.").removeprefix("_").removesuffix("Python")


def fact(value):
    """The names and numbers of which a record would have to speak."""
    if isinstance(value, tuple):
        return sum(map(fact, value), ())
    if isinstance(value, types.ModuleType):
        return (short_name(value.__name__),)
    if value is types.ModuleType:
        return ("__class__",)  # of a module
    if isinstance(value, (type, types.FunctionType)):
        return short_name(value.__module__), value.__qualname__
    if isinstance(value, (bool, float)):
        return (type(value).__name__,)  # as C++ has it
    if isinstance(value, int):
        return (str(value),)
    if isinstance(value, str):  # "itk::Image<float,2>" is of two texts
        return tuple(re.split("[<>]", value))
    return (getattr(value, "__name__", type(value).__name__),)


def facts(values):
    return {fact(value) for value in values}


def nothing(value):
    return ()


def plain_names(names):
    """Without those that each module has."""
    return [name for name in names if not name.startswith("__")]


def exceptions(error):
    """It, and those that were on their way when it was raised."""
    pending, seen = [error], []
    while pending:
        error = pending.pop()
        if error is not None and error not in seen:
            seen.append(error)
            pending += [error.__cause__, error.__context__]
    return seen


class Answers(dict):
    """Question, a tuple -> Answer."""

    def __init__(self):
        self.bugs = []
        sys.unraisablehook = lambda lost: self.note("lost", lost.exc_value)

    def note(self, question, error):
        if any(isinstance(one, SystemError) for one in exceptions(error)):
            self.bugs.append(f"{question}: {error!r}")

    def ask(self, question, function, values=lambda value: [value]):
        """What the function returns, None if it raises. @param values what
        there is to compare of that"""
        try:
            value = function()
            self[question] = Answer(facts(values(value)))
        except Exception as error:
            self.note(question, error)
            classes = type(error).__mro__
            self[question] = Answer(set(), tuple(c.__name__ for c in classes))
            return None
        return value

    def look_into(self, what, view):
        """At what loads when one looks into it."""
        for key in KEYS:
            self.ask(
                (*what, "has", key),
                lambda key=key: key in view,
                lambda has, key=key: [key] if has else [],
            )
            self.ask((*what, "at", key), lambda key=key: view[key])
        self.ask((*what, "repr"), lambda: repr(view), nothing)
        keys = self.ask((*what, "keys"), lambda: list(view), list)
        self.ask((*what, "items"), lambda: dict(view.items()), dict.items)
        size = self.ask((*what, "size"), lambda: len(view), nothing)
        if None not in (keys, size) and size != len(keys):
            self.bugs.append(f"{what}: {len(keys)} keys, and a size of {size}")

    def import_module(self, name):
        return self.ask(
            ("import", name), lambda: importlib.import_module(name)
        )

    def ask_attribute(self, what, owner, name):
        return self.ask((*what, name), lambda: getattr(owner, name))

    def look_at_name(self, itk, name):
        value = self.ask_attribute(["itk"], itk, name)
        if type(value).__name__ == "itkTemplate":
            self.look_into(("itk", name), value.__template__)

    def look_at_module(self, name):
        part = self.import_module(f"itk.{name}")
        if part is not None:
            self.ask(("dir", name), lambda: dir(part), plain_names)
            for other in ("Image", "Thing", "image_filter", "__all__"):
                self.ask_attribute(["module", name], part, other)
        for full in (f"itk._{name}Python", f"itk.{name}Python"):
            part = self.import_module(full)
            if part is not None:
                self.ask_attribute([full], part, "Image")

    def look_at_registries(self):
        classes = self.import_module("itk.support.template_class")
        for name in REGISTRIES if classes is not None else ():
            view = getattr(classes.itkTemplateBase, name)
            self.look_into((name,), view)

    def import_all_names(self):
        names = {}
        self.ask(
            ("import *",),
            lambda: exec("from itk import *", names),
            lambda done: [i for i in names.items() if i[0] != "__builtins__"],
        )

    def use(self, itk, names):
        """The package, in every way."""
        for name in names:
            self.look_at_name(itk, name)
        self.look_at_registries()
        self.ask(("dir",), lambda: dir(itk), list)
        self.import_all_names()
        for name in names:
            self.look_at_module(name)
        base = self.import_module("itk.support.base")
        for name in names:
            for function in (
                "itk_load_swig_module",
                "load_module_needed_factories",
            ):
                self.ask(
                    (function, name),
                    lambda f=function, name=name: getattr(base, f)(name),
                    nothing,
                )
        image = self.ask_attribute(["again", "itk"], itk, "Image")
        self.ask(("owners",), lambda: image._LoadModules(), nothing)
        swig = self.ask_attribute(["again", "itk"], itk, "swig")
        if isinstance(swig, dict):
            self.look_into(("swig",), swig)


class Judge:
    """Compares answers with those of the undamaged package."""

    def __init__(self, good_answers, good_records, records):
        self.good = good_answers
        self.undamaged = records == good_records
        damaged = {
            key: key + b"\0" + value
            for key, value in records.items()
            if good_records.get(key) != value
        }
        self.all = b"\0".join(damaged.values())
        self.names = {key[1:] for key in damaged}
        self.of_names, rest = defaultdict(bytes), []
        for key, text in damaged.items():
            if key[:1].isupper():
                self.of_names[key[1:]] += text
            else:
                rest.append(text)
        self.of_no_name = b"\0".join(rest)
        # A name can be said to be another template of the package.
        self.of_templates = defaultdict(set)
        for question, answer in good_answers.items():
            if question[0] == "itk":
                self.of_templates[question[2:]] |= answer.facts
        special = any(name in self.all for name in SPECIAL)
        self.refusals = REFUSALS | (SPECIAL_REFUSALS if special else set())

    def is_said(self, question, fact):
        """Whether damaged records have all that a fact speaks of. For the
        attribute of a name, those of other names do not count."""
        texts = [self.names, self.all]  # a look into a set takes no time
        if question[0] in ("itk", "module"):
            names = [str(word).encode(*UTF8) for word in question[1:3]]
            texts = [self.of_names[name] for name in names]
            texts.append(self.of_no_name)
        return self.is_of_template(question, fact) or all(
            any(word.encode(*UTF8) in text for text in texts) for word in fact
        )

    def is_of_template(self, question, fact):
        """Whether it is what an undamaged template has, of a name whose record
        is damaged."""
        return (
            question[0] == "itk"
            and len(question) > 2
            and self.of_names[str(question[1]).encode(*UTF8)] != b""
            and fact in self.of_templates[question[2:]]
        )

    def is_clean(self, refusal, good):
        return refusal in ((), good) or self.refusals & set(refusal)

    def problems(self, answers):
        """Questions, and what in their answers is neither right nor a clean
        refusal. Where no record is damaged, what is refused is wrong, too."""
        for question, answer in answers.items():
            good = self.good.get(question, Answer(set()))
            if not self.is_clean(answer.refusal, good.refusal):
                yield question, answer.refusal
            for fact in answer.facts - good.facts - ALWAYS:
                if not self.is_said(question, fact):
                    yield question, fact
            if self.undamaged and answer != good:
                yield question, good
