"""Platt scaling: probabilities from scores that are none, by a logistic regression on the score alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import logit

from core.catalogue import Source
from core.metrics.counts import examples
from core.models.classifier import train
from core.models.objectives import OBJECTIVES

SOURCE = Source(
    "Platt",
    1999,
    "Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized Likelihood Methods",
)
EQUAL = 1e-9  # scores that differ by no more, of their size, are equal up to rounding


class Platt(NamedTuple):
    """The log-odds of y = 1 as slope x score + level."""

    slope: float
    level: float


def platt_scaling(target: Any, score: Any) -> Platt:
    """The slope and the level with the least mean cross-entropy on these examples [n].

    A penalty of 1e-4 on the slope, in units of the scores' standard deviation, keeps it finite where the scores
    separate the classes. Scores that are all equal get slope 0 and the log-odds of the rate. Raises ValueError for
    labels other than 0 and 1, scores that are not finite and examples of one class only.
    Source: Platt (1999), without his smoothed targets.
    """
    target, score = examples(target, score)
    middle, spread = (score.mean(), score.std()) if score.size else (0.0, 0.0)
    equal = spread <= EQUAL * max(1.0, abs(middle))
    standard = np.zeros_like(score) if equal else (score - middle) / spread
    level, slope = train(
        OBJECTIVES["binary_cross_entropy"], np.stack([np.ones_like(score), standard], axis=1), target
    ).weights
    if equal:
        return Platt(0.0, float(logit(target.mean())))
    return Platt(float(slope / spread), float(level - slope * middle / spread))
