"""Snippets whose outcome must be the same, stock or lazy.

A snippet is a line of statements, of which the last is an expression: its
repr is the outcome, or else the exception; so is what it prints and warns of.
calls.txt runs as a sequence in stock, and in lazy both as a sequence and each
in a process of its own: none may depend on the ones before. The others run in
lazy each in a process of its own: those of first.txt in stock, too, for there
it is another thing, and those of loaded.txt in forks of a process that has
loaded all of ITK, where stock says what it says in one of its own.
"""

import ast
import builtins
from pathlib import Path

from facts import heard, plain, told_error


def new_namespace():
    return {"__builtins__": builtins, "__name__": "snippet"}


def key(snippet):
    return f"snippet/{snippet}"


def evaluate(snippet, namespace):
    tree = ast.parse(snippet)
    value = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "<snippet>", "exec"), namespace)
    return eval(compile(value, "<snippet>", "eval"), namespace)


def result(snippet, namespace):
    with heard() as told:
        try:
            told["value"] = plain(repr(evaluate(snippet, namespace)))
        except Exception as error:
            told["error"] = told_error(error)
        namespace.clear()
        namespace.update(new_namespace())
    return {name: value for name, value in told.items() if value}


GROUPS = {
    group: Path(__file__)
    .with_name(f"{group}.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    for group in ("calls", "first", "loaded")
}
