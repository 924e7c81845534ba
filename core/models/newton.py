"""Damped Newton steps on many small problems at once, each stopped by its own gradient.

Far from the minimum Newton's parabola can point the wrong way: the curvature of Huber's loss is 0 for every point
beyond delta, and that of Tukey's is negative. Then each point's curvature, if positive, is blended with its secant
weight, slope / residual, first a little and at last wholly: a step of iteratively reweighted least squares (Holland,
Welsch 1977, doi:10.1080/03610927708827533). For a loss whose secant weight falls with the size of the error, that
parabola lies above the objective, so its step always goes down; for others the step is halved until it does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.models.fit_problem import FitProblem, is_definite, solve, weighted_sums

MAX_NEWTON_STEPS = 256  # in the last of several rounds
SUFFICIENT = 1e-4  # of the descent that the slope promises
SECANT = np.array([0.01, 0.1, 1.0])  # its share after 0, 1 and more refusals
GRADIENT = 1e-10  # of the sum of the points' gradients, all taken with one sign
ROUNDING = 1e-14  # of the curvature times the largest number in a residual: what a slope of exactly 0 may look like
SUM = 32 * np.finfo(float).eps  # of a sum of losses: what it may be off by rounding


class Derivatives(NamedTuple):
    """The objective of P problems and its derivatives, each at its own theta."""

    value: np.ndarray  # [P]
    gradient: np.ndarray  # [P, k]
    curvature: np.ndarray  # [P, 2k - 1], power sums
    absolute: np.ndarray  # [P], the sum of the points' absolute gradients


class NewtonResult(NamedTuple):
    """The ends of P descents."""

    theta: np.ndarray  # [P, k]
    converged: np.ndarray  # [P], whether the gradient is zero there
    positive_definite: np.ndarray  # [P], whether the second derivative is positive definite there


def derivatives(problem: FitProblem, theta: np.ndarray) -> Derivatives:
    """The derivatives at theta [P, k]."""
    pred = problem.predict(theta)
    gradients = problem.weights * problem.slope(pred)
    return Derivatives(
        value=problem.total(pred),
        gradient=weighted_sums(gradients, problem.basis),
        curvature=weighted_sums(problem.weights * problem.curvature(pred), problem.powers),
        absolute=np.abs(gradients).sum(axis=-1),
    )


def blended_hessian(problem: FitProblem, theta: np.ndarray, share: np.ndarray) -> np.ndarray:
    """A normal matrix [P, 2k - 1] that is never indefinite: from the positive curvatures and the secant weights.

    `share` [P] is that of the secant weight, which is at least 0 for a loss that is least at its target.
    """
    pred = problem.predict(theta)
    residual, curvature = pred - problem.target, problem.curvature(pred)
    secant = np.where(residual == 0, curvature, problem.slope(pred) / np.where(residual == 0, 1.0, residual))
    mixed = np.maximum(curvature, 0.0) + share[:, None] * (secant - np.maximum(curvature, 0.0))
    return weighted_sums(problem.weights * mixed, problem.powers)


def is_stationary(problem: FitProblem, theta: np.ndarray, at: Derivatives) -> np.ndarray:
    """Which problems have a gradient that is zero up to rounding [P]. `at` are the derivatives at theta [P, k]."""
    left = np.abs(at.gradient).max(axis=-1) - GRADIENT * at.absolute
    off = ROUNDING * (np.abs(problem.target).max(axis=-1) + np.abs(theta).sum(axis=-1))
    noise = np.abs(at.curvature[:, 0]) * off
    if problem.loss.convex and np.any(doubtful := (left > 0) & (left <= noise) & (noise > at.absolute)):
        # The curvature may not hold as far as a residual is off: Huber's, of numbers that delta is a rounding error of.
        # Then the slopes of a few points are in doubt, each on its own. For a constant that is enough to know.
        some, rounding = problem.take(doubtful), off[doubtful, None]
        pred = some.predict(theta[doubtful])
        here, around = some.slope(pred), (some.slope(pred + rounding), some.slope(pred - rounding))
        change = (some.weights * np.maximum(*(np.abs(there - here) for there in around))).sum(axis=-1)
        certain = change if theta.shape[1] == 1 else 0.0
        noise[doubtful] = np.where(change < 0.5 * noise[doubtful], certain, noise[doubtful])
    return left <= noise


def newton_minimum(problem: FitProblem, start: np.ndarray, most_steps: int = MAX_NEWTON_STEPS) -> NewtonResult:
    """The minimum below each start [P, k], or where the steps ended: `most_steps` in the last of several rounds."""
    ended = NewtonResult(start.copy(), np.zeros(len(start), dtype=bool), np.zeros(len(start), dtype=bool))
    rows, steps = np.arange(len(start)), 4
    while rows.size and steps <= most_steps:
        # Most rows need few steps. Those that need more are gathered, so that their arrays are worth a call again.
        left = problem if rows.size == len(start) else problem.take(rows)
        for part in left.chunks():
            on = rows[part]
            for whole, piece in zip(ended, damped_newton(left.take(part), ended.theta[on], steps), strict=True):
                whole[on] = piece
        rows, steps = np.flatnonzero(~ended.converged), 4 * steps
    return ended


def damped_newton(problem: FitProblem, start: np.ndarray, limit: int) -> NewtonResult:
    """The result of at most `limit` steps from start [P, k], refused ones included."""
    ended = NewtonResult(start.copy(), np.zeros(len(start), dtype=bool), np.zeros(len(start), dtype=bool))
    rows, here, refused = np.arange(len(start)), start.copy(), np.zeros(len(start), dtype=int)
    at = derivatives(problem, here)
    for tried in range(limit + 1):
        zero = is_stationary(problem, here, at)
        ended.theta[rows], ended.converged[rows], ended.positive_definite[rows] = here, zero, is_definite(at.curvature)
        if np.any(zero):
            on = np.flatnonzero(~zero)
            problem, at = problem.take(on), Derivatives(*(array[on] for array in at))
            rows, here, refused = rows[on], here[on], refused[on]
        if rows.size == 0 or tried == limit:
            break
        stride = next_step(problem, here, at, refused)
        there = here - stride
        ahead = derivatives(problem, there)
        # Lower by a share of what the slope promises, or two steps could swap places for ever. Near the minimum the
        # value stops changing before the gradient is zero: there, lower but for rounding is low enough.
        promised = np.einsum("pk,pk->p", at.gradient, stride)
        lower = ahead.value <= at.value - SUFFICIENT * promised + SUM * np.abs(at.value)
        for old, new in zip((here, *at), (there, *ahead), strict=True):
            np.copyto(old, new, where=lower if old.ndim == 1 else lower[:, None])
        refused = np.where(lower, 0, refused + 1)
    return ended


def next_step(problem: FitProblem, theta: np.ndarray, at: Derivatives, refused: np.ndarray) -> np.ndarray:
    """The next step [P, k], to be subtracted from theta.

    Newton's; or where there is none or it was refused, that of a blended Hessian, nearer to the secant's each time.
    `refused` [P] counts how often.
    """
    stride = solve(at.curvature, at.gradient)
    if np.any(careful := (refused > 0) | ~is_definite(at.curvature)):
        on = np.flatnonzero(careful)
        tries = refused[on]
        matrix = blended_hessian(problem.take(on), theta[on], SECANT[np.minimum(tries, len(SECANT) - 1)])
        stride[on] = solve(matrix, at.gradient[on]) * 0.5 ** np.maximum(tries - len(SECANT) + 1, 0)[:, None]
    return stride
