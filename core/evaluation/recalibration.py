"""Recalibration: a model's scores turned into better probabilities, fitted on some rows and measured on others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import logit

from core.evaluation.ranking import Ranking, isotonic_share
from core.evaluation.scored import Scored, log_odds_of
from core.evaluation.weighted_calibration import calibration_curve
from core.losses import LOSSES
from core.models.platt import platt_scaling
from core.numerics import sigmoid
from core.record import Source

MOST_ROWS = 200_000  # of a longer file so many random rows are used
SPLIT_SEED = 1
ISOTONIC = Source(
    "Zadrozny, Elkan",
    2002,
    "Transforming Classifier Scores into Accurate Multiclass Probability Estimates",
    "doi:10.1145/775047.775151",
)


class ProbabilityMetrics(NamedTuple):
    """Of probabilities: log loss, Brier score, expected calibration error."""

    log_loss: float
    brier: float
    calibration_error: float


@dataclass(frozen=True, eq=False)
class FileRows:
    """Some rows of a file: a model's scores as `Scored.ordered` has them, log-odds, labels and weights, [n] each."""

    score: np.ndarray
    log_odds: np.ndarray
    target: np.ndarray
    weight: np.ndarray

    @property
    def has_both(self) -> bool:
        """Whether both classes are in it."""
        return bool((self.weight * self.target).any() and (self.weight * (1 - self.target)).any())


@dataclass(frozen=True, eq=False)
class Recalibration:
    """The ways to recalibrate one model, fitted on a random half of the rows and measured on the other half."""

    scored: Scored
    name: str

    @cached_property
    def parts(self) -> tuple[FileRows, FileRows]:
        """The rows that the ways are fitted to, and those on which they are measured."""
        order = np.random.default_rng(SPLIT_SEED).permutation(len(self.scored))[:MOST_ROWS]
        scored, score = self.scored, self.scored.ordered(self.name)
        fitted, measured = (
            FileRows(score[rows], scored.log_odds[self.name][rows], scored.target[rows], scored.mass[rows])
            for rows in (order[::2], order[1::2])
        )
        return fitted, measured

    @cached_property
    def log_odds(self) -> Mapping[str, np.ndarray]:
        """For each way the log-odds of the rows on which it is measured; none where a class is missing in a half."""
        fitted, measured = self.parts
        if not (fitted.has_both and measured.has_both):
            return {}
        slope, intercept = platt_scaling(fitted.target, fitted.log_odds, fitted.weight)
        return {
            "As it is": measured.log_odds,
            "Intercept only": measured.log_odds + intercept_shift(fitted.target, fitted.log_odds, fitted.weight),
            "Platt scaling": slope * measured.log_odds + intercept,
            "Isotonic": log_odds_of(isotonic(fitted, measured.score)),
        }

    @cached_property
    def metrics(self) -> Mapping[str, ProbabilityMetrics]:
        """The metrics of each way's probabilities."""
        target, weight = self.parts[1].target, self.parts[1].weight
        return {way: probability_metrics(log_odds, target, weight) for way, log_odds in self.log_odds.items()}

    def without_weights(self, weights: np.ndarray) -> list[ProbabilityMetrics]:
        """The metrics after a weight of the positives in training is undone, for each of some weights; none where
        there are no `metrics`. Nothing is fitted, so that no rows are needed for it."""
        if not self.log_odds:
            return []
        rows = self.parts[1]
        return [probability_metrics(rows.log_odds - np.log(one), rows.target, rows.weight) for one in weights]


def isotonic(fitted: FileRows, score: np.ndarray) -> np.ndarray:
    """The probability of scores [m]: the fit to these rows that never falls, straight between two of their scores.

    Beyond the last score it stays as it is there. This is scikit-learn's IsotonicRegression(out_of_bounds="clip").
    """
    counting = fitted.weight > 0
    positive = (fitted.weight * fitted.target)[counting]
    ranking = Ranking.of(fitted.score[counting], positive, fitted.weight[counting] - positive, positive)
    return np.interp(score, ranking.score, isotonic_share(ranking.positive, ranking.negative))


def intercept_shift(target: np.ndarray, log_odds: np.ndarray, weight: np.ndarray) -> float:
    """What has to be added to log-odds [n] so that the probabilities add up to the positives.

    Of all such shifts it has the least cross-entropy. target: [n], 0 or 1, both of them; weight: [n].
    """
    share = weight / weight.sum()
    rate = share @ target

    def excess(shift: float) -> float:
        return float(share @ sigmoid(log_odds + shift) - rate)

    middle = float(logit(rate))
    return float(brentq(excess, middle - log_odds.max() - 1, middle - log_odds.min() + 1, xtol=1e-12))


def training_weight(scored: Scored, name: str) -> float:
    """The weight of the positives in training that the mean probability points to.

    A weight w adds log w to the log-odds: subtracting its logarithm makes the probabilities add up to the positives.
    """
    rows, mass = scored.sample
    return float(np.exp(-intercept_shift(scored.target[rows], scored.log_odds[name][rows], mass)))


def probability_metrics(log_odds: np.ndarray, target: np.ndarray, weight: np.ndarray) -> ProbabilityMetrics:
    """The metrics of log-odds [n] for labels [n] with weights [n]."""
    share = weight / weight.sum()
    log_loss, brier = (float(share @ LOSSES[key].value(log_odds, target)) for key in ("binary_cross_entropy", "brier"))
    positive = weight * target
    return ProbabilityMetrics(
        log_loss, brier, float(calibration_curve(sigmoid(log_odds), positive, weight - positive).error)
    )
