"""Tables as tools write them into tables with a column a curve: rows of train and val, long tables, holes."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from core.logs.names import KEYS, MOST_LETTERS, RUNS, bag_of, clean, listed, meaning, phase, words
from core.logs.table import Column, Table, Words, consists_of

MOST_KEYS = 1000  # curves of a long table
MOSTLY = 0.9  # share of the cells of a column that have to be words of a kind
SURE = bag_of("metric key tag variable measure scalar field")  # names of a column that holds names
VALUES = bag_of("value values y scalar number")
CLOCKS = bag_of("time timestamp wall date datetime elapsed runtime relative")
MOST_ALTERNATING = 50  # columns: each is compared with each


def reshaped(table: Table) -> Table:
    """The table with a column for each curve."""
    return alternating(unfilled(by_phase(by_key(named(table)))))


def is_mlflow(table: Table) -> bool:
    """True for a metric as MLflow stores it: rows of `timestamp value step` without names, the time in milliseconds."""
    if table.names != ("column 1", "column 2", "column 3") or set(table.columns) != set(table.names):
        return False
    time, step = table.columns["column 1"].values, table.columns["column 3"].values
    counts = np.all((step == np.floor(step)) & (step >= 0) & (step < 2**53))
    return table.meanings["column 1"].metric == "time" and time[0] > 1e11 and bool(counts)


def named(table: Table) -> Table:
    """Names for columns that have none, where their numbers tell them."""
    if not is_mlflow(table):
        return _with_step(table)
    names = ("timestamp", table.of_file if meaning(table.of_file).is_loss else "value", "step")
    notes = tuple(note for note in table.notes if "holds numbers and no names" not in note)
    columns = {new: table.columns[old] for new, old in zip(names, table.names, strict=True)}
    return replace(table, names=names, columns=columns, notes=notes, words={})


def _with_step(table: Table) -> Table:
    """A long table without names (`train_loss,10,0.53`): its column of whole numbers that rise is called "step"."""
    nameless = all(name.startswith("column ") for name in table.names)
    if not nameless or not any(_tells(name, own) for name, own in table.words.items()):
        return table
    for name in table.curves:
        values = table.columns[name].values
        if np.all(values == np.floor(values)) and len(values) > 1 and np.mean(values[1:] >= values[:-1]) > 0.5:
            new = {own: "step" if own == name else own for own in table.names}
            columns = {new[own]: column for own, column in table.columns.items()}
            words = {own: found for own, found in table.words.items() if own != name}
            return replace(table, names=tuple(new.values()), columns=columns, words=words)
    return table


def _tells(name: str, own: Words) -> bool:
    """True for words that name curves, or halves of the data."""
    halves = [bool(phase(label)) for label in own.labels if label]
    return (bool(halves) and all(halves)) or _names_curves(name, own)


def by_key(table: Table) -> Table:
    """A long table (`metric,step,value`) with a column for each of its curves."""
    for name, own in table.words.items():
        value = _value_of(table, name)
        if value is None or not _names_curves(name, own):
            continue
        return _parted(table, name, own, [value], lambda label, _: label)
    return table


def _value_of(table: Table, key: str) -> str | None:
    """The column that holds the numbers of a long table."""
    curves = [name for name in table.curves if name != key and not set(words(name)) & CLOCKS]
    curves = [name for name in curves if not consists_of(name, RUNS)]
    called = [name for name in curves if words(name) and set(words(name)) <= VALUES | {"metric"}]
    return called[0] if called else curves[0] if len(curves) == 1 else None


def _names_curves(name: str, own: Words) -> bool:
    labels = [label for label in own.labels if label]
    if not labels or len(labels) > MOST_KEYS or len(own.rows) < 2:
        return False
    if all(phase(label) for label in labels):
        return False  # `split,epoch,loss`
    texts = [label for label in labels if not re.fullmatch(r"[-+.\d]+(?:[eE][-+]?\d+)?", label)]
    if len(texts) < MOSTLY * len(labels):
        return False
    if consists_of(name, SURE):
        return True
    says = [meaning(label) for label in texts]
    known = sum(bool(one.is_loss or one.more_is_better or one.whose) for one in says)
    nameless = name.startswith("column ")
    return (consists_of(name, KEYS) or nameless) and 2 * known >= len(texts)


def by_phase(table: Table) -> Table:
    """The table with each column in parts by the word of its rows: loss becomes train/loss and val/loss.

    Axes stay whole, and so do columns whose name says already whose they are.
    """
    for name, own in table.words.items():
        is_run = consists_of(name, RUNS)
        # TensorBoard names a run by its folder, and Keras writes one for each half: "exp1/train".
        ends = [_ending(label) if is_run else (phase(label), "") for label in own.labels]
        is_phase = np.array([bool(found) for found, _ in ends] or [False])
        if not len(own.codes) or np.mean(is_phase[own.codes]) < MOSTLY:
            continue
        columns = [
            column
            for column in table.curves
            if column != name and not table.meanings[column].whose and not consists_of(column, RUNS)
        ]
        halves = Words(own.rows, own.codes, tuple(found for found, _ in ends))
        parted = _parted(table, name, halves, columns, lambda label, column: f"{label}/{column}" if label else column)
        before = {rest for _, rest in ends}
        if len(before) > 1:
            rest = Words(own.rows, own.codes, tuple(rest for _, rest in ends)).merged()
            parted = replace(parted, words={**parted.words, name: rest})
        return parted
    return table


def _ending(label: str) -> tuple[str, str]:
    """The word for the half of the data at the end of a run's name, and what stands before it."""
    parts = re.split(r"[/\\_.\- ]+", label.strip("/\\"))
    found = phase(parts[-1]) if parts else ""
    return found, label.strip("/\\")[: -len(parts[-1])].rstrip("/\\_.- ") if found else label


