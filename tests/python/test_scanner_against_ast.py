"""The scanner against Python's own parser: same imports, names and ranges.

LAZYINDEX_SCAN_DUMP names the program (tests/unit/scan_dump.c),
LAZYINDEX_SCAN_DIRS the directories to scan, separated by os.pathsep; without
it, the standard library of the running interpreter.
"""

import ast
import collections
import gc
import json
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import tokenize
import unicodedata
import unittest
import warnings

from tally import report

DUMP = os.environ.get("LAZYINDEX_SCAN_DUMP")
RETURN_TYPE = re.compile(r"-> ([^\W\d]\w*)")


CASES = {
    "nothing": b"",
    "only a comment": b"# x",
    "no newline at the end": b"def f():\n    pass",
    "one-line bodies": b"class A: pass\ndef f(): return 1; x = 2\ny = 1\n",
    "crlf": b"class A:\r\n    '''a\r\n\r\nb'''\r\n\r\nx = 1\r\n",
    "lone cr": b"class A:\r    x = 1\r\rdef f():\r    pass\r",
    "byte order mark": b"\xef\xbb\xbfdef f():\n    pass\n",
    "form feed": b"x = 1\n\x0cclass A:\n    \x0c\n    y = 2\n\x0c\nz = 3\n",
    "form feed resets the column": b"def f():\n    pass\n   \x0cx = 1\n",
    "tabs": b"def f():\n\tif x:\n\t\treturn 1\n\n# end\ny = 1\n",
    "comment in column 0 of a body": b"def f():\n    a\n# c\n    b\n# d\nx = 1\n",
    "comment behind a body": b"def f():\n    a  # c ( ' \n\n    # d\n",
    "brackets over lines": b"x = (\n1,\n[2,\n{3: 4}])\nclass A(\nB):\n  pass\n",
    "column 0 in brackets": b"f(\ndef_ == 1,\nclass_)\ny = 2\n",
    "column 0 in a string": b"x = '''\nimport itk.A\nclass B: pass\n'''\n",
    "prefixes": b"x = rb'\\'' + Rb\"\\\"\" + f'''{1}''' + u'#' + BR'''\\\\'''\n",
    "escaped quotes": b"x = '\\\\'; y = '\\''; z = '''\\''''\ndef f(): pass\n",
    "quotes of the other kind": b"x = '\"'; y = \"'\"; z = '''\"'\"\"' '''\n",
    "empty strings": b"x = ''; y = ''''''; z = \"\"\na = 1\n",
    "continued string": b"x = 'a\\\nb\\\r\nc'\nclass A: pass\n",
    "continuation": b"import itk.A, \\\n  itk.B as c\ndef \\\n  f(): pass\n",
    "continued indentation": b"def f():\n    \\\n  x\n    y\nz = 1\n",
    "decorators": b"@a(\n1)\n# c\n@b\n\nasync def f():\n    pass\n@c\nclass A: x\n",
    "imports": b"import itk.A; import itk.B.C, itk, os.path, itk.D as e\n",
    "from imports": b"from a import (b as c,\n d, # e\n)\nfrom . import x\n"
    b"from ...y.z import w as v\nfrom .... import q\n",
    "stars": b"from itk.A import *\nfrom b import *\nfrom .c import *\n",
    "assignments": b"a = b = 1\nc: int = 2\nd: int\n(e): x = 3\nf += 4\n",
    "targets": b"a, (b, *c) = [d, e] = x\nf.g = h[i] = j(k).l = 1\n(m) = 2\n"
    b"(n).o, p = q\n[r][0] = s\n*t, = u\n",
    "no assignments": b"a == b\nf(a=1)\nassert a, 'x = 1'\nx[lambda a=1: a]\n"
    b"lambda b=2: b\n{'c': 3}\n(d := 4)\n",
    "lambda as a value": b"a = lambda b, c=1: c\nd: e = lambda f, g=2: g\n",
    "semicolons": b"a = 1; b = 2; import itk.C;\n",
    "compound statements": b"if x: a = 1\nelse:\n  b = 2\nfor c in d: import itk.E\n",
    "numbers": b"x = 1.e-5; y = 0x1e+2; z = .5; w = 1_0j; v = 1..real\n",
    "class in a function": b"def f():\n  class A:\n    def g(self):\n      pass\n",
    "docstrings": b'def f():\n    r"""g() -> itkA\n    h() -> std::b, "-> c" """\n',
}

