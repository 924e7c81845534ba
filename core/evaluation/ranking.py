"""The rows of a file in the order of one model's scores: counts and costs at every threshold, and the cheapest one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression

from core.metrics import Confusion
from core.metrics.counts import ratio


@dataclass(frozen=True, eq=False)
class Ranking:
    """Distinct scores, rising [d], and the rows that have each: sums [d] over them.

    positive, negative: how often they count as one. lost: what they cost as false negatives, at a cost ratio of 1.

    A threshold is a place from 0 to d: rows with the score of that place or a higher one are predicted positive, at 0
    all rows, at d none.
    """

    score: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    lost: np.ndarray

    @classmethod
    def of(cls, score: np.ndarray, positive: np.ndarray, negative: np.ndarray, lost: np.ndarray) -> Ranking:
        """The ranking of rows, each [n]."""
        order = np.argsort(score)
        ranked = score[order]
        starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
        positives, negatives = (np.add.reduceat(one[order], starts) for one in (positive, negative))
        costs = positives if lost is positive else np.add.reduceat(lost[order], starts)
        return cls(ranked[starts], positives, negatives, costs)

    @cached_property
    def positives_below(self) -> np.ndarray:
        """False negatives at every place, [d + 1]."""
        return sums_below(self.positive)

    @cached_property
    def negatives_below(self) -> np.ndarray:
        """True negatives at every place, [d + 1]."""
        return sums_below(self.negative)

    @cached_property
    def lost_below(self) -> np.ndarray:
        """What the false negatives cost at every place, at a cost ratio of 1, [d + 1]."""
        return self.positives_below if self.lost is self.positive else sums_below(self.lost)

    def place(self, cut: Any) -> np.ndarray:
        """The place of thresholds [...], in units of the score."""
        return np.searchsorted(self.score, cut)

    @cached_property
    def cuts(self) -> np.ndarray:
        """A threshold at every place, in units of the score, [d + 1]: halfway between two, infinite at the ends."""
        between = self.score[:-1] / 2 + self.score[1:] / 2
        between = np.where(between > self.score[:-1], between, self.score[1:])  # neighbours in float64 have no middle
        return np.concatenate([[-np.inf], between, [np.inf]])

    def counts(self, place: Any) -> Confusion:
        """The counts at each place [...]."""
        fn, tn = self.positives_below[place], self.negatives_below[place]
        tp, fp = self.positives_below[-1] - fn, self.negatives_below[-1] - tn
        return Confusion(np.maximum(tp, 0.0), np.maximum(fp, 0.0), fn, tn)

    def costs(self, place: Any, ratio_of_costs: Any, odds_ratio: Any = 1.0) -> np.ndarray:
        """The mean cost of a row at each place, broadcast with the ratios.

        ratio_of_costs: what a false negative costs, where a false positive costs 1. odds_ratio: by how much positives
        count more than in the file.
        """
        missed = np.multiply(ratio_of_costs, odds_ratio) * self.lost_below[place]
        alarms = self.negatives_below[-1] - self.negatives_below[place]
        return (missed + alarms) / (odds_ratio * self.positives_below[-1] + self.negatives_below[-1])

    @cached_property
    def isotonic(self) -> np.ndarray:
        """For each score how much of what is at stake is lost with positives: the best fit that never falls, [d].

        It gives every cheapest threshold at once. Where it is above 1 / (1 + c), c being the cost ratio, predicting
        positive is cheaper, below it predicting negative: this is the convex hull of the ROC curve (Fawcett,
        Niculescu-Mizil 2007, doi:10.1007/s10994-007-5011-0).
        """
        return isotonic_share(self.lost, self.negative)

    def cheapest(self, ratio_of_costs: Any) -> np.ndarray:
        """The place with the least cost for each ratio [...]: a false negative's cost times the odds ratio, int."""
        return np.searchsorted(self.isotonic, 1 / (1 + np.asarray(ratio_of_costs, dtype=float)))

    def thinned(self, most: int) -> np.ndarray:
        """At most so many places, rising, the first and the last among them: even in the ranks within both classes.

        Where many rows of a class have one score, as where a class has few rows, the places on both sides are there.
        """
        rank = self.positives_below / self.positives_below[-1] + self.negatives_below / self.negatives_below[-1]
        if len(rank) <= most:
            return np.arange(len(rank))
        even = np.linspace(0.0, rank[-1], most // 2)
        places = np.searchsorted(rank, even).clip(1, len(rank) - 1)
        jumps = places[rank[places] - rank[places - 1] > even[1]]
        return np.unique(np.concatenate([places, jumps - 1, [0]]))

    @cached_property
    def roc_auc(self) -> float:
        """The chance that a positive scores higher than a negative; a tie counts half."""
        return float(roc_auc(self.positive, self.negative))

    @cached_property
    def average_precision(self) -> float:
        """The mean of the precision over recalls from 0 to 1."""
        return float(average_precision(self.positive, self.negative))


def sums_below(values: np.ndarray) -> np.ndarray:
    """The sum of the values before each place, [..., d + 1], of [..., d]."""
    return np.concatenate([np.zeros_like(values[..., :1]), np.cumsum(values, axis=-1)], axis=-1)


def isotonic_share(part: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """part / (part + rest) as the best fit, weighted by part + rest, that never falls, [d]. Both are [d].

    Where both are 0 it is as at the next place that is not empty, after the last one as there.
    """
    whole = part + rest
    there = np.flatnonzero(whole > 0)
    fitted = isotonic_regression(part[there] / whole[there], weights=whole[there]).x
    if len(there) == len(whole):
        return fitted
    return fitted[np.searchsorted(there, np.arange(len(whole))).clip(0, len(there) - 1)]


def roc_auc(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """The area under the ROC curve [...] of sums over each distinct score, rising [..., d]."""
    below = sums_below(negative)
    share = (below[..., :-1] + negative / 2) / below[..., -1:]  # divided here: tiny weights times others would be 0
    return (positive * share).sum(axis=-1) / positive.sum(axis=-1)


def average_precision(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """The average precision [...] of sums over each distinct score, rising [..., d]."""
    positive, negative = positive[..., ::-1], negative[..., ::-1]
    true, false = np.cumsum(positive, axis=-1), np.cumsum(negative, axis=-1)
    return (positive * np.nan_to_num(ratio(true, true + false))).sum(axis=-1) / true[..., -1]
