"""What a process can meet in the middle of a first access: Ctrl-C, the end of
its memory or of its files. With the released wheels."""

import unittest

from beds import BedTest
from tally import LONG, Tally

# Forks a child for each moment, from a process in which nothing of ITK but
# the package is there (and numpy, which does not survive a Ctrl-C itself). In
# a child, SIGINT is raised at the n-th call of a Python or C function of the
# first access. Afterwards the same access, and use of what it gives, work.
INTERRUPTED = """
import hashlib, os, signal, sys
import numpy
import itk
names = sys.argv[2:]
# A shell that starts us behind itself has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

def access():
    for name in names:
        value = getattr(itk, name)
        if hasattr(value, "keys"):
            list(value.keys())

def use():
    image = itk.image_from_array(numpy.arange(64, dtype=numpy.uint8).reshape(8, 8))
    median = itk.median_image_filter(image, radius=1)
    data = itk.array_from_image(median).tobytes()
    types = [str(key) for key in itk.MedianImageFilter.keys()]
    factories = [
        factory.GetDescription()
        for factory in itk.ObjectFactoryBase.GetRegisteredFactories()
    ]
    return hashlib.sha256(repr((data, types, factories)).encode()).hexdigest()

def calls(at):
    # Counts; interrupts at one of them.
    count = 0
    def profile(frame, event, argument):
        nonlocal count
        count += 1
        # Not inside Python's own locks of modules, which stay locked then.
        code = frame.f_code
        if 0 < at <= count and "_bootstrap>" not in code.co_filename:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)
    interrupted = False
    sys.setprofile(profile)
    try:
        access()
    except KeyboardInterrupt:
        interrupted = True
    sys.setprofile(None)
    return count, interrupted

def in_child(at):
    # What a child says.
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 2)
        code = 1
        try:
            count, interrupted = calls(at)
            access()
            os.write(write, f"{count} {interrupted} {use()}".encode())
            code = 0
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said

code, said = in_child(0)
total, _, expected = said.split()
moments = int(sys.argv[1])
for i in range(moments):
    at = 1 + (int(total) - 2) * i // moments
    code, said = in_child(at)
    interrupted = said.split()[1:2] == ["True"]
    right = said.split()[-1:] == [expected]
    print(at, code, interrupted, right, "" if right else repr(said), flush=True)
"""

# Address space, or file descriptors, end in the middle of a load.
LIMITED = """
import resource, sys
import numpy, itk
what, left = sys.argv[1], int(sys.argv[2])
if what == "files":
    import os
    free = [os.dup(2) for _ in range(left + 1)]
    for fd in free:
        os.close(fd)
    limit, size = resource.RLIMIT_NOFILE, free[left]
else:
    pages = int(open("/proc/self/statm").read().split()[0])
    limit, size = resource.RLIMIT_AS, pages * 4096 + left
hard = resource.getrlimit(limit)[1]
resource.setrlimit(limit, (size, hard))
try:
    itk.MedianImageFilter[itk.Image[itk.F, 2], itk.Image[itk.F, 2]]
    print("loaded")
except (ImportError, OSError, MemoryError, SystemError) as error:
    # CPython itself raises SystemError where compile() runs out of memory.
    resource.setrlimit(limit, (hard, hard))
    print("failed")
resource.setrlimit(limit, (hard, hard))
print(itk.MedianImageFilter[itk.Image[itk.F, 2], itk.Image[itk.F, 2]].New().GetRadius())
"""


class ProcessTest(BedTest):
    variable = "LAZYINDEX_BED_60"

    def test_interrupted(self):
        tally = Tally("Ctrl-C in a first access, then the same access")
        seen = set()
        for names in (
            ["MedianImageFilter"],
            ["imread"],
            ["ITKSmoothing", "median_image_filter", "Image"],
        ):
            moments = 15 * LONG
            told = self.lazy.run(
                *("-B", "-c", INTERRUPTED, moments, *names),
                timeout=600 * LONG,
            ).stdout
            self.assertEqual(moments, told.count("\n"))
            for line in told.splitlines():
                at, code, interrupted, right, said = line.split(" ", 4)
                with self.subTest(names, at=at), tally.case():
                    tally.signals += int(code) < 0
                    self.assertEqual(("0", "True"), (code, right), said)
                seen.add(interrupted)
        self.assertIn("True", seen)
        tally.report()

    def limited(self, what, sizes, promise):
        tally = Tally(promise)
        seen = set()
        for left in sizes:
            with self.subTest(left), tally.case():
                done = self.lazy.run(
                    "-B", "-c", LIMITED, what, left, check=False
                )
                tally.ended(done)
                self.assertEqual(0, done.returncode, done.stderr)
                first, second = done.stdout.splitlines()
                self.assertEqual("itkSize2 ([1, 1])", second)
                seen.add(first)
        self.assertEqual({"loaded", "failed"}, seen)
        tally.report()

    def test_few_files(self):
        self.limited(
            "files",
            range(6),
            "few file descriptors left at a first access, then enough",
        )

    def test_little_memory(self):
        self.limited(
            "memory",
            [size * 2**20 for size in (1, 4, 16, 32, 64, 4096)],
            "little address space left at a first access, then enough",
        )


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
