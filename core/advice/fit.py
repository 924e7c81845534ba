"""Scores that are linear in a feature, fitted under any loss, for thousands of samples at once.

Every sample has the same places of the feature and weights of its own: how often each target was seen there. So a
sample of 10,000 rows costs as much as one of 100.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from core.losses import Loss
from core.numerics import sigmoid

MOST_STEPS, HALVINGS = 80, 30
ZERO_SLOPE = 1e-7  # of the gradient, where the weights of a sample sum to 1
PENALTY = 1e-4  # times the squared slope: classes that a sample separates would have no finite fit
LEAST_CURVATURE = 0.05  # of that of cross-entropy: a loss that is not convex has less, or none
LONGEST = 4.0  # of a step
FAR = 30.0  # of a score whose exponential is a prediction
NEARLY = -1 + 1e-9  # of a number that must be above -1
SUFFICIENT = 1e-4  # of the descent that the slope promises
ROUNDING = 1e-13  # of a value

Value = Callable[[np.ndarray, np.ndarray], np.ndarray]  # theta [p, k] of the problems [p] -> [p]
Derivatives = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]  # -> gradient [p, k], matrix [p, k, k]


def fit_scores(
    loss: Loss, basis: np.ndarray, target: np.ndarray, weights: np.ndarray, params: Mapping[str, np.ndarray],
    *, exponential: bool = False,
) -> np.ndarray:  # fmt: skip
    """Intercept and slope that make the weighted mean loss least, float64 [P, 2].

    basis: [m, 2], 1 and the feature. target, weights: [P or 1, C, m], C targets that can be seen at a place, and how
    often each was. params: those of the loss, [P] each. exponential: the prediction is e^score, which is always
    positive, and not the score. Of a loss that is not convex, the minimum below the start: a constant score of 0.
    """
    count = max(len(target), len(weights))
    target, weights = (np.broadcast_to(one, (count, *one.shape[1:])) for one in (target, weights))
    weights = weights / weights.sum(axis=(1, 2), keepdims=True)
    penalty = np.array([0.0, PENALTY])
    curvature_of = loss.curvature_of
    assert curvature_of is not None, "every loss of one number has one"

    def of(rows: np.ndarray) -> dict[str, np.ndarray]:
        return {name: value[rows, None, None] for name, value in params.items()}

    def predict(theta: np.ndarray) -> np.ndarray:
        score = (theta @ basis.T)[:, None]
        return np.exp(np.clip(score, -FAR, FAR)) if exponential else score

    def value(theta: np.ndarray, rows: np.ndarray) -> np.ndarray:
        each = loss.value_of(predict(theta), target[rows], **of(rows))
        return (weights[rows] * each).sum(axis=(1, 2)) + theta**2 @ penalty

    def derivatives(theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pred, own = predict(theta), of(rows)
        slope = loss.grad_of(pred, target[rows], **own)
        curvature = curvature_of(pred, target[rows], **own)
        if exponential:  # the chain rule, and of the curvature the part that is never negative
            slope, curvature = slope * pred, np.maximum(curvature, 0.0) * pred**2
        else:
            curvature = np.maximum(curvature, LEAST_CURVATURE * sigmoid(pred) * sigmoid(-pred))
        first, second = ((weights[rows] * one).sum(axis=1) for one in (slope, curvature))
        matrix = np.einsum("pm,mi,mj->pij", second, basis, basis, optimize=True) + 2 * np.diag(penalty)
        return first @ basis + 2 * penalty * theta, matrix

    start = np.zeros((count, 2))
    if exponential:  # the constant
        start[:, 0] = np.log((weights * target).sum(axis=(1, 2)) + PENALTY)
    return minimise(value, derivatives, start)


class LogProbabilityLoss(NamedTuple):
    """A loss of the log-probability l of the right class alone: its value and its two derivatives in l."""

    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]  # never positive
    curvature: Callable[[np.ndarray], np.ndarray]


def generalized(s: float) -> LogProbabilityLoss:
    """(1 - p^s)/s."""
    return LogProbabilityLoss(
        lambda lp: -np.expm1(s * lp) / s, lambda lp: -np.exp(s * lp), lambda lp: -s * np.exp(s * lp)
    )


def focal(gamma: float) -> LogProbabilityLoss:
    """-(1 - p)^gamma log p, for gamma of 2 or more."""

    def slope(lp: np.ndarray) -> np.ndarray:
        p, rest = np.exp(lp), -np.expm1(lp)
        return -(rest**gamma) + gamma * p * rest ** (gamma - 1) * lp

    def curvature(lp: np.ndarray) -> np.ndarray:
        p, rest = np.exp(lp), -np.expm1(lp)
        return gamma * p * rest ** (gamma - 2) * (2 * rest + lp * (rest - (gamma - 1) * p))

    return LogProbabilityLoss(lambda lp: -((-np.expm1(lp)) ** gamma) * lp, slope, curvature)


CROSS_ENTROPY = LogProbabilityLoss(np.negative, lambda lp: np.full_like(lp, -1.0), np.zeros_like)


def fit_classes(
    loss: LogProbabilityLoss, basis: np.ndarray, weights: np.ndarray, start: np.ndarray | None = None
) -> np.ndarray:
    """Intercept and slope of K scores that make the weighted mean loss of their softmax least, float64 [P, K, 2].

    basis: [m, 2]. weights: [P, K, m], how often each class was seen at each place. start: of a loss that is not
    convex, [P, K, 2]; it finds the minimum below.
    """
    count, classes, _ = weights.shape
    weights = weights / weights.sum(axis=(1, 2), keepdims=True)
    penalty = np.tile([PENALTY / 10, PENALTY], classes)  # of all scores together a softmax sees nothing
    products = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), 4)
    one_hot = np.eye(classes)[None, :, :, None]

    def log_probabilities(theta: np.ndarray) -> np.ndarray:
        return log_softmax_of_rows(theta.reshape(-1, classes, 2) @ basis.T)

    def value(theta: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return np.einsum("pkm,pkm->p", weights[rows], loss.value(log_probabilities(theta))) + theta**2 @ penalty

    def derivatives(theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logs, own = log_probabilities(theta), weights[rows]
        p, first, second = np.exp(logs), own * loss.slope(logs), own * loss.curvature(logs)
        # Of one class c: slope (e_c - p), and curvature (e_c - p)(e_c - p)' - slope (diag p - p p').
        both = first.sum(axis=1, keepdims=True)
        gradient = ((first - both * p) @ basis).reshape(len(theta), -1) + 2 * penalty * theta
        outer = p[:, :, None] * p[:, None]
        convex = both[:, None] * (outer - one_hot * p[:, None])  # never negative
        twice = second.sum(axis=1)[:, None, None] * outer
        twice += one_hot * second[:, None] - second[:, :, None] * p[:, None] - p[:, :, None] * second[:, None]
        matrix, safe = (in_weights(part @ products) for part in (convex + twice, convex))
        matrix, safe = matrix + 2 * np.diag(penalty), safe + 2 * np.diag(penalty)
        doubtful = np.linalg.eigvalsh(matrix)[:, 0] < PENALTY / 10
        return gradient, np.where(doubtful[:, None, None], safe, matrix)

    def in_weights(blocks: np.ndarray) -> np.ndarray:
        """[p, K, K, 4] as matrices [p, 2K, 2K]."""
        return blocks.reshape(-1, classes, classes, 2, 2).swapaxes(2, 3).reshape(-1, 2 * classes, 2 * classes)

    begin = np.zeros((count, 2 * classes)) if start is None else start.reshape(count, -1)
    return minimise(value, derivatives, begin).reshape(count, classes, 2)


def log_softmax_of_rows(z: np.ndarray) -> np.ndarray:
    """Log-probabilities of the classes on the last axis but one; the places are on the last."""
    shifted = z - z.max(axis=-2, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-2, keepdims=True))


def fit_positive_lines(loss: Loss, x: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Intercept and slope of the straight line of least mean loss for each sample, float64 [..., 2].

    For a loss of numbers above -1, such as that of their logarithms. x: [S, n]; target: [..., S, n].
    """
    features = np.broadcast_to(x, target.shape).reshape(-1, x.shape[-1])
    targets = target.reshape(features.shape)

    def predict(theta: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return theta[:, :1] + theta[:, 1:] * features[rows]

    def value(theta: np.ndarray, rows: np.ndarray) -> np.ndarray:
        pred = predict(theta, rows)
        inside = (pred > -1).all(axis=1)
        return np.where(inside, loss.value_of(np.maximum(pred, NEARLY), targets[rows]).mean(axis=1), np.inf)

    def derivatives(theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pred = predict(theta, rows)
        slope, curvature = loss.grad_of(pred, targets[rows]), 1 / (1 + pred) ** 2  # never negative, as it should be
        basis = np.stack([np.ones_like(pred), features[rows]], axis=-1)
        matrix = 2 * np.einsum("pn,pni,pnj->pij", curvature, basis, basis, optimize=True) / pred.shape[1]
        return np.einsum("pn,pni->pi", slope, basis) / pred.shape[1], matrix

    start = np.zeros((len(features), 2))
    start[:, 0] = np.expm1(np.log1p(targets).mean(axis=1))
    return minimise(value, derivatives, start).reshape(*target.shape[:-1], 2)


def minimise(value: Value, derivatives: Derivatives, start: np.ndarray) -> np.ndarray:
    """Where P functions are least, near `start` [P, k]: steps by a matrix, halved until they go down."""
    theta, rows = start.copy(), np.arange(len(start))
    for _ in range(MOST_STEPS):
        gradient, matrix = derivatives(theta[rows], rows)
        left = np.abs(gradient).max(axis=1) > ZERO_SLOPE
        if not left.any():
            break
        rows, gradient = rows[left], gradient[left]
        step = np.linalg.solve(matrix[left], gradient[..., None])[..., 0]
        length = np.hypot.reduce(step, axis=1)[:, None]
        step *= np.minimum(1.0, LONGEST / np.maximum(length, LONGEST / 2))
        rows = rows[go_down(value, theta, rows, step, gradient)]
    return theta


def go_down(value: Value, theta: np.ndarray, rows: np.ndarray, step: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Moves theta [P, k] in these rows by less their steps [p, k], or the largest half, quarter ... that goes down
    as far as the slope promises; which of them moved, bool [p]."""
    begin, before = theta[rows], value(theta[rows], rows)
    promised = SUFFICIENT * np.einsum("pk,pk->p", gradient, step)
    left, share = np.arange(len(rows)), 1.0
    for _ in range(HALVINGS):
        ahead = begin[left] - share * step[left]
        refused = ~(value(ahead, rows[left]) <= before[left] - share * promised[left] + ROUNDING * np.abs(before[left]))
        theta[rows[left[~refused]]] = ahead[~refused]
        left, share = left[refused], share / 2
        if not len(left):
            break
    moved = np.ones(len(rows), dtype=bool)
    moved[left] = False
    return moved
