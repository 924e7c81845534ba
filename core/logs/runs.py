"""The runs of a table: told apart by a column, by the names of the columns, or by a count that starts again."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from core.logs.axes import FARTHEST, axes
from core.logs.choice import preferred
from core.logs.names import RUNS, STATES, VARIANTS, bag_of, listed, meaning
from core.logs.names import words as words_of
from core.logs.table import Column, Table, Words, consists_of

MOST_RUNS = 200
MOST_CURVES = 20_000  # of all runs together
MOST_FALLS = 300  # a count that falls more often is one within an epoch
MOSTLY = 0.9
FELL = 3.0  # times its noise: how far a loss has to move for a leap back to be told from going on
BEGINNING = 0.1  # of the count so far: a count that falls into it starts again
HYPERPARAMETER = re.compile(r"(?:params?|hparams?|config)[._/ ]", re.IGNORECASE)
NUMBERED = re.compile(r"(?i)(?<![a-z])(fold|run|seed|trial)[ _-]?(\d+)(?!\d)")
RANGE = re.compile(r"__(?:MIN|MAX)$")
DONE = bag_of(
    "finished running crashed failed killed complete completed pruned fail waiting scheduled terminated error success "
    "stopped preempted"
)


@dataclass(frozen=True, eq=False)
class Split:
    """The runs of a table, each with its name and its own table, and what is to be said of the whole."""

    runs: list[tuple[str, Table]]
    notes: list[str]


def split(table: Table) -> Split:
    """The runs of a table; none where each of its rows is another run."""
    reason = _row_a_run(table)
    if reason:
        return Split([], [reason])
    notes: list[str] = []
    by_name = _side_by_side(table, notes)
    if by_name is not None:
        return Split(_bounded(by_name, table, notes), notes)
    by_word = _by_words(table, notes)
    if by_word is not None:
        return Split([(name, _resumed(own, notes)) for name, own in _bounded(by_word, table, notes)], notes)
    return Split(_bounded(_restarted(table, notes), table, notes), notes)


def _bounded(runs: list[tuple[str, Table]], table: Table, notes: list[str]) -> list[tuple[str, Table]]:
    most = max(1, min(MOST_RUNS, MOST_CURVES // max(1, len(table.columns))))
    if len(runs) > most:
        notes.append(f"There are {len(runs)} runs; the first {most} are shown.")
    return runs[:most]


def _row_a_run(table: Table) -> str:
    """The sentence for a table with one row a run; "" for any other."""
    count = len(table.rows)
    if count < 2 or not table.columns or any(_rises(table, name) for name in table.columns if meaning(name).axis):
        return ""
    for name, own in table.words.items():
        labels = [label for label in own.labels if label]
        if consists_of(name, STATES) and labels and all(label.lower() in DONE for label in labels):
            others = [other for other in table.words if other != name]
            which = listed([*others[:1], name])
            return f"Each row is another run ({which}), with one number of each kind; that is no curve."
    hyper = [name for name in table.names if HYPERPARAMETER.match(name)]
    for name, own in table.words.items():
        is_run = consists_of(name, RUNS) or words_of(name) in (["name"], ["model"])
        used = len(np.unique(own.codes))
        if is_run and used >= MOSTLY * count and len(own.rows) >= MOSTLY * count:
            return f"Each row is another run (column {name}), with one number of each kind; that is no curve."
    varied = [name for name in hyper if name not in table.columns or len(set(table.columns[name].values.tolist())) > 1]
    if varied and len(varied) < len(table.names):
        return f"Each row is another run (column {varied[0]}), with one number of each kind; that is no curve."
    return ""


def _rises(table: Table, name: str) -> bool:
    """True where the column counts on from row to row, as an axis does that is no number of one run."""
    values = table.columns[name].values
    return len(values) > 1 and bool(np.mean(values[1:] >= values[:-1]) > 0.5 and len(np.unique(values)) > 1)


def _side_by_side(table: Table, notes: list[str]) -> list[tuple[str, Table]] | None:
    """Runs in columns of their own: `run - train/loss`, as Weights & Biases exports them, or `fold_1/loss`."""
    owner = {name: name.rpartition(" - ")[0] for name in table.names if " - " in name}
    if not owner:
        found = {name: NUMBERED.search(name) for name in table.names}
        owner = {name: f"{match[1].lower()} {match[2]}" for name, match in found.items() if match}
        if len(set(owner.values())) < 2:
            return None
    ranges = [name for name in owner if RANGE.search(name)]
    if not owner:
        return None
    if ranges:
        notes.append("Columns that end in __MIN and __MAX hold the range of each point; they are not drawn.")
    runs = list(dict.fromkeys(run for name, run in owner.items() if name in table.columns and name not in ranges))
    tables = []
    for run in runs:
        kept = [name for name in table.names if owner.get(name, run) == run and name not in ranges]
        tables.append((run, _with_columns(table, kept)))
    if len(tables) > 1:
        notes.append(f"The file holds {len(tables)} runs side by side: {listed([clear(run) for run in runs])}.")
    return tables if len(tables) > 1 else [("", table_) for _, table_ in tables] or None


def _with_columns(table: Table, kept: list[str]) -> Table:
    """The table with these columns alone, and the rows in which any but an axis holds a number."""
    columns = {name: table.columns[name] for name in kept if name in table.columns}
    return replace(table, names=tuple(kept), columns=columns, notes=())


def clear(run: str) -> str:
    return run or "(no name)"


def _by_words(table: Table, notes: list[str]) -> list[tuple[str, Table]] | None:
    """Runs by a column that names them, or by several: fold and seed."""
    keys = [name for name, own in table.words.items() if _tells_runs(table, name, own, notes)]
    if not keys:
        return None
    own = [(name, table.words[name].at(table.rows)) for name in keys]
    combined = np.zeros(len(table.rows), np.int64)
    for name, codes in own:
        combined = combined * (len(table.words[name].labels) + 1) + codes + 1
    _, first, codes = np.unique(combined, return_index=True, return_inverse=True)
    order = np.argsort(first)  # runs in the order in which they begin
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    labels = [_label(table, own, int(first[at])) for at in order]
    groups = Words(table.rows, rank[codes].astype(np.int32), tuple(labels)).merged()
    labels = list(groups.labels)
    without = [at for at, label in enumerate(labels) if not label]
    if without:
        count = int(np.isin(groups.codes, without).sum())
        which = "1 row has no {}; it is" if count == 1 else f"{count} rows have no {{}}; they are"
        notes.append(f"{which.format(listed(keys))} left out.")
    called = listed([clear(label) for label in labels if label])
    notes.append(f"The file holds {len(labels) - len(without)} runs, told apart by {listed(keys)}: {called}.")
    parts = _cut(table, groups, set(keys))
    return [(label, part) for label, part in zip(labels, parts, strict=True) if label]


def _tells_runs(table: Table, name: str, own: Words, notes: list[str]) -> bool:
    strong = consists_of(name, RUNS)
    if not (strong or consists_of(name, VARIANTS)) or (name in table.meanings and table.meanings[name].is_loss):
        return False
    codes = own.at(table.rows)
    used = np.unique(codes[codes >= 0])
    used = used[[bool(own.labels[code]) for code in used]] if len(used) else used
    if len(used) < 2 or len(used) > len(table.rows) / 2:
        return False
    # The name of an optimizer, or of a run that was resumed, may change within a run: the count and the loss go on.
    main = _main(table)
    if main is None:
        return strong
    if not _goes_on(main, own.at(main.rows), strong):
        return True
    if strong:
        notes.append(f"Column {name} changes, but the {main.axis} and the loss go on: it is read as one run.")
    return False


def _goes_on(main: _Main, codes: np.ndarray, surely: bool) -> bool:
    """True where the rows of each word stand behind those of the one before on the axis, and the loss does not leap.

    `surely`: only where it goes on for all to see; a loss that hardly moves or is all noise does not.
    """
    change = np.flatnonzero(codes[1:] != codes[:-1]) + 1
    if len(change) >= len(np.unique(codes)) or len(change) > MOST_FALLS or np.any(main.x[1:] <= main.x[:-1]):
        return False
    size = np.log(main.values) if np.all(main.values > 0) else main.values
    ends = [0, *change.tolist(), len(codes)]
    most = -1 if surely else 0
    return all(
        _leap(main.x[start:cut], size[start:cut], float(main.x[cut]), size[cut:end]) <= most
        for start, cut, end in zip(ends, ends[1:], ends[2:], strict=False)
    )


def _label(table: Table, keys: list[tuple[str, np.ndarray]], at: int) -> str:
    """What a run is called: "fold 3", "adam", "fold 3 seed 7"; "" where no column says it."""
    parts = []
    for name, codes in keys:
        label = table.words[name].labels[codes[at]] if codes[at] >= 0 else ""
        number = re.fullmatch(r"[-+.\d]+", label)
        called = next((word for word in words_of(name) if word in RUNS | VARIANTS), name)
        parts.append(f"{called} {label}" if number else label)
    return " ".join(part for part in parts if part)


def _cut(table: Table, groups: Words, without: set[str]) -> list[Table]:
    """The table in parts by the code of each of its rows."""
    count = len(groups.labels)
    names = tuple(name for name in table.names if name not in without)
    columns: list[dict[str, Column]] = [{} for _ in range(count)]
    known: dict[int, list[np.ndarray]] = {}
    shared: dict[int, list[np.ndarray]] = {}

    def places(rows: np.ndarray) -> list[np.ndarray]:
        codes = groups.at(rows)
        order = np.argsort(codes, kind="stable")
        return np.split(order, np.searchsorted(codes[order], np.arange(1, count)))

    for name in names:
        column = table.columns.get(name)
        if column is None:
            continue
        if id(column.rows) not in known:
            known[id(column.rows)] = places(column.rows)
            shared[id(column.rows)] = [column.rows[at] for at in known[id(column.rows)]]
        for own, at, rows in zip(columns, known[id(column.rows)], shared[id(column.rows)], strict=True):
            if len(at):
                own[name] = Column(rows, column.values[at])
    rows_of = [table.rows[at] for at in places(table.rows)]
    return [
        replace(table, names=names, columns=own, rows=rows, notes=(), words={})
        for own, rows in zip(columns, rows_of, strict=True)
    ]


def _restarted(table: Table, notes: list[str]) -> list[tuple[str, Table]]:
    """Runs that were appended: the count starts again and the loss leaps back to about its start."""
    falls = _falls(table)
    cuts = [row for row, leaps, _ in falls if leaps]
    if len(falls) >= 4 and 2 * len(cuts) < len(falls):
        cuts = []
    if not cuts:
        return [("", _resumed(table, notes))]
    at = np.searchsorted(np.array(cuts), table.rows, side="right").astype(np.int32)
    labels = tuple(f"run {number}" for number in range(1, len(cuts) + 2))
    which = f"row {cuts[0]}" if len(cuts) == 1 else f"rows {listed(list(map(str, cuts)))}"
    main = _main(table)
    count = main.axis if main else "count"
    notes.append(f"The file holds {len(labels)} runs: in {which} the {count} starts again and the loss leaps back.")
    parts = _cut(table, Words(table.rows, at, labels), set())
    return [(label, _resumed(part, notes)) for label, part in zip(labels, parts, strict=True)]


@dataclass(frozen=True, eq=False)
class _Main:
    """The curve that tells whether a run starts again: its rows, and where they stand on the axis."""

    axis: str
    rows: np.ndarray
    x: np.ndarray
    values: np.ndarray


def _main(table: Table) -> _Main | None:
    name = preferred(table, "train") or preferred(table, "validation") or next(iter(table.curves), None)
    if name is None:
        return None
    column = table.columns[name]
    for along in axes(table):
        axis = table.columns[along.name]
        _, here, there = np.intersect1d(axis.rows, column.rows, assume_unique=True, return_indices=True)
        x, values = axis.values[here], column.values[there]
        good = (np.abs(x) < FARTHEST) & np.isfinite(values)
        x, values = x[good], values[good]
        if len(x) > 1 and x.min() < x.max():  # an epoch that never changes counts nothing
            return _Main(along.name, column.rows[there][good], x, values)
    return None


def _falls(table: Table) -> list[tuple[int, bool, float]]:
    """Where the count falls: the row, whether another run begins there, and the count."""
    main = _main(table)
    if main is None or len(main.x) < 4:
        return []
    x, values = main.x, main.values
    at = np.flatnonzero(x[1:] < x[:-1]) + 1
    if not len(at) or len(at) > MOST_FALLS:
        return []
    found = []
    start = 0
    size = np.log(values) if np.all(values > 0) else values
    ends = [*at[1:].tolist(), len(x)]
    for cut, end in zip(at.tolist(), ends, strict=True):
        leaps = _leap(x[start:cut], size[start:cut], float(x[cut]), size[cut:end]) > 0
        found.append((int(main.rows[cut]), leaps, float(x[cut])))
        if leaps:
            start = cut
    return found


@np.errstate(over="ignore", invalid="ignore")
def _leap(x: np.ndarray, before: np.ndarray, count: float, after: np.ndarray) -> int:
    """1 where the loss is nearer to the start of the run before than to where it would go on from, -1 where it is not.

    0 where the loss before moved no more than its noise, so that nobody can tell.
    """
    few = max(1, min(5, len(before) // 20, len(after) // 20))
    low, high = float(x.min()), float(x.max())
    going_on = before
    if count > low + BEGINNING * (high - low):
        earlier = before[x < count]
        going_on = earlier if len(earlier) else before
    first, last, now = (float(np.median(part)) for part in (before[:few], going_on[-few:], after[:few]))
    noise = float(np.median(np.abs(np.diff(before, 2)))) / 1.6 if len(before) > 8 else 0.0
    moved = abs(last - first)
    if moved <= max(1e-9 * abs(first), FELL * noise / np.sqrt(few)):
        return 0
    return 1 if abs(now - first) < abs(now - last) else -1


def _resumed(table: Table, notes: list[str]) -> Table:
    """The run without what it wrote after the checkpoint from which it was resumed."""
    falls = _falls(table)
    if not falls or len(falls) > 20:
        return table
    main = _main(table)
    assert main is not None
    axis = table.columns[main.axis]
    lowest = float(main.x.min())
    for row, _, count in falls:
        earlier = axis.rows < row
        again = earlier & (axis.values >= count)
        later = axis.values[axis.rows >= row]
        goes_on = len(later) > 0 and later.max() >= axis.values[earlier].max()
        twice = np.isin(axis.values[again], later).sum()
        if count <= lowest or not goes_on or (not twice and again.sum() < 2):
            continue
        gone = axis.rows[again]
        table = _without(table, gone)
        axis = table.columns[main.axis]
        notes.append(
            f"In {table.row.lower()} {row} the {main.axis} goes back to {count:.10g} and the loss goes on from there: "
            f"the run was resumed, and {len(gone)} earlier {'row counts' if len(gone) == 1 else 'rows count'} no more."
        )
    return table


def _without(table: Table, gone: np.ndarray) -> Table:
    """The table without these rows; columns that shared their rows share what is left of them."""
    left: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    columns = {}
    for name, column in table.columns.items():
        if id(column.rows) not in left:
            keep = ~np.isin(column.rows, gone)
            left[id(column.rows)] = keep, column.rows[keep]
        keep, rows = left[id(column.rows)]
        if len(rows):
            columns[name] = Column(rows, column.values[keep])
    return replace(table, columns=columns, rows=table.rows[~np.isin(table.rows, gone)])
