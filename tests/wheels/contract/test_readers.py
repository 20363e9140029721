"""What reads source and does not run it sees the same in a lazy package as in
a stock one: type checkers, linters, editors. And Sphinx, which does run it."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from beds import REQUIRED, BedTest, environment

# No mistake, whoever reads it.
GOOD = """
import itk
from itk import array_view_from_image, imread, imwrite, output

image = itk.imread("a.png", itk.UC)
imwrite(image, "b.png", compression=True)
array = array_view_from_image(image)
again = itk.image_from_array(array, is_vector=False)
pixel = itk.ULL if itk.size(output(image)) else itk.itkCType
print(itk.__version__, itk.auto_progress, itk.auto_pipeline, pixel, imread)
"""

# They find some of these, and tell what they take the others for.
BAD = """
import itk
from itk import imraed

itk.imwrit(itk.nothing, imraed)
itk.imread()
itk.set_nthreads("many", wrong=itk.__versoin__)
reveal_type(itk.imread)
reveal_type(itk.F)
reveal_type(itk.__version__)
reveal_type(itk.size)
"""

FILES = {"good.py": GOOD, "bad.py": BAD}

# numpy takes most of the time, and is the same for both.
MYPY = """
[mypy]
follow_untyped_imports = True
[mypy-numpy.*]
follow_imports = skip
"""

COMPLETE = """
import sys
import jedi

jedi.settings.cache_directory = sys.argv[2]
python = jedi.create_environment(sys.argv[1], safe=False)

def script(text):
    return jedi.Script("import itk\\n" + text, environment=python)

def place(found):
    file = str(found.module_path).partition("site-packages")[2]
    return found.name, found.type, file, found.line

for text in "itk.im", "itk.", "from itk import a":
    for found in script(text).complete():
        if not found.name.startswith("_"):
            print(text, found.name)
for text in (
    "itk.imread", "itk.F", "itk.__version__", "itk.image_from_array",
    "from itk import imwrite",
):
    for found in script(text).goto(follow_imports=True):
        print("goto", text, *place(found))
    for found in script(text).infer():
        print("infer", text, *place(found))
    for found in script(text + "(").get_signatures():
        print("signature", text, found.to_string())
"""

CONF = """
import sys

sys.path.append({site!r})
extensions = ["sphinx.ext.autodoc"]
"""

# No automodule: it looks at each name, and so loads all of ITK.
INDEX = """
.. autofunction:: itk.imread
.. autofunction:: itk.array_from_image
.. autodata:: itk.F
"""


class ReaderTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    @classmethod
    def setUpClass(cls):
        tools = os.environ.get("LAZYINDEX_USER_TOOLS")
        if not tools:
            if REQUIRED:
                raise AssertionError("LAZYINDEX_USER_TOOLS is not set")
            raise unittest.SkipTest("LAZYINDEX_USER_TOOLS is not set")
        cls.tools = Path(tools, "bin")
        super().setUpClass()
        for name, text in FILES.items():
            (cls.folder / name).write_text(text)
        (cls.folder / "mypy.ini").write_text(MYPY)

    def tool(self, name, *arguments, **more):
        """Output of a tool that reads in cls.folder."""
        done = subprocess.run(
            [self.tools / name, *arguments],
            cwd=self.folder,
            # What they keep for the next time goes there, too.
            env=environment(HOME=str(self.folder), **more),
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        self.assertEqual("", done.stderr)
        return done.stdout

    def mypy(self, bed):
        return self.tool("mypy", f"--python-executable={bed.python}", *FILES)

    def pylint(self, bed):
        return self.tool(
            "pylint", "--errors-only", *FILES, PYTHONPATH=str(bed.site)
        )

    def pyright(self, bed):
        return self.tool("pyright", f"--pythonpath={bed.python}", *FILES)

    def assertSameFindings(self, check, *expected):
        """What `check` tells of a bed: nothing of the good file; of the bad
        one the same, and this."""
        stock, lazy = (
            [line for line in check(bed).splitlines() if ".py:" in line]
            for bed in (self.stock, self.lazy)
        )
        self.assertEqual(stock, lazy)
        self.assertEqual([], [line for line in lazy if "good.py" in line])
        for text in expected:
            self.assertTrue(any(text in line for line in lazy), text)

    def test_mypy(self):
        self.assertSameFindings(
            self.mypy,
            'no attribute "imraed"',
            'no attribute "nothing"',
            'no attribute "__versoin__"',
            'Revealed type is "def (filename: ',
            'Revealed type is "itk.support.types.itkCType',
        )

    def test_pyright(self):
        self.assertSameFindings(
            self.pyright,
            '"imraed" is unknown import symbol',
            '"nothing" is not a known attribute',
            'Argument missing for parameter "filename"',
            'Type of "itk.F" is "itkCType"',
            'Type of "itk.__version__" is "str"',
        )

    def test_pylint(self):
        self.assertSameFindings(
            self.pylint,
            "No name 'imraed' in module 'itk'",
            "Module 'itk' has no 'nothing' member",
            "No value for argument 'filename'",
        )

    def test_own_getattr(self):
        """Of the next ITK's __init__: it may have any name, then."""
        bed = self.stock.copy(self.folder / "own_getattr")
        init = bed.package / "__init__.py"
        text = init.read_text()
        init.unlink()
        init.write_text(f"{text}\n\ndef __getattr__(name: str):\n    ...\n")
        for check in self.mypy, self.pylint:
            stock = check(bed)
            bed.tool("apply")
            self.assertEqual(stock, check(bed))
            self.assertNotIn("nothing", stock)
            self.assertIn("bad.py", stock)
            bed.tool("revert")

    def test_jedi(self):
        stock, lazy = (
            self.tool(
                "python", "-c", COMPLETE, bed.python, self.folder / "jedi"
            ).splitlines()
            for bed in (self.stock, self.lazy)
        )
        self.assertEqual(stock, lazy)
        self.assertIn("itk.im image_from_array", lazy)
        (line,) = (line for line in lazy if "goto itk.imread " in line)
        self.assertIn("/itk/support/extras.py", line)

    def test_sphinx(self):
        pages = []
        for bed in (self.stock, self.lazy):
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                conf = CONF.format(site=str(bed.site))
                Path(folder, "conf.py").write_text(conf)
                Path(folder, "index.rst").write_text(INDEX)
                out = Path(folder, "text")
                self.tool("sphinx-build", "-qb", "text", folder, out)
                pages.append((out / "index.txt").read_text())
        self.assertEqual(*pages)
        self.assertIn("itk.imread(filename: ", pages[1])


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
