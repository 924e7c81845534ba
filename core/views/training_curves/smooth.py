"""A long curve, smoothed at a few of its points for every weight of a slider at once."""

from __future__ import annotations

import numpy as np

WEIGHTS = np.array([*np.linspace(0.0, 0.9, 19), 0.95, 0.98, 0.99])
POINTS = 600  # of a smoothed curve


def smoothed_at(kept: np.ndarray, values: np.ndarray) -> np.ndarray:
    """`core.logs.exponential_average` at these points alone, for every weight at once: [weights, kept].

    One number after the other, a long log would take seconds: here each stretch between two points is one sum.
    """
    finite = np.isfinite(values)
    there = finite[kept]
    frames = np.repeat(values[None, kept], len(WEIGHTS), axis=0)
    if not there.any():
        return frames
    known, at = values[finite], np.cumsum(finite)[kept[there]] - 1
    scale = np.abs(known).max() or 1.0  # so that no sum is beyond what a float holds
    ends = np.concatenate([[-1], at])
    back = np.arange(np.diff(ends).max())
    rows = at[:, None] - back
    within = rows > ends[:-1, None]
    powers = WEIGHTS ** back[:, None]
    sums, counts = np.where(within, known[rows] / scale, 0.0) @ powers, within @ powers
    for row, gap in enumerate(np.diff(at), start=1):
        sums[row] += WEIGHTS**gap * sums[row - 1]
        counts[row] += WEIGHTS**gap * counts[row - 1]
    frames[:, there] = (scale * (sums / counts)).T
    return frames
