"""Patterns that a straight line through the second half of a curve misses: a sudden drop, leaps, slow swings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.diagnosis.loss_curve import LATE, LossCurve
from core.diagnosis.smoothing import SHORT, linear_drop, median_of_three

LATEST = (0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # places from which a drop is looked for
BEFORE = 0.06  # of the run that the curve stays up before it drops, at least
FINE = 60  # values below which they are looked at one by one
WIDE = 0.15  # of the run that a drop may take: the smooth curve alone widens it to a tenth
HIGH, LOW = 0.85, 0.15  # of its depth, between which it drops
CLEAR_SHAPE = 6.0  # times the noise of the smooth curve: less is no shape
MEANS = 400  # of a longer curve leaps are seen in the means of so many parts, or twice as many
EARLY = 0.1  # of the run, in which a rise belongs to the start
LEAP = 4.5  # times the noise of a mean
SLOW = 0.12  # of the run that a rise takes, or else it is a jump


class Drop(NamedTuple):
    """A fall within a small part of the run, after which the curve stays down."""

    depth: float  # 0 for none
    before: int  # the last value above it, among the values
    after: float  # share of the run that follows it
    falling: float  # fall of the rest of the run by a straight line, less its error, in depths


NO_DROP = Drop(0.0, 0, 0.0, np.nan)


def find_drop(curve: LossCurve, sure: float) -> Drop:
    """The first drop late in the run by eight times the noise or more."""
    place, smooth, wide = curve.place[curve.block], curve.smooth, WIDE
    if len(curve.value) < FINE:
        # Of few values the smooth curve would be too smooth.
        smooth, wide = median_of_three(curve.value), max(WIDE, 2.2 / len(curve.value))
    for latest in LATEST:
        if curve.place[0] > latest or len(smooth) < 2 * SHORT:
            continue
        depth = curve.at(latest) - curve.end
        if depth <= 8 * curve.noise:
            continue
        up = np.flatnonzero(smooth > curve.end + HIGH * depth)
        down = np.flatnonzero(smooth > curve.end + LOW * depth)
        if not up.size or down[-1] + 1 >= len(smooth):
            continue
        begins, ends = place[up[-1]], place[down[-1] + 1]
        if begins - latest < BEFORE or ends - begins > wide:
            continue
        # What only comes back to where it was does not drop.
        if smooth[: up[-1] + 1].min() < curve.end + depth / 2:
            continue
        # The values themselves say where it begins: the smooth curve begins half a window before.
        high = np.flatnonzero((curve.value > curve.end + 0.7 * depth) & (curve.place <= ends))
        rest = curve.place > ends
        fall, error = linear_drop(curve.value[rest], curve.place[rest], 1, 2) if rest.sum() >= 3 else (np.nan, np.nan)
        return Drop(float(depth), int(high[-1]), 1 - float(ends), float(fall - sure * error) * (1 - ends) / depth)
    return NO_DROP


class Leaps(NamedTuple):
    """Sudden rises after which a curve comes back down, as where a learning rate restarts."""

    times: int
    last: int  # the value before the last of them
    before: float  # the lowest of the smooth curve before it
    fall: float  # from there to the end


NO_LEAPS = Leaps(0, -1, np.nan, np.nan)


def find_leaps(curve: LossCurve, fall_unit: float) -> Leaps:
    """The leaps by a tenth of `fall_unit` or more from which the curve came back down by three quarters."""
    size = max(1, len(curve.value) // MEANS)
    count = len(curve.value) // size
    skipped = len(curve.value) - count * size
    value = (curve.value[skipped:].reshape(count, size) / size).sum(axis=1)
    noise = curve.noise / float(np.sqrt(size))
    width = max(2, count // 40)
    if count < 20 * width:
        return NO_LEAPS
    sums = np.concatenate([[0.0], np.cumsum(value / count)]) * count
    mean = (sums[width:] - sums[:-width]) / width  # of the values from each one on
    rise = mean[width:] - mean[:-width]  # at i: the values from i + width on over those before
    least = max(fall_unit / 10, LEAP * noise * float(np.sqrt(2 / width)))
    # Of a slow rise three times the width has three times as much. And a place where nothing near rises by more.
    around = mean[np.minimum(np.arange(len(rise)) + 2 * width, len(mean) - 1)]
    around = around - mean[np.maximum(np.arange(len(rise)) - width, 0)]
    near = np.lib.stride_tricks.sliding_window_view(np.pad(rise, width, constant_values=-np.inf), 2 * width + 1)
    found = np.flatnonzero((rise >= least) & (rise >= around / 2) & (rise >= near.max(axis=1)))
    if not found.size:
        return NO_LEAPS
    # What comes later has to be down again, and what came before must have been down by itself.
    later = np.minimum.accumulate(mean[::-1])[::-1]
    early = EARLY * count
    back = [at for at in found if at + width > early and later[at + width] <= mean[at] + rise[at] / 4]
    if not back:
        return NO_LEAPS
    before = float(mean[back[-1]])
    return Leaps(len(back), skipped + int(back[-1] + width) * size - 1, before, before - curve.end)


def slow_swing_height(curve: LossCurve) -> float:
    """The height of a slow rise between two falls that ends about where it began; 0 for any other curve."""
    smooth, place = curve.smooth, curve.place[curve.block]
    up = smooth - np.minimum.accumulate(smooth)
    down = smooth - np.minimum.accumulate(smooth[::-1])[::-1]
    crest = int(np.argmax(np.minimum(up, down)))
    trough = int(np.argmin(smooth[: crest + 1]))
    rise = float(smooth[crest] - smooth[trough])
    came_down = float(smooth[: trough + 1].max() - smooth[trough])
    lowest = float(smooth[crest:].min())
    if place[crest] - place[trough] < SLOW or down[crest] < rise / LATE or lowest < smooth[trough] - rise / 4:
        return 0.0
    return max(0.0, min(rise, came_down) - CLEAR_SHAPE * curve.noise / float(np.sqrt(curve.window)))
