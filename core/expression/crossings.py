"""The places where a function changes its sign, for many settings of its parameters at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

BISECTIONS = 50


def crossings(function: Callable[[np.ndarray], np.ndarray], grid: np.ndarray) -> np.ndarray:
    """Where a function is 0 between or at the points of a grid, rising, [runs, places]; NaN where a run has fewer.

    function: of x [runs, points], the same shape back, each run with its own parameters; of x [points] at first.
    grid: float64 [points], rising. Two zeros between neighbours of the grid are not found.
    """
    sign = np.atleast_2d(np.sign(function(grid)))
    # Where the sign becomes another one, and at both ends of a stretch on which it is 0. NaN has no sign.
    changes = (sign[:, :-1] != sign[:, 1:]) & ~np.isnan(sign[:, :-1] + sign[:, 1:])
    zero = sign == 0
    alone = zero[:, 1:-1] & ~zero[:, :-2] & ~zero[:, 2:]  # a single point is no stretch: it has one place
    changes[:, 1:] &= ~alone
    run, left = np.nonzero(changes)
    most = max(np.bincount(run, minlength=1).max(), 1)
    column = np.arange(len(run)) - np.searchsorted(run, run)
    low, high = np.full((2, len(sign), most), np.nan)
    below = np.zeros((len(sign), most))
    low[run, column], high[run, column], below[run, column] = grid[left], grid[left + 1], sign[run, left]
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        before = np.sign(function(middle)) == below
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    exact = np.pad(alone, ((0, 0), (1, 1)))[run, left + 1]  # on the grid, without rounding
    high[run[exact], column[exact]] = grid[left[exact] + 1]
    return high
