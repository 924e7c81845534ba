"""Runs told apart by a label column (`seed`, `run`), or by the names of columns (`fold1_loss`)."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from core.logs.names.vocabulary import RUN_COLUMNS, VARIANT_COLUMNS
from core.logs.names.words import enumeration, split_words
from core.logs.runs.restarts import MAX_DESCENTS, MainCurve, main_curve, restart_evidence
from core.logs.runs.tables import split_table
from core.logs.tables.table import LabelColumn, Table, is_column_of

NUMBERED_RUN = re.compile(r"(?i)(?<![a-z])(fold|run|seed|trial)[ _-]?(\d+)(?!\d)")
RANGE = re.compile(r"__(?:MIN|MAX)$")


def runs_in_columns(table: Table, notes: list[str]) -> list[tuple[str, Table]] | None:
    """Runs in columns of their own, each with its name and table; None for any other table. Writes the notes.

    "Step","happy-3 - train/loss","happy-4 - train/loss"      (Weights & Biases)
    epoch,fold_1/loss,fold_2/loss
    """
    owner = {name: name.rpartition(" - ")[0] for name in table.names if " - " in name}
    if not owner:
        found = {name: NUMBERED_RUN.search(name) for name in table.names}
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
        names = [name for name in table.names if owner.get(name, run) == run and name not in ranges]
        tables.append((run, _with_columns(table, names)))
    if len(tables) > 1:
        notes.append(
            f"The file holds {len(tables)} runs side by side: {enumeration([shown_name(run) for run in runs])}."
        )
    return tables if len(tables) > 1 else [("", table_) for _, table_ in tables] or None


def _with_columns(table: Table, names: list[str]) -> Table:
    """The table with these columns alone."""
    columns = {name: table.columns[name] for name in names if name in table.columns}
    return replace(table, names=tuple(names), columns=columns, notes=())


def shown_name(run: str) -> str:
    """The name of a run in a note."""
    return run or "(no name)"


def runs_by_label(table: Table, notes: list[str]) -> list[tuple[str, Table]] | None:
    """Runs by one label column or several (`fold,seed,epoch,loss`), each with its name and table; None without one.

    Writes the notes.
    """
    keys = [name for name, own in table.label_columns.items() if _separates_runs(table, name, own, notes)]
    if not keys:
        return None
    own = [(name, table.label_columns[name].codes_at(table.rows)) for name in keys]
    combined = np.zeros(len(table.rows), np.int64)
    for name, codes in own:
        combined = combined * (len(table.label_columns[name].labels) + 1) + codes + 1
    _, first, codes = np.unique(combined, return_index=True, return_inverse=True)
    order = np.argsort(first)  # runs in the order in which they begin
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    labels = [_run_label(table, own, int(first[at])) for at in order]
    groups = LabelColumn(table.rows, rank[codes].astype(np.int32), tuple(labels)).without_duplicates()
    labels = list(groups.labels)
    without = [at for at, label in enumerate(labels) if not label]
    if without:
        count = int(np.isin(groups.codes, without).sum())
        which = "1 row has no {}; it is" if count == 1 else f"{count} rows have no {{}}; they are"
        notes.append(f"{which.format(enumeration(keys))} left out.")
    called = enumeration([shown_name(label) for label in labels if label])
    notes.append(f"The file holds {len(labels) - len(without)} runs, distinguished by {enumeration(keys)}: {called}.")
    parts = split_table(table, groups, set(keys))
    return [(label, part) for label, part in zip(labels, parts, strict=True) if label]


def _separates_runs(table: Table, name: str, own: LabelColumn, notes: list[str]) -> bool:
    """True for a label column that tells runs apart. Writes a note where the run goes on under another label."""
    strong = is_column_of(name, RUN_COLUMNS)
    if not (strong or is_column_of(name, VARIANT_COLUMNS)) or (name in table.meanings and table.meanings[name].is_loss):
        return False
    codes = own.codes_at(table.rows)
    used = np.unique(codes[codes >= 0])
    used = used[[bool(own.labels[code]) for code in used]] if len(used) else used
    if len(used) < 2 or len(used) > len(table.rows) / 2:
        return False
    # The name of an optimizer, or of a run that was resumed, may change within a run: the count and the loss go on.
    main = main_curve(table)
    if main is None:
        return strong
    if not _continues(main, own.codes_at(main.rows), strong):
        return True
    if strong:
        notes.append(f"Column {name} changes, but the {main.axis} and the loss go on: it is read as one run.")
    return False


def _continues(main: MainCurve, codes: np.ndarray, surely: bool) -> bool:
    """True where the rows of each label come after those of the label before on the axis, and the loss does not jump.

    `surely`: only where the loss shows it, not where it hardly moves or is all noise.
    """
    change = np.flatnonzero(codes[1:] != codes[:-1]) + 1
    if len(change) >= len(np.unique(codes)) or len(change) > MAX_DESCENTS or np.any(main.x[1:] <= main.x[:-1]):
        return False
    size = np.log(main.values) if np.all(main.values > 0) else main.values
    ends = [0, *change.tolist(), len(codes)]
    most = -1 if surely else 0
    return all(
        restart_evidence(main.x[start:cut], size[start:cut], float(main.x[cut]), size[cut:end]) <= most
        for start, cut, end in zip(ends, ends[1:], ends[2:], strict=False)
    )


def _run_label(table: Table, keys: list[tuple[str, np.ndarray]], at: int) -> str:
    """The name of the run in row number `at`: "fold 3", "adam", "fold 3 seed 7"; "" where its cells are empty."""
    parts = []
    for name, codes in keys:
        label = table.label_columns[name].labels[codes[at]] if codes[at] >= 0 else ""
        number = re.fullmatch(r"[-+.\d]+", label)
        called = next((word for word in split_words(name) if word in RUN_COLUMNS | VARIANT_COLUMNS), name)
        parts.append(f"{called} {label}" if number else label)
    return " ".join(part for part in parts if part)
