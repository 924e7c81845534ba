"""Lists of numbers in a JSON document as the columns of one table."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from core.logs.names.meaning import parse_name
from core.logs.names.words import enumeration, printable
from core.logs.tables.table import Column, Table
from core.logs.tables.table_builder import TableBuilder

DOCUMENT, BOOSTING = "JSON", "Boosting evals_result"

MAX_EPOCHS = 1_000  # a list of more numbers without a count is one number a step
_BOOSTING_SETS = re.compile(r"(?:(?:validation|valid|eval|test|train)_?\d*|training|learn|eval)/[^/]+")
_BOOSTING_METRICS = re.compile(
    r"(?:binary_|multi_|m)?(?:logloss|error)|rmse|rmsle|mae|mape|auc|aucpr|ndcg|map|l1|l2|huber|fair|poisson|gamma"
    r"|tweedie|quantile|cross_entropy|kullback_leibler|average_precision|auc_mu",
    re.IGNORECASE,
)


def table_of_lists(lists: dict[str, list[Any]], notes: list[str]) -> tuple[str, Table]:
    """The format and the table of lists, each a column: {"loss": [0.9, 0.7], "val_loss": [0.8, 0.75]}.

    A shorter list, as of a validation every 5 epochs, is spread over the longest where the lengths allow it. Lists
    without a count of their own are counted: by iterations for boosting, by epochs for a few losses.
    """
    builder = TableBuilder("Record")
    longest = max(map(len, lists.values()))
    lengths = sorted({len(cells) for cells in lists.values()})
    boosting = all(_BOOSTING_SETS.fullmatch(name) for name in lists) and any(
        _BOOSTING_METRICS.fullmatch(name.rpartition("/")[2]) for name in lists
    )
    kind = BOOSTING if boosting else DOCUMENT
    spread = not notes and len(lengths) == 2 and lengths[0] > 1 and longest % lengths[0] == 0
    every = longest // lengths[0] if spread else 1
    for name, cells in lists.items():
        step = every if len(cells) < longest else 1
        builder.add([name], np.arange(1, len(cells) + 1) * step, [cells])
    if spread:
        short = printable(enumeration([name for name, cells in lists.items() if len(cells) < longest]))
        notes = [*notes, f"{short}: {lengths[0]} numbers where the longest list has {longest}; they are taken for "
                         f"every {every}th place."]  # fmt: skip
    elif len(lengths) > 1:
        notes = [*notes, f"The lists have {lengths[0]} to {longest} numbers; the missing ones count as empty."]
    table = builder.table(notes)
    if longest < 2 or any(meaning.axis for meaning in table.meanings.values()):
        return kind, table
    rows = table.rows
    if boosting:
        name, values, where = "iteration", rows - 1.0, "iterations, counted from 0"
    elif longest <= MAX_EPOCHS and any(map(is_loss_name, table.columns)):
        name, values, where = "epoch", rows.astype(float), "epochs, counted from 1"
    else:
        return kind, table
    note = f"The lists have no count of their own; their places are the {where}."
    columns = {name: Column(rows, values), **table.columns}
    return kind, replace(table, names=(name, *table.names), columns=columns, notes=(*table.notes, note))


def merge_xy_lists(lists: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Lists {"loss": {"train": {"x": [...], "y": [...]}}} on one x, called "step"; other lists as they are."""
    ends = {path: path.rpartition("/") for path in lists}
    curves = [above for above, _, last in ends.values() if last == "y" and f"{above}/x" in lists]
    if not curves:
        return lists
    rows: dict[Any, int] = {}
    for curve in curves:
        for x in lists[f"{curve}/x"]:
            rows.setdefault(x, len(rows))
    order = sorted(rows, key=lambda x: (not isinstance(x, float), x if isinstance(x, float) else 0.0))
    rows = {x: at for at, x in enumerate(order)}
    merged: dict[str, list[Any]] = {"step": order}
    for curve in curves:
        cells: list[Any] = [None] * len(order)
        for x, y in zip(lists[f"{curve}/x"], lists[f"{curve}/y"], strict=False):
            cells[rows[x]] = y
        merged[curve or "value"] = cells
    taken = {f"{curve}/{last}" for curve in curves for last in "xy"}
    return merged | {path: cells for path, cells in lists.items() if path not in taken and path != "step"}


def is_loss_name(name: str) -> bool:
    """True for the name of a loss."""
    return parse_name(name).is_loss
