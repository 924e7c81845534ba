"""Several models' probabilities for three classes and more, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from core.evaluation.bootstrap import Bootstrap, interval
from core.evaluation.ranking import Ranking
from core.metrics.counts import ratio
from core.metrics.multi_class import LEAST, ClassMetrics
from core.record import REAL, Labels, numbers

FEWEST_CLASSES = 2
CURVE_POINTS = 200  # at most
MOST_SORTED = 100_000  # rows
FINE = 1_000_000
SUM = 0.01  # how far the probabilities of a row may be from 1 together: they are rounded in files


@dataclass(frozen=True, eq=False)
class ScoredClasses:
    """Labels, target int [n] from 0 to K - 1, and for each model its numbers for each class, [n, K] by its name.

    names: of the K classes. Numbers within [0, 1] whose rows sum to 1 are probabilities. Any others are taken as
    scores, and softmax turns them into probabilities.

    Raises ValueError for numbers that are not finite, wrong shapes, labels that are no class, labels of one class only,
    and where no model is left.
    """

    models: Mapping[str, np.ndarray]
    target: np.ndarray
    names: Sequence[str]

    def __post_init__(self) -> None:
        count = len(self.names)
        if count < FEWEST_CLASSES:
            raise ValueError(f"at least {FEWEST_CLASSES} classes are needed, got {count}: choose another column")
        if not self.models:
            raise ValueError("at least one model's probabilities are needed, got none: choose their columns")
        target = numbers("target", self.target, Labels(count))
        if target.ndim != 1 or len(np.unique(target)) < FEWEST_CLASSES:
            raise ValueError(f"target must hold several classes [n], got {len(np.unique(target))} in {target.shape}")
        models = {name: numbers(f"numbers of {name}", given, REAL) for name, given in self.models.items()}
        for name, given in models.items():
            if given.shape != (len(target), count):
                raise ValueError(
                    f"{name} must have a number for each of {len(target)} rows and {count} classes, got {given.shape}"
                )
        object.__setattr__(self, "target", target.astype(int))
        object.__setattr__(self, "models", models)

    def __len__(self) -> int:
        return len(self.target)

    @cached_property
    def is_probability(self) -> Mapping[str, bool]:
        """Whether each model's numbers are probabilities."""
        return {
            name: bool(given.min() >= 0 and given.max() <= 1 and np.abs(given.sum(axis=1) - 1).max() <= SUM)
            for name, given in self.models.items()
        }

    @cached_property
    def probabilities(self) -> Mapping[str, np.ndarray]:
        """The probabilities of each model, [n, K] by its name: as they are, or softmax of its scores."""
        return {
            name: given if self.is_probability[name] else softmax(given, axis=1) for name, given in self.models.items()
        }


class OneClass(NamedTuple):
    """The curves of one class against all others, [points] each, by thresholds that fall; NaN where undefined."""

    roc_auc: float
    recall: np.ndarray
    false_positive_rate: np.ndarray
    precision: np.ndarray

    @classmethod
    def of(cls, ranking: Ranking) -> OneClass:
        """The curves of a ranking; all NaN where no row has the class."""
        if not ranking.positive.any() or not ranking.negative.any():
            return cls(np.nan, *np.full((3, 1), np.nan))
        counts = ranking.counts(ranking.thinned(CURVE_POINTS)[::-1])
        recall, alarms = ratio(counts.tp, counts.positives), ratio(counts.fp, counts.negatives)
        return cls(ranking.roc_auc, recall, alarms, ratio(counts.tp, counts.predicted_positive))


