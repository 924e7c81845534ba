"""Columns of numbers, each with the rows that have one, and the words that tell rows apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from core.logs.names import KEYS, PHASES, RUNS, STATES, VARIANTS, Meaning, meaning, meanings, words

_NAMELESS = re.compile(r"column \d+|value|unnamed: ?\d*|#|index|idx|no\.?|n|id|row", re.IGNORECASE)
_KEY_WORDS = PHASES | KEYS | RUNS | VARIANTS | STATES
_BESIDE = frozenset({"id", "name", "number", "no", "num", "index", "idx", "key", "of", "k", "random"})
TIMES = 1e8, 1e19  # what a clock counts since 1970: seconds to nanoseconds


@dataclass(frozen=True, eq=False)
class Column:
    """Numbers and where they stand: `rows` int64 [n] rising, `values` float64 [n]. Columns alike share one `rows`."""

    rows: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Words:
    """Words and their places: `labels[codes]` at `rows` int64 [n] rising, `codes` int32 [n]; "" is an empty cell."""

    rows: np.ndarray
    codes: np.ndarray
    labels: tuple[str, ...]

    def at(self, rows: np.ndarray) -> np.ndarray:
        """The codes of these rows, int32 [m]; -1 for a row that has no word."""
        if self.rows is rows or not len(self.rows):
            return self.codes if len(self.rows) else np.full(len(rows), -1, np.int32)
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[at] == rows, self.codes[at], np.int32(-1))

    def merged(self) -> Words:
        """The same, with no label twice."""
        labels = {label: at for at, label in enumerate(dict.fromkeys(self.labels))}
        if len(labels) == len(self.labels):
            return self
        new = np.array([labels[label] for label in self.labels], np.int32)
        return Words(self.rows, new[self.codes], tuple(labels))


def is_key(name: str) -> bool:
    """True for a column whose words may tell rows apart: a split, a metric, a run; or one without a name."""
    own = set(words(name))
    return (own <= _KEY_WORDS | _BESIDE and bool(own & _KEY_WORDS)) or name in ("column 1", "column 2", "column 3")


def consists_of(name: str, kind: frozenset[str]) -> bool:
    """True for "run", "run_id" and "run name", where `kind` has "run"."""
    own = set(words(name))
    return bool(own & kind) and own <= kind | _BESIDE


@dataclass(frozen=True, eq=False)
class Table:
    """A file as columns. `names`: all of them, in the file's order; `columns`: those with numbers.

    Rows are counted as a person counts them in the file, from 1; `row` is what one is called ("Row", "Line", "Record").
    `rows` int64: those that hold anything. `words`: the columns whose words may tell rows apart. `of_file`: what the
    file's name says of the only curve, where its own does not. `meanings`: what the names of the columns with numbers
    say.
    """

    names: tuple[str, ...]
    columns: dict[str, Column]
    rows: np.ndarray
    row: str
    notes: tuple[str, ...]
    words: Mapping[str, Words] = field(default_factory=dict)
    of_file: str = ""
    meanings: dict[str, Meaning] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        says = meanings(self.columns)
        if not any(one.axis for one in says.values()):
            counter = next((name for name in self.columns if self._counts(name)), None)
            if counter is not None:
                says[counter] = replace(says[counter], axis="step", is_loss=False)
        for name in self.columns:
            if self._is_time(name):
                says[name] = replace(meaning("time"), metric="time")
        curves = [name for name, one in says.items() if not one.axis and not one.no_loss]
        if self.of_file and len(curves) == 1 and _NAMELESS.fullmatch(curves[0]):
            says[curves[0]] = replace(meaning(self.of_file), axis="")
        object.__setattr__(self, "meanings", says)

    def _counts(self, name: str) -> bool:
        """True for whole numbers that rise by equal steps in a column without a name of its own."""
        column = self.columns[name]
        if not _NAMELESS.fullmatch(name) or name.lower() == "value" or len(self.columns) < 2:
            return False
        if (name.startswith("column ") and name != "column 1") or len(column.values) < 2:
            return False
        if not np.all(np.abs(column.values) < 2**53):
            return False
        start, step = column.values[0], column.values[1] - column.values[0]
        whole = start == np.floor(start) and step == np.floor(step) and step >= 1
        return bool(whole and np.all(np.diff(column.values) == step))

    def _is_time(self, name: str) -> bool:
        """True for a column without a name that holds the time of a clock."""
        values = self.columns[name].values
        if not name.startswith("column ") or len(self.columns) < 2 or len(values) < 2:
            return False
        low, high = TIMES
        return bool(np.all((values > low) & (values < high)) and np.all(values[1:] >= values[:-1]))

    @property
    def curves(self) -> list[str]:
        """The columns of numbers that are no axes."""
        return [name for name, says in self.meanings.items() if not says.axis]
