"""Builds a table from cells, some rows at a time."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

from core.logs.names.words import MAX_NAME_LENGTH, printable
from core.logs.tables.column_builder import ColumnBuilder
from core.logs.tables.table import Column, Table

MAX_COLUMNS = 10_000
MAX_CELLS = 10_000_000  # a log of 50 MB has fewer; a file of nothing but "1," would fill the memory
FLUSH_SIZE = 500_000  # pending cells; numbers take a tenth of their memory


class TableBuilder:
    """Collects the cells of a file, rows with the same columns at a time, into a table.

    `row`: what a row is called in notes. `thousands`: a comma parts thousands.
    """

    def __init__(self, row: str, thousands: bool = False) -> None:
        self.row_noun, self.thousands = row, thousands
        self.columns: dict[Hashable, ColumnBuilder] = {}
        self.names: dict[str, int] = {}
        self.rows: list[np.ndarray] = []
        self.pending = self.cell_count = 0
        self.dropped: set[Hashable] = set()

    @property
    def is_full(self) -> bool:
        """True where there are too many cells or columns for a log: reading stops."""
        return self.cell_count > MAX_CELLS or len(self.dropped) >= MAX_COLUMNS

    def column(self, key: Hashable, name: object) -> ColumnBuilder | None:
        """The column of a key, made with this name if it is new; None beyond 10,000 columns."""
        found = self.columns.get(key)
        if found is None:
            if len(self.columns) >= MAX_COLUMNS:
                if len(self.dropped) < MAX_COLUMNS:
                    self.dropped.add(key)
                return None
            unique = self._unique(printable(name) or f"column {len(self.columns) + 1}")
            found = self.columns[key] = ColumnBuilder(unique, self.thousands)
        return found

    def _unique(self, name: str) -> str:
        """The name, with a number where it is taken."""
        unique = name
        while unique in self.names:
            self.names[name] += 1
            unique = f"{name[: MAX_NAME_LENGTH - 10]} ({self.names[name]})"
        self.names[unique] = 1
        return unique

    def add(self, keys: Iterable[Hashable], rows: np.ndarray, columns: Iterable[Sequence[Any]]) -> None:
        """Adds the cells of `rows` int64 [n]: n for each key. A new key names its column, 2 is "column 3"."""
        self.rows.append(rows)
        for key, cells in zip(keys, columns, strict=False):
            column = self.column(key, f"column {key + 1}" if isinstance(key, int) else key)
            if column is not None:
                column.pending_rows.append(rows)
                column.pending.extend(cells)
                self.pending += len(cells)
        if self.pending > FLUSH_SIZE:
            self.flush()

    def flush(self) -> None:
        """Converts all pending cells to numbers."""
        for column in self.columns.values():
            column.flush()
        self.cell_count += self.pending
        self.pending = 0

    def table(self, notes: Iterable[str] = ()) -> Table:
        """The table of all cells, with these notes and those of the columns."""
        self.flush()
        shared: dict[bytes, np.ndarray] = {}
        columns = {}
        all_notes = list(notes)
        for builder in self.columns.values():
            column = builder.column()
            all_notes += builder.notes(self.row_noun)
            if column is not None:
                rows = shared.setdefault(column.rows.tobytes(), column.rows)
                columns[builder.name] = Column(rows, column.values)
        grouped = [builder.grouped for builder in self.columns.values() if builder.grouped is not None]
        if grouped:
            where = f"{self.row_noun.lower()} {min(grouped)}"
            all_notes.append(f"A comma between groups of three digits parts thousands (first in {where}).")
        commas = [builder.comma for builder in self.columns.values() if builder.comma is not None]
        if commas:
            where = f"{self.row_noun.lower()} {min(commas)}"
            all_notes.append(f"A comma inside a number is read as a decimal comma (first in {where}).")
        if self.dropped:
            all_notes.append(f"There are more than {MAX_COLUMNS} columns; the first {MAX_COLUMNS} are read.")
        if self.is_full and self.rows:
            last = f"{self.row_noun.lower()} {self.rows[-1][-1]}"
            all_notes.append(f"The file has too many cells for a log; it is read to {last}.")
        rows = np.concatenate([np.empty(0, dtype=np.int64), *self.rows])
        if np.any(rows[1:] <= rows[:-1]):
            rows = np.unique(rows)
        names = tuple(builder.name for builder in self.columns.values())
        found = {builder.name: builder.label_column() for builder in self.columns.values()}
        labels = {name: column for name, column in found.items() if column is not None}
        return Table(names, columns, rows, self.row_noun, tuple(all_notes), labels)
