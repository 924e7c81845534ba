"""Tables with one row for each run, as dashboards and searches export them: they hold no curve."""

from __future__ import annotations

import re

import numpy as np

from core.logs.names.meaning import parse_name
from core.logs.names.vocabulary import RUN_COLUMNS, STATUS_COLUMNS, word_set
from core.logs.names.words import enumeration, split_words
from core.logs.tables.table import Table, is_column_of

MIN_SHARE = 0.9  # of the rows that have a run of their own
HYPERPARAMETER = re.compile(r"(?:params?|hparams?|config)[._/ ]", re.IGNORECASE)
FINISHED_STATES = word_set(
    "finished running crashed failed killed complete completed pruned fail waiting scheduled terminated error success "
    "stopped preempted"
)


def one_row_per_run(table: Table) -> str:
    """The sentence on why a table with a row for each run holds no curve; "" for any other table.

    Name,State,train_loss,val_loss
    run-1,finished,0.31,0.42
    """
    count = len(table.rows)
    if (
        count < 2
        or not table.columns
        or any(_is_increasing(table, name) for name in table.columns if parse_name(name).axis)
    ):
        return ""
    for name, own in table.label_columns.items():
        labels = [label for label in own.labels if label]
        if is_column_of(name, STATUS_COLUMNS) and labels and all(label.lower() in FINISHED_STATES for label in labels):
            others = [other for other in table.label_columns if other != name]
            which = enumeration([*others[:1], name])
            return f"Each row is another run ({which}), with one number of each kind; that is no curve."
    hyper = [name for name in table.names if HYPERPARAMETER.match(name)]
    for name, own in table.label_columns.items():
        is_run = is_column_of(name, RUN_COLUMNS) or split_words(name) in (["name"], ["model"])
        used = len(np.unique(own.codes))
        if is_run and used >= MIN_SHARE * count and len(own.rows) >= MIN_SHARE * count:
            return f"Each row is another run (column {name}), with one number of each kind; that is no curve."
    varied = [name for name in hyper if name not in table.columns or len(set(table.columns[name].values.tolist())) > 1]
    if varied and len(varied) < len(table.names):
        return f"Each row is another run (column {varied[0]}), with one number of each kind; that is no curve."
    return ""


def _is_increasing(table: Table, name: str) -> bool:
    """True where the column mostly rises from row to row, as an axis does."""
    values = table.columns[name].values
    return len(values) > 1 and bool(np.mean(values[1:] >= values[:-1]) > 0.5 and len(np.unique(values)) > 1)
