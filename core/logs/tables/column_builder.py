"""Builds a column of numbers from cells, some at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.logs.names.meaning import parse_name
from core.logs.names.words import printable
from core.logs.tables.cells import EMPTY, THOUSANDS, AnnotatedNumber, parse_cell, strip_wrapping
from core.logs.tables.table import Column, LabelColumn, may_hold_labels

MAX_LABELS = 5000  # of a column that may tell rows apart


def label_text(cell: Any) -> str:
    """A cell as a label."""
    return (
        "" if cell in EMPTY else f"{cell:.10g}" if isinstance(cell, float) else printable(str(cell).strip().strip('"'))
    )


class ColumnBuilder:
    """A column while its file is read: pending cells, and the numbers of the cells before."""

    def __init__(self, name: str, thousands: bool) -> None:
        self.name = name
        self.is_counter = bool(parse_name(name).axis) or name == "column 1"  # of "3/20" an axis takes the 3
        # 1,234 is a thousand and not 1.234
        self.thousands = thousands or (self.is_counter and name != "column 1")
        self.pending_rows: list[np.ndarray] = []
        self.pending: list[Any] = []
        self.parts: list[tuple[np.ndarray, np.ndarray]] = []
        self.count = 0
        self.texts = 0
        self.first_text: tuple[int, str] | None = None
        self.comma: int | None = None  # the first row with a decimal comma
        self.grouped: int | None = None  # the first row with a comma between thousands
        self.units: dict[str, tuple[int, str]] = {}  # units with the first row and cell of each
        self.label_parts: list[tuple[np.ndarray, np.ndarray]] | None = [] if may_hold_labels(name) else None
        self.labels: dict[Any, int] = {}

    def flush(self) -> None:
        """Converts the pending cells to numbers."""
        if not self.pending:
            return
        rows = self.pending_rows[0] if len(self.pending_rows) == 1 else np.concatenate(self.pending_rows)
        cells, self.pending, self.pending_rows = self.pending, [], []
        if self.label_parts is not None:
            self._collect_labels(rows, cells)
        try:
            values = np.fromiter(map(float, cells), np.float64, len(cells))
        except (ValueError, TypeError):
            rows, values = self._convert_mixed(rows, cells)
        self.count += len(values)
        if len(values):
            self.parts.append((rows, values))

    def _convert_mixed(self, rows: np.ndarray, cells: list[Any]) -> tuple[np.ndarray, np.ndarray]:
        """The numbers among cells of which some are empty, text or written in another way, and their rows."""
        at = [index for index, cell in enumerate(cells) if cell not in EMPTY]
        try:
            return rows[at], np.fromiter((float(cells[index]) for index in at), np.float64, len(at))
        except (ValueError, TypeError):
            pass
        try:
            # A decimal comma throughout; where there is a point too, parse_cell() tells them apart.
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
        unwrapped = self._convert_wrapped(rows, cells, at)
        if unwrapped is not None:
            return rows[at], np.array(unwrapped)
        found: list[int] = []
        numbers: list[float] = []
        for index in at:
            cell = cells[index]
            try:
                value = parse_cell(cell, is_counter=self.is_counter, thousands=self.thousands)
                if isinstance(value, AnnotatedNumber):
                    self._note_unit(value, int(rows[index]), cell)
            except ValueError:
                self.texts += 1
                self.first_text = self.first_text or (int(rows[index]), cell)
                continue
            if value is not None:
                found.append(index)
                numbers.append(value)
                if isinstance(cell, str) and "," in cell and not isinstance(value, AnnotatedNumber):
                    if self.thousands and THOUSANDS.fullmatch(cell.strip()):
                        self.grouped = self.grouped or int(rows[index])
                    elif self.comma is None:
                        self.comma = int(rows[index])
        return rows[found], np.array(numbers, dtype=np.float64)

    def _convert_wrapped(self, rows: np.ndarray, cells: list[Any], at: list[int]) -> list[float] | None:
        """The numbers of cells with the same text around each; None for others. Ten times as fast as one by one."""
        try:
            first = parse_cell(cells[at[0]], is_counter=self.is_counter, thousands=self.thousands)
        except ValueError:
            return None
        if not isinstance(first, AnnotatedNumber):
            return None
        values = strip_wrapping([cells[index] for index in at], first)
        if values is not None:
            try:
                self._note_unit(first, int(rows[at[0]]), cells[at[0]])
            except ValueError:
                return None
        return values

    def _note_unit(self, value: AnnotatedNumber, row: int, cell: str) -> None:
        """Notes the unit of a number. Raises ValueError for a second unit in one column: 950ms, 1.1s."""
        unit = value.unit
        if unit not in self.units:
            if value.has_unit and any(other not in ("", unit) for other in self.units):
                raise ValueError(f"{cell!r} has another unit than the cells above")
            self.units[unit] = row, cell

    def _collect_labels(self, rows: np.ndarray, cells: list[Any]) -> None:
        """Encodes the cells as labels."""
        labels = self.labels
        try:
            codes = np.fromiter((labels.setdefault(cell, len(labels)) for cell in cells), np.int32, len(cells))
        except TypeError:
            codes = None
        if self.label_parts is None or codes is None or len(labels) > MAX_LABELS:
            self.label_parts, self.labels = None, {}
        else:
            self.label_parts.append((rows, codes))

    def label_column(self) -> LabelColumn | None:
        """The labels of a column that may tell rows apart; None for another column, and for too many labels."""
        if not self.label_parts:
            return None
        rows = np.concatenate([part[0] for part in self.label_parts])
        codes = np.concatenate([part[1] for part in self.label_parts])
        order = np.argsort(rows, kind="stable") if np.any(rows[1:] < rows[:-1]) else slice(None)
        return LabelColumn(rows[order], codes[order], tuple(map(label_text, self.labels))).without_duplicates()

    def column(self) -> Column | None:
        """The numbers of the whole column; None where there are none, or more texts than numbers."""
        if not self.parts or self.texts > self.count:
            return None
        rows = np.concatenate([part[0] for part in self.parts])
        values = np.concatenate([part[1] for part in self.parts])
        if np.any(rows[1:] < rows[:-1]):
            order = np.argsort(rows, kind="stable")
            rows, values = rows[order], values[order]
        return Column(rows, values)

    def notes(self, row: str) -> list[str]:
        """Notes on units, and on cells that are no numbers; none for a column of text."""
        return [*self._unit_notes(row), *self._text_notes(row)]

    def _unit_notes(self, row: str) -> list[str]:
        for place, cell in list(self.units.values())[:1]:
            read = parse_cell(cell, is_counter=self.is_counter, thousands=self.thousands)
            shown = repr(printable(cell)[:40])
            return [f"Cells such as {shown} ({row.lower()} {place}) in column {self.name} are read as {read:.6g}."]
        return []

    def _text_notes(self, row: str) -> list[str]:
        if self.first_text is None or not self.count:
            return []
        place, text = self.first_text
        shown = repr(printable(text)[:40])
        if self.texts > self.count:
            return [f"Column {self.name} is mostly text ({row.lower()} {place}: {shown}); it is left out."]
        if self.texts == 1:
            return [f"{row} {place}: {shown} in column {self.name} is no number; it is left out."]
        return [f"Column {self.name} has {self.texts} cells that are no numbers, the first in {row.lower()} {place} "
                f"({shown}); they are left out."]  # fmt: skip
