"""Drops zeros and NaN that only fill cells in which nothing was logged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.logs.names.words import enumeration
from core.logs.tables.table import Column, Table

MIN_PERIODIC_SHARE = 0.9  # of the distances between given cells, for a column that was logged every k-th row
MAX_COMPARED = 50  # columns: each is compared with each


def drop_filler_zeros(table: Table) -> Table:
    """The table without zeros of validation losses that fill cells between validations: all but every k-th is 0."""
    columns = dict(table.columns)
    for name in table.curve_names:
        column = table.columns[name]
        if table.meanings[name].split != "validation" or not table.meanings[name].is_loss:
            continue
        given = column.values != 0
        if not given.all() and _is_periodic(np.flatnonzero(given), len(given)):
            columns[name] = Column(column.rows[given], column.values[given])
    filled = [name for name in table.curve_names if columns[name] is not table.columns[name]]
    if not filled:
        return table
    who = f"Columns {enumeration(filled)} are" if len(filled) > 1 else f"Column {filled[0]} is"
    note = f"{who} 0 in all rows between validations; such cells count as empty."
    return replace(table, columns=columns, notes=(*table.notes, note))


def drop_filler_nans(table: Table) -> Table:
    """The table without NaN that fills cells in which nothing was logged.

    That is NaN in the rows of another column, where the two are never finite in one row; and NaN between numbers every
    k-th row. Any other NaN stays: it shows that the run diverged.
    """
    holed = [name for name in table.curve_names if np.isnan(table.columns[name].values).any()]
    finite = {}
    for name in holed[:MAX_COMPARED]:
        column = table.columns[name]
        finite[name] = column.rows[np.isfinite(column.values)]
    columns = dict(table.columns)
    for name, own in finite.items():
        column = columns[name]
        others = [other for key, other in finite.items() if key != name and not np.isin(other, own).any()]
        is_nan = np.isnan(column.values)
        keep = np.ones(len(is_nan), bool)
        if len(own) and others:
            keep = ~(is_nan & np.isin(column.rows, np.concatenate(others)))
        elif _is_periodic(np.flatnonzero(~is_nan), len(is_nan)):
            keep = ~is_nan
        if not keep.all():
            columns[name] = Column(column.rows[keep], column.values[keep])
    filled = [name for name in finite if columns[name] is not table.columns[name]]
    if not filled:
        return table
    who = f"Columns {enumeration(filled)} are" if len(filled) > 1 else f"Column {filled[0]} is"
    note = f"{who} NaN in rows that hold another's numbers; such cells count as empty."
    return replace(table, columns=columns, notes=(*table.notes, note))


def _is_periodic(at: np.ndarray, count: int) -> bool:
    """True where the places `at` int64 [n] of `count` rows are every k-th, k > 1, from the beginning to the end."""
    if len(at) < 3:
        return False
    apart = np.diff(at)
    usual = int(np.median(apart))
    return usual > 1 and bool(
        np.mean(apart == usual) >= MIN_PERIODIC_SHARE and at[0] <= usual and count - 1 - at[-1] <= usual
    )
