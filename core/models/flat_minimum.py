"""The middle of the minimisers of a constant, where the minimum of a smooth convex objective is flat."""

from __future__ import annotations

import numpy as np

from core.models.fit_problem import FitProblem, kinks
from core.models.newton import NewtonResult, derivatives, is_stationary
from core.numerics import midpoint

NEAR = 1e-9  # of the numbers compared


def middle_of_minimum(problem: FitProblem, found: NewtonResult) -> np.ndarray:
    """The constants [P, 1] that Newton's method found, each moved to the middle of its minimum where that is flat.

    A flat piece reaches from kink to kink. (Huber's loss with a small delta and two groups of as many
    points: anywhere between them, all are farther than delta, and nothing changes.)
    """
    theta = found.theta.copy()
    for rows in problem.chunks():
        part, constant, offsets = problem.take(rows), theta[rows], kinks(problem.take(rows))
        if offsets.shape[1] == 0:
            continue
        residual = constant - part.target
        nearest = np.min([np.abs(residual - offset[:, None]).min(axis=1) for offset in offsets.T], axis=0)
        at_an_end = nearest <= NEAR * (np.abs(part.target).max(axis=1) + np.abs(constant[:, 0]))
        on = np.flatnonzero(at_an_end | ~found.positive_definite[rows])
        if on.size:
            constant[on] = middle_of_flat_piece(part.take(on), offsets[on], constant[on])
    return theta


def middle_of_flat_piece(problem: FitProblem, offsets: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """The middle [P, 1] between the first and the last kink at which the slope is zero.

    offsets: the loss's kinks as residuals [P, m]; theta: minimisers [P, 1], kept where no kink has slope zero.
    """
    present = np.where(problem.weights > 0, problem.target, theta)  # theta itself is a place that changes no answer
    places = np.sort((present[:, :, None] + offsets[:, None, :]).reshape(len(theta), -1), axis=1)
    ends = []
    for sign in (1, -1):  # the first place whose slope is not below zero; from the other side, not above
        seen = places[:, ::sign]
        low, high = np.zeros(len(theta), dtype=int), np.full(len(theta), places.shape[1] - 1)
        while np.any(low < high):
            half = (low + high) // 2
            here = np.take_along_axis(seen, half[:, None], axis=1)
            at = derivatives(problem, here)
            reached = (sign * at.gradient[:, 0] >= 0) | is_stationary(problem, here, at)
            low, high = np.where(reached, low, np.minimum(half + 1, high)), np.where(reached, half, high)
        ends.append(np.take_along_axis(seen, low[:, None], axis=1))
    # No kink has slope zero when the minimum lies between two: then the ends have passed each other, and theta stays.
    return np.where(ends[0] < ends[1], midpoint(*ends), theta)
