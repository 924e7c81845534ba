"""The bootstrap of one model's ranking: its cheapest thresholds and the areas under its curves in other such files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.evaluation.bootstrap import Bootstrap
from core.evaluation.ranking import Ranking, average_precision, isotonic_share, roc_auc
from core.evaluation.scored import Scored

MOST_PLACES = 512  # of thresholds that a resample knows; of a short file each score is one


@dataclass(frozen=True, eq=False)
class Resamples:
    """The resamples of a file that hold both classes: sums over the scores between two of `places`, a row.

    positive, negative, lost: as in the ranking, but divided by the number of rows, [resamples, k].
    """

    ranking: Ranking
    places: np.ndarray  # of the ranking, rising from 0 to d, [k + 1]
    positive: np.ndarray
    negative: np.ndarray
    lost: np.ndarray

    @classmethod
    def of(cls, ranking: Ranking, score: np.ndarray, scored: Scored, bootstrap: Bootstrap) -> Resamples:
        """The resamples of rows with these scores [n], of which the ranking is."""
        places = ranking.thinned(MOST_PLACES + 1)
        bins = len(places) - 1
        bin_of_row = np.searchsorted(ranking.score[places[:-1]], score[bootstrap.order], side="right") - 1
        group_of_row = np.repeat(np.arange(bootstrap.groups), bootstrap.sizes.astype(int))
        cell = group_of_row * bins + bin_of_row

        def sums(mass: np.ndarray) -> np.ndarray:
            found = np.bincount(cell, weights=mass[bootstrap.order], minlength=bootstrap.groups * bins)
            return bootstrap.means(found.reshape(bootstrap.groups, bins).T).T

        positive, negative = sums(scored.positive), sums(scored.negative)
        lost = positive if scored.amount is None else sums(scored.lost)
        both = (positive.sum(axis=1) > 0) & (negative.sum(axis=1) > 0)
        return cls(ranking, places, positive[both], negative[both], lost[both])

    def cheapest(self, cost_ratio: np.ndarray) -> np.ndarray:
        """The cheapest threshold in each resample, in units of the score: [resamples, ratios], of ratios [ratios]."""
        share = 1 / (1 + cost_ratio)
        found = [
            np.searchsorted(isotonic_share(lost, negative), share)
            for lost, negative in zip(self.lost, self.negative, strict=True)
        ]
        return self.ranking.cuts[self.places[np.stack(found)]]

    @property
    def roc_aucs(self) -> np.ndarray:
        """The area under the ROC curve, [resamples].

        Scores between two places are ties here. What that changes in the file itself is taken off.
        """
        binned = roc_auc(*self.binned)
        return roc_auc(self.positive, self.negative) + (self.ranking.roc_auc - binned)

    @property
    def average_precisions(self) -> np.ndarray:
        """The average precision, [resamples], as `roc_aucs` says."""
        binned = average_precision(*self.binned)
        return average_precision(self.positive, self.negative) + (self.ranking.average_precision - binned)

    @property
    def binned(self) -> tuple[np.ndarray, np.ndarray]:
        """The positives and negatives of the file itself between two places, [k] each."""
        ranking, starts = self.ranking, self.places[:-1]
        return np.add.reduceat(ranking.positive, starts), np.add.reduceat(ranking.negative, starts)
