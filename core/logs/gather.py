"""Cells of a file, as they come, into columns of numbers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

from core.logs.cells import EMPTY, THOUSANDS, Unit, number, unwrapped
from core.logs.names import MOST_LETTERS, clean, meaning
from core.logs.table import Column, Table, Words, is_key

MOST_COLUMNS = 10_000
MOST_CELLS = 10_000_000  # a log of 50 MB has fewer; a file of nothing but "1," would fill the memory
MOST_LABELS = 5000  # different words of a column that may tell rows apart
AT_ONCE = 500_000  # cells that wait before they become numbers: numbers take a tenth of their memory


def label(cell: Any) -> str:
    """A cell as the word that it is."""
    return "" if cell in EMPTY else f"{cell:.10g}" if isinstance(cell, float) else clean(str(cell).strip().strip('"'))


class Gathered:
    """A column while its file is read: cells that wait, and numbers."""

    def __init__(self, name: str, thousands: bool) -> None:
        self.name = name
        self.counts = bool(meaning(name).axis) or name == "column 1"  # of "3/20" an axis takes the 3
        self.thousands = thousands or (self.counts and name != "column 1")  # 1,234 is a thousand, and no decimal comma
        self.waiting_rows: list[np.ndarray] = []
        self.waiting: list[Any] = []
        self.parts: list[tuple[np.ndarray, np.ndarray]] = []
        self.count = 0
        self.texts = 0
        self.first_text: tuple[int, str] | None = None
        self.comma: int | None = None  # the first row with a decimal comma
        self.grouped: int | None = None  # the first row with a comma between thousands
        self.units: dict[str, tuple[int, str]] = {}  # what stands about numbers: the first row, and the cell
        self.words: list[tuple[np.ndarray, np.ndarray]] | None = [] if is_key(name) else None
        self.labels: dict[Any, int] = {}

    def settle(self) -> None:
        """Makes numbers of the cells that wait."""
        if not self.waiting:
            return
        rows = self.waiting_rows[0] if len(self.waiting_rows) == 1 else np.concatenate(self.waiting_rows)
        cells, self.waiting, self.waiting_rows = self.waiting, [], []
        if self.words is not None:
            self._keep(rows, cells)
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
            commas = [cell for index in at if "," in (cell := cells[index])]
            if not all(map(THOUSANDS.fullmatch, commas)) or not self.thousands:
                swapped = [cells[index].replace(",", ".") for index in at]
                values = np.fromiter(map(float, swapped), np.float64, len(at))
                if self.comma is None:
                    self.comma = int(rows[next(index for index in at if "," in cells[index])])
                return rows[at], values
        except (AttributeError, TypeError, ValueError):
            pass
        if not self.count and self.texts > 100:  # a column of text; to ask each of its cells would take seconds
            self.texts += len(at)
            return rows[:0], np.empty(0)
        alike = self._alike(rows, cells, at)
        if alike is not None:
            return rows[at], np.array(alike)
        found: list[int] = []
        numbers: list[float] = []
        for index in at:
            cell = cells[index]
            try:
                value = number(cell, counts=self.counts, thousands=self.thousands)
                if isinstance(value, Unit):
                    self._see(value, int(rows[index]), cell)
            except ValueError:
                self.texts += 1
                self.first_text = self.first_text or (int(rows[index]), cell)
                continue
            if value is not None:
                found.append(index)
                numbers.append(value)
                if isinstance(cell, str) and "," in cell and not isinstance(value, Unit):
                    if self.thousands and THOUSANDS.fullmatch(cell.strip()):
                        self.grouped = self.grouped or int(rows[index])
                    elif self.comma is None:
                        self.comma = int(rows[index])
        return rows[found], np.array(numbers, dtype=np.float64)

    def _alike(self, rows: np.ndarray, cells: list[Any], at: list[int]) -> list[float] | None:
        """The numbers of cells that are all wrapped in the same; one by one they would take ten times as long."""
        try:
            first = number(cells[at[0]], counts=self.counts, thousands=self.thousands)
        except ValueError:
            return None
        if not isinstance(first, Unit):
            return None
        values = unwrapped([cells[index] for index in at], first)
        if values is not None:
            try:
                self._see(first, int(rows[at[0]]), cells[at[0]])
            except ValueError:
                return None
        return values

    def _see(self, value: Unit, row: int, cell: str) -> None:
        """Remembers how a number was written. Raises ValueError for a unit that is not the column's: 950ms, 1.1s."""
        kind = value.about
        if kind not in self.units:
            if value.is_unit and any(other not in ("", kind) for other in self.units):
                raise ValueError(f"{cell!r} has another unit than the cells above")
            self.units[kind] = row, cell

    def _keep(self, rows: np.ndarray, cells: list[Any]) -> None:
        """The cells as words, each once."""
        labels = self.labels
        try:
            codes = np.fromiter((labels.setdefault(cell, len(labels)) for cell in cells), np.int32, len(cells))
        except TypeError:
            codes = None
        if self.words is None or codes is None or len(labels) > MOST_LABELS:
            self.words, self.labels = None, {}
        else:
            self.words.append((rows, codes))

    def written(self) -> Words | None:
        """The words of a column that may tell rows apart; None for any other, and for one of too many words."""
        if not self.words:
            return None
        rows = np.concatenate([part[0] for part in self.words])
        codes = np.concatenate([part[1] for part in self.words])
        order = np.argsort(rows, kind="stable") if np.any(rows[1:] < rows[:-1]) else slice(None)
        return Words(rows[order], codes[order], tuple(label(cell) for cell in self.labels)).merged()

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
        """What was no number, or more than one; nothing for a column that is text throughout."""
        return [*self._about(row), *self._texts(row)]

    def _about(self, row: str) -> list[str]:
        for place, cell in list(self.units.values())[:1]:
            read = number(cell, counts=self.counts, thousands=self.thousands)
            shown = repr(clean(cell)[:40])
            return [f"Cells such as {shown} ({row.lower()} {place}) in column {self.name} are read as {read:.6g}."]
        return []

    def _texts(self, row: str) -> list[str]:
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

    def __init__(self, row: str, thousands: bool = False) -> None:
        self.row, self.thousands = row, thousands
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
            own = self._unique(clean(name) or f"column {len(self.columns) + 1}")
            found = self.columns[key] = Gathered(own, self.thousands)
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
        """What was gathered."""
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
        grouped = [gathered.grouped for gathered in self.columns.values() if gathered.grouped is not None]
        if grouped:
            where = f"{self.row.lower()} {min(grouped)}"
            written.append(f"A comma between groups of three digits parts thousands (first in {where}).")
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
        words = {gathered.name: own for gathered in self.columns.values() if (own := gathered.written()) is not None}
        return Table(names, columns, rows, self.row, tuple(written), words)
