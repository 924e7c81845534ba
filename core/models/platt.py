"""Platt scaling: probabilities from any scores, by a logistic regression on the score alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import logit

from core.metrics.counts import examples, one_shape
from core.numerics import sigmoid, softplus
from core.record import NON_NEGATIVE, Source, numbers

SOURCE = Source(
    "Platt",
    1999,
    "Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized Likelihood Methods",
)
EQUAL = 1e-9  # scores that differ by no more, of their size, are equal up to rounding
PLATT_GRADIENT = 1e-11  # of the mean cross-entropy, in each weight, at its minimum
MAX_PLATT_STEPS = 1000


class Platt(NamedTuple):
    """The log-odds of y = 1: slope x score + intercept."""

    slope: float
    intercept: float


def platt_scaling(target: Any, score: Any, weight: Any = None) -> Platt:
    """The slope and the intercept with the least mean cross-entropy on these examples.

    target: [n], 0 or 1; score: [n]; weight: [n], how often each example counts, once where it is None.

    As in Platt (1999), the targets are not 1 and 0 but (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2), with N₊ positives and N₋
    negatives, or the sums of their weights: so the slope stays finite where the scores separate the classes, without a
    penalty. Scores that are all equal get slope 0 and the log-odds of the mean target.

    Raises ValueError for labels other than 0 and 1, scores that are not finite, weights that are negative, and
    examples of one class only.
    """
    target, score = examples(target, score)
    weight = np.ones_like(target) if weight is None else numbers("weight", weight, NON_NEGATIVE)
    one_shape(target=target, weight=weight)
    positives = float(weight @ target)
    negatives = float(weight @ (1 - target))
    if not positives or not negatives:
        raise ValueError(f"target must hold both classes, got {positives:g} positives and {negatives:g} negatives")
    targets = np.where(target == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    share = weight / weight.sum()
    intercept = float(logit(share @ targets))
    middle = share @ score
    spread = float(np.sqrt(share @ (score - middle) ** 2))
    if spread <= EQUAL * max(1.0, abs(middle)):
        return Platt(0.0, intercept)
    basis = np.stack([(score - middle) / spread, np.ones_like(score)], axis=1)

    def loss(w: np.ndarray) -> float:
        z = basis @ w
        return float(share @ (softplus(z) - targets * z))

    def grad(w: np.ndarray) -> np.ndarray:
        return (share * (sigmoid(basis @ w) - targets)) @ basis

    def hessian(w: np.ndarray) -> np.ndarray:
        z = basis @ w
        return (basis.T * (share * sigmoid(z) * sigmoid(-z))) @ basis

    options = {"gtol": PLATT_GRADIENT, "maxiter": MAX_PLATT_STEPS}
    found = minimize(loss, [0.0, intercept], jac=grad, hess=hessian, method="trust-exact", options=options).x
    slope = float(found[0] / spread)
    return Platt(slope, float(found[1] - slope * middle))
