"""A table: columns of numbers and columns of text, as they were read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

COMPACT = (np.int8, np.int16, np.float32)  # tried in this order: a million rows are kept for as long as a page is open


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """Numbers [n]; NaN where a cell is empty or no number. They are kept in the smallest type that changes none.

    is_time: they are moments, in seconds since 1970.
    """

    kept: np.ndarray
    is_time: bool = False

    @classmethod
    def of(cls, values: np.ndarray, *, is_time: bool = False) -> NumberColumn:
        """The column of these values, float64 [n]."""
        for kind in COMPACT:
            with np.errstate(all="ignore"):
                small = values.astype(kind)
            if np.array_equal(small.astype(np.float64), values, equal_nan=True):
                return cls(small, is_time)
        return cls(values, is_time)

    @property
    def values(self) -> np.ndarray:
        """The numbers, float64 [n]."""
        return self.kept.astype(np.float64)

    def __len__(self) -> int:
        return len(self.kept)


@dataclass(frozen=True, eq=False)
class TextColumn:
    """Text: row i holds `texts[codes[i]]`. Codes are int32 [n], -1 for an empty cell; each text is there once."""

    codes: np.ndarray
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)


Column = NumberColumn | TextColumn


@dataclass(frozen=True, eq=False)
class DataTable:
    """What a file holds. Names and notes come from the file: printable lines of plain text."""

    name: str  # of the file
    format: str  # "CSV", "Parquet", "JSON" ...; "" for a file that cannot be read
    columns: Mapping[str, Column] = field(default_factory=dict)  # by name, in the file's order, all of one length
    rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # their numbers in the file, from 1
    notes: tuple[str, ...] = ()  # a sentence for each thing that was not understood, with its row

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def numbers(self) -> dict[str, NumberColumn]:
        """The columns of numbers."""
        return {name: column for name, column in self.columns.items() if isinstance(column, NumberColumn)}

    @property
    def texts(self) -> dict[str, TextColumn]:
        """The columns of text."""
        return {name: column for name, column in self.columns.items() if isinstance(column, TextColumn)}
