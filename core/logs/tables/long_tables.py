"""Long tables (`metric,step,value`) into tables with a column for each curve."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from core.logs.names.meaning import parse_name
from core.logs.names.vocabulary import METRIC_COLUMNS, RUN_COLUMNS, word_set
from core.logs.names.words import MAX_NAME_LENGTH, printable, split_label, split_words
from core.logs.tables.table import Column, LabelColumn, Table, is_column_of

MAX_METRICS = 1000  # of a long table
MIN_LABEL_SHARE = 0.9  # of the cells of a column
METRIC_COLUMN_WORDS = word_set(
    "metric key tag variable measure scalar field"
)  # names of a column that holds names of metrics
VALUE_COLUMNS = word_set("value values y scalar number")
CLOCK_COLUMNS = word_set("time timestamp wall date datetime elapsed runtime relative")


def names_curves_or_splits(name: str, own: LabelColumn) -> bool:
    """True for labels that name curves or splits."""
    splits = [bool(split_label(label)) for label in own.labels if label]
    return (bool(splits) and all(splits)) or _holds_metric_names(name, own)


def split_by_metric(table: Table) -> Table:
    """A long table with a column for each of its curves; any other table as it is.

    metric,step,value              step,train_loss,val_loss
    train_loss,10,0.53       ->    10,0.53,0.58
    val_loss,10,0.58
    """
    for name, own in table.label_columns.items():
        value = _value_column(table, name)
        if value is None or not _holds_metric_names(name, own):
            continue
        return _split_columns(table, name, own, [value], lambda label, _: label)
    return table


def _value_column(table: Table, key: str) -> str | None:
    """The name of the column that holds the numbers of a long table; None where it is not clear."""
    curves = [name for name in table.curve_names if name != key and not set(split_words(name)) & CLOCK_COLUMNS]
    curves = [name for name in curves if not is_column_of(name, RUN_COLUMNS)]
    called = [name for name in curves if split_words(name) and set(split_words(name)) <= VALUE_COLUMNS | {"metric"}]
    return called[0] if called else curves[0] if len(curves) == 1 else None


def _holds_metric_names(name: str, own: LabelColumn) -> bool:
    """True for a column whose labels name metrics."""
    labels = [label for label in own.labels if label]
    if not labels or len(labels) > MAX_METRICS or len(own.rows) < 2:
        return False
    if all(split_label(label) for label in labels):
        return False  # `split,epoch,loss`
    texts = [label for label in labels if not re.fullmatch(r"[-+.\d]+(?:[eE][-+]?\d+)?", label)]
    if len(texts) < MIN_LABEL_SHARE * len(labels):
        return False
    if is_column_of(name, METRIC_COLUMN_WORDS):
        return True
    meanings = [parse_name(label) for label in texts]
    known = sum(bool(one.is_loss or one.more_is_better or one.split) for one in meanings)
    nameless = name.startswith("column ")
    return (is_column_of(name, METRIC_COLUMNS) or nameless) and 2 * known >= len(texts)


def split_by_split_column(table: Table) -> Table:
    """The table with a column for each split, by a column of splits; a table without one as it is.

        split,epoch,loss               epoch,train/loss,val/loss
        train,1,0.53             ->    1,0.53,0.58
        val,1,0.58

    Axes stay whole, and so do columns whose name states a split.
    """
    for name, own in table.label_columns.items():
        is_run = is_column_of(name, RUN_COLUMNS)
        # TensorBoard names a run by its folder, and Keras writes one for each half: "exp1/train".
        ends = [_trailing_split(label) if is_run else (split_label(label), "") for label in own.labels]
        is_phase = np.array([bool(found) for found, _ in ends] or [False])
        if not len(own.codes) or np.mean(is_phase[own.codes]) < MIN_LABEL_SHARE:
            continue
        columns = [
            column
            for column in table.curve_names
            if column != name and not table.meanings[column].split and not is_column_of(column, RUN_COLUMNS)
        ]
        splits = LabelColumn(own.rows, own.codes, tuple(found for found, _ in ends))
        result = _split_columns(
            table, name, splits, columns, lambda label, column: f"{label}/{column}" if label else column
        )
        before = {rest for _, rest in ends}
        if len(before) > 1:
            rest = LabelColumn(own.rows, own.codes, tuple(rest for _, rest in ends)).without_duplicates()
            result = replace(result, label_columns={**result.label_columns, name: rest})
        return result
    return table


def _trailing_split(label: str) -> tuple[str, str]:
    """The split at the end of a run's name and the rest of the name: "exp1/train" -> ("train", "exp1")."""
    parts = re.split(r"[/\\_.\- ]+", label.strip("/\\"))
    found = split_label(parts[-1]) if parts else ""
    return found, label.strip("/\\")[: -len(parts[-1])].rstrip("/\\_.- ") if found else label


def _split_columns(table: Table, by: str, own: LabelColumn, columns: list[str], name_of) -> Table:
    """The table without the column `by`, and with each of `columns` split by its labels, in the place of the column.

    `name_of`: the name of a part, from the label and the column.
    """
    own = own.without_duplicates()
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
            masks[id(column.rows)] = _rows_by_label(own, column.rows)
        for label, at in masks[id(column.rows)]:
            part = _unique(printable(name_of(label, name)) or name, taken)
            taken.add(part)
            names.append(part)
            rows = shared.setdefault((id(column.rows), label), column.rows[at])
            parts[part] = Column(rows, column.values[at])
    label_columns = {name: found for name, found in table.label_columns.items() if name != by}
    return replace(table, names=tuple(names), columns=parts, label_columns=label_columns)


def _unique(name: str, taken: set[str]) -> str:
    """The name, numbered where it is taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name[: MAX_NAME_LENGTH - 10]} ({number})"
    return found


def _rows_by_label(own: LabelColumn, rows: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """For each label of these rows the places among them, rising; rows without a label last, as ""."""
    codes = own.codes_at(rows)
    order = np.argsort(codes, kind="stable")
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    found = [("" if codes[at[0]] < 0 else own.labels[codes[at[0]]], at) for at in np.split(order, ends) if len(at)]
    rank = {label: at for at, label in enumerate(("train", "val", "test"))}
    name_columns = [pair for pair in found if pair[0]]
    name_columns.sort(key=lambda pair: rank.get(pair[0], -1))
    empty = [at for label, at in found if not label]
    return [*name_columns, ("", np.sort(np.concatenate(empty)))] if empty else name_columns
