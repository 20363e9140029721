"""LazyIndex as a product: built, installed and used in places with blanks and
other letters; the C API, manual, completions; wheel and sdist; uninstalled."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

from test_install import REQUIRED, ROOT, run

sys.path.append(str(ROOT / "tests" / "python"))
from sources import all_sources

sys.path.append(str(ROOT / "tests" / "cli"))
from make_package import make_package

HERE = Path(__file__).resolve().parent
COMMANDS = re.compile(r"^  (\w+) [A-Z].*  ", re.MULTILINE)
OPTIONS = re.compile(r"^  (?:-\w, )?(--\w+)", re.MULTILINE)


def needs(module):
    if importlib.util.find_spec(module) is None:
        if REQUIRED:
            raise AssertionError(f"{module} is not installed")
        raise unittest.SkipTest(f"{module} is not installed")


def files_below(folder):
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if not path.is_dir()
    }


class PrefixTest(unittest.TestCase):
    """`cmake --install`, from an odd place to another one."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="plåce ")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.source = cls.folder / "the söurce"
        cls.build = cls.folder / "the bùild"
        cls.prefix = cls.folder / "the préfix"
        shutil.copytree(
            ROOT,
            cls.source,
            ignore=shutil.ignore_patterns("build", "dist", ".git"),
        )
        run(
            "cmake", "-S", cls.source, "-B", cls.build,
            "-DLAZYINDEX_TESTS=OFF", "-DCMAKE_BUILD_TYPE=Release",
            f"-DPython3_EXECUTABLE={sys.executable}",
        )  # fmt: skip
        run("cmake", "--build", cls.build, "--parallel", "2")
        run("cmake", "--install", cls.build, "--prefix", cls.prefix)
        cls.tool = cls.prefix / "bin" / "lazyindex"

    def consume(self, source, build, *options):
        """The consumer project, C and C++: what both say of a name."""
        (source / "inputs.c").write_text(self.example())
        run("cmake", "-S", source, "-B", build, *options)
        run("cmake", "--build", build)
        site = build / "site"
        make_package(site)
        run(self.tool, "build", site / "itk", "-o", build / "shards")
        for program in ("owner_c", "owner_cc"):
            said = [
                subprocess.run(
                    [build / program, build / "shards", name],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                for name in ("Image", "Nothing")
            ]
            self.assertEqual("ITKCommon of itk-core\n", said[0].stdout)
            self.assertEqual(0, said[0].returncode)
            self.assertEqual(1, said[1].returncode, said[1].stdout)
            run("test", "-x", build / program)
        said = run(build / "inputs", build / "shards").splitlines()
        self.assertEqual(["itk-core", "itk-io"], sorted(said[:-1])[-2:])
        self.assertIn("  Configuration/ITKIOPNGConfig.py", said)
        self.assertRegex(said[-1], r"^\d{3,} bytes$")

    def header(self, name):
        return (self.prefix / "include" / "lazyindex" / name).read_text()

    def example(self):
        """The program in the introduction of the headers."""
        text = self.header("lazyindex.h")
        code = re.search(
            r"^ \*     (#include.*?)\n \*\n \* Build it", text, re.S | re.M
        )
        return re.sub(r"^ \*(     )?", "", code[1], flags=re.M) + "\n"

    def consumer(self):
        source = self.folder / "çonsumer"
        if not source.exists():
            shutil.copytree(HERE / "format_consumer", source)
        return source

    def test_c_api_of_the_prefix(self):
        """Moved somewhere else first: nothing knows where it was."""
        moved = self.folder / "the moved préfix"
        shutil.copytree(self.prefix, moved, symlinks=True)
        self.addCleanup(shutil.rmtree, moved)
        for path in (moved / "lib").rglob("*.cmake"):
            self.assertNotIn(str(self.folder), path.read_text(), path)
        self.consume(
            self.consumer(),
            self.folder / "consumer bùild 1",
            f"-DCMAKE_PREFIX_PATH={moved}",
        )

    def test_c_api_of_the_build_tree(self):
        self.consume(
            self.consumer(),
            self.folder / "consumer bùild 2",
            f"-DLazyIndex_DIR={self.build}/cmake",
        )

    def test_library_has_own_symbols_only(self):
        (library,) = self.prefix.rglob("liblazyindex.so")
        symbols = run("nm", "-D", "--defined-only", library).split("\n")[:-1]
        for line in symbols:
            self.assertRegex(line, r" T lzi_\w+$")
        self.assertEqual(
            sorted(self.public_functions()),
            sorted(line.split()[-1] for line in symbols),
        )

    def public_functions(self):
        """Those that the headers declare; all of them are marked."""
        for path in self.prefix.glob("include/lazyindex/*.h"):
            text = path.read_text().replace("\\\n", "")
            text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
            text = re.sub(r"^(#|extern).*", "", text, flags=re.M)
            text = re.sub(r"\{[^{}]*\}", "", text)
            for declaration in text.split(";"):
                name = re.search(r"(\w+)\(", declaration)
                if name and "typedef" not in declaration:
                    self.assertIn("LZI_API", declaration, path)
                    yield name[1]

    @unittest.skipUnless(shutil.which("readelf"), "no readelf")
    def test_tool_needs_libc_only(self):
        """So that its wheel can be installed on any Linux of its age."""
        for path in [self.tool, next(self.prefix.rglob("_lazyindex.*.so"))]:
            needed = re.findall(
                r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", path, LC_ALL="C")
            )
            self.assertIn("libc.so.6", needed)
            rest = {name for name in needed if not name.startswith("ld-")}
            self.assertEqual({"libc.so.6"}, rest, path)

    def test_tool_on_a_package(self):
        site = self.folder / "the sïte"
        make_package(site)
        for command in ("apply", "status", "verify", "revert"):
            run(self.tool, command, site / "itk")
        library = next(self.prefix.rglob("_lazyindex.abi3.so"))
        self.assertIn(
            "FormatError",
            run(
                sys.executable, "-c",
                "import lazyindex; print(lazyindex.FormatError)",
                PYTHONPATH=str(library.parents[1]),
                PYTHONDONTWRITEBYTECODE="1",
            ),
        )  # fmt: skip

    def test_manual(self):
        """It has every command and option that the tool tells of."""
        page = (self.prefix / "share/man/man1/lazyindex.1").read_text()
        version = run(self.tool, "--version").split()[1]
        self.assertIn(f'"LazyIndex {version}"', page)
        page = page.replace("\\-", "-")
        commands = COMMANDS.findall(run(self.tool, "--help"))
        self.assertGreaterEqual(len(commands), 9)
        for command in commands:
            self.assertIn(f"\n.B lazyindex {command}\n", page)
            self.assertIn(f"\n.TP\n.B {command}\n", page)
            for option in OPTIONS.findall(run(self.tool, command, "--help")):
                self.assertRegex(page, rf"\n\.B[RI]? .*{option}\b")

    @unittest.skipUnless(shutil.which("man"), "no man")
    def test_manual_is_formatted_without_warnings(self):
        page = self.prefix / "share/man/man1/lazyindex.1"
        text = run("man", "--warnings", "-l", page, LC_ALL="C.UTF-8")
        self.assertNotIn(": warning", text)
        self.assertIn("SOURCE_DATE_EPOCH", text)

    def complete(self, *words):
        """What bash offers for the last word."""
        script = self.prefix / "share/bash-completion/completions/lazyindex"
        program = """
source "$1"; shift
complete -p lazyindex >/dev/null || exit 1
COMP_WORDS=(lazyindex "$@")
COMP_CWORD=$#
_lazyindex
printf '%s\\n' "${COMPREPLY[@]}"
"""
        done = subprocess.run(
            ["bash", "-c", program, "bash", script, *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual("", done.stderr)
        return sorted(done.stdout.split("\n")[:-1])

    def test_bash_completion(self):
        commands = COMMANDS.findall(run(self.tool, "--help"))
        self.assertEqual(sorted(commands), self.complete(""))
        self.assertEqual(["stats", "status"], self.complete("sta"))
        self.assertEqual(["--help", "--version"], self.complete("-"))
        for command in commands:
            options = OPTIONS.findall(run(self.tool, command, "--help"))
            self.assertLessEqual(
                set(options), set(self.complete(command, "--"))
            )
        place = self.folder / "completion"
        place.mkdir()
        for name in ("a b.whl", "c.lzi", "d"):
            (place / name).touch()
        (place / "dir").mkdir()
        at = "completion/"
        self.assertEqual(
            [f"{at}a b.whl", f"{at}dir"], self.complete("wheel", "x.whl", at)
        )
        self.assertEqual([f"{at}dir"], self.complete("wheel", "-o", at))
        self.assertEqual([f"{at}c.lzi", f"{at}dir"], self.complete("dump", at))
        self.assertEqual([f"{at}dir"], self.complete("apply", at))
        self.assertEqual([""], self.complete("apply", "x", at))

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh_completion(self):
        script = self.prefix / "share/zsh/site-functions/_lazyindex"
        program = """
fpath=(${1:h} $fpath)
autoload -Uz compinit && compinit -u -D
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=(${(q)1:h} \\$fpath); PS1=; unset zle_bracketed_paste"
zpty -w shell "autoload -Uz compinit && compinit -u -D; print ready"
zpty -r -m shell line '*ready*'
zpty -w -n shell "lazyindex $2"$'\\t'$'\\t'
line=
for i in {1..1200}; do
    while zpty -r -t shell more; do line+=$more; done
    [[ $line == *$3* ]] && break
    sleep 0.1
done
print -r -- $line
"""
        for typed, offered in (
            ("re", "revert"),
            ("dump --j", "--json"),
            ("wheel --ru", "--runtime="),
        ):
            done = run(
                "zsh", "-f", "-c", program, "zsh", script, typed, offered
            )
            self.assertIn(offered, done)

    def test_uninstall(self):
        prefix = self.folder / "second préfix"
        run("cmake", "--install", self.build, "--prefix", prefix)
        self.assertEqual(files_below(self.prefix), files_below(prefix))
        foreign = prefix / "share" / "man" / "man1" / "other.1"
        foreign.touch()
        run("cmake", "--build", self.build, "--target", "uninstall")
        self.assertEqual({"share/man/man1/other.1"}, files_below(prefix))
        self.assertEqual(
            [prefix / "share"], list(prefix.iterdir()), "empty directories"
        )


class BuildTest(unittest.TestCase):
    """`python -m build`: an sdist, and a wheel from it."""

    @classmethod
    def setUpClass(cls):
        for module in ("build", "scikit_build_core"):
            needs(module)
        folder = tempfile.TemporaryDirectory(prefix="dïst ")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        run(
            sys.executable, "-m", "build", "--no-isolation", ROOT,
            "--outdir", cls.folder,
        )  # fmt: skip
        (cls.wheel,) = cls.folder.glob("*.whl")
        (cls.sdist,) = cls.folder.glob("*.tar.gz")

    def test_sdist(self):
        with tarfile.open(self.sdist) as archive:
            names = {name.split("/", 1)[-1] for name in archive.getnames()}
        for name in (
            "CMakeLists.txt", "LICENSE", "PKG-INFO", "README.md",
            "docs/lazyindex.1.in",
        ):  # fmt: skip
            self.assertIn(name, names)
        sources = {str(path.relative_to(ROOT)) for path in all_sources("*.*")}
        sources = {name for name in sources if "__pycache__" not in name}
        self.assertGreater(len(sources), 100)
        self.assertEqual(set(), sources - names)
        self.assertFalse({n for n in names if n.startswith("build/")})

    def test_wheel(self):
        with zipfile.ZipFile(self.wheel) as archive:
            names = set(archive.namelist())
        version = self.wheel.name.split("-")[1]
        data = f"lazyindex-{version}.data"
        for name in (
            "lazyindex/__init__.py",
            "lazyindex/__main__.py",
            "lazyindex/_lazyindex.abi3.so",
            "lazyindex/_lazyindex.pyi",
            "lazyindex/py.typed",
            "lazyindex/cmake/LazyIndexConfig.cmake",
            f"{data}/scripts/lazyindex",
            f"{data}/data/share/man/man1/lazyindex.1",
            f"{data}/data/share/bash-completion/completions/lazyindex",
            f"{data}/data/share/zsh/site-functions/_lazyindex",
        ):
            self.assertIn(name, names)
        # The C API is no part of it.
        self.assertEqual(
            [], [n for n in names if "Format" in n or n.endswith(".h")]
        )

    def test_abi(self):
        """One binary for every CPython from 3.11 on, and it says so."""
        needs("abi3audit")
        self.assertRegex(self.wheel.name, r"-cp311-abi3-linux_\w+\.whl$")
        audit = run(
            sys.executable, "-m", "abi3audit", "--strict", "--summary",
            self.wheel,
        )  # fmt: skip
        print(f"\n{self.wheel.name}: {' '.join(audit.split())}")
        self.assertRegex(audit, r"1 extensions\s+scanned")
        self.assertRegex(audit, r"0 ABI\s+version\s+mismatches")
        self.assertRegex(audit, r"0\s+ABI\s+violations")

    def test_installed_and_uninstalled(self):
        environment = self.folder / "an envïronment"
        run(sys.executable, "-m", "venv", "--without-pip", environment)
        before = files_below(environment)
        python = environment / "bin" / "python"
        pip = (
            sys.executable, "-m", "pip", "--disable-pip-version-check",
            "--python", python,
        )  # fmt: skip
        run(*pip, "install", "--no-index", self.wheel)
        (site,) = environment.glob("lib/python3*/site-packages")
        make_package(site)
        run(python, "-m", "lazyindex", "apply", "itk")
        run(python, "-m", "lazyindex", "status", "itk")
        run(python, "-m", "lazyindex", "revert", "itk")
        shutil.rmtree(site / "itk")
        for path in site.glob("itk*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        run(*pip, "uninstall", "--yes", "lazyindex")
        self.assertEqual(before, files_below(environment))


if __name__ == "__main__":
    unittest.main()
