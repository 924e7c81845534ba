"""Writes vision_snippets.json: what the code of losses of boxes and masks computes when the libraries run it.

    make reference

snippets.py says how each program is run. The parameters are at their defaults, at their starts, and each at both ends
of its slider with the others at their starts. Boxes are [n, 4]; scores of masks [n, 1, h, w], of NumPy and PyTorch
[n, h, w] too, and [n, h, w, 1] for Keras; masks have the axis of length 1 or not.
"""

from __future__ import annotations

import numpy as np

from core.losses import BOX_LOSSES, MASK_LOSSES
from tests.losses.cases import one_at_a_time
from tests.reference.snippets import Snippets
from tests.reference.vision import ops  # noqa: F401, as torchvision is loaded there

CHANNEL = {"Keras": -1}  # the axis of length 1 of scores, where it is not after that of the masks
UNIT = [0.0, 0.0, 1.0, 1.0]
SCORES = [[0.2, -1.3, 2.1, 0.7], [1.5, 0.5, -4.0, 3.0], [-0.3, 0.1, 0.0, 1.9]]
MORE_SCORES = [[2.2, -0.6, 0.4, 0.3], [-1.0, 5.5, 1.1, -2.0], [-1.4, -1.5, -2.5, -0.5]]
SMALL, LARGE = [[0, 0, 1, 0], [0, 0, 1, 1], [0, 0, 0, 0]], [[1, 1, 1, 0], [1, 1, 1, 1], [0, 1, 1, 1]]
EMPTY, FULL = np.zeros((3, 4), dtype=int).tolist(), np.ones((3, 4), dtype=int).tolist()
FAR = [[1e4, -1e4, -745.0, 700.0], [40.0, -30.0, 1e4, -1e4]]
# Batches by name: predictions and targets.
BATCHES = {
    "box": {
        "mixed": (
            [
                [0.1, 0.2, 2.1, 1.7],
                [3.0, 0.5, 4.2, 2.5],
                [0.3, 0.2, 0.7, 0.9],
                [-1.0, -2.0, 3.0, 4.0],
                [0.5, -0.6, 0.8, 2.9],
                [-2.5, 1.5, 3.5, 2.25],
            ],
            [
                [0.0, 0.0, 2.0, 2.0],
                [0.25, 0.75, 1.25, 1.5],
                UNIT,
                [0.0, 1.0, 1.5, 3.0],
                [-0.5, 0.0, 2.5, 1.25],
                [-0.25, -1.0, 1.75, 3.0],
            ],
        ),
        "no overlap": ([[2.5, 0.1, 3.5, 1.2], [-4.0, -3.0, -2.0, -2.5]], [UNIT, [0.0, 1.0, 2.0, 4.0]]),
        "one middle": ([[0.2, 0.3, 0.8, 0.7], [-1.0, -1.5, 2.0, 2.5]], [UNIT, UNIT]),
        "one pair": ([[0.2, -0.4, 1.6, 0.9]], [UNIT]),
        "whole pixels": (
            [[12.0, 20.0, 110.0, 216.0], [301.0, 98.0, 430.0, 164.0], [5.0, 7.0, 21.0, 90.0]],
            [[10.0, 24.0, 118.0, 200.0], [290.0, 105.0, 410.0, 177.0], [200.0, 40.0, 230.0, 80.0]],
        ),
        "equal and touching": ([UNIT, UNIT, UNIT], [UNIT, [1.0, 0.0, 2.0, 1.0], [1.0, 1.0, 2.0, 2.0]]),
        "without a width": ([[0.2, 0.1, 0.2, 0.7], [3.0, 1.0, 3.0, 2.0]], [UNIT, UNIT]),
        "without an area": ([[0.2, 0.3, 0.2, 0.3], [0.5, 0.5, 0.5, 1.5]], [UNIT, [0.5, 0.5, 0.5, 1.5]]),
    },
    "mask": {
        "mixed": ([SCORES, MORE_SCORES, SCORES], [SMALL, LARGE, LARGE]),
        "one mask": ([MORE_SCORES], [SMALL]),
        "one pixel of the object": ([[[0.7]]], [[[1]]]),
        "one pixel of the background": ([[[0.7]]], [[[0]]]),
        "an empty one among others": ([SCORES, MORE_SCORES, SCORES], [SMALL, EMPTY, LARGE]),
        "all empty": ([SCORES, MORE_SCORES], [EMPTY, EMPTY]),
        "all full": ([SCORES, MORE_SCORES], [FULL, FULL]),
        "sure": ([[[-5.9, 5.9, -5.9], [5.9, 3.0, -4.0]]], [[[0, 1, 1], [0, 1, 0]]]),
        "far, right": ([FAR], [[[1, 0, 0, 1], [1, 0, 1, 0]]]),
        "far, wrong": ([FAR], [[[0, 1, 1, 0], [0, 1, 0, 1]]]),
    },
}


def of_the_whole(record, pred, target, params):
    """This project's value of a batch, its derivative in each prediction, and which derivatives lie on a kink.

    One of a box does where two edges meet, one of a mask where nothing is wrong, as a power has no slope there.
    """
    value, grad = record.value(pred, target, **params), record.grad(pred, target, **params) / len(pred)
    if record.family == "mask":
        kinked = value[:, None, None] < 1e-12
    else:
        edges = np.concatenate([pred, target], axis=1).reshape(-1, 4, 2)  # of each axis the four that may meet
        kinked = (np.diff(np.sort(edges, axis=1), axis=1) == 0).any(axis=(1, 2))[:, None]
    return value.mean(), grad, np.broadcast_to(kinked, grad.shape)


def shapes(record, library, pred, target):
    """The same batch in every shape in which people have it."""
    if record.family == "box":
        return [(pred, target)]
    axis = CHANNEL.get(library, 1)
    scores, labels = np.expand_dims(pred, axis), np.expand_dims(target, axis)
    return [(scores, labels), (scores, target)] + [(pred, target)] * (library in ("NumPy", "PyTorch"))


if __name__ == "__main__":
    for family, losses in (("box", BOX_LOSSES), ("mask", MASK_LOSSES)):
        assert all(loss.family == family for loss in losses.values())
    Snippets(
        {**BOX_LOSSES, **MASK_LOSSES}, BATCHES, lambda record: record.family, one_at_a_time, of_the_whole, shapes
    ).write(__file__)
