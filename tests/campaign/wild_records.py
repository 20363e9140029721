"""Records that decode, or nearly, and make no sense."""

import random

import shard_writer as shards
from wild_package import IMAGE, MODULES, good_records

# Names that are none, and paths that lead elsewhere.
NAMES = [
    b"",
    b".",
    b"..",
    b"/",
    b"a/b",
    b"../outside/evil",
    b"../outside/_ITKCommonPython.abi3.so",
    b"/dev/zero",
    b"\0",
    b"a\0b",
    b"a\nb",
    b"%s%n",
    b"a.b",
    b".a",
    b"a.",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    "\N{PILE OF POO}".encode(),
    b"x" * 255,
    b"support.base",
    b"__init__",
    b"_lazyindex",
    b"itk",
    b"Python",
    b"_Python",
    b"None",
    b"__class__",
    b"__path__",
    b"__all__",
    b"swig",
]
NUMBERS = [0, 1, 2, 127, 128, 2**16, 2**31 - 1, 2**31, 2**63, 2**64 - 1]


def names_everywhere():
    """Each odd name in each place that has a name."""
    for name in NAMES:
        shown = repr(name)
        yield (
            f"library {shown}",
            {"MITKCommon": shards.module(name, ["itkThingPython"], ["Thing"])},
        )
        yield f"start-up {shown}", {"c": shards.contents(MODULES, [name])}
        yield (
            f"module in contents {shown}",
            {"c": shards.contents([*MODULES, name], names=MODULES)},
        )
        yield (
            f"C++ name of a template {shown}",
            {
                "NImage": shards.candidates(
                    ("ITKCommon", 5, ["itkImagePython"], name)
                )
            },
        )
        yield (
            f"unit of a name {shown}",
            {"NThing": shards.candidates(("ITKCommon", 1, [name]))},
        )
        yield (
            f"module of a name {shown}",
            {"NThing": shards.candidates((name, 1, ["itkThingPython"]))},
        )
        yield (
            f"function in {shown}",
            {"Nimage_filter": shards.candidates(("ITKCommon", 2, [name]))},
        )
        for place in range(3):
            lists = [[], [], []]
            lists[place] = [name]
            yield (
                f"place {place} of a unit {shown}",
                {
                    "uitkThingPython": shards.unit(
                        name if place == 2 else "ITKCommon", *lists[:2]
                    )
                },
            )
            texts = ["Thing", "itk::Thing", "itkThing"]
            texts[place] = name
            yield (
                f"place {place} of a tuple {shown}",
                {"tITKCommon": shards.tuples((1, *texts), IMAGE)},
            )
            row = ["ImageIO", "PNG", "itkPNGPython"]
            row[place] = name
            yield (
                f"place {place} of a factory {shown}",
                {
                    "MITKIOImageBase": shards.module(
                        "_ITKIOImageBasePython.abi3.so",
                        ["itkPNGPython"],
                        ["PNGImageIOFactory"],
                        factories=[row],
                    )
                },
            )
        yield (
            f"a module's lists {shown}",
            {
                "MITKCommon": shards.module(
                    "_ITKCommonPython.abi3.so", [name], [name], [name]
                )
            },
        )
        yield (
            f"eager {shown}",
            {"Eimread": shards.string(name) + shards.string("imread")},
        )
        yield (
            f"eager attribute {shown}",
            {
                "Eimread": shards.string("itk.support.extras")
                + shards.string(name)
            },
        )
        if len(name) < 255:
            yield from odd_keys(name, shown)


def odd_keys(name, shown):
    good = good_records()
    for key in ("MITKCommon", "NThing", "Eimread", "uitkThingPython"):
        yield (
            f"key {key[0]} {shown}",
            {key[:1].encode() + name: good[key.encode()]},
        )
    key = b"f" + name
    yield f"key f {shown}", {key: shards.number(1) + shards.fixed64(1)}
    yield (
        f"C half {shown}",
        {
            b"u" + name + b"Python": shards.unit("ITKCommon"),
            "NThing": shards.candidates(("ITKCommon", 1, [name + b"Python"])),
        },
    )


def circles_and_depths():
    yield (
        "a unit imports itself",
        {"uitkThingPython": shards.unit("ITKCommon", ["itkThingPython"])},
    )
    yield (
        "the file of a unit imports one that no record knows",
        {"uitkImagePython": shards.unit("ITKCommon"), "uitkThingPython": None},
    )
    yield (
        "units import each other",
        {
            "uitkThingPython": shards.unit("ITKCommon", ["itkImagePython"]),
            "uitkImagePython": shards.unit(
                "ITKCommon", ["itkThingPython"], ["itkThingPython"]
            ),
        },
    )
    common = ("_ITKCommonPython.abi3.so", ["itkThingPython"], ["Thing"])
    yield (
        "modules depend on each other",
        {"MITKCommon": shards.module(*common, ["ITKIOImageBase"])},
    )
    for depth in (500, 5000, 50000):
        chain = {
            f"uu{i}Python": shards.unit("ITKCommon", [f"u{i + 1}Python"])
            for i in range(depth)
        }
        chain["NThing"] = shards.candidates(("ITKCommon", 1, ["u0Python"]))
        yield f"a chain of {depth} units", chain
        chain = {
            f"MM{i}": shards.module("x.so", [], [], [f"M{i + 1}"])
            for i in range(depth)
        }
        chain["MITKCommon"] = shards.module(*common, ["M0"])
        yield f"a chain of {depth} modules", chain
    # Every path through it is a way: two to the power of 60.
    ladder = {
        f"uu{i}Python": shards.unit(
            "ITKCommon", [f"u{i + 1}Python"] * 2, [f"u{i + 1}Python"] * 2
        )
        for i in range(60)
    }
    ladder["NThing"] = shards.candidates(("ITKCommon", 1, ["u0Python"]))
    yield "a ladder of units", ladder


