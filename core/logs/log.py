"""A log: the curves of a file, and any two columns of it that a person picks."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.logs.axes import Axis, axes, by_row, fitting, joined
from core.logs.curves import Drawing, Series, column_of, preferred
from core.logs.table import Table


@dataclass(frozen=True, eq=False)
class Log:
    """What a file holds. `kind` is its format, "" for a file that cannot be read.

    `series`: every column of numbers that is no axis, in the file's order. `columns`: all, for a picker. `notes`: a
    sentence for each thing that was not as it should be, naming the row or the column. `name`, the columns and the
    notes come from the file and are shown as plain text: one printable line each.
    """

    name: str
    kind: str
    series: tuple[Series, ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    table: Table = field(repr=False)

    def pick(
        self, x: str | None = None, train: str | None = None, validation: str | None = None
    ) -> tuple[Series | None, Series | None]:
        """The two curves on one axis. None means the column that is recognised; "" means no curve, and for x the row.

        So does a column without numbers. Raises ValueError for a column that the file does not have.
        """
        own, other = chosen(self.table, train, validation)
        names = [name for name in (own, other) if name]
        along = _axis(self.table, x, names)
        drawing = Drawing(self.table)
        first, second = (drawing.curve(name, along) if name else None for name in (own, other))
        return first, second


def chosen(table: Table, train: str | None = None, validation: str | None = None) -> tuple[str | None, str | None]:
    """The names of the two columns: those asked for, else those recognised, else the only curve of the file."""
    own = _asked(table, train) if train is not None else preferred(table, "train")
    other = _asked(table, validation) if validation is not None else preferred(table, "validation", own)
    if train is None and own is None and other is None:
        curves = table.curves
        own = curves[0] if len(curves) == 1 else next((name for name in curves if table.meanings[name].is_loss), None)
    return own, other


def _asked(table: Table, name: str) -> str | None:
    return name if name and column_of(table, name) is not None else None


def _axis(table: Table, x: str | None, columns: list[str]) -> Axis:
    if x is None:
        return fitting(table, axes(table), columns)
    column = column_of(table, x) if x else None
    if column is None:
        return by_row(table)
    unit = table.meanings[x].axis
    return joined(table, x, unit) if unit else Axis(x, x, column.rows, column.values)
