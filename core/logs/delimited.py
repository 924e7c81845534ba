"""Text in rows and cells (CSV and its kin) into a table.

Not pandas or pyarrow: on 49 MB of 800,000 rows this takes 0.9 s, pyarrow 0.4 s; but pyarrow drops rows of another
length, counts rows without the blank ones, and lets a quotation mark that is not closed swallow all rows below it,
and pandas can say which rows were odd only in its Python engine (2.1 s, 540 MB). Every note here names such a row.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np

from core.logs.cells import EMPTY, number
from core.logs.gather import MOST_COLUMNS, Gatherer
from core.logs.names import listed
from core.logs.table import Table
from core.logs.text import blocks

SEPARATORS = "\t;,|"
AT_ONCE = 20_000  # rows that csv reads at a time
_TIME = re.compile(r"\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}|\d{1,2}:\d{2}\b|\d{1,2} [A-Z][a-z]{2} \d{4}")
_DIGITS = re.compile(r"\d+")
LOOKED_AT = 50  # rows from which the separator and the header are told


def read_delimited(text: str) -> Table:
    """Every cell of a text whose rows are lines; what is no table has no column of numbers."""
    notes: list[str] = []
    skip = text[:4].lower() == "sep=" and text[5:6] == "\n"  # Excel's way to name the separator
    separator = text[4] if skip else _separator(text)
    quoted = '"' in text
    unclosed = _unclosed(text, separator) if quoted else None
    if unclosed:
        notes.append(f"A quotation mark in row {unclosed} is not closed there; all such marks are read as plain text.")
        quoted = False
    gatherer = Gatherer("Row", thousands=separator == ",")
    _, items = next(_items(text, separator, quoted))
    first = [(row, _cells(item, separator)) for row, item in enumerate(items[: 2 * LOOKED_AT], 1) if row > skip]
    first = [(row, cells) for row, cells in first if _holds(cells)]
    if not first:
        return gatherer.table(notes)
    above, header = _header(first[:LOOKED_AT], notes)
    header = _indexed(header, [cells for row, cells in first if row > above + 1])
    width = len(header) or len(first[0][1])
    if width > MOST_COLUMNS:
        notes.append(f"There are more than {MOST_COLUMNS} columns; the first {MOST_COLUMNS} are read.")
    labels = [cell.strip().strip('"').strip() for cell in header[:MOST_COLUMNS]]
    for at, label in enumerate(labels):
        gatherer.column(at, label)
    twice = [label for label, count in Counter(filter(None, labels)).items() if count > 1]
    if twice:
        names = f"Column {listed(twice)} is" if len(twice) == 1 else f"Columns {listed(twice)} are"
        notes.append(f"{names} there more than once; the later ones are numbered.")
    lengths = _Lengths(width, "the header" if header else "the first row")
    again = list(_gather(gatherer, _items(text, separator, quoted), separator, above, header, lengths))
    if again:
        repeat = f"Row {again[0]} repeats" if len(again) == 1 else f"Rows {listed(list(map(str, again)))} repeat"
        notes.append(f"{repeat} the names of the columns; what comes after is read on.")
    gatherer.settle()
    if any(column.count for column in gatherer.columns.values()):  # lines of prose are no rows that lack cells
        notes += lengths.notes()
    return gatherer.table(notes)


def _unclosed(text: str, separator: str) -> int | None:
    """The row of a quotation mark that would swallow the rows below it; None where all pairs make sense.

    A cell may go on over several lines, as an array that was printed into it does; its row is as long as the others.
    """
    odd = (row for row, line in enumerate(chain.from_iterable(blocks(text)), 1) if line.count('"') % 2)
    first = next(odd, None)
    if first is None:
        return None
    try:
        rows = csv.reader(chain.from_iterable(blocks(text)), delimiter=separator, skipinitialspace=True, strict=True)
        lengths = Counter((len(row), any("\n" in cell for cell in row)) for row in rows if row)
    except csv.Error:
        return first
    usual = max(lengths, key=lambda kind: lengths[kind])[0]
    return first if any(over and length != usual for length, over in lengths) else None


def _separator(text: str) -> str:
    """The mark that parts most of the first rows into equally many cells; a space where none does."""
    lines = [line for line in islice(chain.from_iterable(blocks(text)), LOOKED_AT) if line.strip()]
    best, most = " ", 0
    for mark in SEPARATORS:
        counts = Counter(line.count(mark) for line in lines if mark in line)
        # The first of equals: where semicolons stand in every row, commas are decimal commas.
        if counts and (agree := counts.most_common(1)[0][1]) > most:
            best, most = mark, agree
    if best == " " and any(len(line.split(None, 1)) < 2 for line in lines):
        return ","  # one column
    return best


def _header(first: list[tuple[int, list[str]]], notes: list[str]) -> tuple[int, list[str]]:
    """The last row without data, and the names in it; none where it is numbers. Writes the notes."""
    width = Counter(len(cells) for _, cells in first).most_common(1)[0][0]
    named = next(at for at, (_, cells) in enumerate(first) if len(cells) == width)
    # Above the names may stand a title; a short row above numbers is the names, and some of them are missing.
    if named and _is_data(first[named][1], [cells for _, cells in first[named + 1 :]]):
        named = next((at for at, (_, cells) in enumerate(first[:named]) if len(cells) > 1), named)
    row, cells = first[named]
    if named:
        rows = f"Row {first[0][0]} comes" if named == 1 else f"Rows {first[0][0]} to {first[named - 1][0]} come"
        notes.append(f"{rows} before the table and {'is' if named == 1 else 'are'} left out.")
    if len(cells) > 1 and not cells[0].strip() and cells[1:] == [str(at) for at in range(len(cells) - 1)]:
        return row, cells  # a table of pandas whose columns have no names: ",0,1"
    if _is_data(cells, [below for _, below in first[named + 1 :]]):
        names = "the column is named column 1" if width == 1 else f"the columns are named column 1 to {len(cells)}"
        notes.append(f"Row {row} holds numbers and no names; {names}.")
        return row - 1, []
    if cells[0].lstrip().startswith("#"):  # NumPy's savetxt marks the names as a comment
        bare = cells[0].lstrip().lstrip("#")
        cells = [bare, *cells[1:]] if bare.strip() else cells[1:]
    return row, cells


def _is_data(cells: list[str], below: list[list[str]]) -> bool:
    """More numbers than names. A word above words is no name (a split, a run), and neither is a time."""
    numbers = names = 0
    for at, cell in enumerate(cells):
        if _is_number(cell):
            numbers += cell.strip() not in EMPTY
        elif not _TIME.match(cell.strip(' "')):
            rest = [row[at] for row in below if at < len(row) and row[at].strip() not in EMPTY]
            alike = _shape(cell) in map(_shape, rest)
            names += not rest or 2 * sum(map(_is_number, rest)) >= len(rest) or (not alike and len(rest) > 3)
    return numbers > names


def _indexed(header: list[str], below: list[list[str]]) -> list[str]:
    """The names, and one for the rows' numbers where those stand in every row without a name, as pandas prints them."""
    if not header or not below or any(len(cells) != len(header) + 1 for cells in below):
        return header
    return ["", *header] if any(cells[-1].strip() for cells in below) else header


