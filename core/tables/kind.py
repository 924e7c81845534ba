"""What a table holds, by its names and its numbers."""

from __future__ import annotations

import numpy as np

from core.tables.model_columns import target_columns
from core.tables.prediction_columns import guess_columns, named_as_prediction, resembles
from core.tables.score_columns import class_models, label_columns, named_as_label, named_as_score
from core.tables.table import DataTable


def guess_kind(table: DataTable) -> str:
    """What a table holds.

    "classes": labels of several classes, and a number for each. "scores": labels of two, and a model's scores of them.
    "numbers": a truth and predictions of it. "table": a target and features, for models that are still to be fitted.
    """
    labels = label_columns(table)
    if any(len(classes) > 2 and class_models(table, label) for label, classes in labels.items()):
        return "classes"
    two = [name for name, classes in labels.items() if len(classes) == 2 and named_as_label(name)]
    others = [name for name in table.numbers if name not in two]
    if two and any(named_as_score(name) or within_unit(table.numbers[name].values) for name in others):
        return "scores"
    if not two and (any(map(named_as_prediction, table.numbers)) or holds_predictions(table)):
        return "numbers"
    return "table" if target_columns(table) else "numbers"


def holds_predictions(table: DataTable) -> bool:
    """Whether every other column of numbers resembles the one that is named as a truth."""
    guess = guess_columns(table)
    numbers = {name: table.numbers[name].values for name in (guess.truth, *guess.models) if name}
    return (
        named_as_label(guess.truth)
        and len(numbers) > 1
        and all(resembles(numbers[guess.truth], numbers[name]) for name in guess.models)
    )


def within_unit(values: np.ndarray) -> bool:
    """Whether all numbers that there are lie from 0 to 1, and not only at its ends, as probabilities do."""
    there = values[np.isfinite(values)]
    return bool(((there >= 0) & (there <= 1)).all() and ((there > 0) & (there < 1)).any())
