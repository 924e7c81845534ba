"""Cells of a file, as they come, into columns of numbers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

from core.logs.names import MOST_LETTERS, PHASES, clean, phase
from core.logs.table import Column, Table, alternating, parted

MOST_COLUMNS = 10_000
MOST_CELLS = 10_000_000  # a log of 50 MB has fewer; a file of nothing but "1," would fill the memory
AT_ONCE = 500_000  # cells that wait before they become numbers: numbers take a tenth of their memory

# Keras writes NA, JavaScript null for a number that is not there. NaN is a number here: it is the message of a run.
EMPTY = frozenset({None, "", "NA", "N/A", "n/a", "na", "<NA>", "#N/A", "None", "none", "null", "NULL", "-", "--"})
_WINDOWS = {"1.#inf": "inf", "-1.#inf": "-inf", "1.#qnan": "nan", "-1.#ind": "nan", "-nan(ind)": "nan", "-nan": "nan"}


def number(cell: Any) -> float | None:
    """A cell as a number, None for an empty one. Raises ValueError for text.

    A comma is a decimal comma, unless a point comes after it. Nothing but digits is ever understood: =1+1 is text.
    """
    if cell in EMPTY:
        return None
    if not isinstance(cell, str):
        return float(cell)
    plain = cell.strip().strip('"').strip()
    if plain in EMPTY:
        return None
    if "," in plain:
        # The last of the two marks is the decimal one: 1.234,5 and 1,234.5.
        thousands, decimal = (",", ".") if plain.rfind(".") > plain.rfind(",") else (".", ",")
        plain = plain.replace(thousands, "").replace(decimal, ".")
    return float(_WINDOWS.get(plain.lower(), plain))


class Gathered:
    """A column while its file is read: cells that wait, and numbers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.waiting_rows: list[np.ndarray] = []
        self.waiting: list[Any] = []
        self.parts: list[tuple[np.ndarray, np.ndarray]] = []
        self.count = 0
        self.texts = 0
        self.first_text: tuple[int, str] | None = None
        self.comma: int | None = None  # the first row with a decimal comma
        self.whose: list[tuple[np.ndarray, list[str]]] | None = [] if name.strip().lower() in PHASES else None

    def settle(self) -> None:
        """Makes numbers of the cells that wait."""
        if not self.waiting:
            return
        rows = self.waiting_rows[0] if len(self.waiting_rows) == 1 else np.concatenate(self.waiting_rows)
        cells, self.waiting, self.waiting_rows = self.waiting, [], []
        if self.whose is not None:
            self.whose.append((rows, [phase(cell) if isinstance(cell, str) else "" for cell in cells]))
        try:
            values = np.fromiter(map(float, cells), np.float64, len(cells))
        except (ValueError, TypeError):
            rows, values = self._picked(rows, cells)
        self.count += len(values)
        if len(values):
            self.parts.append((rows, values))

    def _picked(self, rows: np.ndarray, cells: list[Any]) -> tuple[np.ndarray, np.ndarray]:
        at = [index for index, cell in enumerate(cells) if cell not in EMPTY]
        try:
            return rows[at], np.fromiter((float(cells[index]) for index in at), np.float64, len(at))
        except (ValueError, TypeError):
            pass
        try:
            # A decimal comma throughout; where there is a point too, number() tells them apart.
            swapped = [cells[index].replace(",", ".") for index in at]
            values = np.fromiter(map(float, swapped), np.float64, len(at))
            if self.comma is None:
                self.comma = int(rows[next(index for index in at if "," in cells[index])])
            return rows[at], values
        except (AttributeError, ValueError):
            pass
        if not self.count and self.texts > 100:  # a column of text; to ask each of its cells would take seconds
            self.texts += len(at)
            return rows[:0], np.empty(0)
        found: list[int] = []
        numbers: list[float] = []
        for index in at:
            cell = cells[index]
            try:
                value = number(cell)
            except ValueError:
                self.texts += 1
                self.first_text = self.first_text or (int(rows[index]), cell)
                continue
            if value is not None:
                found.append(index)
                numbers.append(value)
                if self.comma is None and isinstance(cell, str) and "," in cell:
                    self.comma = int(rows[index])
        return rows[found], np.array(numbers, dtype=np.float64)

    def column(self) -> Column | None:
        """The numbers of the whole file; None where there are none, or more text than numbers."""
        if not self.parts or self.texts > self.count:
            return None
        rows = np.concatenate([part[0] for part in self.parts])
        values = np.concatenate([part[1] for part in self.parts])
        if np.any(rows[1:] < rows[:-1]):
            order = np.argsort(rows, kind="stable")
            rows, values = rows[order], values[order]
        return Column(rows, values)

    def notes(self, row: str) -> list[str]:
        """What was no number; nothing for a column that is text throughout."""
        if self.first_text is None or not self.count:
            return []
        place, text = self.first_text
        shown = repr(clean(text)[:40])
        if self.texts > self.count:
            return [f"Column {self.name} is mostly text ({row.lower()} {place}: {shown}); it is left out."]
        if self.texts == 1:
            return [f"{row} {place}: {shown} in column {self.name} is no number; it is left out."]
        return [f"Column {self.name} has {self.texts} cells that are no numbers, the first in {row.lower()} {place} "
                f"({shown}); they are left out."]  # fmt: skip


