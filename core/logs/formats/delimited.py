"""Delimited text (CSV, TSV, aligned columns) into a table.

Measured against the readers of pandas 3 and pyarrow, as they are called by default, on 107 delimited files and samples
of the tests. pandas.read_csv finds all numbers of 76 and raises on 4, with its sniffing Python engine 80 and 2;
pyarrow.csv finds those of 74 and raises on 6. They fail on cells with units ("50%", "3/20", "tensor(0.5)"), on logs
without a header, with a second one or with text above it, on decimal commas, and on rows of another length. None
tells NaN, which a diverged run writes, from an empty cell. The notes need the number of each odd row, which only the
Python engine of pandas can give, and that takes three times as long as this reader.
On a plain file of 37 MB (800,000 rows) this reader takes 0.82 s of CPU, pandas 0.14 s after 0.32 s for its import, and
pyarrow 0.22 s after 0.10 s; on 0.9 MB it is 0.02 s. A second path for plain files would save at most half a second, and
every rule of this one would have to hold there too. Quotation marks are left to the standard library's csv.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np

from core.logs.formats.decode import line_blocks
from core.logs.formats.header import SAMPLE_ROWS, find_header, find_separator, with_index_name
from core.logs.names.words import enumeration
from core.logs.tables.table import Table
from core.logs.tables.table_builder import MAX_COLUMNS, TableBuilder

ROWS_AT_ONCE = 20_000  # rows that csv reads at a time


def read_delimited(text: str) -> Table:
    """The table of a text with a row on each line; a text that is no table gives one without columns of numbers.

        epoch,loss,val_loss          Step;Training Loss;Validation Loss
        0,0.52,0.61                  10;0,52;0,61

    The separator is found by itself: a tab, a semicolon, a comma, a bar, or spaces. Notes name rows of another length,
    names that stand twice, headers that come again, and text above the table.
    """
    notes: list[str] = []
    skip = text[:4].lower() == "sep=" and text[5:6] == "\n"  # Excel's way to name the separator
    separator = text[4] if skip else find_separator(text)
    quoted = '"' in text
    unclosed = _unclosed_quote(text, separator) if quoted else None
    if unclosed:
        notes.append(f"A quotation mark in row {unclosed} is not closed there; all such marks are read as plain text.")
        quoted = False
    builder = TableBuilder("Row", thousands=separator == ",")
    _, items = next(iterate_rows(text, separator, quoted))
    first = [(row, split_cells(item, separator)) for row, item in enumerate(items[: 2 * SAMPLE_ROWS], 1) if row > skip]
    first = [(row, cells) for row, cells in first if has_content(cells)]
    if not first:
        return builder.table(notes)
    above, header = find_header(first[:SAMPLE_ROWS], notes)
    header = with_index_name(header, [cells for row, cells in first if row > above + 1])
    width = len(header) or len(first[0][1])
    if width > MAX_COLUMNS:
        notes.append(f"There are more than {MAX_COLUMNS} columns; the first {MAX_COLUMNS} are read.")
    labels = [cell.strip().strip('"').strip() for cell in header[:MAX_COLUMNS]]
    for at, label in enumerate(labels):
        builder.column(at, label)
    twice = [label for label, count in Counter(filter(None, labels)).items() if count > 1]
    if twice:
        names = f"Column {enumeration(twice)} is" if len(twice) == 1 else f"Columns {enumeration(twice)} are"
        notes.append(f"{names} there more than once; the later ones are numbered.")
    lengths = RowLengths(width, "the header" if header else "the first row")
    again = list(_collect_rows(builder, iterate_rows(text, separator, quoted), separator, above, header, lengths))
    if again:
        repeat = f"Row {again[0]} repeats" if len(again) == 1 else f"Rows {enumeration(list(map(str, again)))} repeat"
        notes.append(f"{repeat} the names of the columns; what comes after is read on.")
    builder.flush()
    if any(column.count for column in builder.columns.values()):  # lines of prose are no rows that lack cells
        notes += lengths.notes()
    return builder.table(notes)


def _unclosed_quote(text: str, separator: str) -> int | None:
    """The row of a quotation mark that would swallow the rows below it; None where all of them are closed.

    A cell may go on over several lines, as a printed array does; its row has as many cells as the others then.
    """
    odd = (row for row, line in enumerate(chain.from_iterable(line_blocks(text)), 1) if line.count('"') % 2)
    first = next(odd, None)
    if first is None:
        return None
    try:
        rows = csv.reader(
            chain.from_iterable(line_blocks(text)), delimiter=separator, skipinitialspace=True, strict=True
        )
        lengths = Counter((len(row), any("\n" in cell for cell in row)) for row in rows if row)
    except csv.Error:
        return first
    usual = max(lengths, key=lambda kind: lengths[kind])[0]
    return first if any(over and length != usual for length, over in lengths) else None


class RowLengths:
    """Collects the rows that have more or fewer cells than there are names."""

    def __init__(self, names: int, where: str) -> None:
        self.names, self.where = names, where
        self.odd: dict[str, list[tuple[int, int, int]]] = {"more": [], "fewer": []}

    def add(self, length: int, rows: np.ndarray) -> None:
        """Adds rows, int64 [n], of one length."""
        if length != self.names:
            self.odd["more" if length > self.names else "fewer"].append((int(rows[0]), length, len(rows)))

    def notes(self) -> Iterator[str]:
        """A sentence on the longer rows and one on the shorter."""
        ends = {"more": "the extra ones are columns of their own", "fewer": "the missing ones count as empty"}
        for kind, found in self.odd.items():
            if not found:
                continue
            row, length, _ = min(found)
            count = sum(number for _, _, number in found)
            cells = "1 cell" if length == 1 else f"{length} cells"
            rest = f" ({count} rows have {kind} cells than that)" if count > 1 else ""
            yield f"Row {row} has {cells} where {self.where} has {self.names}{rest}; {ends[kind]}."


def iterate_rows(text: str, separator: str, quoted: bool) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the text, some at a time, with the number of the first of them.

    A row is its line, still to be cut, or where there are quotation marks the list of its cells.
    """
    done = 0
    if quoted:
        reader = csv.reader(chain.from_iterable(line_blocks(text)), delimiter=separator, skipinitialspace=True)
        try:
            while rows := list(islice(reader, ROWS_AT_ONCE)):
                yield done + 1, rows
                done += len(rows)
            return
        except csv.Error:  # a cell of more than 131072 letters: on from there without regard to quotation marks
            pass
    start = 1
    for lines in line_blocks(text):
        left = lines[max(0, done + 1 - start) :]
        if left:
            row = start + len(lines) - len(left)
            yield row, [" ".join(line.split()) for line in left] if separator == " " else left
        start += len(lines)


