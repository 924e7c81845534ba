"""Where to draw the line between positive and negative, from the examples that a model has learned from."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.metrics import DecisionMetric, confusion


def best_thresholds(metric: DecisionMetric, target: Any, score: Any, **params: Any) -> np.ndarray:
    """The threshold, in units of the score, at which the metric is best: one for each of its parameters' values [...].

    Every decision that these examples can tell apart is tried: a threshold halfway between two neighbouring scores,
    minus infinity (everything is positive) and infinity (nothing is). Of several that are equally good it is the one in
    their middle. NaN where the metric is undefined for all. Raises what `confusion` raises.
    """
    distinct = np.unique(np.asarray(score, dtype=float))
    cuts = np.concatenate([[-np.inf], (distinct[1:] + distinct[:-1]) / 2, [np.inf]])
    found = metric.value(confusion(target, score, cuts), **{name: np.asarray(v)[..., None] for name, v in params.items()})
    gain = np.where(np.isnan(found), -np.inf, found if metric.best == "high" else -found)
    rows = gain.reshape(-1, len(cuts))
    best = np.array([middle(row) for row in rows])
    return np.where(best < 0, np.nan, cuts[best]).reshape(gain.shape[:-1])


def middle(gain: np.ndarray) -> int:
    """Where the largest stands, or the middle one of several; -1 of none."""
    places = np.flatnonzero((gain == gain.max()) & np.isfinite(gain))
    return int(places[len(places) // 2]) if len(places) else -1
