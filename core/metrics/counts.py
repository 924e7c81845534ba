"""Confusion matrices: the counts behind every metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.record import BINARY, NON_NEGATIVE, REAL, numbers


@dataclass(frozen=True, eq=False)
class Confusion:
    """True and false positives, false and true negatives: float64 counts of one shape [...].

    Raises ValueError for counts that are negative, not finite, or of different shapes.
    """

    tp: np.ndarray
    fp: np.ndarray
    fn: np.ndarray
    tn: np.ndarray

    def __post_init__(self) -> None:
        counts = {name: numbers(name, value, NON_NEGATIVE) for name, value in vars(self).items()}
        one_shape(**counts)
        for name, count in counts.items():
            object.__setattr__(self, name, count[()])  # a count of shape [] is a number

    def __getitem__(self, place: Any) -> Confusion:
        """The counts at this place of their shape."""
        return Confusion(self.tp[place], self.fp[place], self.fn[place], self.tn[place])

    @property
    def positives(self) -> np.ndarray:
        return self.tp + self.fn

    @property
    def negatives(self) -> np.ndarray:
        return self.fp + self.tn

    @property
    def predicted_positive(self) -> np.ndarray:
        """The number of predicted positives: TP + FP."""
        return self.tp + self.fp

    @property
    def total(self) -> np.ndarray:
        return self.positives + self.negatives


def confusion(target: Any, score: Any, threshold: Any) -> Confusion:
    """The counts at each threshold [...], in its shape, of labels `target` [n] and scores [n].

    An example is predicted positive where its score is at least the threshold: at -inf each is, at +inf none.
    Raises ValueError for labels other than 0 and 1, scores that are not finite, thresholds that are NaN, wrong shapes.
    """
    target, score = examples(target, score)
    threshold = numbers("threshold", threshold)
    if np.isnan(threshold).any():
        raise ValueError("threshold must be a number or infinite, got nan")
    positive, negative = np.sort(score[target == 1]), np.sort(score[target == 0])
    # In rising order the place of a threshold is the number of scores below it.
    fn, tn = np.searchsorted(positive, threshold), np.searchsorted(negative, threshold)
    return Confusion(tp=positive.size - fn, fp=negative.size - tn, fn=fn, tn=tn)


def always_negative(target: Any) -> Confusion:
    """The counts where nothing is predicted positive: the baseline that a rare class makes look good.

    Raises ValueError for labels other than 0 and 1.
    """
    target = numbers("target", target, BINARY)
    return confusion(target, np.zeros_like(target), np.inf)


def examples(target: Any, score: Any) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores as float64 [n] each, checked as `confusion` says."""
    target, score = numbers("target", target, BINARY), numbers("score", score, REAL)
    one_shape(target=target, score=score)
    if target.ndim != 1:
        raise ValueError(f"target and score must be of shape [n], got {target.shape}")
    return target, score


def one_shape(**arrays: np.ndarray) -> None:
    """Raises ValueError unless all have the same shape."""
    if len({array.shape for array in arrays.values()}) > 1:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"shapes must be the same, got {shapes}")


def ratio(part: Any, whole: Any) -> np.ndarray:
    """part / whole, NaN where the whole is 0."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