class Gatherer:
    """Takes the cells of a file, rows of one shape at a time, and makes the table."""

    def __init__(self, row: str) -> None:
        self.row = row
        self.columns: dict[Hashable, Gathered] = {}
        self.names: dict[str, int] = {}
        self.rows: list[np.ndarray] = []
        self.waiting = self.cells = 0
        self.beyond: set[Hashable] = set()

    @property
    def full(self) -> bool:
        """True when there are too many cells or columns for a log: reading stops."""
        return self.cells > MOST_CELLS or len(self.beyond) >= MOST_COLUMNS

    def column(self, key: Hashable, name: object) -> Gathered | None:
        """The column that is known by `key`, made with this name if it is new; None beyond the most columns."""
        found = self.columns.get(key)
        if found is None:
            if len(self.columns) >= MOST_COLUMNS:
                if len(self.beyond) < MOST_COLUMNS:
                    self.beyond.add(key)
                return None
            found = self.columns[key] = Gathered(self._unique(clean(name) or f"column {len(self.columns) + 1}"))
        return found

    def _unique(self, name: str) -> str:
        unique = name
        while unique in self.names:
            self.names[name] += 1
            unique = f"{name[: MOST_LETTERS - 10]} ({self.names[name]})"
        self.names[unique] = 1
        return unique

    def add(self, keys: Iterable[Hashable], rows: np.ndarray, columns: Iterable[Sequence[Any]]) -> None:
        """Cells of these rows, one sequence a column. A key that is new names its column: 2 is "column 3"."""
        self.rows.append(rows)
        for key, cells in zip(keys, columns, strict=False):
            column = self.column(key, f"column {key + 1}" if isinstance(key, int) else key)
            if column is not None:
                column.waiting_rows.append(rows)
                column.waiting.extend(cells)
                self.waiting += len(cells)
        if self.waiting > AT_ONCE:
            self.settle()

    def settle(self) -> None:
        for column in self.columns.values():
            column.settle()
        self.cells += self.waiting
        self.waiting = 0

    def table(self, notes: Iterable[str] = ()) -> Table:
        """What was gathered; where a column says whose each row is, the others are parted by it."""
        self.settle()
        shared: dict[bytes, np.ndarray] = {}
        columns = {}
        written = list(notes)
        for gathered in self.columns.values():
            column = gathered.column()
            written += gathered.notes(self.row)
            if column is not None:
                rows = shared.setdefault(column.rows.tobytes(), column.rows)
                columns[gathered.name] = Column(rows, column.values)
        commas = [gathered.comma for gathered in self.columns.values() if gathered.comma is not None]
        if commas:
            where = f"{self.row.lower()} {min(commas)}"
            written.append(f"A comma inside a number is read as a decimal comma (first in {where}).")
        if self.beyond:
            written.append(f"There are more than {MOST_COLUMNS} columns; the first {MOST_COLUMNS} are read.")
        if self.full and self.rows:
            last = f"{self.row.lower()} {self.rows[-1][-1]}"
            written.append(f"The file has too many cells for a log; it is read to {last}.")
        rows = np.concatenate([np.empty(0, dtype=np.int64), *self.rows])
        if np.any(rows[1:] <= rows[:-1]):
            rows = np.unique(rows)
        names = tuple(gathered.name for gathered in self.columns.values())
        table = Table(names, columns, rows, self.row, tuple(written))
        whose = self._whose()
        return alternating(parted(table, *whose) if whose else table)

    def _whose(self) -> tuple[str, np.ndarray, np.ndarray] | None:
        """The column that says of each row "train" or "val": its name, its rows and those words."""
        for gathered in self.columns.values():
            if gathered.whose:
                rows = np.concatenate([part[0] for part in gathered.whose])
                words = np.array([word for part in gathered.whose for word in part[1]], dtype="<U5")
                if np.mean(words != "") >= 0.9:
                    order = np.argsort(rows, kind="stable")
                    return gathered.name, rows[order], words[order]
        return None