# Source -> the line that is reported.
REJECTED = {
    "'abc\n": 1,
    "x = 1\ny = '''abc\n\n": 2,
    "x = (1,\n\n": 1,
    "x = [1)\n": 1,
    "x = 1\n)\n": 2,
    "x = \\ 1\n": 1,
    "x = \\": 1,
    "x = 'a\\": 1,
    "\n\nx = '\x00'\n": 3,
    "(" * 201 + ")" * 201: 1,
}


def source_files(directories):
    for top in directories:
        for directory, subdirectories, names in os.walk(top):
            # Other people's packages are not what was asked for.
            subdirectories[:] = sorted(
                set(subdirectories)
                - {"site-packages", "dist-packages", "__pycache__"}
            )
            for name in sorted(names):
                if name.endswith(".py"):
                    yield os.path.join(directory, name)


def scan(paths):
    """What the program says of each file, in order."""
    run = subprocess.run(
        [DUMP],
        input="".join(path + "\n" for path in paths).encode(
            "utf-8", "surrogateescape"
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return [
        json.loads(line.decode("utf-8", "surrogateescape"))
        for line in run.stdout.splitlines()
    ]


def parse(path, data):
    """A syntax tree; None if Python or the comparison cannot read the file."""
    with open(path, "rb") as file:
        try:
            encoding, _ = tokenize.detect_encoding(file.readline)
        except (SyntaxError, UnicodeError):
            return None
    if encoding not in ("utf-8", "utf-8-sig"):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def package_member(dotted):
    """X of "itk.X", else None."""
    head, dot, rest = dotted.partition(".")
    return rest if head == "itk" and dot and "." not in rest else None


def target_names(node):
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            yield from target_names(element)
    elif isinstance(node, ast.Starred):
        yield from target_names(node.value)


BLOCKS = ast.stmt, ast.excepthandler, ast.match_case


def statements(tree):
    """All of a tree, however deep; ast.walk() looks into expressions, too,
    where none can be."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        for value in vars(node).values():
            if isinstance(value, list) and value:
                pending += value if isinstance(value[0], BLOCKS) else ()


class Expected:
    """What the scanner has to say of a file."""

    def __init__(self, data, tree):
        self.imports, self.stars, self.imported, self.assigned = [], [], [], []
        self.definitions = []
        self.returns = set()
        bom = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        newlines = list(re.finditer(rb"\r\n|\n|\r", data))
        self.starts = [bom] + [match.end() for match in newlines]
        self.ends = [match.start() for match in newlines] + [len(data)]
        for node in tree.body:
            self.statement(node)
        for node in statements(tree):
            # Statements that are a string; SWIG's docstrings are raw.
            if isinstance(node, ast.Expr) and isinstance(
                getattr(node.value, "value", None), str
            ):
                self.returns.update(RETURN_TYPE.findall(node.value.value))

    def statement(self, node):
        if isinstance(node, ast.Import):
            for alias in node.names:
                member = package_member(alias.name)
                if member and not alias.asname:
                    self.imports.append(member)
                else:
                    self.imported.append(
                        alias.asname or alias.name.split(".")[0]
                    )
        elif isinstance(node, ast.ImportFrom):
            member = (
                package_member(node.module or "") if not node.level else None
            )
            if node.names[0].name != "*":
                self.imported += [
                    alias.asname or alias.name for alias in node.names
                ]
            elif member:
                self.stars.append(member)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self.assigned += target_names(target)
        elif isinstance(node, ast.AnnAssign) and node.value:
            self.assigned += target_names(node.target)
        elif isinstance(
            node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        ):
            first = min(
                [node.lineno] + [item.lineno for item in node.decorator_list]
            )
            start = self.starts[first - 1]
            length = self.ends[node.end_lineno - 1] - start
            is_class = isinstance(node, ast.ClassDef)
            self.definitions.append([node.name, start, length, is_class])


def normal(names):
    """Python compares identifiers in this form."""
    return [unicodedata.normalize("NFKC", name) for name in names]


def differences(expected, got):
    if not got["good"]:
        return ["rejected"]
    found = []
    for key in ("imports", "stars", "imported", "assigned"):
        if getattr(expected, key) != normal(got[key]):
            found.append(f"{key}: {getattr(expected, key)} != {got[key]}")
    definitions = [
        [*normal(item[:1]), *item[1:]] for item in got["definitions"]
    ]
    for left, right in zip(expected.definitions, definitions, strict=False):
        if left != right:
            found.append(f"definition: {left} != {right}")
            break
    if len(expected.definitions) != len(definitions):
        found.append(
            f"{len(expected.definitions)} != {len(definitions)} definitions"
        )
    return found


@unittest.skipUnless(
    DUMP or os.environ.get("LAZYINDEX_REQUIRE"),
    "LAZYINDEX_SCAN_DUMP is not set",
)
class ScannerAgainstAst(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        # Trees have no cycles, and millions of nodes that it looks at.
        gc.disable()
        cls.addClassCleanup(gc.enable)

    def check_files(self, paths):
        compared = collections.Counter()
        wrong = {}
        for path, got in zip(paths, scan(paths), strict=True):
            with open(path, "rb") as file:
                data = file.read()
            tree = parse(path, data)
            if tree is None:
                compared["skipped"] += 1
                continue
            expected = Expected(data, tree)
            found = differences(expected, got)
            if os.path.basename(path).endswith("Python.py"):
                compared["proxies"] += 1
                missing = expected.returns ^ set(got["returns"])
                found += [f"returns: {sorted(missing)}"] if missing else []
            if found and not self.excused(path, got):
                wrong[path] = found
            compared["files"] += 1
            compared["definitions"] += len(expected.definitions)
        print(dict(compared), file=sys.stderr)
        promise = "scanner: Python files read as by Python's parser"
        report(promise, compared["files"], wrong=len(wrong))
        self.assertEqual({}, wrong)
        return compared

    @staticmethod
    def excused(path, got):
        """From 3.12 on an f-string may hold its own quotes: proxies do not."""
        if sys.version_info < (3, 12) or got["good"]:
            return False
        with tokenize.open(path) as file:
            inside = 0
            for token in tokenize.generate_tokens(file.readline):
                inside += token.type == tokenize.FSTRING_START
                inside -= token.type == tokenize.FSTRING_END
                if inside and token.type == tokenize.STRING:
                    return True
        return False

    def test_directories(self):
        given = os.environ.get("LAZYINDEX_SCAN_DIRS")
        directories = (
            given.split(os.pathsep)
            if given
            else [sysconfig.get_path("stdlib")]
        )
        compared = self.check_files(list(source_files(directories)))
        self.assertGreater(compared["files"], 100)

    def test_cases(self):
        with tempfile.TemporaryDirectory() as directory:
            for name, data in CASES.items():
                path = os.path.join(directory, name + " Python.py")
                with open(path, "wb") as file:
                    file.write(data)
                with self.subTest(name):
                    tree = parse(path, data)
                    self.assertIsNotNone(tree, "the case is no Python")
                    (got,) = scan([path])
                    self.assertEqual(
                        [], differences(Expected(data, tree), got)
                    )
                    returns = Expected(data, tree).returns
                    self.assertEqual(returns, set(got["returns"]))

    def test_rejected(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "bad.py")
            for text, line in REJECTED.items():
                with self.subTest(text):
                    with open(path, "w", newline="") as file:
                        file.write(text)
                    run = subprocess.run(
                        [DUMP, path],
                        capture_output=True,
                        text=True,
                        check=False,
                    )
                    self.assertEqual(1, run.returncode)
                    self.assertIn(f"{path}:{line}: error: ", run.stderr)


if __name__ == "__main__":
    unittest.main()
