"""Examples and counts that several tests share."""

import itertools

import numpy as np

from core.metrics import Confusion


def examples(count=300, rate=0.1, seed=0, digits=1):
    """Labels and scores; few digits make ties."""
    random = np.random.default_rng(seed)
    target = (random.random(count) < rate).astype(float)
    return target, random.normal(2 * target - 2, 1.5).round(digits)


def small_counts(most=3):
    """Every confusion whose four counts are at most `most`, along one axis."""
    return Confusion(*np.array(list(itertools.product(range(most + 1), repeat=4)), dtype=float).T)
