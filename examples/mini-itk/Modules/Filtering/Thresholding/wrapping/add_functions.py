"""Add names to a table of functions: `add_functions.py TABLE NAME...`."""

import ast
import sys
from pathlib import Path

table = Path(sys.argv[1])
known = ast.literal_eval(table.read_text().partition("=")[2].strip())
names = sorted({*known, *sys.argv[2:]})
table.write_text(
    "snake_case_functions = (" + ",".join(map(repr, names)) + ",)"
)
