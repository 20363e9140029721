"""Look at the `itk` of the running interpreter and write down what is there.

    python probe.py PROBE OUTPUT [KEYWORD=VALUE...] [+ PROBE OUTPUT ...]

PROBE is a function below; OUTPUT gets one JSON object, fact by fact. Run by
differential.py in a stock and in a lazy environment: what both tell under
one key must be equal. A fact's key is a path, like `name/Image/type`. More
than one probe are run one after the other, in one process.
"""

import functools
import gc
import itertools
import json
import os
import random
import re
import sys
import tempfile
import types
import typing
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import expressions
import facts
from facts import Child, chosen, digest, guarded, plain, type_name


def is_template(value):
    return type(value).__name__ == "itkTemplate"


def hints(function):
    return guarded(lambda: plain(repr(typing.get_type_hints(function))))


def describe(name, value):
    """Facts about a public object."""
    at = f"name/{name}"
    told = {
        f"{at}/type": type(value).__name__,
        f"{at}/repr": plain(repr(value)),
    }
    if isinstance(value, types.ModuleType):
        return told
    for attribute in ("__module__", "__name__", "__qualname__"):
        told[f"{at}/{attribute}"] = plain(str(getattr(value, attribute, None)))
    text = getattr(value, "__doc__", None) or ""
    told[f"{at}/doc"] = [len(text), text[:60], digest(plain(text))]
    if is_template(value):
        told[f"{at}/keys"] = [
            f"{plain(str(key))} {cls.__module__}.{cls.__name__}"
            for key, cls in value.items()
        ]
        told[f"{at}/attributes"] = sorted(
            n for n in vars(value) if not n.startswith("_")
        )
    elif isinstance(value, type):
        told[f"{at}/mro"] = [
            f"{c.__module__}.{c.__qualname__}" for c in value.__mro__
        ]
        told[f"{at}/members"] = digest("\n".join(sorted(dir(value))))
    elif isinstance(value, types.FunctionType):
        told[f"{at}/hints"] = digest(str(hints(value)))
        told[f"{at}/attributes"] = sorted(vars(value))
        told[f"{at}/process_object"] = plain(
            repr(getattr(value, "process_object", None))
        )
    return told


def instances(value, most):
    """The classes to make objects of: a sample that depends on names."""
    if is_template(value):
        classes = [c for c in set(value.values()) if isinstance(c, type)]
        return sorted(classes, key=lambda c: digest(c.__name__))[:most]
    return [value] if isinstance(value, type) else []


# (class, method) of which memory decides what comes: the inverse of a matrix
# that is not square reads behind it; ends of a queue that is empty.
UNDEFINED = re.compile(
    r"itkMatrix[DF](?!(\d)\1)\d\d GetInverse"
    r"|itkCompositeTransform\w+ Get(Front|Back)Transform"
)


def call_getters(cls, skip, tell):
    """Make an object; tell which types its getters return."""
    at = f"returns/{cls.__module__}.{cls.__name__}"
    make = getattr(cls, "New", cls)
    if f"{at}/New" in skip:
        return
    tell(f"{at}/New")
    try:
        made = make()
    except Exception as error:
        tell(f"{at}/New", facts.told_error(error))
        return
    tell(f"{at}/New", type_name(made))
    for method in sorted(dir(cls)):
        key = f"{at}/{method}"
        if (
            not method.startswith(("Get", "Make", "begin"))
            or key in skip
            or UNDEFINED.fullmatch(f"{cls.__name__} {method}")
        ):
            continue
        tell(key)
        try:
            tell(key, type_name(getattr(made, method)()))
        except Exception as error:
            tell(key, type(error).__name__)


def tell_name(tell, name, most, described, skip):
    """Touch a name, describe it, call getters."""
    import itk

    value = getattr(itk, name)
    if described:
        for pair in describe(name, value).items():
            tell(*pair)
    for cls in instances(value, most):
        call_getters(cls, skip, tell)


def probe_names(names, most, described):
    """In forks: what each name has to tell. A getter that crashes is left
    out the next time."""
    told, crashed, tries = {}, {}, 0
    while names:
        child = Child(names[0], 600 * len(names))

        def body(tell, names=names):
            warnings.simplefilter("ignore")
            for done, name in enumerate(names, 1):
                try:
                    tell_name(tell, name, most, described, crashed)
                except BaseException as error:
                    tell(f"uncaught/{name}", facts.told_error(error))
                tell("done", done)

        status = child.run(body)
        done = child.facts.pop("done", 0)
        told |= child.facts
        names, tries = names[done:], 0 if done else tries
        if child.at:
            crashed[child.at] = f"ended by {status}"
            tries += 1
        if not child.at or tries == 12:  # no more of this one, if any
            names, tries = names[1:], 0
    return told | crashed


@functools.cache
def public_names():
    """Of a fresh process: what is used makes more of them in stock."""
    import itk

    return [n for n in dir(itk) if not n.startswith("__")]


def names(one_in="1", most="2", share="0/1"):
    """Every name, each alone in a process that touched no other."""
    import itk

    itk.support.extras  # noqa: B018 - what every first access imports
    warnings.simplefilter("ignore")
    told = {}
    part, parts = map(int, share.split("/"))
    sample = [n for n in public_names() if chosen(n, int(one_in))]
    for name in sample[part::parts]:
        told |= probe_names([name], int(most), True)
    return told


