"""Tables of a log: columns of numbers with the rows that hold them, and label columns that tell rows apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from core.logs.names.meaning import Meaning, parse_name
from core.logs.names.table_names import parse_names
from core.logs.names.vocabulary import METRIC_COLUMNS, RUN_COLUMNS, SPLIT_COLUMNS, STATUS_COLUMNS, VARIANT_COLUMNS
from core.logs.names.words import split_words

_NAMELESS = re.compile(r"column \d+|value|unnamed: ?\d*|#|index|idx|no\.?|n|id|row", re.IGNORECASE)
_KEY_WORDS = SPLIT_COLUMNS | METRIC_COLUMNS | RUN_COLUMNS | VARIANT_COLUMNS | STATUS_COLUMNS
_BESIDE_KEY = frozenset({"id", "name", "number", "no", "num", "index", "idx", "key", "of", "k", "random"})
TIMES = 1e8, 1e19  # what a clock counts since 1970: seconds to nanoseconds


@dataclass(frozen=True, eq=False)
class Column:
    """`values` float64 [n] in the rows `rows` int64 [n], rising. Columns with the same rows share one array of them."""

    rows: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class LabelColumn:
    """A column of labels, such as "train" and "val", or the names of runs; "" is an empty cell.

    The label of row `rows[i]`, int64 [n] rising, is `labels[codes[i]]`, int32 [n].
    """

    rows: np.ndarray
    codes: np.ndarray
    labels: tuple[str, ...]

    def codes_at(self, rows: np.ndarray) -> np.ndarray:
        """The codes of these rows, int64 [m], as int32 [m]; -1 for a row without a label."""
        if self.rows is rows or not len(self.rows):
            return self.codes if len(self.rows) else np.full(len(rows), -1, np.int32)
        at = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[at] == rows, self.codes[at], np.int32(-1))

    def without_duplicates(self) -> LabelColumn:
        """The same column with each label once."""
        labels = {label: at for at, label in enumerate(dict.fromkeys(self.labels))}
        if len(labels) == len(self.labels):
            return self
        new = np.array([labels[label] for label in self.labels], np.int32)
        return LabelColumn(self.rows, new[self.codes], tuple(labels))


def may_hold_labels(name: str) -> bool:
    """True for the name of a split, a metric or a run column, and for one of the first three columns without a name."""
    own = set(split_words(name))
    return (own <= _KEY_WORDS | _BESIDE_KEY and bool(own & _KEY_WORDS)) or name in ("column 1", "column 2", "column 3")


def is_column_of(name: str, kind: frozenset[str]) -> bool:
    """True where a name consists of words of a kind: for RUN_COLUMNS "run", "run_id" and "run name"."""
    own = set(split_words(name))
    return bool(own & kind) and own <= kind | _BESIDE_KEY


@dataclass(frozen=True, eq=False)
class Table:
    """A file as columns. Rows are counted from 1, as a person counts them in the file."""

    names: tuple[str, ...]  # of all columns, in the file's order
    columns: dict[str, Column]  # those with numbers
    rows: np.ndarray  # int64, those that hold anything
    row_noun: str  # what a row is called in notes: "Row", "Line" or "Record"
    notes: tuple[str, ...]
    label_columns: Mapping[str, LabelColumn] = field(default_factory=dict)  # those that may tell rows apart
    name_in_file_name: str = ""  # the metric that the file's name states, for an only curve without a name of its own
    meanings: dict[str, Meaning] = field(init=False, repr=False)  # of the names of `columns`

    def __post_init__(self) -> None:
        meanings = parse_names(self.columns)
        if not any(one.axis for one in meanings.values()):
            counter = next((name for name in self.columns if self._is_counter(name)), None)
            if counter is not None:
                meanings[counter] = replace(meanings[counter], axis="step", is_loss=False)
        for name in self.columns:
            if self._is_time(name):
                meanings[name] = replace(parse_name("time"), metric="time")
        curves = [name for name, one in meanings.items() if not one.axis and not one.is_undirected]
        if self.name_in_file_name and len(curves) == 1 and _NAMELESS.fullmatch(curves[0]):
            meanings[curves[0]] = replace(parse_name(self.name_in_file_name), axis="")
        object.__setattr__(self, "meanings", meanings)

    def _is_counter(self, name: str) -> bool:
        """True for a nameless column of whole numbers that rise by equal steps."""
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
        """True for a nameless column that holds times of a clock."""
        values = self.columns[name].values
        if not name.startswith("column ") or len(self.columns) < 2 or len(values) < 2:
            return False
        low, high = TIMES
        return bool(np.all((values > low) & (values < high)) and np.all(values[1:] >= values[:-1]))

    @property
    def curve_names(self) -> list[str]:
        """The names of the columns with numbers that are no axes."""
        return [name for name, meaning in self.meanings.items() if not meaning.axis]
