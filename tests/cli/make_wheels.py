"""Make the miniature of make_package.py as wheels, itk_core and itk_io:
`python3 make_wheels.py DIRECTORY [DEFECT...]`. Defects are those of itk_io;
`python3 make_wheels.py --list WHEEL...` shows what is in wheels.
"""

import stat
import sys
import warnings
import zipfile
from pathlib import Path

from make_package import CORE, IO, digest

TAG = "cp311-abi3-linux_x86_64"
WHEEL = """Wheel-Version: 1.0
Generator: make_wheels
Root-Is-Purelib: false
"""
METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n"
DATE = (2020, 2, 3, 4, 5, 6)


class Wheel:
    """The files of a wheel, to be changed before it is written."""

    def __init__(self, name, version, files, tag=TAG):
        self.stem = f"{name.replace('-', '_')}-{version}"
        self.info = f"{self.stem}.dist-info"
        self.tag = tag
        self.files = {path: text.encode() for path, text in files.items()}
        python, abi, platforms = tag.split("-")
        tags = "".join(
            f"Tag: {python}-{abi}-{platform}\n"
            for platform in platforms.split(".")
        )
        self.files[f"{self.info}/METADATA"] = METADATA.format(
            name, version
        ).encode()
        self.files[f"{self.info}/WHEEL"] = (WHEEL + tags).encode()
        self.extra = []  # (ZipInfo, data), not in RECORD
        self.record = None  # changes its lines
        self.patch = None  # changes the bytes of the archive

    def record_lines(self):
        lines = [
            f"{path},{digest(data)},{len(data)}"
            for path, data in self.files.items()
        ]
        lines.append(f"{self.info}/RECORD,,")
        if self.record is not None:
            lines = self.record(lines)
        return lines

    def write(self, folder):
        path = Path(folder) / f"{self.stem}-{self.tag}.whl"
        record = "".join(f"{line}\n" for line in self.record_lines())
        members = [(self.member(name), d) for name, d in self.files.items()]
        members.append((self.member(f"{self.info}/RECORD"), record))
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
            warnings.simplefilter("ignore")  # duplicate names
            for info, data in members + self.extra:
                archive.writestr(info, data)
        if self.patch is not None:
            path.write_bytes(self.patch(bytearray(path.read_bytes())))
        return path

    @staticmethod
    def member(name, mode=stat.S_IFREG | 0o664):
        info = zipfile.ZipInfo(name, DATE)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = mode << 16
        return info

    def add(self, name, data=b"x", mode=stat.S_IFREG | 0o664):
        self.extra.append((self.member(name, mode), data))

    def edit(self, change):
        """Apply a function to each line of RECORD; it returns lines."""
        self.record = lambda lines: [
            new for line in lines for new in change(line)
        ]


def core_wheel(tag=TAG):
    return Wheel("itk-core", "1.0", CORE, tag)


def io_wheel():
    return Wheel("itk-io", "1.1", IO)


PROXY = "itk/extraPython.py"


def of_proxy(*lines):
    """Replaces the line of one file."""
    return lambda line: lines if line.startswith(PROXY) else [line]


def rename_info(wheel, info):
    wheel.files = {
        path.replace(wheel.info, info): data
        for path, data in wheel.files.items()
    }
    wheel.info = info


def absent(wheel, name):
    del wheel.files[f"{wheel.info}/{name}"]


def compressed(wheel, method):
    wheel.add("itk/x.py")
    wheel.extra[0][0].compress_type = method


def huge(archive):
    """The first member claims more than 4 GiB."""
    at = archive.index(b"PK\x01\x02")
    archive[at + 24 : at + 28] = b"\xff\xff\xff\xff"
    return archive


def encrypted(archive):
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    return archive


def with_nul(archive):
    return archive.replace(b"itk/x.py", b"itk/x\0py")


def without_tables(wheel):
    wheel.files = {
        name: data
        for name, data in wheel.files.items()
        if "Configuration" not in name
    }


DEFECTS = {
    "traversal": lambda w: w.add("itk/../../x.py"),
    "absolute": lambda w: w.add("/etc/x.py"),
    "backslash": lambda w: w.add("itk\\..\\x.py"),
    "drive": lambda w: w.add("c:x.py"),
    "control": lambda w: w.add("itk/x\x1b[2J.py"),
    "nul": lambda w: (w.add("itk/x.py"), setattr(w, "patch", with_nul)),
    "twice": lambda w: w.add(PROXY),
    "symlink": lambda w: w.add("itk/x.py", b"y.py", stat.S_IFLNK | 0o777),
    "method": lambda w: compressed(w, zipfile.ZIP_BZIP2),
    "huge": lambda w: setattr(w, "patch", huge),
    "encrypted": lambda w: setattr(w, "patch", encrypted),
    "unlisted": lambda w: w.add("itk/x.py"),
    "missing": lambda w: w.edit(
        lambda line: [line] + ["itk/gone.py,,"] * line.startswith(PROXY)
    ),
    "wrong-hash": lambda w: w.edit(of_proxy(f"{PROXY},sha256=x,")),
    "wrong-size": lambda w: w.edit(
        of_proxy(f"{PROXY},{digest(w.files[PROXY])},1")
    ),
    "no-hash": lambda w: w.edit(of_proxy(f"{PROXY},,")),
    "md5": lambda w: w.edit(of_proxy(f"{PROXY},md5=x,1")),
    "bad-line": lambda w: w.edit(of_proxy(PROXY)),
    "listed-twice": lambda w: w.edit(lambda line: [line, line]),
    "no-info": lambda w: rename_info(w, "itk_io"),
    "two-infos": lambda w: w.add("other-1.dist-info/METADATA"),
    "other-info": lambda w: rename_info(w, "itk_ox-1.1.dist-info"),
    "no-metadata": lambda w: absent(w, "METADATA"),
    "no-wheel": lambda w: absent(w, "WHEEL"),
    "version": lambda w: w.files.update(
        {f"{w.info}/WHEEL": b"Wheel-Version: 2.0\n"}
    ),
    "signed": lambda w: w.add(f"{w.info}/RECORD.jws"),
    "platlib": lambda w: w.add(f"{w.stem}.data/platlib/itk/x.py"),
    "two-packages": lambda w: w.files.update(
        {"jtk/Configuration/OtherConfig.py": b""}
    ),
    "no-tables": without_tables,
    "same-file": lambda w: w.files.update({"itkConfig.py": b"x = 1\n"}),
    "no-proxy": lambda w: w.files.pop(PROXY),
    "syntax": lambda w: w.files.update(
        {"itk/Configuration/ExtraConfig.py": b"\ntemplates = open('x')\n"}
    ),
}


def show(path):
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            date = "-".join(map(str, info.date_time))
            mode = stat.filemode(info.external_attr >> 16)
            print(mode, date, info.filename)


def main(arguments):
    if arguments[0] == "--list":
        for path in arguments[1:]:
            print(path)
            show(path)
        return
    folder = Path(arguments[0])
    folder.mkdir(exist_ok=True)
    core_wheel().write(folder)
    wheel = io_wheel()
    for defect in arguments[1:]:
        DEFECTS[defect](wheel)
    wheel.write(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
