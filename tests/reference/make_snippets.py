"""Writes snippets.json: what the code to copy computes when NumPy, PyTorch, Keras, scikit-learn and Optax run it.

    make reference

snippets.py says how each program is run. The settings are the low end, the default, the start and the high end of every
slider; predictions and targets stand as [n], as [n, 1], as one of each and as [n/3, 3].
"""

from __future__ import annotations

import numpy as np

from core.losses import FAMILIES, LOSSES
from core.models.objectives import OBJECTIVES
from tests.losses.cases import settings
from tests.reference.snippets import Snippets

RECORDS = dict(LOSSES) | {key: objective for key, objective in OBJECTIVES.items() if key not in LOSSES}

MIXED_SCORES = [
    [0.2, -1.3, 2.1, 0.7],
    [1.5, 0.5, -4.0, 3.0],
    [-0.3, 0.1, 0.0, 1.9],
    [2.2, -0.6, 0.4, 0.4],
    [0.0, 5.5, 1.1, -2.0],
    [-1.0, -1.5, -2.5, -0.5],
]
# Batches by name: predictions and targets. No residual or margin lies on a kink, unless the name says so.
BATCHES = {
    "regression": {
        "mixed": ([2.6, 1.4, 9.0, 0.3, 1.15, 3.93], [3, 1, 5, 2, 1, 4]),
        "too high": ([4.25, 1.75, 9.5], [3, 1, 5]),
        "too low": ([1.25, 0.25, 4.6], [3, 1, 5]),
        "one example": ([2.3], [4]),
        "fractions and signs": ([-3.2, 0.7, 12.6, -0.41], [-2.2, 0.25, 7.5, -0.5]),
        "targets of 0 and 1": ([0.7, 0.2, 1.85], [0, 0, 1]),
        "far": ([1e4, -1e4, 30.6], [0.5, 7.25, 2.0]),
        "far, positive": ([1e4, 1e-3, 2e3], [0.75, 6, 9000]),
        "no error: a kink": ([3.0, 1.0, 5.0], [3, 1, 5]),
    },
    "binary": {
        "mixed": ([-2.0, 1.0, 0.3, -0.7, 2.5, -1.2], [0, 1, 1, 0, 0, 1]),  # its second margin is hinge's kink
        "all positive": ([2.0, -0.5, 1.3], [1, 1, 1]),
        "all negative": ([2.0, -0.5, 1.3], [0, 0, 0]),
        "one positive": ([0.7], [1]),
        "one negative": ([0.7], [0]),
        "sure": ([-5.9, 5.9, -5.9, 5.9, 3.0, -4.0], [0, 1, 1, 0, 1, 0]),
        "far, right": ([-1e4, 1e4, -745.0, 700.0, 40.0, -30.0], [0, 1, 0, 1, 1, 0]),
        "far, wrong": ([-1e4, 1e4, -745.0, 700.0, 40.0, -30.0], [1, 0, 1, 0, 0, 1]),
        "a score of 0: a kink": ([0.0, 0.0], [0, 1]),
    },
    "multi-class": {
        "mixed": (
            MIXED_SCORES,
            [2, 0, 3, 1, 1, 2],
        ),
        "one class only": ([[0.2, -1.3, 2.1], [1.5, 0.5, -4.0], [-0.3, 0.1, 0.0]], [1, 1, 1]),
        "one example": ([[0.2, -1.3, 2.1]], [2]),
        "two classes": ([[0.2, -1.3], [1.4, 2.2], [-3.0, 3.0]], [0, 0, 1]),
        "far": ([[1e4, -1e4, 0.0], [-700.0, 20.0, 60.0], [1e4, 0.0, 9990.0]], [1, 2, 0]),
    },
    "multi-class, probabilities": {  # of losses whose code takes these as target
        "mixed": (
            MIXED_SCORES,
            [
                [0.1, 0.2, 0.6, 0.1],
                [0.25, 0.25, 0.25, 0.25],
                [0.05, 0.05, 0.1, 0.8],
                [0.7, 0.1, 0.1, 0.1],
                [0.4, 0.3, 0.2, 0.1],
                [0.01, 0.01, 0.97, 0.01],
            ],
        ),
        "labels": ([[0.2, -1.3, 2.1], [1.5, 0.5, -4.0], [-0.3, 0.1, 0.0]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]]),
        "one example": ([[0.2, -1.3, 2.1]], [[0.5, 0.25, 0.25]]),
        "two classes": ([[0.2, -1.3], [1.4, 2.2], [-3.0, 3.0]], [[0.5, 0.5], [0.9, 0.1], [0.01, 0.99]]),
        "far": ([[1e4, -1e4, 0.0], [-700.0, 20.0, 60.0], [1e4, 0.0, 9990.0]], [[0.2, 0.3, 0.5]] * 3),
    },
}


def batches_of(record):
    """The name of the batches that its code is for."""
    return record.family + (", probabilities" if record.soft_targets else "")


def of_the_whole(record, pred, target, params):
    """This project's value of a batch, its derivative in each prediction, and which derivatives lie on a kink."""
    if record.key not in LOSSES:
        return record.value(pred, target, **params), record.grad(pred, target, **params), np.zeros(pred.shape, bool)
    value = record.value(pred, target, **params)
    coordinate = FAMILIES[record.family].coordinate
    place = coordinate(pred, target) if coordinate else np.zeros_like(pred)
    kinks = record.kinks(**params) if coordinate else []
    kinked = np.logical_or.reduce([np.abs(place - kink) < 1e-9 for kink in kinks], initial=False)
    grad = record.grad(pred, target, **params) / value.size
    return value.mean(), grad, np.broadcast_to(kinked, grad.shape)


def shapes(record, _, pred, target):
    """The same batch in every shape in which people have it."""
    if FAMILIES[record.family].pred_axes:
        return [(pred, target)] if target.shape == pred.shape else [(pred, target), (pred, target[:, None])]
    column = [(pred, target), (pred[:, None], target[:, None]), (pred[:, None], target), (pred, target[:, None])]
    return column + ([(pred.reshape(-1, 3), target.reshape(-1, 3))] if pred.size % 3 == 0 else [])


if __name__ == "__main__":
    Snippets(RECORDS, BATCHES, batches_of, settings, of_the_whole, shapes).write(__file__)
