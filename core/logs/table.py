"""Columns of numbers, each with the rows that have one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from core.logs.names import Meaning, listed, meaning


@dataclass(frozen=True, eq=False)
class Column:
    """Numbers and where they stand: `rows` int64 [n] rising, `values` float64 [n]. Columns alike share one `rows`."""

    rows: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Table:
    """A file as columns. `names`: all of them, in the file's order; `columns`: those with numbers.

    Rows are counted as a person counts them in the file, from 1; `row` is what one is called ("Row", "Line", "Record").
    `rows` int64: those that hold anything. `meanings`: what the names of the columns with numbers say.
    """

    names: tuple[str, ...]
    columns: dict[str, Column]
    rows: np.ndarray
    row: str
    notes: tuple[str, ...]
    meanings: dict[str, Meaning] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        meanings = {name: meaning(name) for name in self.columns}
        validated = {says.metric for says in meanings.values() if says.whose == "validation"}
        for name, says in meanings.items():
            if not says.whose and says.metric in validated:  # as in Keras: accuracy and val_accuracy
                meanings[name] = replace(says, whose="train")
        if not any(says.axis for says in meanings.values()) and self._counts("column 1"):
            meanings["column 1"] = replace(meanings["column 1"], axis="step")
        object.__setattr__(self, "meanings", meanings)

    def _counts(self, name: str) -> bool:
        """True for whole numbers that rise by equal steps, as a first column without a name often holds."""
        column = self.columns.get(name)
        if column is None or len(self.columns) < 2 or len(column.values) < 2:
            return False
        if not np.all(np.abs(column.values) < 2**53):
            return False
        start, step = column.values[0], column.values[1] - column.values[0]
        whole = start == np.floor(start) and step == np.floor(step) and step >= 1
        return bool(whole and np.all(np.diff(column.values) == step))

    @property
    def curves(self) -> list[str]:
        """The columns of numbers that are no axes."""
        return [name for name, says in self.meanings.items() if not says.axis]


def parted(table: Table, whose: str, rows: np.ndarray, words: np.ndarray) -> Table:
    """The table with each column in parts by the word of its rows: loss becomes train/loss and val/loss.

    `whose` names the column of the words, which goes; `rows` int64 [n] rising and `words` [n] are its cells. Axes stay
    whole, and so do columns whose name says already whose they are.
    """
    names: list[str] = []
    columns: dict[str, Column] = {}
    for name in table.names:
        column = table.columns.get(name)
        if name == whose:
            continue
        if column is None or table.meanings[name].axis or table.meanings[name].whose:
            names.append(name)
            if column is not None:
                columns[name] = column
            continue
        at = np.minimum(np.searchsorted(rows, column.rows), len(rows) - 1)
        own = np.where(rows[at] == column.rows, words[at], "")
        for word in ("train", "val", ""):
            if np.any(own == word):
                part = f"{word}/{name}" if word else name
                names.append(part)
                columns[part] = Column(column.rows[own == word], column.values[own == word])
    return replace(table, names=tuple(names), columns=columns)


MOST_ALTERNATING = 50  # columns: each is held against each


def alternating(table: Table) -> Table:
    """The table without NaN that only fills a row of training in a column of validation, or the other way round.

    Such columns are never finite in one row. NaN in a row where neither is finite stays: that is a run that diverged.
    """
    holed = [name for name in table.curves if np.isnan(table.columns[name].values).any()]
    finite = {}
    for name in holed[:MOST_ALTERNATING]:
        column = table.columns[name]
        finite[name] = column.rows[np.isfinite(column.values)]
    columns = dict(table.columns)
    for name, own in finite.items():
        others = [other for key, other in finite.items() if key != name and not np.isin(own, other).any()]
        if len(own) and others:
            column = columns[name]
            keep = ~(np.isnan(column.values) & np.isin(column.rows, np.concatenate(others)))
            if not keep.all():
                columns[name] = Column(column.rows[keep], column.values[keep])
    filled = [name for name in finite if columns[name] is not table.columns[name]]
    if not filled:
        return table
    who = f"Columns {listed(filled)} are" if len(filled) > 1 else f"Column {filled[0]} is"
    note = f"{who} NaN in rows that hold another's numbers; such cells count as empty."
    return replace(table, columns=columns, notes=(*table.notes, note))
