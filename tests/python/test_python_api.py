"""The functions of CPython that the extension calls: every later one has
them, in its headers too."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from test_process import ProcessTest

EXTENSION = Path(os.environ["LAZYINDEX_EXTENSION"])
RUNTIME = Path(__file__).resolve().parents[2] / "runtime"

# Python 3.15 exports them for extensions built long ago; its headers do not
# declare them.
UNDECLARED = """
PyCFunction_Call PyEval_AcquireLock PyEval_CallFunction PyEval_CallMethod
PyEval_CallObjectWithKeywords PyEval_ReleaseLock PyEval_ThreadsInitialized
PyImport_ImportModuleNoBlock PyMarshal_Init PyObject_AsCharBuffer
PyObject_AsReadBuffer PyObject_AsWriteBuffer PyObject_CheckReadBuffer
PySys_AddWarnOption PySys_AddWarnOptionUnicode PySys_AddXOption
PySys_HasWarnOptions PySys_ResetWarnOptions PySys_SetPath
PyUnicode_AsDecodedObject PyUnicode_AsDecodedUnicode
PyUnicode_AsEncodedObject PyUnicode_AsEncodedUnicode PyUnicode_GetSize
PyUnicode_InternImmortal PyWeakref_GetObject Py_GetExecPrefix Py_GetPath
Py_GetPrefix Py_GetProgramFullPath Py_GetProgramName Py_GetPythonHome
Py_SetPath
"""


def newer_headers():
    """Directories for the compiler, for each Python that a bed is made of."""
    for minor in range(12, 16):
        bed = os.environ.get(f"LAZYINDEX_BED_60_3{minor}")
        if bed:
            told = subprocess.run(
                [
                    Path(bed) / "bin" / "python", "-c",
                    "import sysconfig; print(sysconfig.get_path('include'))",
                ],
                check=True,
                capture_output=True,
                text=True,
            )  # fmt: skip
            headers = Path(told.stdout.strip())
            if (headers / "Python.h").exists():
                # Debian's name another one from the directory above.
                yield f"3.{minor}", (headers, headers.parent)


class ExtensionTest(unittest.TestCase):
    def test_nothing_undeclared(self):
        # A name to link stands between zero bytes.
        names = re.findall(
            rb"\0(Py[A-Za-z]*_\w+)(?=\0)", EXTENSION.read_bytes()
        )
        names = {name.decode() for name in names}
        self.assertIn("PyWeakref_NewRef", names)
        self.assertEqual(set(), names & {*UNDECLARED.split()})


class HeaderTest(unittest.TestCase):
    def test_newer_headers(self):
        """Neither errors nor warnings, of what is deprecated for example."""
        sources = [*RUNTIME.rglob("*.c")]
        self.assertGreater(len(sources), 10)
        folders = {path.parent for path in RUNTIME.rglob("*.h")}
        checked = 0
        for version, headers in newer_headers():
            with self.subTest(version):
                done = subprocess.run(
                    [
                        *("cc", "-std=c11", "-fsyntax-only"),
                        *("-Wall", "-Wextra", "-Werror"),
                        *("-D_GNU_SOURCE", "-DPy_LIMITED_API=0x030B0000"),
                        *(f"-I{path}" for path in (RUNTIME, *folders)),
                        *(f"-isystem{path}" for path in headers),
                        *sources,
                    ],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                checked += 1
        if checked == 0:
            self.skipTest("no headers of a newer Python")


class ForkTest(ProcessTest):
    def test_extension_gone(self):
        """What os.register_at_fork() takes outlives the extension."""
        done = self.python(
            """
import gc, os, sys, weakref, itk
gone = weakref.ref(sys.modules["itk._lazyindex"])
for name in [m for m in sys.modules if m.split(".")[0] == "itk"]:
    del sys.modules[name]
del sys.meta_path[0], itk
gc.collect()
assert gone() is None
child = os.fork()
if child == 0:
    os._exit(0)
print(os.waitpid(child, 0)[1])
"""
        )
        self.assertEqual(("0\n", ""), (done.stdout, done.stderr))


del ProcessTest  # not a test by itself

if __name__ == "__main__":
    unittest.main()
