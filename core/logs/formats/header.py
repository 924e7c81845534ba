"""Finds the separator and the header of delimited text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, islice

from core.logs.formats.decode import line_blocks
from core.logs.tables.cells import EMPTY, parse_cell

SEPARATORS = "\t;,|"
_TIME = re.compile(r"\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}|\d{1,2}:\d{2}\b|\d{1,2} [A-Z][a-z]{2} \d{4}")
_DIGITS = re.compile(r"\d+")
SAMPLE_ROWS = 50  # rows by which the separator and the header are found


def find_separator(text: str) -> str:
    """The separator that cuts most of the first rows into equally many cells; a space where none does."""
    lines = [line for line in islice(chain.from_iterable(line_blocks(text)), SAMPLE_ROWS) if line.strip()]
    best, most = " ", 0
    for mark in SEPARATORS:
        counts = Counter(line.count(mark) for line in lines if mark in line)
        # The first of equals: where semicolons stand in every row, commas are decimal commas.
        if counts and (agree := counts.most_common(1)[0][1]) > most:
            best, most = mark, agree
    if best == " " and any(len(line.split(None, 1)) < 2 for line in lines):
        return ","  # one column
    return best


def find_header(first: list[tuple[int, list[str]]], notes: list[str]) -> tuple[int, list[str]]:
    """The row of the header and the names in it; no names where the first row holds numbers. Writes the notes."""
    width = Counter(len(cells) for _, cells in first).most_common(1)[0][0]
    named = next(at for at, (_, cells) in enumerate(first) if len(cells) == width)
    # Above the names may stand a title; a short row above numbers is the names, and some of them are missing.
    if named and _is_data_row(first[named][1], [cells for _, cells in first[named + 1 :]]):
        named = next((at for at, (_, cells) in enumerate(first[:named]) if len(cells) > 1), named)
    row, cells = first[named]
    if named:
        rows = f"Row {first[0][0]} comes" if named == 1 else f"Rows {first[0][0]} to {first[named - 1][0]} come"
        notes.append(f"{rows} before the table and {'is' if named == 1 else 'are'} left out.")
    if len(cells) > 1 and not cells[0].strip() and cells[1:] == [str(at) for at in range(len(cells) - 1)]:
        return row, cells  # a table of pandas whose columns have no names: ",0,1"
    if _is_data_row(cells, [below for _, below in first[named + 1 :]]):
        names = "the column is named column 1" if width == 1 else f"the columns are named column 1 to {len(cells)}"
        notes.append(f"Row {row} holds numbers and no names; {names}.")
        return row - 1, []
    if cells[0].lstrip().startswith("#"):  # NumPy's savetxt marks the names as a comment
        bare = cells[0].lstrip().lstrip("#")
        cells = [bare, *cells[1:]] if bare.strip() else cells[1:]
    return row, cells


def _is_data_row(cells: list[str], below: list[list[str]]) -> bool:
    """True for a row with more numbers than names. Words above words are no names (a split, a run), nor are times."""
    numbers = names = 0
    for at, cell in enumerate(cells):
        if _is_number_cell(cell):
            numbers += cell.strip() not in EMPTY
        elif not _TIME.match(cell.strip(' "')):
            rest = [row[at] for row in below if at < len(row) and row[at].strip() not in EMPTY]
            alike = _digit_pattern(cell) in map(_digit_pattern, rest)
            names += not rest or 2 * sum(map(_is_number_cell, rest)) >= len(rest) or (not alike and len(rest) > 3)
    return numbers > names


def with_index_name(header: list[str], below: list[list[str]]) -> list[str]:
    """The names, with one for the index where each row has one cell more than the header, as pandas prints tables."""
    if not header or not below or any(len(cells) != len(header) + 1 for cells in below):
        return header
    return ["", *header] if any(cells[-1].strip() for cells in below) else header


def _digit_pattern(cell: str) -> str:
    """A cell with 0 for every number: "Epoch 12" -> "Epoch 0"."""
    return _DIGITS.sub("0", cell)


def _is_number_cell(cell: str) -> bool:
    """True for a number or an empty cell."""
    try:
        parse_cell(cell)
    except ValueError:
        return False
    return True
