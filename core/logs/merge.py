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

_COPY = re.compile(r"\s*\(\d+\)(?=\.\w+$|$)")  # what a browser adds to a name that is there already


def merge_splits(logs: Mapping[str, Log]) -> dict[str, Log]:
    """The logs by the same names, those of one run's training and validation joined under the name of training."""
    names, files = list(logs), list(logs.values())
    partners = dict(split_pairs(files))
    gone = set(partners.values())
    return {
        name: merge_pair(file, files[partners[at]]) if at in partners else file
        for at, (name, file) in enumerate(zip(names, files, strict=True))
        if at not in gone
    }


def split_pairs(logs: Sequence[Log]) -> list[tuple[int, int]]:
    """Which logs hold the training and the validation of one run: places in `logs`.

    Their names differ in the word for the half alone, each holds one run with one loss, and they count the same thing.
    """
    partners: dict[tuple[object, ...], dict[str, list[int]]] = {}
    for at, log in enumerate(logs):
        half, rest = _split_in_name(log.name)
        run = log.runs[0] if len(log.runs) == 1 else None
        if half and run is not None and run.unit != "row" and (run.train is None) != (run.validation is None):
            partners.setdefault((*rest, run.unit), {}).setdefault(half, []).append(at)
    return sorted(
        (own["train"][0], own["validation"][0])
        for own in partners.values()
        if {half: len(places) for half, places in own.items()} == {"train": 1, "validation": 1}
    )


def _split_in_name(name: str) -> tuple[str, list[str]]:
    """Which half of the data a file's name says that it is of, and the other words of the name."""
    own = split_words(_COPY.sub("", name))
    half = "validation" if set(own) & VALIDATION else "train" if set(own) & TRAINING else ""
    return half, [word for word in own if word not in TRAINING | VALIDATION]


def merge_pair(train: Log, validation: Log) -> Log:
    """One log of the two: the rows of validation stand below those of training."""
    table = _stack_tables(train.runs[0], validation.runs[0])
    run, notes = build_run("", table)
    said = f"{validation.name} is taken as the validation of {train.name}, by their names."
    notes = list(dict.fromkeys([said, *train.notes, *validation.notes, *notes]))
    name = printable(f"{train.name} + {validation.name}")
    return Log(name, train.format, (run,), run.series, table.names, tuple(notes), table)


def _stack_tables(train: Run, validation: Run) -> Table:
    names: list[str] = []
    columns: dict[str, Column] = {}
    axis: list[Column] = []
    below = int(train.table.rows[-1])
    for half, run, offset in (("train", train, 0), ("validation", validation, below)):
        for name in run.table.names:
            column = run.table.columns.get(name)
            if column is None:
                continue
            own = Column(column.rows + offset, column.values)
            if name == run.x_name:
                axis.append(own)
                continue
            called = (
                run.table.name_in_file_name if run.table.name_in_file_name and not parse_name(name).is_loss else name
            )
            called = called if parse_name(called).split else f"{half}/{called}"
            if called in columns or run.table.meanings[name].is_undirected or run.table.meanings[name].axis:
                called = f"{half}/{name}"
            names.append(called)
            columns[called] = own
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
