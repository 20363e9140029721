"""Which differences between stock and lazy are wanted: for a row of
docs/differences.md, named by its first column, the keys of facts and what
both sides may be."""

import re
from collections import Counter
from pathlib import Path

DOCUMENT = Path(__file__).parents[3] / "docs" / "differences.md"
ABSENT = "(absent)"
RULES = []


def allow(row, *keys):
    """The decorated function tells, of two values under one of the keys (and
    of what groups in the key matched), whether the row describes them."""

    def add(function):
        for key in keys:
            RULES.append((row, re.compile(key), function))
        return function

    return add


class Allowances:
    """The rules applied, and how often each row was needed."""

    def __init__(self):
        self.used = Counter()

    def allow(self, context, key, stock, lazy):
        """@param context all facts of stock."""
        for row, pattern, function in RULES:
            match = pattern.fullmatch(key)
            try:
                fits = match and function(
                    context, stock, lazy, *match.groups()
                )
            except (AttributeError, IndexError, KeyError, TypeError):
                continue  # values of another kind than those of the row
            if fits:
                self.used[row] += 1
                return True
        return False

    def count(self):
        return sum(self.used.values())


def documented_rows():
    """First columns of the table in docs/differences.md."""
    return [
        line.split(" | ")[0].removeprefix("| ")
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ][1:]


def owners(context, name):
    """Modules that have a name."""
    return [
        key.split("/")[1]
        for key in context
        if key.startswith("module/") and key.endswith(f"/{name}/type")
    ]


# -- Modules -----------------------------------------------------------------

MODULE = r"((?:ITK|RTK|Elastix)\w*)"


@allow(
    "type of `itk` and `itk.<Module>`",
    rf"name/{MODULE}/type",
    r"itk.__loader__",
)
def _(context, stock, lazy, module=None):
    if module is None:
        return stock == "None" and "SourceFileLoader" in lazy
    return (stock, lazy) == ("LazyITKModule", "module")


@allow(
    "`itk.<Module>.__name__`, `sys.modules`",
    rf"itk\.{MODULE}\.__name__",
    rf"name/{MODULE}/repr",
)
def _(context, stock, lazy, module):
    return (stock, lazy) == (module, f"itk.{module}") or (
        stock == f"<module '{module}'>"
        and lazy.startswith(f"<module 'itk.{module}'")
    )


@allow(
    "`itk.<Module>.__name__`, `sys.modules`",
    rf"itk\.{MODULE}\.__path__",
    r"snippet/import itk; itk\.(ITKCommon)\.\w+",
)
def _(context, stock, lazy, module):
    def plain(told):
        text = str(told)
        return text.replace(f"module 'itk.{module}'", f"module '{module}'")

    return "AttributeError" in str(stock) and plain(stock) == plain(lazy)


@allow(
    "`itk.<Module>.__name__`, `sys.modules`",
    r"snippet/from itk\.ITKCommon import Image; Image",
)
def _(context, stock, lazy):
    return "ModuleNotFoundError" in stock["error"][0] and "value" in lazy


@allow(
    "names with underscores in `dir(itk)` and `dir(itk.<Module>)`",
    r"dir\(itk(?:\.\w+)?\)/(\w+)",
    r"name/(_\w+)/\w+",
    r"itk\.(__builtins__)",
)
def _(context, stock, lazy, name):
    if name in (
        "_LazyITKModule__belong_lazy_attributes",
        "_initialize_module",
    ):
        return lazy == ABSENT
    hooks = "__builtins__", "__dir__", "__getattr__", "__reduce_ex__"
    absent = stock == ABSENT or "has no attribute" in stock
    return absent and name in hooks


@allow(
    "`itk.itk_base_global_lazy_attributes`, `itk.loaded_lazy_modules`",
    r"dir\(itk(?:\.\w+)?\)/(\w+)",
    r"name/(\w+)/\w+",
)
def _(context, stock, lazy, name):
    names = "itk_base_global_lazy_attributes", "loaded_lazy_modules"
    return name in names and lazy == ABSENT


@allow(
    "`itkConfig`, numpy and `itk.support`",
    r"snippet/import itk; sorted\(n for n in itk\.support\.__dict__ .*",
)
def _(context, stock, lazy):
    return stock["value"].replace(" 'lazy',", "") == lazy["value"]


# -- Names -------------------------------------------------------------------


@allow(
    "`del itk.Image`, then `itk.Image`", r"snippet/.*delattr\(itk, 'Image'\).*"
)
def _(context, stock, lazy):
    return "has no attribute" in stock["error"][0] and "value" in lazy


@allow(
    "a snake-case function that two modules have (`kernel_image_filter`)",
    r"name/([a-z]\w+)/(?:__module__|doc|hints|attributes|process_object)",
    r"module/\w+/([a-z]\w+)/same",
)
def _(context, stock, lazy, name):
    return len(owners(context, name)) > 1


@allow(
    "what units define beside ITK's classes (`itk.vectorD`,"
    " `itk.median_image_filter_init_docstring`)",
    r"dir\(itk\)/(\w+)",
)
def _(context, stock, lazy, name):
    return stock == ABSENT and lazy != ABSENT and not name.startswith("_")


@allow(
    "`_itk<Unit>Python.__name__`, `__module__` of its functions",
    r"name/(\w+)/__module__",
)
def _(context, stock, lazy, name):
    return stock.startswith("_") and lazy == f"itk.{stock}"


# -- Templates ---------------------------------------------------------------


@allow(
    "`itkTemplateBase.__template_instantiations_*__`, `__template__`",
    r"snippet/.* in itkTemplateBase\.__template_instantiations_name_to_object__",
)
def _(context, stock, lazy):
    return (stock["value"], lazy["value"]) == ("False", "True")


@allow(
    "order of keys after one looked for a key or an attribute that is not"
    " there, so that all modules that have the template are loaded",
    r"name/(?:vector|FixedArray|ImageSource|ImageToImageFilter)/keys",
)
def _(context, stock, lazy):
    return sorted(stock) == sorted(lazy)


@allow(
    "`import itk.ITKSmoothingPython`",
    r"snippet/import itk\.ITKSmoothingPython as m; .*",
)
def _(context, stock, lazy):
    """Stock forgets ITKCommon's library, where it is the first thing."""
    return "_ITKCommonPython" in stock["error"][0] and "value" in lazy
