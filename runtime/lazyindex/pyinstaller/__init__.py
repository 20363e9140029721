"""For PyInstaller: an application gets only what it needs of a lazy package.

What that is follows from the index and from the names in the application's
code, and in ITK's own Python code as far as the application can reach it.
"""

import ast
import json
import os
import re
import subprocess
import types
from pathlib import Path

# Code of the support layer that runs whatever the application does.
ALWAYS = ("itkTemplate", "New")


def hook_dirs():
    """Entry point `pyinstaller40`."""
    return [os.path.dirname(__file__)]


def identifiers(code):
    """Names and strings in a code object and in those inside of it."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= identifiers(constant)
        elif isinstance(constant, str):
            found.add(constant)
    return found


class Index:
    """All shards of an installed package."""

    def __init__(self, package, tool):
        self.package = Path(package)
        self.names, self.modules, self.units = {}, {}, {}
        self.eager, self.groups = {}, {}
        for shard in sorted(self.package.glob("_lazyindex/*.lzi")):
            dump = subprocess.run(
                [tool, "dump", "--json", shard],
                check=True,
                stdout=subprocess.PIPE,
            )
            records = json.loads(dump.stdout)
            for name, candidates in records["names"].items():
                self.names.setdefault(name, []).extend(candidates)
            self.modules |= records["modules"]
            self.units |= records["units"]
            self.eager |= records["eager"]
            self.groups |= records["groups"]
        # It fails where a unit cannot be loaded, which need not matter here.
        told = subprocess.run(
            [tool, "explain", "--units", package],
            check=False,
            stdout=subprocess.PIPE,
        )
        closures = map(str.split, told.stdout.decode().splitlines())
        self.needs = {units[-1]: units for units in closures}

    def owner(self, name):
        """The package's rule: the last module that has it in its sources,
        else the first."""
        candidates = sorted(self.names[name], key=lambda c: c["module"])
        own = [c for c in candidates if c["in_module"]]
        return own[-1] if own else candidates[0]

    def support_words(self):
        """For each function, class and alias of the support layer, the names
        and strings in its code."""
        found = {}
        for path in self.package.glob("support/*.py"):
            tree = ast.parse(path.read_bytes(), path)
            for node in tree.body:
                if isinstance(node, ast.Assign):
                    words = {
                        n.id for n in ast.walk(node) if isinstance(n, ast.Name)
                    }
                    for target in node.targets:
                        found.setdefault(ast.unparse(target), set()).update(
                            words
                        )
            module = compile(tree, path, "exec", dont_inherit=True)
            for code in module.co_consts:
                if isinstance(code, types.CodeType):
                    found.setdefault(code.co_name, set()).update(
                        identifiers(code)
                    )
        return found

    def reachable(self, words):
        """Those and all that the support layer's code for them asks for."""
        support = self.support_words()
        todo, found = [*words, *ALWAYS], set()
        while todo:
            word = todo.pop()
            if word not in found:
                found.add(word)
                todo.extend(support.get(word, ()))
        return found

    def below(self, modules):
        """Modules and all that they depend on."""
        todo, found = list(modules), set()
        while todo:
            module = todo.pop()
            if module in self.modules and module not in found:
                found.add(module)
                todo.extend(self.modules[module]["depends"])
        return found

    def factory_units(self, modules):
        """Units of the factories that the use of modules makes due."""
        groups = set()
        for module in self.below(modules):
            groups.update(self.groups.get(module, ()))
        for module in self.modules.values():
            for group, _, unit in module["factories"]:
                if group in groups:
                    yield unit

    def closure(self, units):
        """Those and all that they need."""
        return {needed for unit in units for needed in self.needs[unit]}

    def proxy_words(self, unit):
        """What the Python code of a proxy asks for, as `itk.<name>`."""
        text = (self.package / f"{unit}.py").read_text(errors="replace")
        return set(re.findall(r"\bitk\.(\w+)", text))

    def units_of(self, names, modules):
        """Units of names in modules that are used, and of due factories."""
        units = set(self.factory_units(modules))
        for name in names:
            for candidate in self.names[name]:
                if candidate["module"] in modules:
                    units |= set(candidate["units"])
        return self.closure(units)

    def needed(self, words):
        """(modules, units) that code with these identifiers may ask for."""
        words, modules, units = set(words), set(), set()
        while True:
            words = self.reachable(words)
            names = words & set(self.names)
            owners = {self.owner(name)["module"] for name in names}
            modules |= owners | (words & set(self.modules))
            more = self.units_of(names, modules) - units
            if not more:
                return modules, units
            for unit in more:
                words |= self.proxy_words(unit)
                modules.add(self.units[unit]["module"])
            units |= more
