"""JSON into a table: a record a line, a list of records, or a list of numbers for each column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import numpy as np

from core.logs.gather import MOST_CELLS, Gatherer
from core.logs.table import Table
from core.logs.text import Unreadable, blocks

DEEPEST = 8  # objects inside objects
LONGEST = 16  # numbers in a list inside a record: a learning rate for each group of parameters, not a whole array
AT_ONCE = 2_000  # lines that are read at a time

HUGGING_FACE, LINES, DOCUMENT = "Hugging Face trainer_state.json", "JSON Lines", "JSON"
# A whole number of any length becomes a float: no limit on its digits can be met.
_DECODER = json.JSONDecoder(parse_int=float)
_MARKS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[][{},]', re.DOTALL)


def read_json(text: str) -> tuple[str, Table] | None:
    """The kind of a JSON text and its table; None for what is no JSON.

    Raises Unreadable for one that is nested too deeply or holds too many values.
    """
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] not in ("{", "["):
        return None
    if text.count(",") > MOST_CELLS:
        raise Unreadable("The JSON holds more than ten million values: too many for a log.")
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError as error:
        raise Unreadable("The JSON is nested too deeply to be read.") from error
    except json.JSONDecodeError as error:
        return _lines(text) if _in_lines(text) else _mended(text, error.pos)
    if not text[end:].strip():
        return _document(value, [])
    if isinstance(value, dict):
        return _lines(text)
    row = text.count("\n", 0, end) + 1
    return _document(value, [f"The JSON ends in row {row}; what comes after it is left out."])


def _in_lines(text: str) -> bool:
    first = [line for line in islice(chain.from_iterable(blocks(text)), 10) if line.strip()]
    return 2 * sum(isinstance(_parsed(line), dict) for line in first) > len(first)


def _parsed(line: str) -> Any:
    try:
        return _DECODER.decode(line)
    except (json.JSONDecodeError, RecursionError):
        return None


def _mended(text: str, broken: int) -> tuple[str, Table] | None:
    """What stands before the place where the JSON breaks: cut behind its last whole part, and closed."""
    row = text.count("\n", 0, broken) + 1
    opened: list[str] = []
    cut, still_open = 0, ""
    for mark in _MARKS.finditer(text, 0, broken):
        sign = mark[0]
        if sign in ("{", "["):
            opened.append("}" if sign == "{" else "]")
        elif sign in ("}", "]") and opened:
            opened.pop()
            cut, still_open = mark.end(), "".join(reversed(opened)) if len(opened) <= 2 * DEEPEST else ""
        elif sign == "," and len(opened) <= 2 * DEEPEST:
            cut, still_open = mark.start(), "".join(reversed(opened))
    value = _parsed(text[:cut] + still_open)
    if value is None:
        return None
    return _document(value, [f"The JSON breaks off in row {row}; what comes before is read."])


def _lines(text: str) -> tuple[str, Table]:
    gatherer = Gatherer("Row")
    wrong: list[int] = []
    start = 1
    for block in blocks(text):
        if gatherer.full:
            break
        for first in range(0, len(block), AT_ONCE):
            lines = block[first : first + AT_ONCE]
            try:  # one call for all is three times as fast as one for each
                values = _DECODER.decode(f"[{','.join(lines)}]")
            except (json.JSONDecodeError, RecursionError):
                values = []
            if len(values) != len(lines):
                values = [_parsed(line) if line.strip() else None for line in lines]
            good = [at for at, value in enumerate(values) if isinstance(value, dict)]
            if len(good) < len(lines):
                wrong += [start + first + at for at, value in enumerate(values)
                          if not isinstance(value, dict) and lines[at].strip()]  # fmt: skip
            _gather(gatherer, np.array(good, dtype=np.int64) + (start + first), [values[at] for at in good])
        start += len(block)
    notes = []
    if len(wrong) == 1:
        notes = [f"Row {wrong[0]} is no JSON object; it is left out."]
    elif wrong:
        notes = [f"{len(wrong)} rows are no JSON objects, the first is row {wrong[0]}; they are left out."]
    return LINES, gatherer.table(notes)


def _document(value: Any, notes: list[str]) -> tuple[str, Table]:
    if isinstance(value, dict) and isinstance(value.get("log_history"), list):
        return HUGGING_FACE, _of_records(value["log_history"], notes)
    if isinstance(value, list):
        if any(isinstance(record, dict) for record in value):
            return DOCUMENT, _of_records(value, notes)
        if any(isinstance(row, list) for row in value):
            rows = [{f"column {at}": cell for at, cell in enumerate(row, 1)} for row in value if isinstance(row, list)]
            return DOCUMENT, _of_records(rows, notes)
        return DOCUMENT, _of_lists({"value": value}, notes)
    lists: dict[str, list[Any]] = {}
    records: list[Any] = []
    for name, part in _leaves(value, lists_whole=True):
        if isinstance(part, list) and any(isinstance(record, dict) for record in part):
            records = max(records, part, key=len)
        elif isinstance(part, list):
            lists[name] = part
    if any(map(len, lists.values())):
        return DOCUMENT, _of_lists(lists, notes)
    return DOCUMENT, _of_records(records or [value], notes)


def _of_records(records: list[Any], notes: list[str]) -> Table:
    gatherer = Gatherer("Record")
    wrong = [at for at, record in enumerate(records, 1) if not isinstance(record, dict)]
    if wrong:
        one = f"Record {wrong[0]} is no object; it is"
        many = f"{len(wrong)} records are no objects, the first is record {wrong[0]}; they are"
        notes = [*notes, f"{one if len(wrong) == 1 else many} left out."]
    for start in range(0, len(records), AT_ONCE):
        own = [(start + at, record) for at, record in enumerate(records[start : start + AT_ONCE], 1)]
        good = [(row, record) for row, record in own if isinstance(record, dict)]
        _gather(gatherer, np.array([row for row, _ in good], dtype=np.int64), [record for _, record in good])
    return gatherer.table(notes)


def _of_lists(lists: dict[str, list[Any]], notes: list[str]) -> Table:
    gatherer = Gatherer("Record")
    for name, cells in lists.items():
        gatherer.add([name], np.arange(1, len(cells) + 1), [[_cell(cell) for cell in cells]])
    lengths = {len(cells) for cells in lists.values()}
    if len(lengths) > 1:
        notes = [*notes, f"The lists have {min(lengths)} to {max(lengths)} numbers; the missing ones count as empty."]
    return gatherer.table(notes)


def _gather(gatherer: Gatherer, rows: np.ndarray, records: list[dict[str, Any]]) -> None:
    """Hands on these records, those with the same keys at a time."""
    shapes: dict[tuple[str, ...], tuple[list[int], list[Any]]] = {}
    for at, record in enumerate(records):
        # The last record of a Hugging Face run sums it up: its train_loss is a mean over all steps, no point.
        if "train_runtime" in record:
            continue
        values = record.values()
        if not _PLAIN.issuperset(map(type, values)):
            record = dict(_leaves(record, lists_whole=False))
            values = record.values()
        same = shapes.setdefault(tuple(record), ([], []))
        same[0].append(at)
        same[1].append(values)
    for keys, (places, cells) in shapes.items():
        gatherer.add(keys, rows[places], zip(*cells, strict=True))


_PLAIN = frozenset({float, str, type(None)})


def _cell(value: Any) -> Any:
    """A number, a text or None as it is; true, false and what holds more become text, which is no number."""
    return value if type(value) in _PLAIN else str(value) if isinstance(value, bool) else "…"


def _leaves(record: dict[str, Any], lists_whole: bool) -> Iterator[tuple[str, Any]]:
    """Names and values of an object, in order; those of objects inside it are named "outer/inner".

    A short list is its numbers, named by their place; with `lists_whole` every list is a value, and so is what pandas
    makes of one, an object whose keys are 0, 1, ...
    """
    waiting: list[tuple[str, Any, int]] = [("", record, 0)]
    while waiting:
        name, value, depth = waiting.pop()
        if isinstance(value, dict) and lists_whole and depth and all(key.isdigit() for key in value):
            yield name, list(value.values())
        elif isinstance(value, dict):
            if depth < DEEPEST:
                outer = f"{name}/" if depth else ""
                waiting += [(outer + key, part, depth + 1) for key, part in reversed(value.items())]
        elif isinstance(value, list) and not lists_whole:
            if len(value) <= LONGEST and depth < DEEPEST:
                waiting += [(f"{name}/{at}", value[at], depth + 1) for at in reversed(range(len(value)))]
        else:
            yield name, value if isinstance(value, list) else _cell(value)
