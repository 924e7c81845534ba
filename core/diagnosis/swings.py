"""Regular swings of a curve about its trend, by the autocorrelation of its second half."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MIN_SWING_VALUES = 8  # values in which a period can be seen
CYCLES = 3  # and periods of it
SAME = 0.75  # of the highest crest


class Swings(NamedTuple):
    """The swings of a curve; NaN where it is too short to say."""

    regular: float  # correlation of the curve with itself a period later, less what chance gives; 1 is a clock
    period: float  # in values
    width: float  # from trough to crest: between the 5 % and the 95 % quantile
    growth: float  # deviation in the later half over that in the earlier
    sudden: float  # share of the period from trough to crest; little where a rate is raised again at each restart


BINS = 12  # of a period, to find its trough and its crest
NO_SWINGS = Swings(np.nan, np.nan, np.nan, np.nan, np.nan)


def measure_swings(value: np.ndarray) -> Swings:
    """The swings of the second half of the values [m], without a trend up to a parabola."""
    tail = value[-max(MIN_SWING_VALUES, len(value) // 2) :]
    count = len(tail)
    if count < MIN_SWING_VALUES:
        return NO_SWINGS
    x = np.linspace(-1.0, 1.0, count)
    powers = np.linalg.qr(np.stack([np.ones(count), x, x * x], axis=1))[0]
    rest = tail - powers @ (powers.T @ tail)
    # What rounding leaves of a smooth curve is no swing.
    if np.abs(rest).max() <= 1e-12 * np.abs(tail).max():
        return NO_SWINGS
    spectrum = np.abs(np.fft.rfft(rest, 2 * count)) ** 2
    lags = np.fft.irfft(spectrum)[:count] / np.arange(count, 0, -1)
    correlation = lags[: count // CYCLES + 1] / lags[0]
    below = np.flatnonzero(correlation < 0)
    low, high = np.quantile(rest, [0.05, 0.95])
    width = float(high - low)
    half = count // 2
    growth = float(rest[half:].std() / max(rest[:half].std(), np.finfo(float).tiny))
    if not below.size or below[0] == count // CYCLES:
        return Swings(0.0, np.nan, width, growth, np.nan)
    after = correlation[below[0] :]
    # The first crest that is about as high as the highest: where a period is no whole number of values, twice or three
    # times it may fit better.
    crest = (after >= np.append(after[1:], -1.0)) & (after >= np.append(-1.0, after[:-1]))
    peak = int(below[0] + np.argmax(crest & (after >= SAME * after.max())))
    # Independent noise has correlations of deviation 1/√count, and the largest of many is looked at.
    chance = 1 / np.sqrt(count)
    trough = -float(correlation[:peak].min())
    regular = min(float(correlation[peak]), 1.5 * trough) - chance
    return Swings(regular, float(peak), width, growth, suddenness(rest, peak))


def suddenness(rest: np.ndarray, period: int) -> float:
    """The share of the period in which the mean cycle rises from its trough to its crest."""
    bins = min(BINS, period)
    phase = np.arange(len(rest)) % period * bins // period
    cycle = np.bincount(phase, rest, bins) / np.bincount(phase, minlength=bins)
    return float((cycle.argmax() - cycle.argmin()) % bins / bins)