def _shape(cell: str) -> str:
    """A cell with 0 for every number: "Epoch 0" of "Epoch 12"."""
    return _DIGITS.sub("0", cell)


def _is_number(cell: str) -> bool:
    """True for an empty cell, too."""
    try:
        number(cell)
    except ValueError:
        return False
    return True


class _Lengths:
    """Which rows have more or fewer cells than there are names."""

    def __init__(self, names: int, where: str) -> None:
        self.names, self.where = names, where
        self.odd: dict[str, list[tuple[int, int, int]]] = {"more": [], "fewer": []}

    def see(self, length: int, rows: np.ndarray) -> None:
        if length != self.names:
            self.odd["more" if length > self.names else "fewer"].append((int(rows[0]), length, len(rows)))

    def notes(self) -> Iterator[str]:
        ends = {"more": "the extra ones are columns of their own", "fewer": "the missing ones count as empty"}
        for kind, found in self.odd.items():
            if not found:
                continue
            row, length, _ = min(found)
            count = sum(number for _, _, number in found)
            cells = "1 cell" if length == 1 else f"{length} cells"
            rest = f" ({count} rows have {kind} cells than that)" if count > 1 else ""
            yield f"Row {row} has {cells} where {self.where} has {self.names}{rest}; {ends[kind]}."


def _items(text: str, separator: str, quoted: bool) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the text, some at a time, each time with the number of the first.

    A row is its line, still to be split, or its cells, where quotation marks ask for a reader of CSV.
    """
    done = 0
    if quoted:
        reader = csv.reader(chain.from_iterable(blocks(text)), delimiter=separator, skipinitialspace=True)
        try:
            while rows := list(islice(reader, AT_ONCE)):
                yield done + 1, rows
                done += len(rows)
            return
        except csv.Error:  # a cell of more than 131072 letters: on from there without regard to quotation marks
            pass
    start = 1
    for lines in blocks(text):
        left = lines[max(0, done + 1 - start) :]
        if left:
            row = start + len(lines) - len(left)
            yield row, [" ".join(line.split()) for line in left] if separator == " " else left
        start += len(lines)


def _cells(item: Any, separator: str) -> list[str]:
    return item.split(separator, MOST_COLUMNS) if isinstance(item, str) else item


def _holds(cells: list[str]) -> bool:
    return len(cells) > 1 or bool(cells and cells[0].strip())


def _gather(
    gatherer: Gatherer,
    read: Iterable[tuple[int, list[Any]]],
    separator: str,
    above: int,
    header: list[str],
    lengths: _Lengths,
) -> Iterator[int]:
    """Hands on the rows below the header, those of one length at a time; the rows that repeat it come back instead."""
    for start, items in read:
        if gatherer.full:
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
                held = (one for one in at.tolist() if items[one] and _holds(_cells(items[one], separator)))
                at = np.fromiter(held, np.int64)
            if len(at):
                same = items if len(at) == len(items) else [items[one] for one in at.tolist()]
                lengths.see(length, rows[at])
                gatherer.add(range(min(length, MOST_COLUMNS)), rows[at], _columns(same, length, separator))


def _columns(items: list[Any], length: int, separator: str) -> Iterator[Sequence[str]]:
    """The cells of rows that are equally long, column by column."""
    if isinstance(items[0], str) and length <= MOST_COLUMNS:
        # One list of all cells, not one a row: the garbage collector would look at every row again and again.
        flat = separator.join(items).split(separator)
        return (flat[at::length] for at in range(length))
    return islice(zip(*(_cells(item, separator) for item in items), strict=True), MOST_COLUMNS)
