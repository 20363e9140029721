"""The rooms of the source: who may include whom, and who may know what.

CONTRIBUTING.md has the map. An arrow that is not in ARROWS is an error, and
so is a word of a profile in a room that serves every profile.
"""

import re
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Room -> rooms whose headers it may include, besides its own. "public" are
# the headers of LazyIndex::format, which anybody may include; "records" are
# those of a profile that the tool and the extension share.
ARROWS = {
    "runtime/format": set(),
    "runtime/core": {"public"},
    "runtime/itk": {"public", "records", "runtime/core"},
    "runtime": {"runtime/core", "runtime/itk"},  # profiles.c
    "plugin/base": {"public"},
    "plugin/python": {"public", "plugin/base"},
    "plugin/archive": {"public", "plugin/base"},
    "plugin/scan": {
        "public",
        "plugin/archive",
        "plugin/base",
        "plugin/python",
    },
    "plugin/itk": {
        "public",
        "records",
        "plugin/base",
        "plugin/python",
        "plugin/scan",
    },
    "plugin/commands": {
        "public",
        "plugin/archive",
        "plugin/base",
        "plugin/scan",
    },
    # known_profiles.c, tool_help.c
    "plugin": {"plugin/commands", "plugin/itk", "plugin/scan"},
}

# Rooms that know no package, and words that only a profile's may have.
GENERIC = (
    "runtime/format",
    "runtime/core",
    "plugin/base",
    "plugin/python",
    "plugin/archive",
    "plugin/scan",
    "plugin/commands",
)
WORDS = re.compile(
    r"\b(itk[\w/.]*|ITK\w*|SWIG\w*|swig\w*|jsii\w*|Configuration|snake.?case"
    r"|Config\.py|templates?\b(?!\s*of a message))",
)

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def room_of(path):
    """runtime/core/text.c -> runtime/core"""
    return path.parent.as_posix()


def sources(root):
    for top in ("runtime", "plugin"):
        for path in sorted((root / top).rglob("*.[ch]")):
            yield path.relative_to(root)


def includes(root, files):
    """(file, header as written, header as found) of every include."""
    by_name = {}
    for file in files:
        by_name.setdefault(file.name, []).append(file)
    for file in files:
        top = file.parts[0]
        for name in INCLUDE.findall((root / file).read_text()):
            places = (file.parent / name, Path(top) / name)
            found = next((p for p in places if (root / p).is_file()), None)
            if found is None and "/" not in name and name.startswith("lzi_"):
                found = by_name.get(name, [None])[0]
            yield file, name, found


def kind(header):
    """The name of a header's room in ARROWS."""
    if header.name.startswith("lzi_"):
        return {"runtime/format": "public", "runtime/itk": "records"}.get(
            room_of(header), room_of(header)
        )
    return room_of(header)


def wrong_arrows(root):
    files = list(sources(root))
    for file, name, found in includes(root, files):
        if found is None:
            if not name.endswith("_paths.h"):  # made by CMake
                yield f"{file}: no room has {name}"
            continue
        room = room_of(file)
        if room not in ARROWS:
            yield f"{file}: not in a room"
        elif room_of(found) != room and kind(found) not in ARROWS[room]:
            yield f"{file}: {room} must not include {found}"


def wrong_words(root):
    for file in sources(root):
        if room_of(file) in GENERIC:
            text = (root / file).read_text()
            for number, line in enumerate(text.splitlines(), 1):
                for word in WORDS.findall(line):
                    yield f"{file}:{number}: a word of a profile: {word}"


class RoomTest(unittest.TestCase):
    def test_every_file_is_in_a_room(self):
        rooms = {room_of(file) for file in sources(ROOT)}
        self.assertEqual(set(), rooms - set(ARROWS))
        self.assertGreater(len(list(sources(ROOT))), 100)

    def test_arrows(self):
        self.assertEqual([], list(wrong_arrows(ROOT)))

    def test_no_circle(self):
        """What ARROWS allows has no way back."""
        seen = set()

        def walk(room, path):
            self.assertNotIn(room, path)
            for below in ARROWS.get(room, ()):
                if below not in seen:
                    walk(below, {*path, room})
            seen.add(room)

        for room in ARROWS:
            walk(room, set())

    def test_no_circle_in_a_room(self):
        """Nor have the headers that the files of one room include."""
        below = {}
        for file, _, found in includes(ROOT, list(sources(ROOT))):
            if found is not None and room_of(found) == room_of(file):
                below.setdefault(file.with_suffix(""), set()).add(
                    found.with_suffix("")
                )
        done = set()

        def walk(unit, path):
            self.assertNotIn(unit, path, f"{unit}: a circle of includes")
            for other in below.get(unit, set()) - {unit}:
                if other not in done:
                    walk(other, [*path, unit])
            done.add(unit)

        for unit in list(below):
            walk(unit, [])

    def test_words(self):
        self.assertEqual([], list(wrong_words(ROOT)))

    def test_this_test_sees_what_is_wrong(self):
        """An include and a word in a wrong place are found."""
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            for name, text in {
                "runtime/core/text.h": "",
                "runtime/itk/itk.h": '#include "core/text.h"\n',
                "plugin/base/arena.h": "",
                "plugin/scan/model.h": '#include "base/arena.h"\n',
            }.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            self.assertEqual([], list(wrong_arrows(root)))
            self.assertEqual([], list(wrong_words(root)))
            (root / "runtime/core/units.c").write_text(
                '#include "itk/itk.h"\n/* of a SWIG proxy */\n'
            )
            (root / "plugin/base/diag.c").write_text(
                '#include "scan/model.h"\n'
            )
            (root / "plugin/loose.c").write_text('#include "nowhere.h"\n')
            self.assertEqual(3, len(list(wrong_arrows(root))))
            self.assertEqual(
                ["itk/itk.h", "SWIG"],
                [line.rsplit(": ", 1)[1] for line in wrong_words(root)],
            )


if __name__ == "__main__":
    unittest.main()
