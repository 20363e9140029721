"""Invert a byte: `python3 damage.py FILE OFFSET`; negative: from the end."""

import sys

path, offset = sys.argv[1], int(sys.argv[2])
with open(path, "r+b") as file:
    file.seek(offset, 2 if offset < 0 else 0)
    byte = file.read(1)
    file.seek(-1, 1)
    file.write(bytes([byte[0] ^ 0xFF]))
