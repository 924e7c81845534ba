"""The meaning of a model's score under each loss: a probability, a shifted probability, or only an order.

Where the best score tells the log-odds, the loss has no parameter and a score of 0 means that both classes are as
likely, the score is read as what it is (half the log-odds under the exponential loss). A weight, or focal's γ and α,
move the score off the log-odds on purpose: it is shown as the model gives it, and beside it corrected. Where no score
tells the log-odds it is shown as a plain number, and it becomes a probability only by Platt scaling on the training
set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from core.metrics import SCORE_METRICS
from core.models.objectives import objective_of
from core.models.platt import Platt, platt_scaling
from core.numerics import sigmoid

SAME = 1e-9  # log-odds of 0: both classes are as likely


class Says(Enum):
    """The meaning of a loss's score for y = 1."""

    PROBABILITY = "probability"
    SHIFTED = "shifted"
    ORDER = "order"


def says(key: str) -> Says:
    """The meaning of a loss's score; for the losses that a classifier can be trained under."""
    objective = objective_of(key)
    if objective.log_odds_of is None:
        return Says.ORDER
    shifted = objective.params or abs(objective.log_odds_of(np.zeros(()))) > SAME
    return Says.SHIFTED if shifted else Says.PROBABILITY


def drawn_score(key: str, score: np.ndarray) -> np.ndarray:
    """The score that pictures and the threshold use: the log-odds where the score gives them, else the score."""
    if says(key) is not Says.PROBABILITY:
        return score
    log_odds = objective_of(key).log_odds_of
    assert log_odds is not None
    return log_odds(score)


@dataclass(frozen=True)
class Correction:
    """The correction from the scores of one trained model to log-odds."""

    key: str
    params: Mapping[str, float]  # of the loss's formula, as it was trained
    platt: Platt | None  # where the loss itself does not tell them

    def log_odds(self, score: np.ndarray) -> np.ndarray:
        """The log-odds of y = 1, of scores [...]."""
        if self.platt:
            return self.platt.slope * score + self.platt.intercept
        log_odds = objective_of(self.key).log_odds_of
        assert log_odds is not None
        return log_odds(score, **self.params)

    @property
    def weight(self) -> float:
        """The weight of the positives; NaN under a loss that has none."""
        return self.params.get("pos_weight", float("nan"))


def correction(key: str, params: Mapping[str, float], target: np.ndarray, score: np.ndarray) -> Correction:
    """The correction for a loss, from the training set's labels and scores [n]."""
    known = objective_of(key).formula_params(target, params)
    return Correction(key, known, platt_scaling(target, score) if says(key) is Says.ORDER else None)


PROBABILITY_METRICS = {key: metric for key, metric in SCORE_METRICS.items() if metric.of_probabilities}
RANK_METRICS = {key: metric for key, metric in SCORE_METRICS.items() if not metric.of_probabilities}


DIGITS = 12  # of a calibration error; what lies beyond is rounding


@dataclass(frozen=True)
class Quality:
    """The quality of log-odds as probabilities, on labels [n]: their sum, and two of PROBABILITY_METRICS."""

    total: float
    calibration_error: float
    log_loss: float

    @classmethod
    def of(cls, target: np.ndarray, log_odds: np.ndarray) -> Quality:
        error, loss = (SCORE_METRICS[key].value(target, log_odds) for key in ("calibration_error", "log_loss"))
        return cls(float(sigmoid(log_odds).sum()), round(error, DIGITS), loss)


NO_QUALITY = Quality(np.nan, np.nan, np.nan)