def _parted(table: Table, by: str, own: Words, columns: list[str], name_of) -> Table:
    """The table without `by`, and with each of these columns in parts by its words; the parts stand where it stood."""
    own = own.merged()
    taken = set(table.names) - {by, *columns}
    names: list[str] = []
    parts: dict[str, Column] = {}
    masks: dict[int, list[tuple[str, np.ndarray]]] = {}
    shared: dict[tuple[int, str], np.ndarray] = {}
    for name in table.names:
        if name == by:
            continue
        if name not in columns:
            names.append(name)
            if name in table.columns:
                parts[name] = table.columns[name]
            continue
        column = table.columns[name]
        if id(column.rows) not in masks:
            masks[id(column.rows)] = _groups(own, column.rows)
        for label, at in masks[id(column.rows)]:
            part = _unique(clean(name_of(label, name)) or name, taken)
            taken.add(part)
            names.append(part)
            rows = shared.setdefault((id(column.rows), label), column.rows[at])
            parts[part] = Column(rows, column.values[at])
    kept = {name: found for name, found in table.words.items() if name != by}
    return replace(table, names=tuple(names), columns=parts, words=kept)


def _unique(name: str, taken: set[str]) -> str:
    """The name, numbered where it is taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name[: MOST_LETTERS - 10]} ({number})"
    return found


def _groups(own: Words, rows: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """For each word that these rows have: the places among them, rising; rows without a word last, as ""."""
    codes = own.at(rows)
    order = np.argsort(codes, kind="stable")
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    found = [("" if codes[at[0]] < 0 else own.labels[codes[at[0]]], at) for at in np.split(order, ends) if len(at)]
    rank = {label: at for at, label in enumerate(("train", "val", "test"))}
    named = [pair for pair in found if pair[0]]
    named.sort(key=lambda pair: rank.get(pair[0], -1))
    empty = [at for label, at in found if not label]
    return [*named, ("", np.sort(np.concatenate(empty)))] if empty else named


def unfilled(table: Table) -> Table:
    """The table without the zeros of validation that only fill a cell that was not logged: all but every k-th is 0."""
    columns = dict(table.columns)
    for name in table.curves:
        column = table.columns[name]
        if table.meanings[name].whose != "validation" or not table.meanings[name].is_loss:
            continue
        given = column.values != 0
        if not given.all() and _in_rhythm(np.flatnonzero(given), len(given)):
            columns[name] = Column(column.rows[given], column.values[given])
    filled = [name for name in table.curves if columns[name] is not table.columns[name]]
    if not filled:
        return table
    who = f"Columns {listed(filled)} are" if len(filled) > 1 else f"Column {filled[0]} is"
    note = f"{who} 0 in all rows between validations; such cells count as empty."
    return replace(table, columns=columns, notes=(*table.notes, note))


def alternating(table: Table) -> Table:
    """The table without NaN that only fills a cell that was not logged.

    Columns that are never finite in one row fill each other's rows; and a column that has a number every ten rows, and
    NaN between, is one that was logged every ten rows. NaN in a row where no such column is finite stays: that is a run
    that diverged.
    """
    holed = [name for name in table.curves if np.isnan(table.columns[name].values).any()]
    finite = {}
    for name in holed[:MOST_ALTERNATING]:
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
        elif _in_rhythm(np.flatnonzero(~is_nan), len(is_nan)):
            keep = ~is_nan
        if not keep.all():
            columns[name] = Column(column.rows[keep], column.values[keep])
    filled = [name for name in finite if columns[name] is not table.columns[name]]
    if not filled:
        return table
    who = f"Columns {listed(filled)} are" if len(filled) > 1 else f"Column {filled[0]} is"
    note = f"{who} NaN in rows that hold another's numbers; such cells count as empty."
    return replace(table, columns=columns, notes=(*table.notes, note))


def _in_rhythm(at: np.ndarray, count: int) -> bool:
    """True where numbers come every k-th row, k > 1, from the beginning to the end."""
    if len(at) < 3:
        return False
    apart = np.diff(at)
    usual = int(np.median(apart))
    return usual > 1 and bool(np.mean(apart == usual) >= MOSTLY and at[0] <= usual and count - 1 - at[-1] <= usual)
