"""One run of a log: its curves and the two losses that are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from core.logs.axes import Axis, axis_candidates, best_axis, continuous_axis, row_axis
from core.logs.loss_pair import choose_losses
from core.logs.series import Series, SeriesBuilder, numeric_column
from core.logs.tables.table import Table


@dataclass(frozen=True, eq=False)
class Run:
    """The curves of one run. `train` and `validation` stand on one axis, each at its own points."""

    name: str  # tells it from the other runs of its file: "fold 3", "run 2"; "" for the only one
    series: tuple[Series, ...]  # every curve
    train: Series | None  # the two losses that are compared
    validation: Series | None
    x_name: str  # the name of their axis in the file
    unit: str  # what the axis counts: "epoch", "step", "row", or its own name
    why: str  # a sentence on why these two
    comparable: bool  # both are one quantity; else each is judged on its own
    need_not_fall: str  # a sentence on why there is no verdict; "" where there may be one
    parts: tuple[Series, ...]  # the other losses
    others: tuple[Series, ...]  # curves of which more is better
    table: Table = field(repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns."""
        return self.table.names

    def pick(self, x: str | None = None, train: str | None = None, validation: str | None = None) -> Run:
        """The same run with other columns.

        None means the column that is recognised, "" no curve (for x: the row), as does a column without numbers.
        Raises ValueError for a column that the file does not have.
        """
        return build_run(self.name, self.table, x, train, validation, series=self.series)[0]


def build_run(
    name: str,
    table: Table,
    x: str | None = None,
    train: str | None = None,
    validation: str | None = None,
    series: tuple[Series, ...] | None = None,
) -> tuple[Run, list[str]]:
    """The run of a table, and notes on its curves. `series`: its curves, where they are known (no notes then)."""
    choice = choose_losses(table, _column_or_none(table, train), _column_or_none(table, validation))
    names = [column for column in (choice.train, choice.validation) if column]
    axis = _axis(table, x, names)
    builder = SeriesBuilder(table)
    own, other = (builder.series(column, axis) if column else None for column in (choice.train, choice.validation))
    notes: list[str] = []
    if series is None:
        series = tuple(_all_series(table, builder, axis, names))
        notes = [*builder.notes(), *_axis_notes(table, axis, series)]
    run = Run(
        name=name,
        series=series,
        train=own,
        validation=other,
        x_name=axis.name,
        unit=axis.unit,
        why=choice.why,
        comparable=choice.comparable,
        need_not_fall=choice.need_not_fall,
        parts=tuple(one for one in series if one.meaning.is_loss and one.name not in names),
        others=tuple(one for one in series if one.meaning.more_is_better and one.name not in names),
        table=table,
    )
    return run, notes


def _column_or_none(table: Table, name: str | None) -> str | None:
    """The column that is asked for; "" for one without numbers. Raises ValueError for one that is not there."""
    return name if not name or numeric_column(table, name) is not None else ""


def _axis(table: Table, x: str | None, columns: list[str]) -> Axis:
    if x is None:
        return best_axis(table, axis_candidates(table), columns or table.curve_names[:1])
    column = numeric_column(table, x) if x else None
    if column is None:
        return row_axis(table)
    unit = table.meanings[x].axis
    return continuous_axis(table, x, unit) if unit else Axis(x, x, column.rows, column.values)


def _all_series(table: Table, builder: SeriesBuilder, first: Axis, main: list[str]) -> Iterator[Series]:
    """Every curve, on the axis of the two main ones where that has its rows, else on its own best axis."""
    candidates = axis_candidates(table)
    axis = {id(table.columns[name].rows): first for name in main}
    for name in table.curve_names:
        rows = id(table.columns[name].rows)
        if rows not in axis:
            axis[rows] = best_axis(table, [first, *candidates], [name])
        yield builder.series(name, axis[rows])


def _axis_notes(table: Table, axis: Axis, series: tuple[Series, ...]) -> Iterator[str]:
    if not series:
        return
    if axis.name == "column 1":
        yield "Column 1 counts up; it is taken as the step."
    if axis.unit == "row":
        candidates = axis_candidates(table)
        why = f"The {candidates[0].name} is the same in most rows" if candidates else "No column counts epochs or steps"
        yield f"{why}; the points are counted by row."
    if max(map(len, series)) == 1:
        yield "There is only one row: a point, no curve."
    yield from _not_finite(table)


def _not_finite(table: Table) -> Iterator[str]:
    for name in table.curve_names:
        column = table.columns[name]
        bad = np.flatnonzero(~np.isfinite(column.values))
        if len(bad):
            where = f"{table.row_noun.lower()} {column.rows[bad[0]]}"
            what = "NaN" if np.all(np.isnan(column.values[bad])) else "NaN or infinite"
            if len(bad) > 1 and bad[0] + len(bad) == len(column.values):
                yield f"Column {name} is {what} from {where} to the end."
            else:
                count = "once" if len(bad) == 1 else f"{len(bad)} times"
                yield f"Column {name} is {what} {count}, first in {where}."
