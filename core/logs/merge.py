"""Merges two files of one run: run-train-tag-loss.csv and run-validation-tag-loss.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.logs.log import Log
from core.logs.names.meaning import parse_name
from core.logs.names.vocabulary import TRAINING, VALIDATION
from core.logs.names.words import printable, split_words
from core.logs.run import Run, build_run
from core.logs.tables.table import Column, Table

_COPY = re.compile(r"\s*\(\d+\)(?=\.\w+$|$)")  # what a browser adds to the name of a second download


def merge_splits(logs: Mapping[str, Log]) -> dict[str, Log]:
    """The logs by their names; two files of one run are one log, under the name of the training file."""
    names, files = list(logs), list(logs.values())
    partners = dict(split_pairs(files))
    gone = set(partners.values())
    return {
        name: merge_pair(file, files[partners[at]]) if at in partners else file
        for at, (name, file) in enumerate(zip(names, files, strict=True))
        if at not in gone
    }


def split_pairs(logs: Sequence[Log]) -> list[tuple[int, int]]:
    """The pairs of logs that hold training and validation of one run: indices (train, validation) in `logs`.

    The two names differ only in the word for the split, each file holds one run with one loss, and both count the same.
    """
    partners: dict[tuple[object, ...], dict[str, list[int]]] = {}
    for at, log in enumerate(logs):
        split, rest = _split_in_name(log.name)
        run = log.runs[0] if len(log.runs) == 1 else None
        if split and run is not None and run.unit != "row" and (run.train is None) != (run.validation is None):
            partners.setdefault((*rest, run.unit), {}).setdefault(split, []).append(at)
    return sorted(
        (own["train"][0], own["validation"][0])
        for own in partners.values()
        if {split: len(places) for split, places in own.items()} == {"train": 1, "validation": 1}
    )


def _split_in_name(name: str) -> tuple[str, list[str]]:
    """The split in a file's name, "train", "validation" or "", and the other words of the name."""
    words = split_words(_COPY.sub("", name))
    split = "validation" if set(words) & VALIDATION else "train" if set(words) & TRAINING else ""
    return split, [word for word in words if word not in TRAINING | VALIDATION]


def merge_pair(train: Log, validation: Log) -> Log:
    """One log of the two; the rows of validation follow those of training."""
    table = _stack_tables(train.runs[0], validation.runs[0])
    run, notes = build_run("", table)
    reason = f"{validation.name} is taken as the validation of {train.name}, by their names."
    notes = list(dict.fromkeys([reason, *train.notes, *validation.notes, *notes]))
    name = printable(f"{train.name} + {validation.name}")
    return Log(name, train.format, (run,), run.series, table.names, tuple(notes), table)


def _stack_tables(train: Run, validation: Run) -> Table:
    """The tables of both, with "train/" or "validation/" before names that state no split."""
    names: list[str] = []
    columns: dict[str, Column] = {}
    axis: list[Column] = []
    below = int(train.table.rows[-1])
    for split, run, offset in (("train", train, 0), ("validation", validation, below)):
        for name in run.table.names:
            column = run.table.columns.get(name)
            if column is None:
                continue
            own = Column(column.rows + offset, column.values)
            if name == run.x_name:
                axis.append(own)
                continue
            from_file = "" if parse_name(name).is_loss else run.table.name_in_file_name
            new = from_file or name
            new = new if parse_name(new).split else f"{split}/{new}"
            if new in columns or run.table.meanings[name].is_undirected or run.table.meanings[name].axis:
                new = f"{split}/{name}"
            names.append(new)
            columns[new] = own
    rows, values = (np.concatenate([getattr(one, part) for one in axis]) for part in ("rows", "values"))
    along = train.x_name
    return replace(
        train.table,
        names=(along, *names),
        columns={along: Column(rows, values), **columns},
        rows=np.concatenate([train.table.rows, validation.table.rows + below]),
        notes=(),
        label_columns={},
        name_in_file_name="",
    )
