"""Metrics of probabilities for K classes, of many models at once: [..., n, K] beside labels [n].

The winner is the class of the largest probability, the first of several equal ones. What is undefined is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.metrics.counts import ratio
from core.metrics.curves import Calibration
from core.record import Interval, Labels, numbers

BINS = 10  # of the winner's probability
LEAST = 1e-300  # a probability of 0 is taken as this one: its logarithm would be infinite


@dataclass(frozen=True, eq=False)
class ClassMetrics:
    """The metrics of probabilities [..., n, K] for labels [n]. Make it with `of`, which checks."""

    probabilities: np.ndarray
    target: np.ndarray  # int [n]

    @classmethod
    def of(cls, probabilities: Any, target: Any) -> ClassMetrics:
        """Raises ValueError for probabilities outside 0 ... 1, for labels that are none, and for wrong shapes."""
        found = numbers("probabilities", probabilities, Interval(0.0, 1.0))
        if found.ndim < 2 or found.shape[-1] < 2 or not found.size:
            raise ValueError(f"probabilities must be [..., n, K] with two classes or more, got shape {found.shape}")
        labels = numbers("target", target, Labels(found.shape[-1]))
        if labels.shape != found.shape[-2:-1]:
            raise ValueError(f"target must be [n] labels, one for each row, got {labels.shape} for {found.shape}")
        return cls(found, labels.astype(int))

    @cached_property
    def winner(self) -> np.ndarray:
        """The class that each example is predicted to have, int [..., n]."""
        return self.probabilities.argmax(axis=-1)

    @cached_property
    def confusion(self) -> np.ndarray:
        """How many examples of each true class (row) are predicted to have each class (column), [..., K, K]."""
        classes = self.probabilities.shape[-1]
        true, predicted = np.eye(classes)[self.target], np.eye(classes)[self.winner]
        return true.T @ predicted

    @cached_property
    def accuracy(self) -> np.ndarray:
        """The share of right predictions [...]."""
        return (self.winner == self.target).mean(axis=-1)

    @cached_property
    def macro_f1(self) -> np.ndarray:
        """The mean over the classes of F1 = 2 TP/(2 TP + FP + FN), [...]; NaN if a class has no example at all."""
        right = np.diagonal(self.confusion, axis1=-2, axis2=-1)
        return ratio(2 * right, self.confusion.sum(axis=-1) + self.confusion.sum(axis=-2)).mean(axis=-1)

    @cached_property
    def log_loss(self) -> np.ndarray:
        """The mean of -log of the true class's probability [...]."""
        of_true = self.probabilities[..., np.arange(len(self.target)), self.target]
        return -np.log(np.maximum(of_true, LEAST)).mean(axis=-1)

    @cached_property
    def brier(self) -> np.ndarray:
        """The mean squared length of the probabilities less the label [...], from 0 to 2."""
        one_hot = np.eye(self.probabilities.shape[-1])[self.target]
        return ((self.probabilities - one_hot) ** 2).sum(axis=-1).mean(axis=-1)

    @cached_property
    def confidence(self) -> np.ndarray:
        """The mean probability of the winner [...]."""
        return self.probabilities.max(axis=-1).mean(axis=-1)

    @cached_property
    def calibration(self) -> Calibration:
        """The winner's probability and how often it is right, in bins of equal width from 0 to 1.

        An edge belongs to the bin below it.
        """
        edges, highest = np.linspace(0.0, 1.0, BINS + 1), self.probabilities.max(axis=-1)
        places = np.searchsorted(edges[1:-1], highest)
        rows = places.reshape(-1, places.shape[-1]) + BINS * np.arange(places[..., 0].size)[:, None]
        count, predicted, right = (
            np.bincount(rows.ravel(), of.ravel(), minlength=BINS * len(rows)).reshape(*places.shape[:-1], BINS)
            for of in (np.ones(places.shape), highest, (self.winner == self.target).astype(float))
        )
        return Calibration(edges, ratio(predicted, count), ratio(right, count), count)
