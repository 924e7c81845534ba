"""The ROC curve, the precision-recall curve and the calibration curve of scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.metrics.counts import Confusion, confusion, examples, ratio
from core.numerics import sigmoid
from core.record import FiniteSet, numbers


@dataclass(frozen=True, eq=False)
class Curve:
    """Points of float64 [points], by thresholds that fall from +inf; a coordinate is NaN where it is undefined."""

    x: np.ndarray
    y: np.ndarray
    thresholds: np.ndarray


@dataclass(frozen=True, eq=False)
class Calibration:
    """Bins of probability: `edges` [bins + 1]; mean probability, share of positives and number of examples [bins].

    Of several models, or of the winners among several classes: [..., bins], and the share of right winners.
    """

    edges: np.ndarray
    predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray

    @property
    def error(self) -> np.ndarray:
        """The expected calibration error [...]: the mean gap between observed and predicted, over the examples."""
        gaps = np.nansum(self.count * np.abs(self.observed - self.predicted), axis=-1)
        return gaps / self.count.sum(axis=-1)


def roc(target: Any, score: Any) -> Curve:
    """The ROC curve of labels [n] and scores [n]: false positive rate (x), true positive rate (y).

    It has a point for each distinct score, and goes from (0, 0) to (1, 1).
    Without negatives x is undefined, without positives y. Raises ValueError as `confusion` does.
    """
    thresholds, counts = _every_decision(target, score)
    return Curve(ratio(counts.fp, counts.negatives), ratio(counts.tp, counts.positives), thresholds)


def precision_recall(target: Any, score: Any) -> Curve:
    """The precision-recall curve of labels [n] and scores [n]: recall (x), precision (y).

    It has a point for each distinct score, after one where nothing is predicted positive: there precision is undefined
    (scikit-learn puts a 1). Without positives recall is undefined. Raises ValueError as `confusion` does.
    """
    thresholds, counts = _every_decision(target, score)
    return Curve(ratio(counts.tp, counts.positives), ratio(counts.tp, counts.predicted_positive), thresholds)


def _every_decision(target: Any, score: Any) -> tuple[np.ndarray, Confusion]:
    target, score = examples(target, score)
    thresholds = np.append(np.inf, np.unique(score)[::-1])
    return thresholds, confusion(target, score, thresholds)


class _Counts(FiniteSet):
    def __str__(self) -> str:
        return f"a whole number from {min(self.values)} to {max(self.values)}"


BIN_COUNTS = _Counts(tuple(range(1, 101)))


def calibration(target: Any, score: Any, bins: Any = 10) -> Calibration:
    """The calibration curve of labels [n] and scores [n], in `bins` bins of probability of equal width.

    NaN stands where a bin is empty. Raises ValueError as `confusion` does, and for `bins` other than 1 ... 100.
    """
    target, score = examples(target, score)
    bins = numbers("bins", bins, BIN_COUNTS)
    if bins.ndim:
        raise ValueError(f"bins must be one number, got shape {bins.shape}")
    bins = int(bins)
    edges, p = np.linspace(0.0, 1.0, bins + 1), sigmoid(score)
    # An edge belongs to the bin below it, as in Guo et al. and in scikit-learn: of ten bins, 0.5 lies in the fifth.
    place = np.searchsorted(edges[1:-1], p)
    count = np.bincount(place, minlength=bins).astype(np.float64)
    predicted, observed = (ratio(np.bincount(place, of, minlength=bins), count) for of in (p, target))
    return Calibration(edges, predicted, observed, count)
