"""Predictions for three classes as the points of a triangle, and what a loss asks for there under true probabilities.

Probabilities are [..., 3], of the classes A, B and C. In the triangle A is at the top, B on the right, C on the left: y
is the probability of A, and x that of B and half of A's. With heights drawn sqrt(3)/2 as long as widths it is
equilateral.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np

from core.losses import Loss
from core.losses.link import SOFTMAX
from core.numerics import log_softmax

HEIGHT = float(np.sqrt(3) / 2)  # of an equilateral triangle whose sides are 1
LEAST = 1e-3  # a probability of 0 on a grid is taken as about this one: its logarithm would be infinite
EXACT = 1e-9  # a difference of probabilities that is rounding
INTERIOR = 22  # steps to a side of the grid on which losses are checked: 210 points inside


def probabilities(first: Any, share: Any) -> np.ndarray:
    """[..., 3] of the probability of A and the share of B in the rest: every pair in [0, 1] is a distribution."""
    first, share = np.broadcast_arrays(np.asarray(first, dtype=float), share)
    return np.stack([first, (1 - first) * share, (1 - first) * (1 - share)], axis=-1)


def place(q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and y of probabilities [..., 3] in the triangle."""
    return q[..., 1] + q[..., 0] / 2, q[..., 0]


def grid(steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x [columns] and y [rows] of a grid over the triangle, which of it lies inside [rows, columns], and the
    probabilities there [n, 3].

    There are so many steps up, and twice as many across: both slanting sides go through points of every row.
    """
    x, y = np.linspace(0, 1, 2 * steps + 1), np.linspace(0, 1, steps + 1)
    across, up = np.meshgrid(x, y)
    q = np.stack([up, across - up / 2, 1 - across - up / 2], axis=-1)
    inside = np.asarray((q > -EXACT).all(axis=-1))
    return x, y, inside, np.clip(q[inside], 0.0, 1.0)


def interior(steps: int = INTERIOR) -> np.ndarray:
    """The probabilities [n, 3] of a grid inside the triangle: none of them is 0."""
    counts = np.array([(a, b, steps - a - b) for a in range(1, steps) for b in range(1, steps - a)])
    return counts / steps


def scores(loss: Loss, q: np.ndarray) -> np.ndarray:
    """The scores [..., 3] of probabilities; of a loss whose scores have none their logarithms."""
    return (loss.link or SOFTMAX).scores(q)


def cooled(best: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """softmax(z / T) of scores [..., 3]; temperatures [...]."""
    return np.exp(log_softmax(best / temperature[..., None]))


def costs(loss: Loss, z: np.ndarray, **params: np.ndarray) -> np.ndarray:
    """The loss of scores [..., 3] for each of the three labels, [..., 3]; parameters [...]."""
    own = {name: np.asarray(values)[..., None] for name, values in params.items()}
    return loss.value(z[..., None, :], np.arange(z.shape[-1]), **own)


class Asks(IntEnum):
    """What a loss asks for under true probabilities p."""

    PROPER = 0  # p, whatever p is
    EXACT = 1  # p here, but not everywhere
    OTHER = 2  # a prediction inside the triangle that is not p
    CORNER = 3  # one class alone
    MIX = 4  # one class alone, and others would do as well
    LEAD = 5  # a class whose score leads by 1: probabilities are no part of it
    TIE = 6  # equal scores, which name no class


class LossMinimum:
    """Where the expected loss is least, for true probabilities p [n, 3] and as many values of each parameter.

    best: its scores; asked: their probabilities, of a loss whose scores have none their softmax; least: the loss there.
    """

    def __init__(self, loss: Loss, p: np.ndarray, **params: np.ndarray) -> None:
        assert loss.estimates.best
        self.loss, self.p, self.params = loss, p, params
        self.best = loss.estimates.best(p, **{name: values[..., None] for name, values in params.items()})
        self.asked = (loss.link or SOFTMAX).probabilities(self.best)
        self.least = (p * costs(loss, self.best, **params)).sum(axis=-1)

    def off(self, q: np.ndarray) -> np.ndarray:
        """The largest difference of a probability from p, in points, [n]."""
        return 100 * np.abs(q - self.p).max(axis=-1)

    @cached_property
    def asks(self) -> np.ndarray:
        """What the loss asks for: the numbers of Asks, [n]."""
        top = np.sort(self.p, axis=-1)
        if self.loss.link is None:
            return np.where(np.ptp(self.best, axis=-1) > 0, Asks.LEAD, Asks.TIE)
        exact, corner = self.off(self.asked) < EXACT, self.asked.max(axis=-1) > 1 - EXACT
        tied = np.where(top[..., 2] - top[..., 1] < EXACT, Asks.MIX, Asks.CORNER)
        known, which = self.settings
        proper, tried = np.zeros(which.max() + 1, dtype=bool), np.unique(which[exact])
        proper[tried] = is_proper(self.loss, **{name: values[tried] for name, values in known.items()})
        return np.where(exact, np.where(proper[which], Asks.PROPER, Asks.EXACT), np.where(corner, tied, Asks.OTHER))

    @cached_property
    def settings(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """The different values of the parameters, each [settings], and which of them each of the n has."""
        every = np.stack([*self.params.values(), np.zeros(len(self.p))])
        known, which = np.unique(every, axis=1, return_inverse=True)
        return dict(zip(self.params, known, strict=False)), which.ravel()

    def over(self, q: np.ndarray) -> np.ndarray:
        """The expected loss of predictions [m, 3], [n, m]; a probability of 0 is taken as about LEAST."""
        known, which = self.settings
        z = scores(self.loss, (q + LEAST) / (1 + 3 * LEAST))
        own = costs(self.loss, z, **{name: values[:, None] for name, values in known.items()})  # [settings, m, 3]
        return (self.p[:, None] @ np.broadcast_to(own, (which.max() + 1, *z.shape))[which].swapaxes(1, 2))[:, 0]


def is_proper(loss: Loss, **params: np.ndarray) -> np.ndarray:
    """Whether a loss asks for exactly p, whatever p is, on a grid inside the triangle; parameters [...]: bool [...]."""
    p = interior()
    best = loss.estimates.best
    assert best
    z = best(p, **{name: np.asarray(values)[..., None, None] for name, values in params.items()})
    shape = np.broadcast_shapes(*map(np.shape, params.values()), (1,))
    if loss.link is None:
        return np.zeros(shape, dtype=bool)
    return np.broadcast_to((np.abs(loss.link.probabilities(z) - p) < EXACT).all(axis=(-2, -1)), shape)
