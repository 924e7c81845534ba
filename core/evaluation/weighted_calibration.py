"""The calibration curve of rows that have weights, also where positives are more or less frequent than in the file."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.metrics import Calibration
from core.metrics.counts import ratio

BINS = 10  # of probability


def calibration_curve(
    p: np.ndarray, positive: np.ndarray, negative: np.ndarray, odds_ratio: Any = 1.0, *, bins: int = BINS,
    even: bool = False,
) -> Calibration:  # fmt: skip
    """The mean probability and the share of positives in bins of probability, [*odds_ratios, bins]; NaN in empty ones.

    p: probabilities [n]. positive, negative: how often each counts as one, [n]. odds_ratio: by how much positives
    count more, see `Scored.odds_ratio`. The bins have equal width, as in core.metrics; `even`: as many rows each, for
    probabilities that rise.
    """
    edges = np.linspace(0.0, 1.0, bins + 1)
    # An edge belongs to the bin below it.
    place = even_bins(positive + negative, bins) if even else np.searchsorted(edges[1:-1], p)
    sums = [np.bincount(place, weights=of, minlength=bins) for of in (positive, negative, positive * p, negative * p)]
    odds = np.asarray(odds_ratio, dtype=float)[..., None]
    count = odds * sums[0] + sums[1]
    return Calibration(edges, ratio(odds * sums[2] + sums[3], count), ratio(odds * sums[0], count), count)


def even_bins(mass: np.ndarray, bins: int) -> np.ndarray:
    """The bin of each of the rows [n] that count `mass` times and are in order, so that all bins hold as many."""
    return np.minimum((np.cumsum(mass) - mass / 2) / mass.sum() * bins, bins - 1).astype(int)
