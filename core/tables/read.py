"""Reads a file of a person's own data into a table. Nothing in the file is ever evaluated."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from types import NoneType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from core.logs.formats.decode import MAX_BYTES, Unreadable, decode
from core.logs.names.words import printable
from core.tables.cells import EMPTY_CELLS, floats, parse_texts, read_column, seconds
from core.tables.table import Column, DataTable, NumberColumn

MAX_ROWS, MAX_COLUMNS = 1_000_000, 200
MAX_KEPT = 96 * 2**20  # bytes of a table's columns
MAX_NOTES = 12
SEPARATORS = {"\t": "TSV", ",": "CSV", ";": "CSV", "|": "CSV"}
DECIMAL_COMMA = re.compile(r"\s*[-+]?[\d.]*,\d+([eE][-+]?\d+)?\s*")
HEAD = 2**16  # letters at the beginning that tell the separator and the names
AGREE = 0.8  # of the first rows, with as many cells as most of them
PARQUET = b"PAR1"
REPORT_LINES = 10_000  # of JSON between two reports
CELLS = 0.5  # of the work: to find the cells of every row. The rest is to read each column of them

Read = tuple[str, dict[str, Column], np.ndarray, list[str]]  # format, columns, the row of each line, notes
Report = Callable[[float], None]  # is told the share of the work that is done


def read_table(name: str, content: bytes, report: Report = lambda _: None) -> DataTable:
    """The table of a file: CSV, TSV or another separated text, JSON records, JSON Lines or Parquet.

    Of a broken file everything readable is read, and a note names what was left out. A file that cannot be read is a
    table without columns, with a note on the reason. `report` is told the share that is done, of bytes and then of
    columns. Raises ValueError only where `content` is not bytes.
    """
    if not isinstance(content, bytes):
        raise ValueError(f"content must be the bytes of the file, got {type(content).__name__}")
    shown = printable(name) or "table"
    try:
        if content.startswith(PARQUET):
            format_, columns, rows, notes = read_parquet(content, report)
        else:
            text, notes = decode(content)
            read = read_json if text.lstrip()[:1] in "[{" else read_separated
            format_, columns, rows, more = read(text, report)
            notes = [*notes, *more]
    except Unreadable as reason:
        return DataTable(shown, "", notes=(str(reason),))
    columns, too_large = within_memory(columns)
    notes += too_large
    if len(notes) > MAX_NOTES:
        notes = [*notes[:MAX_NOTES], f"There are {len(notes) - MAX_NOTES} more such notes."]
    return DataTable(shown, format_, columns, rows, tuple(notes))


def read_columns(
    cells: Mapping[str, Any], read: Callable[[Any, str], tuple[Column | None, list[str]]], report: Report
) -> tuple[dict[str, Column], list[str]]:
    """The columns that `read` makes of cells and a name, but for None, and its notes."""
    columns: dict[str, Column] = {}
    notes: list[str] = []
    for place, (name, own_cells) in enumerate(cells.items()):
        report(CELLS + (1 - CELLS) * place / len(cells))
        column, own = read(own_cells, name)
        if column is not None:
            columns[name] = column
        notes += own
    return columns, notes


def read_parquet(content: bytes, report: Report) -> Read:
    """A Parquet file. Raises Unreadable where it is damaged or too large."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"The file has {len(content) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are read.")
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        names = file.schema_arrow.names[:MAX_COLUMNS]
        batches, left = [], MAX_ROWS
        for batch in file.iter_batches(columns=names):
            batches.append(batch.slice(0, left))
            left -= len(batches[-1])
            report(CELLS * min(1.0, (MAX_ROWS - left) / max(1, file.metadata.num_rows)))
            if left <= 0:
                break
        table = pa.Table.from_batches(batches, batches[0].schema) if batches else file.schema_arrow.empty_table()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable(f"The Parquet file is damaged: {printable(error)}.") from error
    rows = np.arange(1, len(table) + 1)
    cells = dict(zip(unique_names(table.column_names), table.columns, strict=True))
    columns, notes = read_columns(cells, lambda own, name: arrow_column(own, name, rows), report)
    return "Parquet", columns, rows, [*cut_notes(file.metadata.num_rows, len(file.schema_arrow.names)), *notes]


def arrow_column(cells: pa.ChunkedArray, name: str, rows: np.ndarray) -> tuple[Column | None, list[str]]:
    """A column of Arrow's types; None, and a note, for lists and other nested values."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        cells = cells.cast(kind.value_type)
        kind = cells.type
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        return NumberColumn.of(floats(cells)), []
    if pa.types.is_temporal(kind) and not pa.types.is_duration(kind) and not pa.types.is_time(kind):
        return NumberColumn.of(seconds(pd.to_datetime(cells.to_pandas(), utc=True)), is_time=True), []
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return read_column(cells.cast(pa.string()), name, rows, decimal_comma=False)
    return None, [f"The column “{name}” holds {kind}, neither numbers nor text; it is left out."]


def read_json(text: str, report: Report) -> Read:
    """JSON: an array of records, an object of arrays, or one record a line. Raises Unreadable for anything else."""
    notes: list[str] = []
    try:
        found = json.loads(text, parse_constant=lambda _: None)
        format_ = "JSON"
    except (ValueError, RecursionError):
        found, notes = json_lines(text, report)
        format_ = "JSON Lines"
    if isinstance(found, dict):
        lists = {name: values for name, values in found.items() if isinstance(values, list)}
        if len(set(map(len, lists.values()))) == 1:
            return json_columns(lists, format_, notes, report)
        nested = [values for values in lists.values() if values and isinstance(values[0], dict)]
        found = nested[0] if nested else [found]
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found[:MAX_ROWS]):
        raise Unreadable('The JSON holds no records: it must be a list such as [{"truth": 3, "model": 2.5}, ...].')
    notes += cut_notes(len(found), 0)
    names = list(dict.fromkeys(name for record in found[:MAX_ROWS] for name in record))
    return json_columns(
        {name: [record.get(name) for record in found[:MAX_ROWS]] for name in names[:MAX_COLUMNS]},
        format_, notes, report,
    )  # fmt: skip


def json_lines(text: str, report: Report) -> tuple[list[Any], list[str]]:
    """The records of a file with one a line, and a note on lines that are none. Raises Unreadable if all are."""
    records, broken = [], []
    decoder = json.JSONDecoder(parse_constant=lambda _: None)
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if line := line.strip():
            try:
                record, end = decoder.raw_decode(line)
                if end < len(line):
                    raise ValueError(f"another value begins at {end}")
                records.append(record)
            except (ValueError, RecursionError):
                broken.append(number)
        if not number % REPORT_LINES:
            report(CELLS * number / len(lines))
    if not records:
        raise Unreadable("The file begins as JSON, but it breaks off or is wrong before anything could be read.")
    more = f", nor are {len(broken) - 1} more" if len(broken) > 1 else ""
    return records, [f"Line {broken[0]} is no JSON{more}; it is left out."] if broken else []


def json_columns(lists: Mapping[str, list[Any]], format_: str, notes: list[str], report: Report) -> Read:
    """The columns of JSON values by name; nested values are no cells."""
    rows = np.arange(1, 1 + max(map(len, lists.values()), default=0))

    def read(values: list[Any], name: str) -> tuple[Column, list[str]]:
        if set(map(type, values)) <= {int, float, NoneType}:
            with suppress(OverflowError):  # of an integer beyond float64
                numbers = np.array(values, np.float64)  # None is NaN
                return NumberColumn.of(np.where(np.isfinite(numbers), numbers, np.nan)), []
        cells = pa.chunked_array([pa.array([as_cell(value) for value in values], pa.string())])
        return read_column(cells, name, rows, decimal_comma=False)

    columns, more = read_columns(dict(zip(unique_names(lists), lists.values(), strict=True)), read, report)
    return format_, columns, rows, [*notes, *more]


def as_cell(value: Any) -> str | None:
    """A value of JSON as the text of a cell; None for an empty one and for what is nested."""
    if value is None or isinstance(value, list | dict):
        return None
    text = str(int(value)) if isinstance(value, bool) else str(value)
    if not text.isascii():
        text = text.encode(errors="replace").decode()  # half of a pair of surrogates is no letter
    return None if text.strip() in EMPTY_CELLS or not text.strip() else text[:10_000]


class ReportingBytes(io.BytesIO):
    """Bytes that report which share of them has been taken."""

    def __init__(self, content: bytes, report: Report) -> None:
        super().__init__(content)
        self.size, self.report = len(content), report

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.report(CELLS * self.tell() / self.size)
        return found


def read_separated(text: str, report: Report) -> Read:
    """A text of rows and cells. Raises Unreadable where there is no table in it."""
    separator = common_separator(text[:HEAD])
    first = next(rows_of(text[:HEAD], separator), [])
    headed = bool(first) and not np.isfinite(parse_texts([cell for cell in first if cell.strip()],
                                                         decimal_comma=separator == ";")).any()  # fmt: skip
    names = unique_names(first if headed else [f"column {at}" for at in range(1, len(first) + 1)])
    broken: list[tuple[int, int]] = []

    def note_broken(row: Any) -> str:
        broken.append((row.number or 0, row.actual_columns))
        return "skip"

    cell = pa.string()
    text = text.lstrip("\n") + "\n"
    if headed and not text.partition("\n")[2].strip():
        raise Unreadable("There is no row of data in the file, only one of names.")
    try:
        table = arrow_csv.read_csv(
            ReportingBytes(text.encode(), report),
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=int(headed), use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values='"' in text, invalid_row_handler=note_broken
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, cell), null_values=EMPTY_CELLS, strings_can_be_null=True,
                include_columns=names[:MAX_COLUMNS],
            ),
        )  # fmt: skip
    except pa.ArrowException as error:
        raise Unreadable(f"The file could not be read as a table: {printable(error)}.") from error
    if not len(table):
        raise Unreadable("There is no row of data in the file.")
    kept = np.arange(1, len(table) + len(broken) + 1) + headed
    kept = kept[~np.isin(kept, [number for number, _ in broken])][: len(table)]
    notes = cut_notes(len(table), len(names))
    if broken:
        number, cells = broken[0]
        more = f" {len(broken) - 1} more rows are left out for the like." if len(broken) > 1 else ""
        notes.append(f"Row {number} has {cells} cells where {len(names)} are named; it is left out.{more}")
    table, kept = table.slice(0, MAX_ROWS), kept[:MAX_ROWS]
    columns, own_notes = read_columns(
        dict(zip(names, table.columns, strict=False)),
        lambda cells, name: read_column(cells, name, kept, decimal_comma=separator != ","),
        report,
    )
    notes += own_notes
    if not headed:
        notes.append("The first row holds numbers, not names: the columns are named by their place.")
    return SEPARATORS[separator], columns, kept, notes


def rows_of(text: str, separator: str) -> Iterator[list[str]]:
    """The rows of a text that hold anything; those before a cell that csv cannot read."""
    try:
        yield from (row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(map(str.strip, row)))
    except csv.Error:
        return


def common_separator(text: str) -> str:
    """The separator that cuts the first rows of a text into equally many cells; a comma where none does.

    One that cuts the first row so as well goes before the others, and semicolons before commas within numbers.
    """
    fits = {}
    for mark in SEPARATORS:
        rows = [len(row) for row in rows_of(text, mark)][:100]
        count, agree = Counter(rows).most_common(1)[0] if rows else (1, 0)
        if count > 1 and agree >= AGREE * len(rows):
            fits[mark] = rows[0] == count, count
    if ";" in fits and has_decimal_commas(text):
        fits.pop(",", None)
    return max(fits, key=fits.__getitem__, default=",")


def has_decimal_commas(text: str) -> bool:
    """Whether the commas between semicolons stand in numbers, almost all of them."""
    cells = [cell for row in rows_of(text, ";") for cell in row if "," in cell]
    return bool(cells) and sum(bool(DECIMAL_COMMA.fullmatch(cell)) for cell in cells) >= AGREE * len(cells)


def unique_names(names: Iterable[str]) -> list[str]:
    """The names of columns as printable lines, each once: a second "a" is "a (2)"."""
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        plain = printable(name) or f"column {place}"
        own, number = plain, 1
        while own in found:
            number += 1
            own = f"{plain} ({number})"
        found.append(own)
    return found


def cut_notes(rows: int, columns: int) -> list[str]:
    """Notes on rows and columns that are more than are read."""
    notes = []
    if rows > MAX_ROWS:
        notes.append(f"The file has {rows:,} rows; the first {MAX_ROWS:,} are read.")
    if columns > MAX_COLUMNS:
        notes.append(f"The file has {columns:,} columns; the first {MAX_COLUMNS} are read.")
    return notes


def within_memory(columns: dict[str, Column]) -> tuple[dict[str, Column], list[str]]:
    """The first columns that are small enough together, and a note on those that are left out."""
    size, kept = 0, dict[str, Column]()
    for name, column in columns.items():
        size += (
            column.kept.nbytes
            if isinstance(column, NumberColumn)
            else column.codes.nbytes + sum(map(len, column.texts))
        )
        if size > MAX_KEPT:
            left = len(columns) - len(kept)
            return kept, [f"The table is too large to keep: the last {left} columns, from “{name}” on, are left out."]
        kept[name] = column
    return kept, []
