"""Columns of a table against an axis: the curves, and notes on points that were dropped or sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from core.logs.axes import Axis, Placement, place_rows
from core.logs.names.meaning import Meaning
from core.logs.names.words import enumeration
from core.logs.tables.table import Column, Table

MIN_EVEN_SHARE = 0.5  # of the epochs that are one step apart, for any other to count as missing


@dataclass(frozen=True, eq=False)
class Series:
    """One curve: `values` float64 [n] at `epochs` float64 [n], which rise. Both are read-only.

    NaN and infinities stay: they show that a run diverged. `role` is "train", "validation" or "other"; `unit` is what
    `epochs` counts: "epoch", "step", "row", or the name of a column. `meaning`: what its name means.
    """

    name: str
    epochs: np.ndarray
    values: np.ndarray
    role: str
    metric: str
    unit: str
    meaning: Meaning = field(repr=False)

    def __post_init__(self) -> None:
        self.epochs.flags.writeable = False
        self.values.flags.writeable = False

    def __len__(self) -> int:
        return len(self.values)


class SeriesBuilder:
    """Builds the curves of a table, and collects the notes on all of them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.placements: dict[Axis, dict[int, Placement]] = {}
        self.noted_rows: dict[bool, set[int]] = {True: set(), False: set()}  # ids of rows: of losses and scores, others

    def series(self, name: str, along: Axis) -> Series:
        """The curve of a column against an axis."""
        column = self.table.columns[name]
        placements = self.placements.setdefault(along, {})
        placement = placements.get(id(column.rows))
        if placement is None:
            placement = placements[id(column.rows)] = place_rows(along, column.rows)
        meaning = self.table.meanings[name]
        if not meaning.is_undirected:
            self.noted_rows[meaning.is_loss or meaning.more_is_better].add(id(column.rows))
        return Series(
            name, placement.epochs, column.values[placement.take], meaning.role, meaning.metric, along.unit, meaning
        )

    def notes(self) -> Iterator[str]:
        """A sentence for each kind of repair; on losses and scores, or where there are none on the other curves."""
        noted_rows = self.noted_rows[True] or self.noted_rows[False]
        for along, placements in self.placements.items():
            own = [placement for rows, placement in placements.items() if rows in noted_rows]
            yield from _notes(along, own, self.table.row_noun)


def _notes(along: Axis, placements: list[Placement], row: str) -> Iterator[str]:
    what = along.unit if along.unit in ("epoch", "step") else along.name
    if along.restarts:
        at, value = along.restarts[0]
        more = f" ({len(along.restarts)} times in all)" if len(along.restarts) > 1 else ""
        yield f"The {what} starts again at {value:.10g} in {row.lower()} {at}{more}; it is counted on from there."
    unplaced = _unique_values(placement.unplaced for placement in placements)
    if len(unplaced) == 1:
        yield f"{row} {unplaced[0]:.0f} has no {what}; it is left out."
    elif len(unplaced):
        yield f"{len(unplaced)} rows have no {what}, the first is {row.lower()} {unplaced[0]:.0f}; they are left out."
    descents = _unique_values(placement.descents for placement in placements)
    if len(descents):
        yield f"The {what} falls in {row.lower()} {descents[0]:.0f}; the points are put in order."
    repeated = _unique_values(placement.repeated for placement in placements)
    if len(repeated) == 1:
        yield f"{what.capitalize()} {repeated[0]:.10g} is there more than once; the last one counts."
    elif len(repeated):
        which = enumeration([f"{value:.10g}" for value in repeated])
        yield f"{what.capitalize()}s {which} are there more than once; the last ones count."
    gaps = (
        _missing_epochs(_unique_values(placement.epochs for placement in placements)) if along.unit == "epoch" else []
    )
    if gaps:
        many = len(gaps) > 1 or " to " in gaps[0]
        yield f"Epoch{'s' * many} {enumeration(gaps)} {'are' if many else 'is'} missing."


def _unique_values(parts: Iterable[np.ndarray]) -> np.ndarray:
    return np.unique(np.concatenate([np.empty(0), *parts]))


def _missing_epochs(epochs: np.ndarray) -> list[str]:
    """The missing epochs, "5" or "7 to 9", where most epochs are one step apart."""
    if len(epochs) < 3 or np.any(epochs != np.floor(epochs)):
        return []
    apart = np.diff(epochs)
    step = np.median(apart)
    if np.mean(apart == step) < MIN_EVEN_SHARE:
        return []
    at = np.flatnonzero(apart > step)
    ends = zip(epochs[at] + step, epochs[at + 1] - step, strict=True)
    return [f"{low:.10g}" if low >= high else f"{low:.10g} to {high:.10g}" for low, high in ends]


def numeric_column(table: Table, name: str) -> Column | None:
    """The numbers of a column; None for one of text. Raises ValueError for a name that the file does not have."""
    if name not in table.names:
        raise ValueError(f"the log has no column {name!r:.80}")
    return table.columns.get(name)
