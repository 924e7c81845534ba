"""The best decision thresholds on a training set."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.metrics import DecisionMetric, confusion
from core.metrics.counts import examples


def best_thresholds(metric: DecisionMetric, target: Any, score: Any, **params: Any) -> np.ndarray:
    """The threshold at which the metric is best, in units of the score: one for each of its parameters' values [...].

    target: [n], 0 or 1; score: [n], predicted positive above the threshold; params: the metric's, broadcasting.

    It is one of `candidate_thresholds`, of several that are equally good the one in their middle. At minus infinity all
    are predicted positive, at infinity none. NaN where the metric is undefined for all. Raises what `confusion` and the
    metric raise.
    """
    tried = candidate_thresholds(*examples(target, score))
    settings = {name: value[..., None] for name, value in metric.with_defaults(params).items()}
    found = metric.value(confusion(target, score, tried), **settings)
    best = (np.fmax if metric.best == "high" else np.fmin).reduce(found, axis=-1, keepdims=True)  # NaN only of NaN
    equal = found == best
    rank = equal.cumsum(axis=-1)  # 1 at the first that is as good, 2 at the second ...
    middle = np.argmax(rank == rank[..., -1:] // 2 + 1, axis=-1)
    return np.where(equal.any(axis=-1), tried[middle], np.nan)


def candidate_thresholds(target: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The thresholds that can be best, rising: halfway between two neighbouring scores, or infinite.

    Where only positives lie right below a threshold, or only negatives right above, the next threshold has one mistake
    less and no other more, so it is at least as good under any metric and the first one is left out. With a rare class
    few remain. (The first and the last finite ones stay, since a metric may be undefined at an infinite one.)
    """
    distinct, place, count = np.unique(score, return_inverse=True, return_counts=True)
    positives = np.bincount(place, target, minlength=len(distinct))
    below, above = distinct[:-1], distinct[1:]
    best = (positives < count)[:-1] & (positives > 0)[1:]
    best[:1] = best[-1:] = True
    between = below / 2 + above / 2  # the sum could be beyond the largest number
    between = np.where(between > below, between, above)  # between two neighbours in float64 there is none
    return np.concatenate([[-np.inf], between[best], [np.inf]])
