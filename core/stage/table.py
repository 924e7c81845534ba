"""A stage's numbers as a CSV file, in full precision."""

from __future__ import annotations

import csv as csv_module
import io
from collections.abc import Mapping
from typing import Any

from core.stage.stage import Stage

FORMULA = ("=", "+", "-", "@")  # how a formula begins


def csv(stage: Stage, values: Mapping[str, float]) -> str:
    """The stage's table at these values of its sliders: one line of names, then one line a row; empty where
    undefined."""
    if stage.table is None:
        raise ValueError(f"{stage.name} has no table to save")
    columns = stage.table(values)
    out = io.StringIO()
    writer = csv_module.writer(out, lineterminator="\n")
    writer.writerow(map(cell, columns))
    for row in zip(*columns.values(), strict=True):
        writer.writerow(cell(value) for value in row)
    return out.getvalue()


def cell(value: Any) -> str:
    """A value as it is written. Words that a spreadsheet would take for a formula, such as =1+1, get a quote before."""
    if isinstance(value, str):
        return f"'{value}" if value.lstrip()[:1] in FORMULA and value.strip() else value
    return "" if value != value else f"{value:.12g}"
