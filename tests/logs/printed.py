"""The files of printed/: what tools print while they train, and the columns that are in each.

tests/reference/make_consoles.py writes the files, with the tools themselves where they can be installed, else by the
formats in their sources; those that begin with k and a number are made-up runs, one difficulty each.
"""

import json
from pathlib import Path

from core.logs import Log, read_log
from tests.logs.cases import CASES

FILES = Path(__file__).parent / "printed"
# Each file with its "format" and "columns": for each column how many numbers, the first and the last.
PRINTED = json.loads(Path(__file__).with_name("printed_columns.json").read_text())


def path_of(name: str) -> Path:
    """Where a file lies: in printed/, or one of the cases."""
    return FILES / name if (FILES / name).exists() else CASES / name


def log_of(name: str) -> Log:
    """The log of a file."""
    return read_log(name, path_of(name).read_bytes())
