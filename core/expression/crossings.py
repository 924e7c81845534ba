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
    crossed = sign[:, :-1] * sign[:, 1:] < 0
    # A function that is 0 all along, such as r - r, has no place.
    at = (sign[:, 1:] == 0) & (sign[:, :-1] != 0)
    run, left = np.nonzero(crossed | at)
    most = max(np.bincount(run, minlength=1).max(), 1)
    column = np.arange(len(run)) - np.searchsorted(run, run)
    low, high = np.full((2, len(sign), most), np.nan)
    below = np.zeros((len(sign), most))
    low[run, column], high[run, column], below[run, column] = grid[left], grid[left + 1], sign[run, left]
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        before = np.sign(function(middle)) == below
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return high
