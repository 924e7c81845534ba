"""The middle of the minimisers of a constant, where a smooth convex objective has a level bottom."""

from __future__ import annotations

import numpy as np

from core.models.newton import Descent, moments, stationary
from core.models.problem import Problem, kinks
from core.numerics import midpoint

NEAR = 1e-9  # of the numbers compared


def middle(problem: Problem, descent: Descent) -> np.ndarray:
    """The constants [P, 1] of a descent, each moved to the middle of the level stretch that it lies on, if it does.

    A stretch without curvature reaches from kink to kink. (Huber's loss with a small delta and two groups of as many
    points: anywhere between them, all are farther than delta, and nothing changes.)
    """
    theta = descent.theta.copy()
    for rows in problem.chunks():
        part, constant, bends = problem.take(rows), theta[rows], kinks(problem.take(rows))
        if bends.shape[1] == 0:
            continue
        residual = constant - part.target
        nearest = np.min([np.abs(residual - bend[:, None]).min(axis=1) for bend in bends.T], axis=0)
        at_an_end = nearest <= NEAR * (np.abs(part.target).max(axis=1) + np.abs(constant[:, 0]))
        on = np.flatnonzero(at_an_end | ~descent.curved[rows])
        if on.size:
            constant[on] = widened(part.take(on), bends[on], constant[on])
    return theta


def widened(problem: Problem, bends: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """[P, 1]: the middle between the first and the last kink on the way up whose slope is zero."""
    present = np.where(problem.weights > 0, problem.target, theta)  # theta itself is a place that changes no answer
    places = np.sort((present[:, :, None] + bends[:, None, :]).reshape(len(theta), -1), axis=1)
    ends = []
    for sign in (1, -1):  # the first place whose slope is not below zero; from the other side, not above
        seen = places[:, ::sign]
        low, high = np.zeros(len(theta), dtype=int), np.full(len(theta), places.shape[1] - 1)
        while np.any(low < high):
            half = (low + high) // 2
            here = np.take_along_axis(seen, half[:, None], axis=1)
            at = moments(problem, here)
            reached = (sign * at.gradient[:, 0] >= 0) | stationary(problem, here, at)
            low, high = np.where(reached, low, np.minimum(half + 1, high)), np.where(reached, half, high)
        ends.append(np.take_along_axis(seen, low[:, None], axis=1))
    # No place is level when the minimum lies between two: then the ends have passed each other, and theta stays.
    return np.where(ends[0] < ends[1], midpoint(*ends), theta)
