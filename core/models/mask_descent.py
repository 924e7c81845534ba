"""Gradient descent of a disc with a soft edge, so that a loss of its mask falls: four numbers under the chain rule.

The score of a pixel is (radius - distance from the middle) / softness. The numbers that learn are x, y and the radius
in pixels, and the logarithm of the softness in tenths: one learning rate suits all four then. A radius below 0 is no
error: no pixel is predicted any more, and the scores still have slopes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.losses.masks import MaskLoss
from core.metrics.masks import jaccard_index, mask_confusion
from core.models.mask_prediction import MIDDLES
from core.optimizers import Optimizer

BOUND = 300.0  # of x, y, radius and log softness: beyond it a descent has diverged
UNITS = np.array([1.0, 1.0, 1.0, 0.1])  # of x, y, radius and log softness: one step of 1 in what learns


class MaskPaths(NamedTuple):
    """Descents of a disc, each [runs, steps + 1, ...]: x, y, radius and softness [4], and the IoU of its hard mask.

    NaN and 0 once a descent has diverged.
    """

    discs: np.ndarray
    iou: np.ndarray


class SoftDisc:
    """The scores of the pixels of soft discs, of x, y, radius and log softness [..., 4]."""

    def __init__(self, params: np.ndarray) -> None:
        x, y, radius, log_softness = (params[..., number, None] for number in range(4))
        self.across, self.down = MIDDLES - x, MIDDLES - y
        self.distance = np.sqrt(self.across[..., None, :] ** 2 + self.down[..., :, None] ** 2)
        self.sharpness = np.exp(-log_softness)
        self.scores = (radius[..., None] - self.distance) * self.sharpness[..., None]  # [..., h, w]

    def grad(self, of_scores: np.ndarray) -> np.ndarray:
        """The gradient in the four numbers, [..., 4], from that in the scores [..., h, w]. A pixel in the very middle
        moves neither x nor y."""
        near = np.divide(of_scores, self.distance, out=np.zeros(self.distance.shape), where=self.distance > 0)
        x = (near.sum(axis=-2) * self.across).sum(axis=-1)
        y = (near.sum(axis=-1) * self.down).sum(axis=-1)
        moved = np.stack([x, y, of_scores.sum(axis=(-2, -1))], axis=-1) * self.sharpness
        softened = -(of_scores * self.scores).sum(axis=(-2, -1))
        return np.concatenate([moved, softened[..., None]], axis=-1)


def descend_mask(
    loss: MaskLoss, target: np.ndarray, start: np.ndarray, optimizer: Optimizer, steps: int, rate: np.ndarray
) -> MaskPaths:
    """The descents of a loss at its starts (the values its sliders start at), one in each run.

    target: masks of 0 and 1, [runs, h, w]. start: x, y, radius and softness, [runs, 4]. rate: [runs].
    """
    to_learn = np.concatenate([start[:, :3], np.log(start[:, 3:])], axis=1) / UNITS
    nowhere = np.full_like(to_learn, np.nan)
    state = optimizer.init(to_learn)
    discs, overlaps = [], []
    for _ in range(steps + 1):
        params = to_learn * UNITS
        sound = (np.abs(params) < BOUND).all(axis=-1)[:, None]
        disc = SoftDisc(np.where(sound, params, 0.0))
        discs.append(np.where(sound, params, nowhere))
        overlaps.append(jaccard_index(mask_confusion((disc.scores >= 0) & sound[..., None], target)))
        grad = disc.grad(loss.grad(disc.scores, target, **loss.starts))
        after, state = optimizer.step(to_learn, grad * UNITS, state, lr=rate)
        to_learn = np.where(sound, after, nowhere)
    path = np.stack(discs, axis=1)
    return MaskPaths(np.concatenate([path[..., :3], np.exp(path[..., 3:])], axis=-1), np.stack(overlaps, axis=1))
