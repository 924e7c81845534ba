"""Smooth curves, noise and linear trends of values."""

from __future__ import annotations

import numpy as np

BLOCKS = 200  # a longer curve is judged by the medians of so many blocks
WINDOW = 10  # the moving mean is a tenth of the curve wide
SHORT = 6  # values at least for either
NORMAL = 1.4826  # a normal's standard deviation in median absolute deviations


def smooth_values(value: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """The indices of blocks of values [m], int [b], the smooth curve there [b], and the values in one mean.

    Medians first, so that spikes of one value vanish, then moving means; either end has half a window.
    """
    size = -(-len(value) // BLOCKS)
    if size < 3:
        blocks = median_of_three(value)
        block = np.arange(len(value))
    else:
        whole = len(value) // size * size
        blocks = np.median(value[len(value) - whole :].reshape(-1, size), axis=1)
        block = np.arange(len(blocks)) * size + size // 2 + len(value) - whole
    # Means one by one: running sums would lose the early losses of a run that blew up.
    half = max(1, len(blocks) // (2 * WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(blocks, half, constant_values=np.nan), 2 * half + 1)
    return block, np.nanmean(windows, axis=1), size * (2 * half + 1)


def median_of_three(value: np.ndarray) -> np.ndarray:
    """The median of each value and its two neighbours, [m]: a spike vanishes, a step stays."""
    smooth = value.copy()
    if len(value) > 2:
        smooth[1:-1] = np.median(np.lib.stride_tricks.sliding_window_view(value, 3), axis=1)
    return smooth


def noise_deviation(value: np.ndarray, order: int = 2) -> float:
    """The standard deviation of independent noise on a smooth curve, from its differences of an order, 2 or 3."""
    if len(value) <= order:
        return 0.0
    width = np.sqrt({2: 6.0, 3: 20.0}[order])  # of the differences of independent numbers
    return NORMAL * float(np.median(np.abs(np.diff(value, order)))) / float(width)


def linear_drop(value: np.ndarray, place: np.ndarray, part: int, fewest: int = SHORT) -> tuple[float, float]:
    """The fall of the least-squares line through the last 1/part of the curve, and its standard error."""
    count = max(fewest, len(value) // part)
    value, place = value[-count:], place[-count:]
    if len(value) < 2:
        return 0.0, 0.0
    centred = place - place.mean()
    square = float((centred * centred).sum())
    if square == 0:  # beside a place that is far off all others are one
        return 0.0, 0.0
    slope = float((centred * value).sum()) / square
    residual = value - value.mean() - slope * centred
    # Second differences see jumps from value to value, the line's residuals also wander that lasts for several.
    scatter = max(noise_deviation(value), NORMAL * float(np.median(np.abs(residual))))
    return -slope / part, scatter / float(np.sqrt(square)) / part
