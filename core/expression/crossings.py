"""The places where a function changes its sign, for many settings of its parameters at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

ROUNDS = 50  # of bisection at most, where a secant does not help
CLOSE = 4 * np.finfo(float).eps  # relative: two neighbours among the numbers


def crossings(function: Callable[[np.ndarray], np.ndarray], grid: np.ndarray) -> np.ndarray:
    """Where a function is 0 between or at the points of a grid, rising, [runs, places]; NaN where a run has fewer.

    function: of x [runs, points], the same shape back, each run with its own parameters; of x [points] at first.
    grid: float64 [points], rising. Two zeros between neighbours of the grid are not found.
    """
    values = np.atleast_2d(function(grid))
    sign = np.sign(values)
    # Where the sign becomes another one, and at both ends of a stretch on which it is 0. NaN has no sign.
    changes = (sign[:, :-1] != sign[:, 1:]) & ~np.isnan(sign[:, :-1] + sign[:, 1:])
    zero = sign == 0
    alone = zero[:, 1:-1] & ~zero[:, :-2] & ~zero[:, 2:]  # a single point is no stretch: it has one place
    changes[:, 1:] &= ~alone
    run, left = np.nonzero(changes)
    most = max(np.bincount(run, minlength=1).max(), 1)
    column = np.arange(len(run)) - np.searchsorted(run, run)
    low, high, at_low, at_high = np.full((4, len(sign), most), np.nan)
    low[run, column], high[run, column] = grid[left], grid[left + 1]
    at_low[run, column], at_high[run, column] = values[run, left], values[run, left + 1]
    below = np.sign(at_low)
    for _ in range(ROUNDS):
        near = CLOSE * np.maximum(1.0, np.abs(low) + np.abs(high))
        if not np.any(high - low > 2 * near):
            break
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            secant = low - at_low * ((high - low) / (at_high - at_low))
        # Both sides of where a straight line would be 0, which most kinks are; then the middle.
        tried = np.concatenate([secant - near, secant + near, 0.5 * (low + high)], axis=1)
        for x, value in zip(np.split(tried, 3, axis=1), np.split(function(tried), 3, axis=1), strict=True):
            inside = (low < x) & (x < high)
            before = np.sign(value) == below
            low, at_low = np.where(inside & before, x, low), np.where(inside & before, value, at_low)
            high, at_high = np.where(inside & ~before, x, high), np.where(inside & ~before, value, at_high)
    high = np.where(high - low > 2 * CLOSE * np.maximum(1.0, np.abs(high)), high, 0.5 * (low + high))
    exact = np.pad(alone, ((0, 0), (1, 1)))[run, left + 1]  # on the grid, without rounding
    high[run[exact], column[exact]] = grid[left[exact] + 1]
    return high
