"""The constant and the straight line that a loss fits, exactly and in batches."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.catalogue import NON_NEGATIVE, REAL
from core.losses import Loss
from core.losses.check import inside
from core.models import ellipsoid, hinges, level, newton, starts
from core.models.problem import Problem, arranged, first


def fit_constant(loss: Loss, target: Any, weights: Any = 1.0, **params: Any) -> np.ndarray:
    """The number whose weighted sum of losses over the last axis is least, float64 [...].

    `target` [..., n] holds the points; `weights` [..., n], or one number, are at least 0, and a point of weight 0 is
    absent. `params` are the loss's parameters, numbers or arrays of the batch's shape [...]; a missing one takes its
    default. All of them broadcast over the batch axes [...]. The answer is in the units of the target.

    A convex loss gets its minimum: by weighted quantiles when it is piecewise linear, else by Newton's method to a
    gradient that is zero up to rounding. When every number of an interval is a minimum (the median of an even number of
    points), the answer is the middle of the interval. A loss that is not convex gets the lowest of the minima that are
    reached from the most promising of many places spread over the targets (`starts`).

    Raises ValueError for a loss that is not a regression loss for predictions on the whole line, for arguments that are
    outside their domain or not finite, for shapes that do not broadcast and for a problem without a point of positive
    weight, TypeError for an unknown parameter, and ArithmeticError if a minimum could not be confirmed.
    """
    problem, batch = arranged(loss, target, weights, params)
    return minimise(problem)[:, 0].reshape(batch)


def fit_line(loss: Loss, x: Any, target: Any, weights: Any = 1.0, **params: Any) -> np.ndarray:
    """The line whose weighted sum of losses over the last axis is least: float64 [..., 2], intercept and slope.

    As `fit_constant`, with `x` [n] or [..., n]. When several lines are equally good, a piecewise linear loss gets the
    middle one of the slopes that occur among them, and the middle one of the intercepts that go with it; another loss
    gets the one that Newton's method reaches from the least-squares line.

    Raises what `fit_constant` raises, and ValueError for a problem with fewer than two different x of positive weight.
    """
    x = np.atleast_1d(inside(loss, "x", x, REAL))
    present = np.atleast_1d(inside(loss, "weights", weights, NON_NEGATIVE)) > 0
    u, centre, spread = standardised(loss, x, present)
    problem, batch = arranged(loss, target, weights, params, u)
    intercept, slope = np.moveaxis(minimise(problem).reshape(*batch, 2), -1, 0)
    slope = slope / spread
    return np.stack([intercept - slope * centre, slope], axis=-1)


def minimise(problem: Problem) -> np.ndarray:
    """theta [P, k]. Which method is a matter of the loss's shape, as its record and its formulas tell it."""
    if len(problem.target) == 0:
        return np.zeros((0, problem.basis.shape[-1]))
    if not problem.loss.convex:
        return starts.lowest_of_several(problem)
    if hinges.straight(problem):
        best = hinges.best_constant if problem.basis.shape[-1] == 1 else hinges.best_line
        return np.concatenate([best(problem.take(rows)) for rows in problem.chunks(elements=32_768)])
    descent = newton.newton(problem, problem.least_squares())
    theta = level.middle(problem, descent) if problem.basis.shape[-1] == 1 else descent.theta
    if np.any(~descent.met):  # the slope jumps where the minimum is
        rest = np.flatnonzero(~descent.met)
        theta[rest] = ellipsoid.minimise(problem.take(rest), theta[rest])
    return theta


def standardised(loss: Loss, x: np.ndarray, present: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x moved and scaled to mean 0 and deviation 1, so that the two columns of a line are well apart.

    Returns u [..., n] and the mean and deviation, [...] as x has batch axes. An absent point has no say in them.
    """
    try:
        shape = np.broadcast_shapes(x.shape, present.shape)
    except ValueError as error:
        raise ValueError(f"x and weights must broadcast, got {x.shape} and {present.shape} ({loss.key})") from error
    points, there = np.broadcast_to(x, shape), np.broadcast_to(present, shape)
    low = np.min(points, axis=-1, where=there, initial=np.inf)
    high = np.max(points, axis=-1, where=there, initial=-np.inf)
    if np.any(single := low >= high):
        raise ValueError(f"x must hold 2 different values of positive weight, got fewer{first(single)} ({loss.key})")
    if x.ndim == 1:  # one x for all: a point counts if any problem of the batch has it
        points, there = x, np.logical_or.reduce(there.reshape(-1, x.size), axis=0)
    centre = np.mean(points, axis=-1, where=there, keepdims=True)
    spread = np.std(points, axis=-1, where=there, keepdims=True)
    return (points - centre) / spread, centre[..., 0], spread[..., 0]
