"""Shards made by hand, from runtime/format/FORMAT.md and, for the records of
ITK, runtime/itk/PROFILE.md: any records, right digest."""

import os

import lmdb
import xxhash

PAGE = 4096


def number(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return number(len(data)) + data


def strings(texts):
    return number(len(texts)) + b"".join(map(string, texts))


def fixed64(value):
    return (value % 2**64).to_bytes(8, "little")


def name_hash(name):
    data = name if isinstance(name, bytes) else name.encode()
    return xxhash.xxh3_64_intdigest(data)


def meta(package="itk", profile="itk"):
    return (
        string(package)
        + string(profile)
        + string("itk-core")
        + string("1.0")
        + string("by hand")
    )


def contents(modules, startups=(), names=None):
    """`names` are those whose hashes are added up, if not `modules`."""
    total = sum(name_hash(name) for name in (names or modules))
    return strings(modules) + fixed64(total) + strings(startups)


def module(library, units, names, depends=(), factories=(), functions=()):
    return (
        string(library)
        + number(0)
        + strings(depends)
        + number(len(factories))
        + b"".join(string(text) for row in factories for text in row)
        + number(len(functions))
        + b"".join(string(text) for row in functions for text in row)
        + strings(units)
        + strings(names)
    )


def candidates(*rows):
    """Rows of module, flags, units, and of a template its C++ name."""
    return number(len(rows)) + b"".join(
        string(module)
        + number(flags)
        + b"".join(string(text) for text in cpp)
        + strings(units)
        for module, flags, units, *cpp in rows
    )


def tuples(*rows):
    return number(len(rows)) + b"".join(
        number(flags) + b"".join(map(string, texts)) for flags, *texts in rows
    )


def unit(module, imports=(), soft=(), ranges=()):
    return (
        string(module)
        + strings(imports)
        + strings(soft)
        + number(len(ranges))
        + b"".join(number(item) for row in ranges for item in row)
    )


def trailer(image):
    head = (
        b"\x89LZI\r\n\x1a\n"
        + (2).to_bytes(4, "little")
        + b"\x40\x00\x01\x02"
        + len(image).to_bytes(8, "little")
        + PAGE.to_bytes(4, "little")
        + bytes(4)
        + xxhash.xxh3_128_digest(image)
    )
    return head + fixed64(xxhash.xxh3_64_intdigest(head)) + bytes(8)


def write_shard(path, records):
    """Write a dict of keys and values as a shard."""
    size = sum(len(key) + len(value) for key, value in records.items())
    image = f"{path}.image"
    with lmdb.open(
        f"{path}.store",
        subdir=False,
        lock=False,
        sync=False,
        map_size=(16 + 2 * len(records) + 2 * size // PAGE) * PAGE,
    ) as store:
        with store.begin(write=True) as transaction:
            for key in sorted(records):
                transaction.put(key, records[key], append=True)
        with open(image, "wb") as file:
            store.copyfd(file.fileno(), compact=True)
    with open(image, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(data + trailer(data))
    os.unlink(image)
    os.unlink(f"{path}.store")
