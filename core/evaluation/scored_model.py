"""One model's scores of a file, and all that follows from them: decisions, costs, calibration and metrics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from core.evaluation.bootstrap import Bootstrap, interval
from core.evaluation.ranking import Ranking, sums_below
from core.evaluation.resamples import Resamples
from core.evaluation.scored import Scored
from core.evaluation.weighted_calibration import BINS, calibration_curve, even_bins
from core.losses import LOSSES
from core.metrics import Calibration, Confusion
from core.metrics.counts import ratio


class MetricEstimate(NamedTuple):
    """A metric of a file, and the 95 % interval of what other such files give; NaN where there is none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class ScoredModel:
    """The model of a name in a file of scores. Thresholds are probabilities [...] here."""

    scored: Scored
    name: str
    bootstrap: Bootstrap

    @cached_property
    def ranking(self) -> Ranking:
        """Its rows by score."""
        return Ranking.of(self.scored.ordered(self.name), self.scored.positive, self.scored.negative, self.scored.lost)

    @cached_property
    def resamples(self) -> Resamples:
        """The bootstrap of its ranking."""
        return Resamples.of(self.ranking, self.scored.ordered(self.name), self.scored, self.bootstrap)

    def places(self, thresholds: Any) -> np.ndarray:
        """The places of thresholds in the ranking."""
        return self.ranking.place(self.scored.cut(self.name, thresholds))

    def thresholds(self, places: Any) -> np.ndarray:
        """The inverse: thresholds at places [...] of the ranking."""
        return self.scored.threshold(self.name, self.ranking.cuts[places])

    def counts(self, thresholds: Any) -> Confusion:
        """The counts at each threshold, sums of weights."""
        return self.ranking.counts(self.places(thresholds))

    def costs(self, thresholds: Any, cost: Any, odds_ratio: Any = 1.0) -> np.ndarray:
        """The mean cost of a row, broadcast.

        cost: of a false negative, times its amount, where a false positive costs 1. odds_ratio: see
        `Scored.odds_ratio`.
        """
        return self.ranking.costs(self.places(thresholds), cost, odds_ratio)

    def cheapest_threshold(self, cost: Any, odds_ratio: Any = 1.0) -> np.ndarray:
        """The threshold with the least cost, broadcast: halfway between two scores, 0 or 1 beyond the last one."""
        return self.thresholds(self.ranking.cheapest(np.multiply(cost, odds_ratio)))

    def least_cost(self, cost: Any, odds_ratio: Any = 1.0) -> np.ndarray:
        """The cost at the cheapest threshold, broadcast."""
        return self.ranking.costs(self.ranking.cheapest(np.multiply(cost, odds_ratio)), cost, odds_ratio)

    def threshold_interval(self, cost: Any, odds_ratio: Any = 1.0) -> np.ndarray:
        """The 95 % bootstrap interval of the cheapest threshold, [2, ...]."""
        ratios = np.asarray(np.multiply(cost, odds_ratio))
        distinct, inverse = np.unique(ratios, return_inverse=True)
        found = self.scored.threshold(self.name, self.resamples.cheapest(distinct))
        return interval(found.T)[:, inverse].reshape(2, *ratios.shape)

    def calibrated_threshold(self, cost: Any, odds_ratio: Any = 1.0) -> np.ndarray:
        """The cheapest threshold of calibrated probabilities, broadcast: 1 / (1 + c).

        c is the cost ratio times the mean amount of a positive, and times the odds ratio: a model that is calibrated
        on this file gives too low probabilities where positives are more frequent.
        """
        return 1 / (1 + np.multiply(cost, odds_ratio) * self.scored.mean_amount)

    def cost_by_amount(self, cost: Any, odds_ratio: Any = 1.0) -> np.ndarray:
        """The mean cost of a row where each row has its own threshold, 1 / (1 + c), c being what it would cost.

        Broadcast. That is the cheapest decision of each row, if the probabilities are calibrated (Elkan 2001).
        """
        ranking = self._by_stake
        return ranking.costs(ranking.place(-np.log(np.multiply(cost, odds_ratio))), cost, odds_ratio)

    @cached_property
    def _by_stake(self) -> Ranking:
        """The rows by the odds that they are positive times their amounts, as logarithms."""
        scored = self.scored
        with np.errstate(divide="ignore"):
            stake = scored.log_odds[self.name] + (0.0 if scored.amount is None else np.log(scored.amount))
        return Ranking.of(stake, scored.positive, scored.negative, scored.lost)

    def surprise(self, thresholds: Any, others: Any) -> np.ndarray:
        """How many standard deviations more positives than expected are between two thresholds, broadcast.

        Expected is what the probabilities add up to there. 0 where no row lies between.
        """
        places = np.sort(np.broadcast_arrays(self.places(thresholds), self.places(others)), axis=0)
        found, expected, variance = (np.diff(sums[places], axis=0)[0] for sums in self._expected_below)
        return np.divide(found - expected, np.sqrt(variance), out=np.zeros(found.shape), where=variance > 0)

    @cached_property
    def _expected_below(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """At every place the positives below, the sum of their probabilities, and its variance, [d + 1] each."""
        p = self.scored.threshold(self.name, self.ranking.score)
        mass = self.ranking.positive + self.ranking.negative
        spread = self.scored.mass @ self.scored.mass / self.scored.mass.sum()  # a row that counts w times is one row
        return self.ranking.positives_below, sums_below(mass * p), spread * sums_below(mass * p * (1 - p))

    def calibration(self, bins: int = BINS, odds_ratio: Any = 1.0, *, even: bool = False) -> Calibration:
        """The calibration curve, as `calibration_curve` has it. Rows of one score are in one bin."""
        ranking = self.ranking
        p = self.scored.threshold(self.name, ranking.score)
        return calibration_curve(p, ranking.positive, ranking.negative, odds_ratio, bins=bins, even=even)

    def without_weights(self, weights: np.ndarray, bins: int, odds_ratio: Any = 1.0) -> np.ndarray:
        """The mean probability in each bin of the even calibration, after a weight of the positives in training is
        undone: its logarithm is subtracted from the log-odds. [weights, *odds_ratios, bins]."""
        positive, negative = self.ranking.positive, self.ranking.negative
        place = even_bins(positive + negative, bins)
        p = self.scored.threshold(self.name, self.ranking.score)
        odds = np.asarray(odds_ratio, dtype=float)[..., None]

        def sums(of: np.ndarray) -> np.ndarray:
            return np.bincount(place, weights=of, minlength=bins)

        count = odds * sums(positive) + sums(negative)
        found = [p / (p + weight * (1 - p)) for weight in weights]
        return np.stack([ratio(odds * sums(positive * one) + sums(negative * one), count) for one in found])

    @cached_property
    def mean_prediction(self) -> float:
        """The mean probability of a row."""
        p, mass = self.scored.probability[self.name], self.scored.mass
        return float(p @ mass / mass.sum())

    @cached_property
    def metrics(self) -> dict[str, MetricEstimate]:
        """The metrics of the scores, by their key in core.metrics.SCORE_METRICS.

        They are those of core.metrics, of rows that have weights, and with intervals. The calibration error has none:
        noise makes it larger in every resample.
        """
        ranking, resamples = self.ranking, self.resamples
        return {
            "roc_auc": MetricEstimate(ranking.roc_auc, *interval(resamples.roc_aucs)),
            "average_precision": MetricEstimate(ranking.average_precision, *interval(resamples.average_precisions)),
            "log_loss": self.mean_loss("binary_cross_entropy"),
            "brier": self.mean_loss("brier"),
            "calibration_error": MetricEstimate(float(self.calibration().error), np.nan, np.nan),
        }

    def mean_loss(self, key: str) -> MetricEstimate:
        """The mean of a loss of the log-odds."""
        bootstrap, mass = self.bootstrap, self.scored.mass[self.bootstrap.order]
        losses = LOSSES[key].value(self.scored.log_odds[self.name], self.scored.target)[bootstrap.order]
        sums, counts = (np.add.reduceat(one, bootstrap.starts) for one in (losses * mass, mass))
        resampled = ratio(bootstrap.means(sums), bootstrap.means(counts))
        return MetricEstimate(float(sums.sum() / counts.sum()), *interval(resampled[np.isfinite(resampled)]))

    # --- all cost ratios at once ---

    def cost_curve(self, shares: np.ndarray) -> np.ndarray:
        """The normalised cost at the best threshold for each share [...]: 1 if every row is predicted wrong.

        share: the part of that cost which would be due to positives: all cost ratios and prevalences are between 0
        and 1 (Drummond, Holte 2006, doi:10.1007/s10994-006-8199-5). Always negative costs the share, always positive
        what is left to 1.
        """
        return self._normalised(self.ranking.cheapest(self._ratio(shares)), shares)

    def cost_at_calibrated(self, shares: np.ndarray) -> np.ndarray:
        """The same at the threshold of calibrated probabilities: the distance is what miscalibration costs."""
        return self._normalised(self.places(self.calibrated_threshold(self._ratio(shares))), shares)

    def cost_share(self, cost: Any, odds_ratio: Any = 1.0) -> np.ndarray:
        """The share in `cost_curve` that a cost ratio and an odds ratio have, broadcast."""
        missed = np.multiply(cost, odds_ratio) * self.ranking.lost_below[-1]
        return missed / (missed + self.ranking.negatives_below[-1])

    def _ratio(self, shares: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return shares / (1 - shares) * (self.ranking.negatives_below[-1] / self.ranking.lost_below[-1])

    def _normalised(self, places: np.ndarray, shares: np.ndarray) -> np.ndarray:
        missed = self.ranking.lost_below[places] / self.ranking.lost_below[-1]
        alarms = 1 - self.ranking.negatives_below[places] / self.ranking.negatives_below[-1]
        return shares * missed + (1 - shares) * alarms

    def elementary_costs(self, thresholds: np.ndarray) -> np.ndarray:
        """The Murphy curve: for each threshold t the mean cost where a false positive costs t, a false negative 1 - t.

        Positive is predicted from a probability of t on. The area under it is half the Brier score (Ehm, Gneiting,
        Jordan, Krüger 2016, doi:10.1111/rssb.12154).
        """
        counts = self.counts(thresholds)
        return ratio(thresholds * counts.fp + (1 - thresholds) * counts.fn, counts.total)