def split_cells(item: Any, separator: str) -> list[str]:
    """The cells of a row of `iterate_rows`."""
    return item.split(separator, MAX_COLUMNS) if isinstance(item, str) else item


def has_content(cells: list[str]) -> bool:
    """False for the cells of a blank line."""
    return len(cells) > 1 or bool(cells and cells[0].strip())


def _collect_rows(
    builder: TableBuilder,
    read: Iterable[tuple[int, list[Any]]],
    separator: str,
    above: int,
    header: list[str],
    lengths: RowLengths,
) -> Iterator[int]:
    """Adds the rows below the header to the builder, one length at a time; yields the rows that repeat the header."""
    for start, items in read:
        if builder.is_full:
            return
        lines = isinstance(items[0], str)
        named = separator.join(header) if lines else header
        counts = np.array([item.count(separator) + 1 for item in items] if lines else list(map(len, items)))
        rows = np.arange(start, start + len(items))
        wanted = rows > above
        if header and named in items:
            again = wanted & np.array([item == named for item in items])
            yield from rows[again].tolist()
            wanted &= ~again
        for length in sorted(set(counts[wanted].tolist())):
            at = np.flatnonzero(wanted & (counts == length))
            if length <= 1:
                filled = (one for one in at.tolist() if items[one] and has_content(split_cells(items[one], separator)))
                at = np.fromiter(filled, np.int64)
            if len(at):
                same = items if len(at) == len(items) else [items[one] for one in at.tolist()]
                lengths.add(length, rows[at])
                builder.add(range(min(length, MAX_COLUMNS)), rows[at], _transpose(same, length, separator))


def _transpose(items: list[Any], length: int, separator: str) -> Iterator[Sequence[str]]:
    """The cells of rows of one length, column by column."""
    if isinstance(items[0], str) and length <= MAX_COLUMNS:
        # One list of all cells, not one a row: the garbage collector would look at every row again and again.
        flat = separator.join(items).split(separator)
        return (flat[at::length] for at in range(length))
    return islice(zip(*(split_cells(item, separator) for item in items), strict=True), MAX_COLUMNS)
