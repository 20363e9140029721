"""Sixteen threads that touch names at once, in a fresh process.

Prints what went wrong, a line each; nothing, if all is well. Argument: seed
of the choice of names.
"""

import faulthandler
import os
import random
import sys
import threading
import warnings

import itk

THREADS = 16
faulthandler.dump_traceback_later(300, exit=True)  # a deadlock

problems = []
warnings.showwarning = lambda message, *_: problems.append(str(message))
choice = random.Random(int(sys.argv[1]))
names = [
    name
    for name in dir(itk)
    if not name.startswith("_") and not name.endswith("Python")
]
common = choice.sample(names, 3)
wanted = [common + choice.sample(names, 6) for _ in range(THREADS)]
place = os.getcwd(), list(sys.path)
barrier = threading.Barrier(THREADS)
found = [{} for _ in range(THREADS)]


def touch(number):
    barrier.wait()
    for name in wanted[number]:
        try:
            found[number][name] = getattr(itk, name)
        except Exception as error:
            problems.append(f"{name}: {error!r}")
        if (os.getcwd(), sys.path) != place:
            problems.append(f"{name}: another directory or sys.path")


threads = [
    threading.Thread(target=touch, args=(number,)) for number in range(THREADS)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

for objects in found:
    for name, value in objects.items():
        if getattr(itk, name) is not value:
            problems.append(f"{name}: more than one object")
# The eight of FFT have one description.
factories = [
    factory.GetDescription()
    for factory in itk.ObjectFactoryBase.GetRegisteredFactories()
    if "FFT" not in factory.GetDescription()
]
if len(factories) != len(set(factories)):
    problems.append(f"a factory is registered twice: {factories}")
print(*problems, sep="\n", end="")