def in_order(names, seed):
    """As they are, or in any order."""
    if seed is None:
        return names
    return random.Random(int(seed)).sample(names, len(names))


def everything(one_in="1", most="2", seed=None):
    """Every name, after all have been touched; the getters of a sample."""
    import itk

    warnings.simplefilter("ignore")
    wanted = public_names()
    told = {}
    for name in in_order(wanted, seed):
        try:
            getattr(itk, name)
        except Exception as error:
            told[f"name/{name}/error"] = facts.told_error(error)
    for name in wanted:
        if hasattr(itk, name):
            told |= describe(name, getattr(itk, name))
    told |= modules(wanted)
    gc.freeze()  # a collection in a fork would copy all there is
    sample = iter([name for name in wanted if chosen(name, int(one_in))])
    while some := list(itertools.islice(sample, 24)):
        told |= probe_names(some, int(most), False)
    return told


def modules(wanted):
    """What itk.<Module> gives for each of its names."""
    import itk
    from itk.support.base import itk_base_global_module_data

    told = {}
    for module, data in itk_base_global_module_data.items():
        features = data.get_all_template_features()
        own = {f.get_python_class_name() for f in features}
        own.update(data.get_snake_case_functions())
        namespace = getattr(itk, module)
        for name in sorted(own):
            at = f"module/{module}/{name}"
            value = guarded(getattr, namespace, name)
            told[f"{at}/same"] = value is getattr(itk, name, None)
            told[f"{at}/type"] = type(value).__name__
    return told


def touched(seed="0"):
    """Every name, in any order, all in one process."""
    import itk

    warnings.simplefilter("ignore")
    wanted = in_order(public_names(), seed)
    told = {}
    for name in wanted:
        value = guarded(getattr, itk, name)
        if isinstance(value, list):
            told[f"name/{name}/error"] = value
        else:
            told |= describe(name, value)
    return told | modules(wanted)


def shown(at, namespace):
    """dir(), a fact for each name; sorted, so that no order is lost."""
    names = dir(namespace)
    told = {f"dir({at})/{name}": True for name in names}
    told[f"dir({at}) is a sorted list of str"] = names == sorted(set(names))
    return told


def fresh():
    """What can be seen before anything was touched."""
    import itk

    told = shown("itk", itk)
    for attribute in (
        "__name__",
        "__package__",
        "__doc__",
        "__file__",
        "__path__",
        "__version__",
        "__spec__",
        "__all__",
        "__wrapped__",
        "__builtins__",
        "__loader__",
        "__annotations__",
        "__cached__",
    ):
        value = guarded(getattr, itk, attribute)
        told[f"itk.{attribute}"] = plain(str(value))[:90]
    for module in sorted(n for n in dir(itk) if is_module(n)):
        value = getattr(itk, module)
        told |= shown(f"itk.{module}", value)
        for attribute in ("__package__", "__doc__", "__name__", "__path__"):
            told[f"itk.{module}.{attribute}"] = guarded(
                getattr, value, attribute
            )
    return told


def is_module(name):
    """By its tables: nothing may be touched to find out."""
    return os.path.isfile(f"{facts.SITE}/itk/Configuration/{name}Config.py")


def factories():
    """Registered factories, in order, as names are touched one by one."""
    import itk

    warnings.simplefilter("ignore")
    told = {}
    for name in (
        "Image",
        "ImageSource",
        "TransformFileReaderTemplate",
        "ImageFileReader",
        "MedianImageFilter",
        "FFTConvolutionImageFilter",
        "MeshFileReader",
        "ImageRegistrationMethodv4",
    ):
        getattr(itk, name)
        told[f"factories after {name}"] = [
            f"{factory.GetNameOfClass()}: {factory.GetDescription()}"
            for factory in itk.ObjectFactoryBase.GetRegisteredFactories()
        ]
    return told


def use():
    """An ordinary script."""
    import ordinary_use

    with tempfile.TemporaryDirectory() as folder:
        return {f"use/{k}": v for k, v in ordinary_use.run(folder).items()}


def sequence(group):
    """Snippets one after the other."""
    namespace = expressions.new_namespace()
    return {
        expressions.key(snippet): expressions.result(snippet, namespace)
        for snippet in expressions.GROUPS[group]
    }


def probe_snippet(snippet):
    """In a fork: one snippet alone."""
    child = Child(snippet)
    key = expressions.key(snippet)

    def body(tell):
        namespace = expressions.new_namespace()
        tell(key, expressions.result(snippet, namespace))

    status = child.run(body)
    return child.facts if status == 0 else {key: f"ended by {status}"}


def alone(group, one_in="1"):
    """Snippets, each in a process of its own."""
    told = {}
    for snippet in expressions.GROUPS[group]:
        if chosen(snippet, int(one_in)):
            told |= probe_snippet(snippet)
    return told


PROBES = {
    probe.__name__: probe
    for probe in (
        alone,
        everything,
        factories,
        fresh,
        names,
        sequence,
        touched,
        use,
    )
}


def run(probe, output, *options):
    keywords = dict(option.split("=", 1) for option in options)
    told = PROBES[probe](**keywords)
    with open(output, "w", encoding="utf-8") as file:
        json.dump(told, file, default=str)


def main(arguments):
    if "everything" in arguments:
        public_names()
    for more, part in itertools.groupby(arguments, lambda text: text != "+"):
        if more:
            run(*part)
    os._exit(0)  # rather than take a gigabyte apart


if __name__ == "__main__":
    main(sys.argv[1:])
