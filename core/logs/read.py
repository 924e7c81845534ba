"""Reads a file of a run into a log. Nothing in the file is ever evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

import numpy as np

from core.logs.console.reader import read_console
from core.logs.formats.boxes import read_boxes
from core.logs.formats.decode import Unreadable, decode
from core.logs.formats.delimited import read_delimited
from core.logs.formats.detect import JSON, TEXT_LOG, detect_format, explain_unreadable
from core.logs.formats.json_reader import read_json
from core.logs.formats.python_literals import python_to_json
from core.logs.log import Log
from core.logs.names.meaning import metric_of_file_name
from core.logs.names.words import enumeration, printable
from core.logs.run import Run, build_run
from core.logs.runs.split import RunTables, split_runs
from core.logs.tables.reshape import is_mlflow, one_column_per_curve
from core.logs.tables.table import Table

MAX_NOTES = 20
JSON_ENDINGS = {".json", ".jsonl", ".ndjson"}
BROKEN_JSON = "The file begins as JSON, but it breaks off or is wrong before anything could be read."
_PRINTED_ROWS = re.compile(
    r"\s*(?:\[(?:[-+\w. ]+,)+[-+\w. ]+\] *\n *(?=\[)|\((?:[-+\w. ]+,)+[-+\w. ]+\) *\n *(?=\()){2}"
)
_BRACKETS = re.compile(r"^[ \t]*[(\[]|[)\]],?[ \t\r]*$", re.MULTILINE)
_NOTHING = Table((), {}, np.empty(0, dtype=np.int64), "Row", ())


def read_log(name: str, content: bytes) -> Log:
    """The log of a file: `content` are its bytes. The name counts only where the content leaves something open.

    Of a broken file everything readable is read, and a note names what was left out. A file without anything readable
    is a log without series, with a note on the reason. Raises ValueError only where `content` is not bytes.
    """
    if not isinstance(content, bytes):
        raise ValueError(f"content must be the bytes of the file, got {type(content).__name__}")
    shown = printable(name) or "log"
    try:
        text, notes = decode(content)
        format_, table = _read_table(shown, text, notes)
    except Unreadable as reason:
        return Log(shown, "", (), (), (), (str(reason),), _NOTHING)
    table = one_column_per_curve(replace(table, name_in_file_name=metric_of_file_name(shown)))
    split = split_runs(table)
    runs, run_notes = _build_runs(split)
    notes += [*table.notes, *split.notes, *run_notes]
    if not table.curve_names:
        runs = ()
        nothing = "There is no number in the file."
        if re.search(r"\d", text):
            nothing = "No column of the file holds numbers alone: nothing could be read."
        notes.append("There is no curve in the file." if table.columns else nothing)
    series = runs[0].series if runs else build_run("", table)[0].series
    if len(notes) > MAX_NOTES:
        notes = [*notes[:MAX_NOTES], f"There are {len(notes) - MAX_NOTES} more such notes."]
    columns = runs[0].columns if runs else table.names
    return Log(shown, format_, runs, series, columns, tuple(notes), table)


def _build_runs(split: RunTables) -> tuple[tuple[Run, ...], list[str]]:
    """The runs and the notes on them, each once: with the names of its runs where it does not hold for all."""
    runs = []
    runs_of_note: dict[str, list[str]] = {}
    for name, table in split.runs:
        if not table.curve_names:
            continue
        run, notes = build_run(name, table)
        runs.append(run)
        for note in [*notes, *_pair_notes(run)]:
            runs_of_note.setdefault(note, []).append(name)
    notes = []
    for note, names in runs_of_note.items():
        where = "" if len(names) == len(runs) else f"{enumeration(names)}: "
        notes.append(where + note)
    return tuple(runs), notes


def _pair_notes(run: Run) -> Iterator[str]:
    """The notes on the choice of columns that everybody has to read."""
    if run.need_not_fall:
        yield run.need_not_fall
    elif (run.train or run.validation) is None or not run.comparable or "no total" in run.why:
        yield run.why


def _read_table(name: str, text: str, notes: list[str]) -> tuple[str, Table]:
    """The format and the table of a text. Adds a note where the file's name promises another format."""
    ending = PurePath(name).suffix.lower()
    if (boxes := read_boxes(text)) is not None:
        return boxes
    if (printed := python_to_json(text)) is not None and (found := read_json(printed)) and found[1].curve_names:
        return "Python's print", found[1]
    if _PRINTED_ROWS.match(text):  # "(3, 0.5, 0.6)" in each line
        text = _BRACKETS.sub("", text)
    detected = detect_format(text)
    found = read_json(text) if detected.format == JSON else None
    if found is not None:
        if ending in (".csv", ".tsv"):
            notes.append(f"The file's name ends in {ending}, but it holds JSON; it is read as that.")
        return found
    if detected.format in (JSON, TEXT_LOG):
        found = read_console(text)
        if found is not None:
            if ending in (*JSON_ENDINGS, ".csv", ".tsv"):
                notes.append(f"The file's name ends in {ending}, but it holds lines of text; they are read as that.")
            return found
        if not detected.has_columns:
            raise Unreadable(BROKEN_JSON if detected.format == JSON else explain_unreadable(text))
    table = read_delimited(text)
    if text.lstrip()[0] in "{[" and not table.columns:
        raise Unreadable(BROKEN_JSON)
    if ending in JSON_ENDINGS:
        notes.append(f"The file's name ends in {ending}, but it holds rows and cells; it is read as CSV.")
    return _csv_tool(table), table


def _csv_tool(table: Table) -> str:
    """The tool that wrote a CSV, by the names of its columns; "CSV" where it is unknown."""
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
        steps = any(meaning.axis == "step" for meaning in table.meanings.values())
        return "Keras CSVLogger" if epochs is not None and epochs.values[0] == 0 and not steps else "CSV"
    # Lightning writes a row for each call of its logger, most cells of which are empty, always with the step.
    sparse = any(len(column.rows) < len(table.rows) for column in table.columns.values())
    if {"epoch", "step"} <= set(names) and sparse and any(meaning.split for meaning in table.meanings.values()):
        return "Lightning metrics.csv"
    return "CSV"
