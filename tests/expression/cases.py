"""Formulas that several tests share."""

from __future__ import annotations

import numpy as np

from core.expression import Expression, parse
from core.expression.examples import FORMULA_EXAMPLES
from core.expression.typed_loss import PREDICTION, VARIABLES

# How a person would type the losses of the catalogue, by key.
TYPED_LOSSES = {
    "squared_error": "r^2",
    "expectile": "where(r > 0, 1 - τ, τ) r^2",
    "asymmetric_squared": "where(r < 0, under_weight, over_weight) r^2",
    "squared_log_error": "(log1p(p) - log1p(y))^2",
    "absolute_error": "|r|",
    "quantile": "max(-τ r, (1 - τ) r)",
    "epsilon_insensitive": "max(0, |r| - ε)",
    "absolute_percentage_error": "|r|/|y|",
    "symmetric_absolute_percentage_error": "2|r|/(p + y)",
    "huber": "where(|r| <= δ, r²/2, δ (|r| - δ/2))",
    "smooth_l1": "where(|r| < β, r²/(2β), |r| - β/2)",
    "log_cosh": "logaddexp(r, -r) - log(2)",
    "cauchy": "log1p((r/c)²/2)",
    "geman_mcclure": "2(r/c)²/((r/c)² + 4)",
    "welsch": "1 - e^(-(r/c)²/2)",
    "tukey": "where(|r| <= c, c²/6 (1 - (1 - (r/c)²)³), c²/6)",
    "poisson": "p - y ln(p)",
    "tweedie": "(p^(2 - power) - 1)/(2 - power) - y (p^(1 - power) - 1)/(1 - power)",
    "gaussian_nll": "(log(var) + r²/var)/2",
    "binary_cross_entropy": "softplus(z) - y z",
    "weighted_binary_cross_entropy": "pos_weight y softplus(-z) + (1 - y) softplus(z)",
    "focal": "where(y == 1, α, 1 - α) sigmoid(-m)^γ softplus(-m)",
    "brier": "(σ(z) - y)²",
    "hinge": "max(0, 1 - m)",
    "squared_hinge": "max(0, 1 - m)²",
    "exponential": "e^(-m)",
    "zero_one": "m <= 0",
}
# Those whose code other libraries have run: with the examples every function and every sign is in one of them.
CODE_FORMULAS = [
    *((example.family, example.formula) for example in FORMULA_EXAMPLES),
    ("regression", "clip(r, -δ, δ) (r > 0) log(2) + softplus(-r)^2 where(y > 0 and not p > 1 or r != 0, 2, 3)"),
    ("regression", "abs(r) sqrt(1 + r^2) + exp(-r) + log(2 + |r|) + log1p(r^2) + expm1(r/9) + sin(r) cos(r)"),
    ("regression", "tanh(r) + arctan(r) + sigmoid(r) + erf(r) + logaddexp(r, 1) + maximum(r, 0) + minimum(r, w)"),
    ("regression", "sign(r) r + λ sqrt(loss) + 2^r + |r|^q - -r + (-r)^3 + e^r/π + 9**9**-2 + max(1, 2)"),
    ("regression", "(r < 0) - (r >= 0) + 1/(1 + r^2)/2 - (2 - (r - 1)) + where(r, 1, 0) + (r == 0) + (r <= 1)"),
    ("regression", "3"),
    ("binary", "p^2 (1 - y) + y (1 - p)^2 + 0.1 z^2"),
    ("binary", "max(0, 1 - m)"),
]


def expression_of(formula: str, family: str) -> Expression:
    """The formula in the prediction and the truth alone."""
    return parse(formula, VARIABLES[family]).of_family()


def batch_of(family: str) -> tuple[np.ndarray, np.ndarray]:
    """Predictions and targets, no residual or margin of which is 0 or 1."""
    pred = np.array([2.6, 1.4, -0.3, 0.35, 1.15, -3.9, 0.2, 7.3])
    return pred, np.array([1.0, 0, 0, 1, 1, 1, 0, 0] if family == "binary" else [3.0, 1, 2, 0, 1, -4, 5, 2])


def mean_and_gradient(expression: Expression, pred: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean of the values of a batch, and its derivative in each prediction."""
    prediction = next(name for name in PREDICTION.values() if name in expression.variables)
    given = {prediction: pred, "y": target}
    return expression.value(**given).mean(), expression.derivative(prediction).value(**given) / pred.size
