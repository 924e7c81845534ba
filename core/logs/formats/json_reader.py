"""JSON into a table: a record on each line, or one document.

A document is walked over, and each record becomes numbers as soon as the standard library has decoded it. Readers of
whole documents (json.loads, pandas.read_json) hold twenty times its size in memory. Of the 15 JSON files of the tests
pandas.read_json raises on 6 and pyarrow.json on 1; they find all columns of 0 and of 2, as both flatten no nested
lists (`log_history`, `evals_result`). Neither returns what stands before a break.
"""

from __future__ import annotations

import json
from itertools import chain, islice

import numpy as np

from core.logs.formats.decode import Unreadable, line_blocks
from core.logs.formats.json_decoder import DECODER, skip_space, try_decode
from core.logs.formats.json_document import read_document
from core.logs.formats.json_records import RECORDS_AT_ONCE, add_records
from core.logs.tables.table import Table
from core.logs.tables.table_builder import MAX_CELLS, TableBuilder

MAX_LINE_LENGTH = 2**20  # a longer line is a document, not one record of many
LINES = "JSON Lines"


def read_json(text: str) -> tuple[str, Table] | None:
    """The format and the table of a JSON text; None for what is no JSON.

    Raises Unreadable for a text that is nested too deeply, holds too many values, or only sums up a run.
    """
    start = skip_space(text, 0)
    if text[start : start + 1] not in ("{", "["):
        return None
    if text.count(",") > MAX_CELLS:
        raise Unreadable("The JSON holds more than ten million values: too many for a log.")
    if text[start] == "{" and _is_json_lines(text):
        return read_json_lines(text)
    try:
        return read_document(text, start)
    except RecursionError as error:
        raise Unreadable("The JSON is nested too deeply to be read.") from error


def _is_json_lines(text: str) -> bool:
    """True where most of the first ten lines are objects of their own."""
    first = list(islice((line for line in chain.from_iterable(line_blocks(text)) if line.strip()), 10))
    if len(first) < 2 or len(first[0]) > MAX_LINE_LENGTH:
        return False
    objects = [isinstance(try_decode(line), dict) for line in first]
    return objects[0] or 2 * sum(objects) > len(first)


def read_json_lines(text: str) -> tuple[str, Table]:
    """The format and the table of JSON Lines: `{"step": 10, "train": {"loss": 0.5}}`."""
    builder = TableBuilder("Row")
    wrong: list[int] = []
    start = 1
    for block in line_blocks(text):
        if builder.is_full:
            break
        for first in range(0, len(block), RECORDS_AT_ONCE):
            lines = block[first : first + RECORDS_AT_ONCE]
            try:  # one call for all is three times as fast as one for each
                values = DECODER.decode(f"[{','.join(lines)}]")
            except (json.JSONDecodeError, RecursionError):
                values = []
            if len(values) != len(lines):
                values = [try_decode(line) if line.strip() else None for line in lines]
            good = [at for at, value in enumerate(values) if isinstance(value, dict)]
            if len(good) < len(lines):
                wrong += [start + first + at for at, value in enumerate(values)
                          if not isinstance(value, dict) and lines[at].strip()]  # fmt: skip
            add_records(builder, np.array(good, dtype=np.int64) + (start + first), [values[at] for at in good])
        start += len(block)
    notes = []
    if len(wrong) == 1:
        notes = [f"Row {wrong[0]} is no JSON object; it is left out."]
    elif wrong:
        notes = [f"{len(wrong)} rows are no JSON objects, the first is row {wrong[0]}; they are left out."]
    return LINES, builder.table(notes)
