"""No C++ object arrives as a bare SwigPyObject: `lazyindex verify --types`."""

import json
import re
import subprocess
import unittest

from beds import TOOL, BedTest, environment
from sources import source
from tally import report


class TypesTest(BedTest):
    def verify(self):
        return subprocess.run(
            [TOOL, "verify", "--types", self.lazy.package],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=3000,
        )

    def test_types(self):
        run = self.verify()
        told = re.fullmatch(
            r"(\d{3}) units .* (\d+) missing somewhere\n", run.stdout
        )
        self.assertIsNotNone(told, run.stderr)
        units, missing = map(int, told.groups())
        promise = "every type that C++ returns has its class: units"
        report(promise, units, wrong=missing)
        self.assertEqual((0, 0, ""), (missing, run.returncode, run.stderr))


class Types60Test(TypesTest):
    variable = "LAZYINDEX_BED_60"

    def units(self):
        """{unit: its record}, of all shards."""
        units = {}
        for shard in sorted(self.lazy.package.glob("_lazyindex/*.lzi")):
            dump = subprocess.run(
                [TOOL, "dump", "--json", shard], capture_output=True
            )
            units |= json.loads(dump.stdout)["units"]
        return units

    def run_program(self, unit, others, kinds):
        """With a unit and others, and what they need by these kinds."""
        units = self.units()

        def walk(name, order, seen):
            seen.add(name)
            needed = [n for kind in kinds for n in units[name][kind]]
            for dependency in needed:
                if dependency not in seen:
                    walk(dependency, order, seen)
            order.append(name)
            return order

        order, seen = [], set()
        for name in [unit, *others]:
            walk(name, order, seen)
        lines = [" ".join(walk(name, [], set())) for name in order]
        return subprocess.run(
            [
                *(self.lazy.python, "-P", source("verify_types.py")),
                self.lazy.package,
            ],
            input="\n".join(lines),
            env=environment(),
            capture_output=True,
            text=True,
            timeout=1800,
        )

    def test_missing_edge_is_found(self):
        """Without its soft edges, a unit lacks the classes they are for."""
        unit, other = "itkMedianImageFilterPython", "itkContinuousIndexPython"
        run = self.run_program(unit, [other], ["imports"])
        self.assertEqual(1, run.returncode)
        self.assertRegex(
            run.stderr,
            "error: type '_p_itkContinuousIndexD2' has no class where only ",
        )
        run = self.run_program(unit, [other], ["imports", "soft"])
        self.assertEqual((0, ""), (run.returncode, run.stderr))

    def test_unit_that_does_not_load(self):
        run = self.run_program("itkSizePython", [], ["imports"])
        self.assertEqual(0, run.returncode)
        proxy = self.lazy.package / "itkSizePython.py"
        content = proxy.read_text()
        proxy.unlink()
        self.addCleanup(self.rewrite, proxy, content)
        proxy.write_text("import no_such_module\n")
        run = self.run_program("itkSizePython", [], ["imports"])
        self.assertEqual(1, run.returncode)
        self.assertIn(
            "unit 'itkSizePython' does not load: itkSizePython: "
            "ModuleNotFoundError: No module named 'no_such_module'",
            run.stderr,
        )

    @staticmethod
    def rewrite(path, content):
        path.unlink()
        path.write_text(content)


class Types54Test(TypesTest):
    variable = "LAZYINDEX_BED_54"


del BedTest, TypesTest  # no tests by themselves

if __name__ == "__main__":
    unittest.main()
