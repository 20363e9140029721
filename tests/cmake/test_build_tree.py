"""mini-itk through the build tree of LazyIndex, with Makefiles."""

import unittest

from mini_itk import (
    BUILD,
    MINI_ITK,
    TOOL,
    MiniItkTest,
    build,
    configure,
    run,
    times,
)


class BuildTreeTest(MiniItkTest):
    needed = ("swig", "make")

    @classmethod
    def prepare(cls):
        cls.build = cls.folder / "build"
        configure(
            MINI_ITK,
            cls.build,
            f"-DLazyIndex_DIR={BUILD}/cmake",
            generator="Unix Makefiles",
        )
        build(cls.build)
        cls.package = cls.build / "python" / "itk"

    def test_counts(self):
        self.check_counts(self.package.parent)
        run(TOOL, "verify", self.package)

    def test_nothing_to_do_the_second_time(self):
        build(self.build)
        before = times(self.package)
        stamp = self.build / "Wrapping" / "python" / "lazyindex_itk.stamp"
        made = stamp.stat().st_mtime_ns
        output = build(self.build)
        self.assertIn("Built target lazyindex_itk", output)
        for word in ("Indexing", "SWIG", "Building", "Linking", "Generating"):
            self.assertNotIn(word, output)
        self.assertEqual(made, stamp.stat().st_mtime_ns)
        self.assertEqual(before, times(self.package))

    def test_a_changed_table_changes_its_shard(self):
        build(self.build)
        before = times(self.package)
        table = self.package / "Configuration" / "ITKSmoothing_snake_case.py"
        text = table.read_text()
        table.write_text(text.replace("'mean_image_filter', ", ""))
        self.assertIn("Indexing the Python package itk", build(self.build))
        after = times(self.package)
        changed = {name for name in after if before[name] != after[name]}
        self.assertEqual({"ITKSmoothing.lzi"}, changed)
        table.write_text(text)
        build(self.build)


if __name__ == "__main__":
    unittest.main()
