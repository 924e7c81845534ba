"""One run of a log: its curves, the two that are compared, and others that a person picks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from core.logs.axes import Axis, axes, by_row, fitting, joined
from core.logs.choice import choose
from core.logs.curves import Drawing, Series, column_of
from core.logs.table import Table


@dataclass(frozen=True, eq=False)
class Run:
    """The curves of one run. `name` tells it from the others of its file ("fold 3", "run 2"); "" for the only one.

    `series`: every curve, each at its own places. `train`, `validation`: the two losses that are compared, None where
    there is none; both stand on one axis, `x_name` (as the file calls it) that counts `unit`: "epoch", "step", "row" or
    the axis' own name. Neither loses a point because the other has none there. `why` says which columns these are.
    `comparable` is False where the two are not one quantity: each is judged on its own then. `need_not_fall` is the
    sentence why there is no verdict, "" where there may be one. `parts`: the other losses, to be drawn beside.
    `others`: curves of which more is better.
    """

    name: str
    series: tuple[Series, ...]
    train: Series | None
    validation: Series | None
    x_name: str
    unit: str
    why: str
    comparable: bool
    need_not_fall: str
    parts: tuple[Series, ...]
    others: tuple[Series, ...]
    table: Table = field(repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.table.names

    def pick(self, x: str | None = None, train: str | None = None, validation: str | None = None) -> Run:
        """The same run with other columns. None means the one that is recognised; "" means no curve, and for x the row.

        So does a column without numbers. Raises ValueError for a column that the file does not have.
        """
        return run_of(self.name, self.table, x, train, validation, series=self.series)[0]


def run_of(
    name: str,
    table: Table,
    x: str | None = None,
    train: str | None = None,
    validation: str | None = None,
    series: tuple[Series, ...] | None = None,
) -> tuple[Run, list[str]]:
    """The run of a table, and what was met on the way. `series`: its curves, where they are known already."""
    choice = choose(table, _asked(table, train), _asked(table, validation))
    names = [column for column in (choice.train, choice.validation) if column]
    along = _axis(table, x, names)
    drawing = Drawing(table)
    own, other = (drawing.curve(column, along) if column else None for column in (choice.train, choice.validation))
    notes: list[str] = []
    if series is None:
        series = tuple(_series(table, drawing, along, names))
        notes = [*drawing.notes(), *_axis_notes(table, along, series)]
    run = Run(
        name=name,
        series=series,
        train=own,
        validation=other,
        x_name=along.name,
        unit=along.unit,
        why=choice.why,
        comparable=choice.comparable,
        need_not_fall=choice.need_not_fall,
        parts=tuple(one for one in series if one.says.is_loss and one.name not in names),
        others=tuple(one for one in series if one.says.more_is_better and one.name not in names),
        table=table,
    )
    return run, notes


def _asked(table: Table, name: str | None) -> str | None:
    """The column that is asked for: "" for one without numbers. Raises ValueError for one that is not there."""
    return name if not name or column_of(table, name) is not None else ""


def _axis(table: Table, x: str | None, columns: list[str]) -> Axis:
    if x is None:
        return fitting(table, axes(table), columns or table.curves[:1])
    column = column_of(table, x) if x else None
    if column is None:
        return by_row(table)
    unit = table.meanings[x].axis
    return joined(table, x, unit) if unit else Axis(x, x, column.rows, column.values)


def _series(table: Table, drawing: Drawing, first: Axis, main: list[str]) -> Iterator[Series]:
    """Every curve: on the axis of the main ones where it can be, else on its own."""
    candidates = axes(table)
    along = {id(table.columns[name].rows): first for name in main}
    for name in table.curves:
        rows = id(table.columns[name].rows)
        if rows not in along:
            along[rows] = fitting(table, [first, *candidates], [name])
        yield drawing.curve(name, along[rows])


def _axis_notes(table: Table, along: Axis, series: tuple[Series, ...]) -> Iterator[str]:
    if not series:
        return
    if along.name == "column 1":
        yield "Column 1 counts up; it is taken as the step."
    if along.unit == "row":
        candidates = axes(table)
        why = f"The {candidates[0].name} is the same in most rows" if candidates else "No column counts epochs or steps"
        yield f"{why}; the points are counted by row."
    if max(map(len, series)) == 1:
        yield "There is only one row: a point, no curve."
    yield from _not_finite(table)


def _not_finite(table: Table) -> Iterator[str]:
    for name in table.curves:
        column = table.columns[name]
        bad = np.flatnonzero(~np.isfinite(column.values))
        if len(bad):
            where = f"{table.row.lower()} {column.rows[bad[0]]}"
            what = "NaN" if np.all(np.isnan(column.values[bad])) else "NaN or infinite"
            if len(bad) > 1 and bad[0] + len(bad) == len(column.values):
                yield f"Column {name} is {what} from {where} to the end."
            else:
                count = "once" if len(bad) == 1 else f"{len(bad)} times"
                yield f"Column {name} is {what} {count}, first in {where}."