class ClassEstimates(NamedTuple):
    """A metric of a file and the ends of its 95 % interval; of one class, or of all."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class ClassModel:
    """The model of a name in a file of probabilities for K classes."""

    scored: ScoredClasses
    name: str
    bootstrap: Bootstrap

    @cached_property
    def metrics(self) -> ClassMetrics:
        """The metrics of all rows."""
        return ClassMetrics(self.scored.probabilities[self.name], self.scored.target)

    @cached_property
    def confidence(self) -> np.ndarray:
        """The winner's probability in each row, [n]."""
        return self.scored.probabilities[self.name].max(axis=1)

    def confusions(self, least: np.ndarray) -> np.ndarray:
        """The confusion matrices of the rows with at least such a confidence, [..., K, K]: of thresholds [T], rising.

        A row of a matrix is a true class, a column a predicted one.
        """
        classes = len(self.scored.names)
        frame = np.searchsorted(least, self.confidence, side="right")  # so many thresholds are no higher
        cell = (frame * classes + self.scored.target) * classes + self.metrics.winner
        counts = np.bincount(cell, minlength=(len(least) + 1) * classes**2).reshape(-1, classes, classes)
        return np.cumsum(counts[::-1], axis=0)[::-1][1:].astype(float)

    def ranking(self, label: int) -> Ranking:
        """The rows by the probability of one class, against all others.

        In a long file probabilities are rounded to a millionth, which changes no digit that is shown: to sort them for
        each class would take seconds.
        """
        p, is_class = self.scored.probabilities[self.name][:, label], (self.scored.target == label).astype(float)
        if len(p) <= MOST_SORTED:
            return Ranking.of(p, is_class, 1 - is_class, is_class)
        place = np.rint(p * FINE).astype(int)
        positive, count = np.bincount(place, weights=is_class), np.bincount(place)
        there = np.flatnonzero(count)
        return Ranking(there / FINE, positive[there], count[there] - positive[there], positive[there])

    @cached_property
    def one_against_all(self) -> Sequence[OneClass]:
        """The curves of each class, K of them."""
        return [OneClass.of(self.ranking(label)) for label in range(len(self.scored.names))]

    @cached_property
    def resampled_confusions(self) -> np.ndarray:
        """The confusion matrix of each resample, divided by the number of its rows, [resamples, K, K]."""
        classes, order, groups = len(self.scored.names), self.bootstrap.order, self.bootstrap.groups
        group = np.repeat(np.arange(groups), self.bootstrap.sizes.astype(int))
        cell = (group * classes + self.scored.target[order]) * classes + self.metrics.winner[order]
        counts = np.bincount(cell, minlength=groups * classes**2).reshape(groups, -1)
        return self.bootstrap.means(counts.T.astype(float)).T.reshape(-1, classes, classes)

    @cached_property
    def estimates(self) -> Mapping[str, ClassEstimates]:
        """The metrics with their intervals: of the whole, and of each class [K]. NaN where undefined."""
        own, resampled = self.confusions(np.zeros(1))[0], self.resampled_confusions
        p = self.scored.probabilities[self.name]
        of_true = p[np.arange(len(p)), self.scored.target]
        # |p - y|^2 = |p|^2 - 2 p_y + 1
        losses = {
            "log_loss": -np.log(np.maximum(of_true, LEAST)),
            "brier": np.einsum("nk,nk->n", p, p) - 2 * of_true + 1,
        }
        return {
            **{name: estimate(value(own), value(resampled)) for name, value in OF_CONFUSION.items()},
            **{name: self._mean(values) for name, values in losses.items()},
        }

    def _mean(self, values: np.ndarray) -> ClassEstimates:
        sums = np.add.reduceat(values[self.bootstrap.order], self.bootstrap.starts)
        return estimate(values.mean(), self.bootstrap.means(sums))


def estimate(value: np.ndarray, resampled: np.ndarray) -> ClassEstimates:
    """A metric [...] and its interval from resamples [resamples, ...]; those where it is undefined are left out."""
    flat = np.moveaxis(resampled, 0, -1).reshape(-1, len(resampled))
    ends = [interval(row[np.isfinite(row)]) if np.isfinite(row).any() else np.full(2, np.nan) for row in flat]
    low, high = np.array(ends).T.reshape(2, *np.shape(value))
    return ClassEstimates(np.asarray(value), low, high)


def right(confusion: np.ndarray) -> np.ndarray:
    """The right predictions of each class, [..., K], of confusion matrices [..., K, K]."""
    return np.diagonal(confusion, axis1=-2, axis2=-1)


def accuracy(confusion: np.ndarray) -> np.ndarray:
    """The share of right predictions [...]; NaN where there is no row."""
    return ratio(right(confusion).sum(axis=-1), confusion.sum(axis=(-2, -1)))


def precisions(confusion: np.ndarray) -> np.ndarray:
    """The precision of each class, [..., K]; NaN where none is predicted to have it."""
    return ratio(right(confusion), confusion.sum(axis=-2))


def recalls(confusion: np.ndarray) -> np.ndarray:
    """The recall of each class, [..., K]; NaN where none has it."""
    return ratio(right(confusion), confusion.sum(axis=-1))


def f1_scores(confusion: np.ndarray) -> np.ndarray:
    """F1 of each class, [..., K]: 2 TP / (2 TP + FP + FN)."""
    return ratio(2 * right(confusion), confusion.sum(axis=-1) + confusion.sum(axis=-2))


def macro_f1(confusion: np.ndarray) -> np.ndarray:
    """The mean of F1 over the classes that there are, [...]."""
    found = f1_scores(confusion)
    there = np.isfinite(found)
    return ratio(np.where(there, found, 0.0).sum(axis=-1), there.sum(axis=-1).astype(float))


OF_CONFUSION = {
    "accuracy": accuracy, "macro_f1": macro_f1, "precision": precisions, "recall": recalls, "f1": f1_scores,
}  # fmt: skip
