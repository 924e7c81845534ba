"""A file that somebody dropped into a log. Nothing in the file is ever evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

import numpy as np

from core.logs import python
from core.logs.boxes import read_boxes
from core.logs.console import read_console
from core.logs.delimited import read_delimited
from core.logs.log import Log
from core.logs.names import clean, listed, tag_of
from core.logs.records import read_json
from core.logs.reshape import is_mlflow, reshaped
from core.logs.run import Run, run_of
from core.logs.runs import Split, split
from core.logs.seems import JSON, TEXT_LOG, seems, unreadable
from core.logs.table import Table
from core.logs.text import Unreadable, decoded

MOST_NOTES = 20
JSON_ENDINGS = {".json", ".jsonl", ".ndjson"}
BROKEN_JSON = "The file begins as JSON, but it breaks off or is wrong before anything could be read."
_PRINTED_ROWS = re.compile(
    r"\s*(?:\[(?:[-+\w. ]+,)+[-+\w. ]+\] *\n *(?=\[)|\((?:[-+\w. ]+,)+[-+\w. ]+\) *\n *(?=\()){2}"
)
_BRACKETS = re.compile(r"^[ \t]*[(\[]|[)\]],?[ \t\r]*$", re.MULTILINE)
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
        return Log(shown, "", (), (), (), (str(reason),), _NOTHING)
    table = reshaped(replace(table, of_file=tag_of(shown)))
    found = split(table)
    runs, drawn = _runs(found)
    notes += [*table.notes, *found.notes, *drawn]
    if not table.curves:
        runs = ()
        nothing = "There is no number in the file."
        if re.search(r"\d", text):
            nothing = "No column of the file holds numbers alone: nothing could be read."
        notes.append("There is no curve in the file." if table.columns else nothing)
    series = runs[0].series if runs else run_of("", table)[0].series
    if len(notes) > MOST_NOTES:
        notes = [*notes[:MOST_NOTES], f"There are {len(notes) - MOST_NOTES} more such notes."]
    columns = runs[0].columns if runs else table.names
    return Log(shown, kind, runs, series, columns, tuple(notes), table)


def _runs(found: Split) -> tuple[tuple[Run, ...], list[str]]:
    """The runs, and what there is to say of them: once where it holds for all."""
    runs = []
    said: dict[str, list[str]] = {}
    for name, table in found.runs:
        if not table.curves:
            continue
        run, notes = run_of(name, table)
        runs.append(run)
        for note in [*notes, *_choice_notes(run)]:
            said.setdefault(note, []).append(name)
    notes = []
    for note, names in said.items():
        where = "" if len(names) == len(runs) else f"{listed(names)}: "
        notes.append(where + note)
    return tuple(runs), notes


def _choice_notes(run: Run) -> Iterator[str]:
    """What a reader has to know of the choice of columns without asking for it."""
    if run.need_not_fall:
        yield run.need_not_fall
    elif (run.train or run.validation) is None or not run.comparable or "no total" in run.why:
        yield run.why


def _table(name: str, text: str, notes: list[str]) -> tuple[str, Table]:
    """The kind and the table of a text; a note where the file's name promises another format."""
    ending = PurePath(name).suffix.lower()
    if (boxes := read_boxes(text)) is not None:
        return boxes
    if (printed := python.as_json(text)) is not None and (found := read_json(printed)) and found[1].curves:
        return "Python's print", found[1]
    if _PRINTED_ROWS.match(text):  # "(3, 0.5, 0.6)" in each line
        text = _BRACKETS.sub("", text)
    look = seems(text)
    found = read_json(text) if look.kind == JSON else None
    if found is not None:
        if ending in (".csv", ".tsv"):
            notes.append(f"The file's name ends in {ending}, but it holds JSON; it is read as that.")
        return found
    if look.kind in (JSON, TEXT_LOG):
        found = read_console(text)
        if found is not None:
            if ending in (*JSON_ENDINGS, ".csv", ".tsv"):
                notes.append(f"The file's name ends in {ending}, but it holds lines of text; they are read as that.")
            return found
        if not look.parted:
            raise Unreadable(BROKEN_JSON if look.kind == JSON else unreadable(text))
    table = read_delimited(text)
    if text.lstrip()[0] in "{[" and not table.columns:
        raise Unreadable(BROKEN_JSON)
    if ending in JSON_ENDINGS:
        notes.append(f"The file's name ends in {ending}, but it holds rows and cells; it is read as CSV.")
    return _kind(table), table


def _kind(table: Table) -> str:
    """Who wrote a CSV, told by its columns."""
    names = table.names
    if [name.lower() for name in names] == ["wall time", "step", "value"]:
        return "TensorBoard CSV"
    if is_mlflow(table):
        return "MLflow metric"
    if {"_step", "_timestamp"} <= set(names):
        return "Weights & Biases CSV"
    if any(" - " in name for name in names) and names[0] in ("Step", "_step", "epoch", "Relative Time (Process)"):
        return "Weights & Biases CSV"
    # Keras writes the epoch, from 0 on, then its metrics in the order of the alphabet.
    if len(names) > 1 and names[0] == "epoch" and "loss" in names and list(names[1:]) == sorted(names[1:]):
        epochs = table.columns.get("epoch")
        steps = any(says.axis == "step" for says in table.meanings.values())
        return "Keras CSVLogger" if epochs is not None and epochs.values[0] == 0 and not steps else "CSV"
    # Lightning writes a row for each call of its logger, most cells of which are empty, always with the step.
    sparse = any(len(column.rows) < len(table.rows) for column in table.columns.values())
    if {"epoch", "step"} <= set(names) and sparse and any(says.whose for says in table.meanings.values()):
        return "Lightning metrics.csv"
    return "CSV"
