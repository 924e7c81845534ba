"""Two goals in one loss, w A + (1 - w) B: what each w makes of a constant prediction, and what no w reaches.

A constant is a best compromise if no other one is better in one goal and as good in the other (Pareto). Drawn as points
(mean of A, mean of B) the best compromises are a front. A weighted sum is least where a straight line touches the front
from below: it reaches the parts that are convex, and none of the others (Das, Dennis 1997,
doi:10.1007/BF01197559).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.expression.typed_loss import TypedLoss
from core.expression.usable import refusal, trainable
from core.models.typed_estimates import OUTSIDE
from core.record import SHARE, Param

CONSTANTS = 301
GOLDEN_STEPS = 36  # to 1e-8 of the distance between two constants
ON_HULL = 1e-4  # of the front's height: nearer than that a point is on its convex hull
PRED, TARGET = np.linspace(-3.0, 4.0, 15), np.array([[0.5], [2.0], [3.5]])  # where a loss is looked at
SAME = 1e-9


def two_goals(text: str) -> TypedLoss:
    """The loss that a text is, if it weighs two goals against each other by a parameter, its `goal_weight`.

    Raises ExpressionError, a sentence, for another one, and as `trainable`.
    """
    loss = trainable(text, "regression")
    goal_weight(loss)
    return loss


def goal_weight(loss: TypedLoss) -> Param:
    """The parameter between 0 and 1 in which the loss is linear, from one goal to another."""
    for param in loss.params:
        if param.domain == SHARE:
            at = [loss.value(PRED, TARGET, **loss.starts | {param.name: w}) for w in (0.0, 0.5, 1.0)]
            size = 1 + np.abs(at[0]) + np.abs(at[2])
            linear = np.all(np.abs(at[0] - 2 * at[1] + at[2]) <= SAME * size)
            if linear and np.any(np.abs(at[2] - at[0]) > SAME * size):
                return param
    raise refusal("it does not weigh two goals: type them so, w r^2 + (1 - w) |r|")


@dataclass(frozen=True, eq=False)
class GoalFront:
    """The mean losses of constants on a sample under both goals, at several settings of the other parameters [runs].

    sample: float64 [n]. params: by name, [runs]; without that of the weight.
    """

    loss: TypedLoss
    sample: np.ndarray
    params: Mapping[str, np.ndarray]
    runs: int

    @cached_property
    def constants(self) -> np.ndarray:
        """[c], rising: all over the sample's range and beyond it, and close together where the sample is."""
        room = OUTSIDE * np.ptp(self.sample)
        even = np.linspace(self.sample.min() - room, self.sample.max() + room, CONSTANTS // 3)
        return np.unique([*even, *np.quantile(self.sample, np.linspace(0, 1, CONSTANTS - len(even)))])

    def costs(self, constants: np.ndarray, run: np.ndarray) -> np.ndarray:
        """The mean of goal A and of goal B in runs [m] for constants [c] or [m, c]: [2, m, c]."""
        pred = np.broadcast_to(constants, (len(run), constants.shape[-1]))[..., None]
        own, name = {key: values[run, None, None] for key, values in self.params.items()}, goal_weight(self.loss).name
        return np.stack([self.loss.value(pred, self.sample, **own, **{name: w}).mean(axis=-1) for w in (1.0, 0.0)])

    @cached_property
    def grid(self) -> np.ndarray:
        """The costs of `constants`, [2, runs, c]."""
        return self.costs(self.constants, np.arange(self.runs))

    def best(self, weight: np.ndarray, run: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The constant that costs least for weights [m] in runs [m], and its costs [2, m]."""
        share = np.stack([weight, 1 - weight])[..., None]
        at = (share * self.grid[:, run]).sum(axis=0).argmin(axis=1)
        low, high = (self.constants[np.clip(at + side, 0, len(self.constants) - 1)] for side in (-1, 1))
        golden = (np.sqrt(5) - 1) / 2
        for _ in range(GOLDEN_STEPS):
            pair = np.stack([high - golden * (high - low), low + golden * (high - low)], axis=-1)
            left, right = (share * self.costs(pair, run)).sum(axis=0).T
            low, high = np.where(left <= right, low, pair[:, 0]), np.where(left <= right, pair[:, 1], high)
        found = 0.5 * (low + high)
        return found, self.costs(found[:, None], run)[..., 0]

    @cached_property
    def is_compromise(self) -> np.ndarray:
        """Which constants are a best compromise, [runs, c]."""
        found = np.zeros(self.grid.shape[1:], dtype=bool)
        for run, (first, second) in enumerate(np.moveaxis(self.grid, 1, 0)):
            order = np.lexsort((second, first))
            lowest = np.minimum.accumulate(second[order])
            found[run, order] = np.concatenate([[True], lowest[1:] < lowest[:-1]])
        return found

    @cached_property
    def is_reached(self) -> np.ndarray:
        """Which of the best compromises are the best constant for some weight, [runs, c]: those on the convex hull."""
        found = np.zeros_like(self.is_compromise)
        for run, front in enumerate(self.is_compromise):
            first, second = self.grid[:, run, front]
            order = np.argsort(first)
            hull = lower_hull(first[order], second[order])
            height = np.interp(first, first[order][hull], second[order][hull])
            found[run, front] = second <= height + ON_HULL * np.ptp(second)
        return found


def lower_hull(x: np.ndarray, y: np.ndarray) -> list[int]:
    """The points, by number, at which the lower convex hull of points turns; x rises."""
    hull: list[int] = []
    for at in range(len(x)):
        while len(hull) > 1:
            one, two = hull[-2:]
            if (x[two] - x[one]) * (y[at] - y[one]) > (y[two] - y[one]) * (x[at] - x[one]):
                break
            hull.pop()
        hull.append(at)
    return hull
