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
        run(TOOL, "status", self.package)  # fails where it is not current

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
        self.check_changed_table(self.build, self.package)


if __name__ == "__main__":
    unittest.main()
