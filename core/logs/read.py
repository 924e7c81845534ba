"""A file that somebody dropped into a log. Nothing in the file is ever evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

import numpy as np

from core.logs.axes import axes, fitting
from core.logs.console import read_console
from core.logs.curves import Drawing, Series
from core.logs.delimited import read_delimited
from core.logs.log import Log, chosen
from core.logs.names import clean
from core.logs.records import read_json
from core.logs.seems import JSON, TEXT_LOG, seems, unreadable
from core.logs.table import Table
from core.logs.text import Unreadable, decoded

MOST_NOTES = 20
JSON_ENDINGS = {".json", ".jsonl", ".ndjson"}
BROKEN_JSON = "The file begins as JSON, but it breaks off or is wrong before anything could be read."
_NOTHING = Table((), {}, np.empty(0, dtype=np.int64), "Row", ())


def read_log(name: str, content: bytes) -> Log:
    """The log of a file, from its bytes; its name says nothing that its content does not say better.

    Of what is broken everything that can be read is kept, and a note says what was left out. A file of which nothing
    can be read is a log without series, with a note that says why. Raises ValueError only where `content` is no bytes.
    """
    if not isinstance(content, bytes):
        raise ValueError(f"content must be the bytes of the file, got {type(content).__name__}")
    shown = clean(name) or "log"
    try:
        text, notes = decoded(content)
        kind, table = _table(shown, text, notes)
    except Unreadable as reason:
        return Log(shown, "", (), (), (str(reason),), _NOTHING)
    series, drawn = _drawn(table)
    notes += [*table.notes, *drawn]
    if len(notes) > MOST_NOTES:
        notes = [*notes[:MOST_NOTES], f"There are {len(notes) - MOST_NOTES} more such notes."]
    return Log(shown, kind, series, table.names, tuple(notes), table)


def _table(name: str, text: str, notes: list[str]) -> tuple[str, Table]:
    """The kind and the table of a text; a note where the file's name promises another format."""
    ending = PurePath(name).suffix.lower()
    kind = seems(text).kind
    found = read_json(text) if kind == JSON else None
    if found is not None:
        if ending in (".csv", ".tsv"):
            notes.append(f"The file's name ends in {ending}, but it holds JSON; it is read as that.")
        return found
    if kind in (JSON, TEXT_LOG):
        found = read_console(text)
        if found is not None:
            if ending in (*JSON_ENDINGS, ".csv", ".tsv"):
                notes.append(f"The file's name ends in {ending}, but it holds lines of text; they are read as that.")
            return found
        raise Unreadable(BROKEN_JSON if kind == JSON else unreadable(text))
    table = read_delimited(text)
    if text.lstrip()[0] in "{[" and not table.columns:
        raise Unreadable(BROKEN_JSON)
    if ending in JSON_ENDINGS:
        notes.append(f"The file's name ends in {ending}, but it holds rows and cells; it is read as CSV.")
    return _kind(table), table


def _kind(table: Table) -> str:
    """Who wrote a CSV, told by its columns."""
    names = table.names
    # Keras writes the epoch, then its metrics in the order of the alphabet.
    if (
        len(names) > 1
        and names[0] == "epoch"
        and "loss" in names
        and all(says.axis != "step" for says in table.meanings.values())
    ):
        return "Keras CSVLogger" if list(names[1:]) == sorted(names[1:]) else "CSV"
    # Lightning writes a row for each call of its logger, most cells of which are empty, always with the step.
    sparse = any(len(column.rows) < len(table.rows) for column in table.columns.values())
    if {"epoch", "step"} <= set(names) and sparse and any(says.whose for says in table.meanings.values()):
        return "Lightning metrics.csv"
    return "CSV"


def _drawn(table: Table) -> tuple[tuple[Series, ...], list[str]]:
    """Every curve of the table: on the axis of the two main ones where it can be, else on its own."""
    names = table.curves
    if not names:
        return (), ["There is no number in the file." if not table.columns else "There is no curve in the file."]
    candidates = axes(table)
    main = [name for name in chosen(table) if name] or names[:1]
    first = fitting(table, candidates, main)
    drawing = Drawing(table)
    along = {id(table.columns[name].rows): first for name in main}
    series = []
    for name in names:
        rows = id(table.columns[name].rows)
        if rows not in along:
            along[rows] = fitting(table, [first, *candidates], [name])
        series.append(drawing.curve(name, along[rows]))
    notes = list(drawing.notes())
    if first.name == "column 1":
        notes.append("Column 1 counts up; it is taken as the step.")
    if first.unit == "row":
        why = f"The {candidates[0].name} is the same in most rows" if candidates else "No column counts epochs or steps"
        notes.append(f"{why}; the points are counted by row.")
    if max(map(len, series)) == 1:
        notes.append("There is only one row: a point, no curve.")
    return tuple(series), notes + list(_not_finite(table, names))


def _not_finite(table: Table, names: list[str]) -> Iterator[str]:
    for name in names:
        column = table.columns[name]
        bad = np.flatnonzero(~np.isfinite(column.values))
        if len(bad):
            where = f"{table.row.lower()} {column.rows[bad[0]]}"
            what = "NaN" if np.all(np.isnan(column.values[bad])) else "NaN or infinite"
            if len(bad) > 1 and bad[0] + len(bad) == len(column.values):
                yield f"Column {name} is {what} from {where} to the end."
            else:
                count = "once" if len(bad) == 1 else f"{len(bad)} times"
                yield f"Column {name} is {what} {count}, first in {where}."
