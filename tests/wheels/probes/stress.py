"""Threads that touch names at once, each time in a fresh process.

    python stress.py MODE COUNT SEED

MODE is a function below; COUNT runs are made, or all there are if it is 0.
Prints a JSON object: how many runs, and what went wrong in them.
"""

import faulthandler
import itertools
import json
import os
import random
import sys
import tempfile
import threading
import traceback
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from facts import Child

SECONDS = 600  # what takes longer is a deadlock


class Place:
    """Tells when somebody changes the directory or the path for imports."""

    def __init__(self, problems):
        self.problems = problems
        self.path = list(sys.path)
        self.found = 0
        sys.addaudithook(self.hear)

    def hear(self, event, arguments):
        if event == "os.chdir":
            self.problems.append(f"chdir: {arguments[0]}")
        elif event == "import" and sys.path != self.path:
            self.problems.append(f"sys.path while importing {arguments[0]}")


def race(tasks, problems):
    """Run functions of the package in threads that start together.
    @return what each gave."""
    results = [None] * len(tasks)
    barrier = threading.Barrier(len(tasks))

    def run(number):
        barrier.wait()
        try:
            results[number] = tasks[number]()
        except Exception as error:
            where = "".join(traceback.format_tb(error.__traceback__)[-2:])
            problems.append(f"{type(error).__name__}: {error}\n{where}")

    threads = [
        threading.Thread(target=run, args=(number,))
        for number in range(len(tasks))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def get_all(names):
    def get():
        import itk

        return {name: getattr(itk, name) for name in names}

    return get


def check_results(results, problems):
    import itk

    for result in results:
        for name, value in (result or {}).items():
            if getattr(itk, name) is not value:
                problems.append(f"{name}: more than one object")
    # The eight of FFT have one description.
    descriptions = [
        factory.GetDescription()
        for factory in itk.ObjectFactoryBase.GetRegisteredFactories()
        if "FFT" not in factory.GetDescription()
    ]
    if len(descriptions) != len(set(descriptions)):
        problems.append(f"a factory is there twice: {descriptions}")


def run_tasks(tell, tasks):
    """In a fresh process."""
    problems = []
    faulthandler.dump_traceback_later(SECONDS - 20, exit=True)
    sys.setswitchinterval(1e-5)
    # Also those at import: "Template ... already defined".
    warnings.showwarning = lambda text, *_: problems.append(str(text))
    warnings.filterwarnings("ignore", message="builtin type swig")
    place = Place(problems)
    check_results(race(tasks, problems), problems)
    place.hear("import", ["the end"])
    tell("problems", problems)


def public_names():
    """Found out in another process: those that race touch nothing before."""
    child = Child("names")

    def body(tell):
        import itk
        from itk.support.base import itk_base_global_module_data

        names = [n for n in dir(itk) if not n.startswith("_")]
        tell("names", names)
        tell(
            "of modules",
            {
                module: data.get_all_template_features()[
                    0
                ].get_python_class_name()
                for module, data in itk_base_global_module_data.items()
                if data.get_all_template_features()
            },
        )

    child.run(body)
    return child.facts["names"], child.facts["of modules"]


def pairs(choice):
    """Two threads: all pairs of 40 names of different modules."""
    by_module = public_names()[1]
    names = choice.sample(sorted(set(by_module.values())), 40)
    chosen = list(itertools.combinations_with_replacement(names, 2))
    choice.shuffle(chosen)
    for pair in chosen:
        yield [get_all([name]) for name in pair]


def crowd(choice):
    """Sixteen threads: three names that all touch, six of their own."""
    names = public_names()[0]
    while True:
        common = choice.sample(names, 3)
        yield [get_all(common + choice.sample(names, 6)) for _ in range(16)]


def same(choice):
    """Sixteen threads that all start with one name."""
    names = public_names()[0]
    while True:
        yield [get_all([name]) for name in [choice.choice(names)] * 16]


def user_module(choice):
    """A thread imports a user's module that touches the package, another
    loads what imports that module (as RTK's and Elastix's extras do)."""
    with tempfile.TemporaryDirectory() as folder:
        sys.path.append(folder)
        yield from user_modules(
            choice, os.path.join(folder, "their_module.py")
        )


def user_modules(choice, path):
    names = public_names()[0]
    while True:
        name, other = choice.sample(names, 2)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"import itk\nVALUE = itk.{name}\nitk.{other}\n")

        def import_module(name=name):
            import their_module

            return {name: their_module.VALUE}

        def load(other=other):
            import itk
            import itkConfig

            def callback(module, progress):
                import their_module  # noqa: F401

            itkConfig.ImportCallback = callback
            return {other: getattr(itk, other)}

        yield [import_module, load, import_module, load]


def direct(choice):
    """A thread imports a unit by its own name, another asks for the name."""

    def import_unit():
        import itk.itkMedianImageFilterPython as unit

        return {"median_image_filter": unit.median_image_filter}

    def import_aggregator():
        import itk.ITKSmoothingPython as module

        assert module.itkMedianImageFilterIF2IF2
        return {}

    while True:
        tasks = [
            import_unit,
            import_aggregator,
            get_all(["MedianImageFilter"]),
            get_all(["median_image_filter", "ITKSmoothing"]),
            get_all(["ImageFileReader"]),
        ]
        choice.shuffle(tasks)
        yield tasks


MODES = {mode.__name__: mode for mode in (crowd, direct, pairs, same)}
MODES["user_module"] = user_module


def main(mode, count, seed):
    runs, problems = 0, []
    tasks = MODES[mode](random.Random(int(seed)))
    for task in itertools.islice(tasks, int(count) or None):
        child = Child(mode, SECONDS)
        status = child.run(lambda tell, task=task: run_tasks(tell, task))
        runs += 1
        if status != 0:
            problems.append(f"run {runs} ended by {status} {child.facts}")
        problems += child.facts.get("problems", [])
    json.dump({"runs": runs, "problems": problems}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