def numbers_everywhere():
    for value in NUMBERS:
        for place in range(3):
            row = [1, 0, 1]
            row[place] = value
            yield (
                f"number {value} in place {place} of a range",
                {"uitkThingPython": shards.unit("ITKCommon", ranges=[row])},
            )
        count = shards.number(value)
        good = good_records()
        for key in (b"NThing", b"tITKCommon"):
            yield f"{value} items in {key}", {key: count + good[key][1:]}
        yield (
            f"{value} units in a name",
            {
                "NThing": shards.number(1)
                + shards.string("ITKCommon")
                + shards.number(1)
                + count
            },
        )
        yield (
            f"flags {value}",
            {
                "NThing": shards.number(1)
                + shards.string("ITKCommon")
                + count
                + shards.strings(["itkThingPython"])
            },
        )
        yield f"{value} bytes of package", {"@": count + b"itk"}


def sizes():
    tiny = shards.tuples(*[(0, "", "", "")] * 50000)
    yield (
        "ranges that go back",
        {
            "tITKCommon": tiny,
            "uitkThingPython": shards.unit(
                "ITKCommon", ranges=[(3, 0, 50000)] * 50000
            ),
        },
    )
    yield (
        "ranges one by one",
        {
            "tITKCommon": tiny,
            "uitkThingPython": shards.unit(
                "ITKCommon", ranges=[(3, 0, 2**31 - 1)]
            ),
        },
    )
    for size in (0, 1, 7, 8, 9, 4096, 2**20):
        for fill in (b"\0", b"\xff"):
            yield f"filter of {size} {fill}", {"%": fill * size}
    yield (
        "many modules in contents",
        {"c": shards.contents([f"M{i}" for i in range(50000)], names=MODULES)},
    )
    for text in ("9" * 5000, "<" * 50000, "," * 50000, ">>><<<,", " * "):
        yield (
            f"parameters {text[:6]}",
            {"tITKCommon": shards.tuples(*[(*IMAGE[:4], text)] * 3)},
        )
    yield (
        "many candidates",
        {
            "NThing": shards.candidates(
                *[
                    (f"M{i}", 5, ["itkThingPython"], "itk::Thing")
                    for i in range(20000)
                ]
            )
        },
    )


def other_packages():
    yield "another package", {"@": shards.meta(package="vtk")}
    yield "another profile", {"@": shards.meta(profile="vtk")}
    yield "a wrong sum", {"c": shards.contents(MODULES, names=["x"])}
    for key in good_records():
        yield f"without {key}", {key: None}
        yield f"nothing in {key}", {key: b""}
        yield f"a byte more in {key}", {key: good_records()[key] + b"\0"}


def changed(changes):
    records = good_records()
    for key, value in changes.items():
        key = key.encode() if isinstance(key, str) else key
        if value is None:
            del records[key]
        else:
            records[key] = value
    return records


def made_by_hand():
    """Pairs of what it is, and the records."""
    yield "nothing wrong", good_records()
    for family in (
        names_everywhere,
        circles_and_depths,
        numbers_everywhere,
        sizes,
        other_packages,
    ):
        for name, changes in family():
            yield name, changed(changes)


def at_random(seed):
    """Records damaged at random; the same for the same seed."""
    rng = random.Random(seed)
    records = good_records()
    for _ in range(rng.randint(1, 4)):
        key = rng.choice([key for key in records if key != b"@"])
        if rng.random() < 0.1:
            key = b"@"
        value = bytearray(records[key])
        at = rng.randrange(len(value) + 1)
        way = rng.randrange(6)
        if way == 0 and at < len(value):
            value[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            value[at : at + 1] = shards.number(rng.choice(NUMBERS))
        elif way == 2:
            value[at:at] = shards.string(rng.choice(NAMES))
        elif way == 3:
            del value[at : at + rng.randint(1, 8)]
        elif way == 4:
            other = records[rng.choice(list(records))]
            value[at:] = other[rng.randrange(len(other) + 1) :]
        elif key != b"@":
            name = rng.choice([*NAMES, *(k[1:] for k in records)])[:255]
            del records[key]
            key = key[:1] + name
        records[key] = bytes(value)
    return f"random {seed}", records
