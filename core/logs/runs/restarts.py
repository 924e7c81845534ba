"""Runs that were appended to one file, and runs that were resumed from a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.logs.axes import MAX_COUNT, axis_candidates
from core.logs.loss_pair import preferred_loss
from core.logs.names.words import enumeration
from core.logs.runs.tables import drop_rows, split_table
from core.logs.tables.table import LabelColumn, Table

MAX_DESCENTS = 300  # a count that falls more often is one within an epoch
MIN_FALL_IN_NOISE = 3.0  # times its noise: how far a loss has to fall before a jump back can be seen
EARLY_SHARE = 0.1  # of the count so far: a count that falls into it starts again


def appended_runs(table: Table, notes: list[str]) -> list[tuple[str, Table]]:
    """Runs that were appended to one file: the count starts again and the loss jumps back to about its start.

    Each run with its name ("run 2") and table; one of no name where the file holds one run. Writes the notes.
    """
    descents = count_descents(table)
    cuts = [row for row, leaps, _ in descents if leaps]
    if len(descents) >= 4 and 2 * len(cuts) < len(descents):
        cuts = []
    if not cuts:
        return [("", drop_overwritten(table, notes))]
    at = np.searchsorted(np.array(cuts), table.rows, side="right").astype(np.int32)
    labels = tuple(f"run {number}" for number in range(1, len(cuts) + 2))
    which = f"row {cuts[0]}" if len(cuts) == 1 else f"rows {enumeration(list(map(str, cuts)))}"
    main = main_curve(table)
    count = main.axis if main else "count"
    notes.append(f"The file holds {len(labels)} runs: in {which} the {count} starts again and the loss leaps back.")
    parts = split_table(table, LabelColumn(table.rows, at, labels), set())
    return [(label, drop_overwritten(part, notes)) for label, part in zip(labels, parts, strict=True)]


@dataclass(frozen=True, eq=False)
class MainCurve:
    """The curve by which restarts are recognised: `values` float64 [n] at `x` float64 [n] in `rows` int64 [n]."""

    axis: str
    rows: np.ndarray
    x: np.ndarray
    values: np.ndarray


def main_curve(table: Table) -> MainCurve | None:
    """The preferred loss of a table on the first axis that moves; None where there is none."""
    name = preferred_loss(table, "train") or preferred_loss(table, "validation") or next(iter(table.curve_names), None)
    if name is None:
        return None
    column = table.columns[name]
    for along in axis_candidates(table):
        axis = table.columns[along.name]
        _, here, there = np.intersect1d(axis.rows, column.rows, assume_unique=True, return_indices=True)
        x, values = axis.values[here], column.values[there]
        good = (np.abs(x) < MAX_COUNT) & np.isfinite(values)
        x, values = x[good], values[good]
        if len(x) > 1 and x.min() < x.max():  # an epoch that never changes counts nothing
            return MainCurve(along.name, column.rows[there][good], x, values)
    return None


def count_descents(table: Table) -> list[tuple[int, bool, float]]:
    """Where the count falls: for each the row, whether another run begins there, and the count."""
    main = main_curve(table)
    if main is None or len(main.x) < 4:
        return []
    x, values = main.x, main.values
    at = np.flatnonzero(x[1:] < x[:-1]) + 1
    if not len(at) or len(at) > MAX_DESCENTS:
        return []
    found = []
    start = 0
    size = np.log(values) if np.all(values > 0) else values
    ends = [*at[1:].tolist(), len(x)]
    for cut, end in zip(at.tolist(), ends, strict=True):
        leaps = restart_evidence(x[start:cut], size[start:cut], float(x[cut]), size[cut:end]) > 0
        found.append((int(main.rows[cut]), leaps, float(x[cut])))
        if leaps:
            start = cut
    return found


@np.errstate(over="ignore", invalid="ignore")
def restart_evidence(x: np.ndarray, before: np.ndarray, count: float, after: np.ndarray) -> int:
    """1 where the loss jumps back to the start of the run before, -1 where it goes on from its end, 0 for neither.

    x, before: the axis and the losses of the run before, [n]. count: the axis at the restart. after: the losses from
    there on. It shows nothing where the loss before moved by no more than its noise.
    """
    few = max(1, min(5, len(before) // 20, len(after) // 20))
    low, high = float(x.min()), float(x.max())
    going_on = before
    if count > low + EARLY_SHARE * (high - low):
        earlier = before[x < count]
        going_on = earlier if len(earlier) else before
    first, last, now = (float(np.median(part)) for part in (before[:few], going_on[-few:], after[:few]))
    noise = float(np.median(np.abs(np.diff(before, 2)))) / 1.6 if len(before) > 8 else 0.0
    moved = abs(last - first)
    if moved <= max(1e-9 * abs(first), MIN_FALL_IN_NOISE * noise / np.sqrt(few)):
        return 0
    return 1 if abs(now - first) < abs(now - last) else -1


def drop_overwritten(table: Table, notes: list[str]) -> Table:
    """The run without the rows that it wrote after the checkpoint from which it was resumed. Writes the notes."""
    descents = count_descents(table)
    if not descents or len(descents) > 20:
        return table
    main = main_curve(table)
    assert main is not None
    axis = table.columns[main.axis]
    lowest = float(main.x.min())
    for row, _, count in descents:
        earlier = axis.rows < row
        again = earlier & (axis.values >= count)
        later = axis.values[axis.rows >= row]
        goes_on = len(later) > 0 and later.max() >= axis.values[earlier].max()
        twice = np.isin(axis.values[again], later).sum()
        if count <= lowest or not goes_on or (not twice and again.sum() < 2):
            continue
        gone = axis.rows[again]
        table = drop_rows(table, gone)
        axis = table.columns[main.axis]
        where = f"{table.row_noun.lower()} {row}"
        notes.append(
            f"In {where} the {main.axis} goes back to {count:.10g} and the loss goes on from there: "
            f"the run was resumed, and {len(gone)} earlier {'row counts' if len(gone) == 1 else 'rows count'} no more."
        )
    return table
