"""The columns of a text log: the metrics of its lines against their epochs and steps."""

from __future__ import annotations

from collections import Counter

import numpy as np

from core.logs.console.counts import bar_epochs, epoch_and_step, split_of_heading
from core.logs.console.fields import SPLITS, LineFields, Parts
from core.logs.console.lines import ConsoleLines
from core.logs.console.masks import PLACEHOLDER
from core.logs.console.metric_names import split_in_name
from core.logs.console.parser import parse_template
from core.logs.console.template import LineMetric
from core.logs.names.words import enumeration, printable
from core.logs.tables.table import Column, Table

MAX_REPEATED_SHARE = 0.5  # up to this share of the points of a curve may stand where the one before them does
MAX_COLUMNS = 1000

Points = tuple[np.ndarray, np.ndarray]  # the lines that hold a column, int64 [n] rising, and its values, float64 [n]


def console_table(lines: ConsoleLines, notes: list[str]) -> Table | None:
    """The table of these lines, with the notes on them; None where no line holds a metric."""
    fields = LineFields(lines)
    columns = fields.take_tables()
    if not fields.has_metrics.any():
        return None
    epoch, step = epoch_and_step(fields, notes)
    headings = split_of_heading(fields, epoch, step)
    # A progress bar at 0 shows the metrics of the epoch before.
    is_stale = fields.is_bar & (fields.step == 0) & np.isfinite(fields.total)
    for template, at in fields.groups:
        for metric in template.metrics:
            _add_metric(fields, metric, at[~is_stale[at]], headings, columns)
    # A bare name and the same of training are one column: only some lines state that it is training.
    for name in [name for name in columns if f"train/{name}" in columns]:
        columns[f"train/{name}"] += columns.pop(name)
    axes = {name: axis for name, axis in (("epoch", epoch), ("step", step)) if axis is not None}
    bars = bar_epochs(fields, epoch)
    points = {name: _column_points(fields, parts, axes, bars) for name, parts in columns.items()}
    chosen = _choose_columns({name: own for name, own in points.items() if len(own[0])}, bool(axes), notes)
    return _table_of(lines, axes, chosen, notes) if chosen else None


def _add_metric(
    fields: LineFields, metric: LineMetric, at: np.ndarray, headings: np.ndarray, columns: dict[str, Parts]
) -> None:
    """Adds the values of a metric in the lines `at` to the columns, under the split that the line or heading names."""
    values = fields.numbers(at, metric.place)
    if metric.divisor is not None:
        divisor = fields.numbers(at, metric.divisor)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = np.where(divisor != 0, values / divisor, np.nan)
    named = split_in_name(metric.name)
    codes = np.zeros(len(at), np.int8) if named or metric.split else headings[at]
    for code in np.unique(codes).tolist():
        own = codes == code
        split = metric.split or SPLITS[code]
        name = printable(f"{split}/{metric.name}" if split else metric.name)
        # "Loss 0.71 (0.82)": of training the value of the batch, of validation the mean over all batches.
        use_mean = metric.mean is not None and "train" not in (split, named) and (split or named)
        taken = fields.numbers(at[own], metric.mean) if use_mean and metric.mean is not None else values[own]
        columns.setdefault(name, []).append((at[own], taken))


def _column_points(fields: LineFields, parts: Parts, axes: dict[str, np.ndarray], bars: np.ndarray) -> Points:
    """The points of a column: one for each state, and none that stands above the first epoch or step."""
    at, values = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    order = np.argsort(at, kind="stable")
    at, values = at[order], values[order]
    last = np.append((at[1:] != at[:-1]) & (bars[at[1:]] != bars[at[:-1]]), True)[: len(at)]
    at, values = at[last], values[last]
    repeats = np.full(max(len(at) - 1, 0), bool(axes))
    for axis in axes.values():
        repeats &= axis[at[1:]] == axis[at[:-1]]
    if np.any(repeats) and (np.mean(repeats) <= MAX_REPEATED_SHARE or fields.is_validation[at].all()):
        last = np.append(~repeats, True)  # the mean of an epoch stands below its last step
        at, values = at[last], values[last]
    if axes:  # what stands above the first epoch are settings
        placed = np.logical_or.reduce([np.isfinite(axis[at]) for axis in axes.values()])
        at, values = at[placed], values[placed]
    return at, values


def _choose_columns(columns: dict[str, Points], with_axis: bool, notes: list[str]) -> dict[str, Points]:
    """The columns that are curves; those of one point only where the file has no other. Writes the notes."""
    if max((len(at) for at, _ in columns.values()), default=0) > 1:
        once = [name for name, (at, _) in columns.items() if len(at) == 1]
        columns = {name: points for name, points in columns.items() if len(points[0]) > 1}
        if once:
            notes.append(f"Printed only once, so no curve: {enumeration(once)}.")
    else:
        is_metric = {name: bool(parse_template(f"{name} {PLACEHOLDER}").metrics) for name in columns}
        columns = {name: points for name, points in columns.items() if with_axis and is_metric[name]}
    if len(columns) > MAX_COLUMNS:
        notes.append(f"There are more than {MAX_COLUMNS} names; the {MAX_COLUMNS} most frequent are read.")
        longest = Counter({name: len(at) for name, (at, _) in columns.items()}).most_common(MAX_COLUMNS)
        columns = {name: columns[name] for name, _ in longest}
    return columns


def _table_of(lines: ConsoleLines, axes: dict[str, np.ndarray], columns: dict[str, Points], notes: list[str]) -> Table:
    """The axes and the columns as a table, a row for each line."""
    used = np.unique(np.concatenate([at for at, _ in columns.values()]))
    result: dict[str, Column] = {}
    for name, axis in axes.items():
        with_axis = used[np.isfinite(axis[used])]
        if len(with_axis):
            result[name] = Column(lines.rows[with_axis], axis[with_axis])
    shared: dict[bytes, np.ndarray] = {}  # columns of the same lines share one array of rows
    for name, (at, values) in columns.items():
        rows = lines.rows[at]
        free = name if name not in result else f"{name} (value)"
        result[free] = Column(shared.setdefault(rows.tobytes(), rows), values)
    return Table(tuple(result), result, lines.rows[used], "Line", tuple(notes))
