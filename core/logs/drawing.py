"""Curves for drawing: fewer points, or an exponential average."""

from __future__ import annotations

import math

import numpy as np

MIN_DRAWN = 8


def thin_points(x: np.ndarray, y: np.ndarray, most: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    """At most `most` of the points (x, y), both [n], in their order; all of them where they are no more.

    The first and the last are kept, and of every stretch the lowest, the highest and the first that is NaN, infinity
    or minus infinity: spikes stay as high as they are and gaps stay gaps. Raises ValueError for x and y that do not
    match, and for fewer than 8 points.
    """
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"x and y must have one shape [n], got {x.shape} and {y.shape}")
    if most < MIN_DRAWN:
        raise ValueError(f"most must be at least {MIN_DRAWN}, got {most}")
    count = len(y)
    if count <= most:
        return x, y
    finite = np.isfinite(y)
    kinds = [] if finite.all() else [np.isnan(y), y == np.inf, y == -np.inf]
    stretches = (most - 2) // (2 + len(kinds))
    size = -(-count // stretches)

    def fold(values: np.ndarray, filling: float) -> np.ndarray:
        return np.append(values, np.full(-count % size, filling)).reshape(-1, size)

    starts = np.arange(0, count, size)
    keep = np.zeros(count, dtype=bool)
    keep[[0, -1]] = True
    keep[starts + fold(np.where(finite, y, np.inf), np.inf).argmin(axis=1)] = True
    keep[starts + fold(np.where(finite, y, -np.inf), -np.inf).argmax(axis=1)] = True
    for kind in kinds:
        first = fold(kind, False).argmax(axis=1)
        keep[(starts + first)[kind[starts + first]]] = True
    return x[keep], y[keep]


def exponential_average(values: np.ndarray, weight: float) -> np.ndarray:
    """The exponential moving average of values [n], corrected for its start, as TensorBoard draws it; float64 [n].

    m_t = sum_i w^(t-i) v_i / sum_i w^(t-i) over the finite v_i up to t. NaN and infinities stay where they are, and the
    average goes on after them as if they were not there. Raises ValueError for a weight outside [0, 1).
    """
    if not 0 <= weight < 1:
        raise ValueError(f"weight must be at least 0 and less than 1, got {weight!r:.80}")
    average = total = 0.0
    result = []
    for value in np.asarray(values, dtype=np.float64).tolist():
        if not math.isfinite(value):
            result.append(value)
            continue
        total = weight * total + 1.0
        share = 1.0 / total
        average = average * (1.0 - share) + value * share
        result.append(average)
    return np.array(result, dtype=np.float64)


def exponential_averages(values: np.ndarray, weights: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """`exponential_average` of values [n] for every weight at once, at rising indices `kept` alone: [weights, kept].

    A long log would take seconds one number after the other: here each stretch between two indices is one sum.
    """
    finite = np.isfinite(values)
    there = finite[kept]
    found = np.repeat(values[None, kept], len(weights), axis=0)
    if not there.any():
        return found
    known, at = values[finite], np.cumsum(finite)[kept[there]] - 1
    scale = np.abs(known).max() or 1.0  # so that no sum is beyond what a float holds
    ends = np.concatenate([[-1], at])
    back = np.arange(np.diff(ends).max())
    rows = at[:, None] - back
    within = rows > ends[:-1, None]
    powers = weights ** back[:, None]
    sums, counts = np.where(within, known[rows] / scale, 0.0) @ powers, within @ powers
    for row, gap in enumerate(np.diff(at), start=1):
        sums[row] += weights**gap * sums[row - 1]
        counts[row] += weights**gap * counts[row - 1]
    found[:, there] = (scale * (sums / counts)).T
    return found
