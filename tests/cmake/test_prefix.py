"""mini-itk through an installed LazyIndex: counts, what is built again, what
goes into which component, and a project that adds a module."""

import ast
import json
import os
import shutil
import sys
import unittest

from mini_itk import (
    ALL_UNITS,
    MINI_ITK,
    PROGRAM,
    TOOL,
    MiniItkTest,
    build,
    configure,
    install_lazyindex,
    python,
    run,
    times,
)

NOTHING = "ninja: no work to do.\n"
COMMON = ("ITKCommon", "ITKIOImageBase", "ITKIORaw")
FILTERS = (
    "ITKImageFilterBase",
    "ITKImageIntensity",
    "ITKSmoothing",
    "ITKThresholding",
)


def shards(directory):
    """What is in all shards of a directory, by table."""
    tables = {}
    for path in sorted(directory.glob("*.lzi")):
        for table, records in json.loads(
            run(TOOL, "dump", "--json", path)
        ).items():
            if table == "contents":
                for key in ("modules", "startups"):
                    tables.setdefault(f"all {key}", set()).update(records[key])
            elif isinstance(records, dict) and table != "meta":
                tables.setdefault(table, {}).update(records)
    return tables


class PrefixTest(MiniItkTest):
    @classmethod
    def prepare(cls):
        # The prefix is moved: nothing in it may name itself.
        install_lazyindex(cls.folder / "first")
        cls.prefix = cls.folder / "second"
        os.rename(cls.folder / "first", cls.prefix)
        cls.build = cls.folder / "build"
        configure(MINI_ITK, cls.build, f"-DLazyIndex_ROOT={cls.prefix}")
        build(cls.build)
        cls.site = cls.build / "python"
        cls.package = cls.site / "itk"

    def last_line(self, directory=None):
        return build(directory or self.build).splitlines(True)[-1]

    def install(self, name, modules):
        site = self.folder / name
        for module in modules:
            run(
                "cmake", "--install", self.build,
                "--component", f"{module}Runtime", "--prefix", site,
            )  # fmt: skip
        return next(site.glob("lib/python*/site-packages"))

    def test_counts(self):
        self.check_counts(self.site)

    def test_example(self):
        example = MINI_ITK / "example.py"
        output = run(sys.executable, example, PYTHONPATH=self.site)
        expected = (MINI_ITK / "expected.txt").read_text()
        self.assertEqual(expected, output)
        self.assertIn(f"{ALL_UNITS:>6}{ALL_UNITS:>11}\n", output)
        self.assertIn(expected, (MINI_ITK / "README.md").read_text())

    def test_import_loads_nothing(self):
        program = "import itk, sys; print(sorted(sys.modules), dir(itk))"
        output = python(self.site, program)
        self.assertNotIn("itk.support", output.partition("]")[0])
        self.assertIn("'threshold_above'", output)

    def test_soft_edge_gives_returned_type_its_class(self):
        """Nothing but the docstring tells that an image returns one."""
        program = """
import itk
image = itk.image_from_rows([[0, 0, 0, 0]])
print(type(image.GetCenter()).__name__, image.GetCenter().GetElement(0))
"""
        self.assertEqual(
            "itkContinuousIndexD2 1.5\n", python(self.site, program)
        )
        run(TOOL, "verify", self.package)
        proxy = (self.package / "itkImagePython.py").read_text()
        self.assertNotIn("import itk.itkContinuousIndexPython", proxy)

    def test_one_c_plus_plus_world(self):
        """A factory of one library makes objects for another."""
        path = self.folder / "image.raw"
        path.write_bytes(b"RAW 2 2\n\1\2\3\4")
        program = f"""
import itk
before = itk.count_initialisations()
assert itk.rows_of(itk.imread({str(path)!r})) == [[1, 2], [3, 4]]
print(itk.ObjectFactoryBase.GetNumberOfRegisteredFactories())
"""
        for switch in ("on", "off"):
            output = python(self.site, program, LAZYINDEX=switch)
            self.assertEqual("1\n", output)

    def test_same_as_applied_later(self):
        """The shards say what a scan of the finished package says."""
        copy = self.folder / "applied"
        shutil.copytree(self.site, copy)
        own = copy / "itk" / "_lazyindex"
        os.replace(own / "stock_init.py", copy / "itk" / "__init__.py")
        shutil.rmtree(own)
        run(TOOL, "build", copy / "itk", "-o", own)
        self.assertEqual(shards(own), shards(self.package / "_lazyindex"))
        shutil.rmtree(own)
        run(TOOL, "apply", copy / "itk")
        self.assertEqual(
            (copy / "itk" / "__init__.py").read_text(),
            (self.package / "__init__.py").read_text(),
        )

    def test_what_readers_of_source_see(self):
        """A __getattr__ where the package's own __init__ has one."""
        line = "    from ._lazyindex.stock_init import {}__version__\n"
        text = (self.package / "__init__.py").read_text()
        self.assertIn(line.format("__getattr__, "), text)
        source = self.folder / "without"
        shutil.copytree(MINI_ITK, source)
        init = source / "Wrapping/python/itk/__init__.py"
        init.write_text(init.read_text().replace("def __getattr__(", "def f("))
        other = self.folder / "without build"
        configure(source, other, f"-DLazyIndex_ROOT={self.prefix}")
        short = other / "python/itk/__init__.py"
        build(other, "--target", short.relative_to(other))
        self.assertEqual(
            text.replace(line.format("__getattr__, "), line.format("")),
            short.read_text(),
        )
        # One that is changed later is looked into again.
        init.write_text(
            (self.package / "_lazyindex/stock_init.py").read_text()
        )
        build(other, "--target", short.relative_to(other))
        self.assertEqual(text, short.read_text())

    def test_nothing_to_do_the_second_time(self):
        build(self.build)
        before = times(self.package)
        self.assertEqual(NOTHING, self.last_line())
        configure(MINI_ITK, self.build, f"-DLazyIndex_ROOT={self.prefix}")
        self.assertEqual(NOTHING, self.last_line())
        self.assertEqual(before, times(self.package))

    def test_a_changed_table_changes_its_shard(self):
        self.check_changed_table(self.build, self.package)

    def test_a_rewritten_table_is_indexed_as_it_is_in_the_end(self):
        table = (
            self.package / "Configuration" / "ITKThresholding_snake_case.py"
        )
        names = ast.literal_eval(table.read_text().partition("=")[2].strip())
        self.assertIn("threshold_above", names)
        output = run(TOOL, "explain", self.package, "threshold_above")
        self.assertIn("owner: ITKThresholding\n", output)
        # Again when it is made again: the generator's text is shorter.
        (self.build / "Typedefs" / "ITKThresholding.i").unlink()
        build(self.build)
        run(TOOL, "verify", self.package)
        self.assertIn("threshold_above", table.read_text())

    def test_a_missing_proxy_is_made_again(self):
        (self.package / "itkMeanImageFilterPython.py").unlink()
        build(self.build)
        run(TOOL, "verify", self.package)

    def test_components(self):
        """Any subset of modules with those below is a package."""
        core = self.install("core", COMMON)
        program = "import itk; print(*(hasattr(itk, n) for n in %r))"
        names = ("Image", "imread", "MedianImageFilter", "ITKSmoothing")
        self.assertEqual(
            "True True False False\n", python(core, program % (names,))
        )
        self.assertEqual(
            sorted(f"{name}.lzi" for name in ("ITKPyBase", *COMMON)),
            sorted(times(core / "itk")),
        )
        everything = self.install("all", COMMON + FILTERS)
        self.check_counts(everything)
        run(TOOL, "verify", everything / "itk")

    def test_another_project_adds_a_module(self):
        """It writes into the same package, and only its own shard."""
        remote = self.folder / "remote"
        site = self.folder / "with remote"
        before = times(self.package)
        try:
            configure(
                MINI_ITK / "remote",
                remote,
                f"-DMiniITK_DIR={self.build}",
            )
            build(remote)
            after = times(self.package)
            self.assertEqual({"Sharpening.lzi"}, set(after) - set(before))
            program = """
import itk
image = itk.image_from_rows([[1, 2, 9]])
print(itk.rows_of(itk.sharpen_twice(image)), itk.count_initialisations())
"""
            self.assertEqual("[[0, 0, 14]] 13\n", python(self.site, program))
            # Its table is rewritten by every build; its shard is not.
            build(remote)
            self.assertEqual(after, times(self.package))
            # The first project is not disturbed.
            self.assertEqual(NOTHING, self.last_line())

            shutil.copytree(self.install("all of it", COMMON + FILTERS), site)
            run("cmake", "--install", remote, "--prefix", self.folder / "x")
            shutil.copytree(
                next((self.folder / "x").glob("lib/python*/site-packages")),
                site,
                dirs_exist_ok=True,
            )
            self.assertEqual("[[0, 0, 14]] 13\n", python(site, program))
            run(TOOL, "verify", site / "itk")
            # Its start-up file is only installed.
            program = "import itk; print(itk.sharpening_is_installed)"
            self.assertEqual("True\n", python(site, program))
        finally:
            for path in self.site.rglob("*harpen*"):
                path.unlink()

    def test_a_module_without_a_shard_is_loaded_the_own_way(self):
        site = self.folder / "stock module"
        shutil.copytree(self.site, site)
        (site / "itk" / "_lazyindex" / "ITKSmoothing.lzi").unlink()
        # More than 13: its other unit. Those of ITKThresholding, which it
        # imports, wait until one looks into that module.
        self.assertEqual("14\n", python(site, PROGRAM))


if __name__ == "__main__":
    unittest.main()
