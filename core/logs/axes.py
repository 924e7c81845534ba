"""Axes of a table: the epochs, steps or rows that curves are drawn against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.logs.tables.table import Table

MIN_SHARE = 0.9  # of a column's rows with a value of their own on an axis: it is taken at once
MAX_COUNT = 1e100  # larger counts are left out: differences of two must not overflow
_UNIT_ORDER = {"epoch": 0, "step": 1}
MIN_SHARE_AT_ALL = 0.5  # below this share an axis would drop more points than it shows


@dataclass(frozen=True, eq=False)
class Axis:
    """The x axis of a curve: `values` float64 [n] in `rows` int64 [n], rising; `name` as in the file."""

    name: str
    unit: str
    rows: np.ndarray
    values: np.ndarray
    restarts: tuple[tuple[int, float], ...] = ()  # rows at which the count starts again, and its value there


@dataclass(frozen=True, eq=False)
class Placement:
    """The points of a column on an axis: `take` int64 [n] picks them, so that `epochs` float64 [n] rise."""

    take: np.ndarray
    epochs: np.ndarray
    unplaced: np.ndarray  # rows without a value on the axis
    repeated: np.ndarray  # values on the axis that several rows share; the last row counts
    descents: np.ndarray  # rows whose value is smaller than that of the row above


def place_rows(along: Axis, rows: np.ndarray) -> Placement:
    """The points on an axis of a column with these rows, int64 [m]."""
    if along.rows is rows:
        x = along.values
    else:
        at = np.minimum(np.searchsorted(along.rows, rows), max(len(along.rows) - 1, 0))
        found = along.rows[at] == rows if len(along.rows) else np.zeros(len(rows), bool)
        x = np.full(len(rows), np.nan)
        x[found] = along.values[at[found]]
    finite = np.abs(x) < MAX_COUNT
    take = np.flatnonzero(finite)
    x = x[take]
    descents, repeated = x[:0], x[:0]
    if not np.all(x[1:] > x[:-1]):
        descents = rows[take[1:][x[1:] < x[:-1]]]
        order = np.argsort(x, kind="stable")
        x, take = x[order], take[order]
        last = np.append(x[1:] != x[:-1], True)
        repeated = np.unique(x[~last])
        x, take = x[last], take[last]
    return Placement(take, x, rows[~finite], repeated, descents)


def row_axis(table: Table) -> Axis:
    """The rows of a table as an axis, counted from 1."""
    return Axis("row", "row", table.rows, np.arange(1.0, len(table.rows) + 1))


def axis_candidates(table: Table) -> list[Axis]:
    """The columns that count: epochs first, then steps of the whole run, then others.

    A count that starts again goes on from the one before.
    """
    found = [(meaning, name) for name, meaning in table.meanings.items() if meaning.axis]
    found.sort(key=lambda one: (_UNIT_ORDER.get(one[0].axis, 2), not one[0].spans_run, "batch" in one[1].lower()))
    return [continuous_axis(table, name, meaning.axis) for meaning, name in found]


def continuous_axis(table: Table, name: str, unit: str) -> Axis:
    """A column as an axis that goes on where the count starts again from its beginning, as in an appended log."""
    column = table.columns[name]
    rows, x = column.rows, column.values
    finite = np.flatnonzero(np.abs(x) < MAX_COUNT)
    own = x[finite]
    again = np.flatnonzero((own[1:] < own[:-1]) & (own[1:] == own[:1])) + 1
    if len(again) and own[0] > own.min():
        again = again[:0]
    # It is a new run only where some curve goes on across it: all rows of training may stand above those of validation.
    curves = [curve for curve in table.curve_names if table.meanings[curve].is_loss]
    curves = curves or [curve for curve in table.curve_names if not table.meanings[curve].is_undirected]
    others = {id(table.columns[curve].rows): table.columns[curve].rows for curve in curves}
    cuts = rows[finite[again]]
    crossed = np.zeros(len(cuts), bool)
    for other in others.values():
        crossed |= (other[0] < cuts) & (other[-1] >= cuts)
    again, cuts = again[crossed], cuts[crossed]
    if not len(again):
        return Axis(name, unit, rows, x)
    starts = np.append(0, again)
    uncapped, own = own, _capped_to_training(table, rows[finite], own, starts)
    apart = np.diff(np.unique(own if own.min() < own.max() else uncapped))
    spans = np.maximum.reduceat(own, starts) - own[0] + np.median(apart)
    raised = own + np.repeat(np.append(0.0, np.cumsum(spans[:-1])), np.diff(np.append(starts, len(own))))
    values = x.copy()
    values[finite] = raised
    return Axis(name, unit, rows, values, tuple((int(row), float(own[0])) for row in cuts))


def _capped_to_training(table: Table, rows: np.ndarray, count: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The count of each row, at most that of training between the same restarts.

    Rows of validation may count their own batches: MMDetection writes the size of the data set there.
    """
    losses = [
        name for name in table.curve_names if table.meanings[name].is_loss and table.meanings[name].role == "train"
    ]
    if not losses:
        return count
    trained = np.isin(rows, np.concatenate([table.columns[name].rows for name in losses]))
    tops = np.maximum.reduceat(np.where(trained, count, -np.inf), starts)
    tops = np.where(np.isfinite(tops), tops, np.inf)
    return np.minimum(count, np.repeat(tops, np.diff(np.append(starts, len(count)))))


def best_axis(table: Table, candidates: Iterable[Axis], columns: Iterable[str]) -> Axis:
    """The first axis on which nearly all rows of the columns have values of their own, else the best, else the rows."""
    best, most = row_axis(table), MIN_SHARE_AT_ALL
    for candidate in candidates:
        share = 1.0
        for rows in {id(table.columns[name].rows): table.columns[name].rows for name in columns}.values():
            share = min(share, len(place_rows(candidate, rows).take) / len(rows))
        if share >= MIN_SHARE:
            return candidate
        if share > most or share == most == MIN_SHARE_AT_ALL:
            best, most = candidate, share
    return best
