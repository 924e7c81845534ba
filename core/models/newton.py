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

from core.models.problem import Problem, definite, solve, summed

STEPS = 256  # in the last of several rounds
ENOUGH = 1e-4  # of the descent that the slope promises
SECANT = np.array([0.01, 0.1, 1.0])  # its share after 0, 1 and more refusals
GRADIENT = 1e-10  # of the sum of the points' pulls, all taken with one sign
ROUNDING = 1e-14  # of the curvature times the largest number in a residual: what a pull of exactly 0 may look like


class Moments(NamedTuple):
    value: np.ndarray  # [P]
    gradient: np.ndarray  # [P, k]
    curvature: np.ndarray  # [P, 2k - 1], power sums
    effort: np.ndarray  # [P], the sum of the absolute pulls


class Descent(NamedTuple):
    theta: np.ndarray  # [P, k], where it ended
    met: np.ndarray  # [P], whether the gradient is zero there
    curved: np.ndarray  # [P], whether the second derivative is positive definite there


def moments(problem: Problem, theta: np.ndarray) -> Moments:
    pred = problem.predict(theta)
    pulls = problem.weights * problem.slope(pred)
    return Moments(
        value=problem.total(pred),
        gradient=summed(pulls, problem.basis),
        curvature=summed(problem.weights * problem.curvature(pred), problem.powers),
        effort=np.abs(pulls).sum(axis=-1),
    )


def blended(problem: Problem, theta: np.ndarray, share: np.ndarray) -> np.ndarray:
    """A normal matrix [P, 2k - 1] that is never indefinite: of the curvature where it is positive, and of the secant.

    `share` [P] is the secant's. The secant of a loss that is least at its target is at least 0.
    """
    pred = problem.predict(theta)
    residual, bend = pred - problem.target, problem.curvature(pred)
    secant = np.where(residual == 0, bend, problem.slope(pred) / np.where(residual == 0, 1.0, residual))
    mixed = np.maximum(bend, 0.0) + share[:, None] * (secant - np.maximum(bend, 0.0))
    return summed(problem.weights * mixed, problem.powers)


def stationary(problem: Problem, theta: np.ndarray, at: Moments) -> np.ndarray:
    """Which rows have a gradient that is zero up to rounding, [P]."""
    left = np.abs(at.gradient).max(axis=-1) - GRADIENT * at.effort
    off = ROUNDING * (np.abs(problem.target).max(axis=-1) + np.abs(theta).sum(axis=-1))
    noise = np.abs(at.curvature[:, 0]) * off
    if problem.loss.convex and np.any(doubtful := (left > 0) & (left <= noise) & (noise > at.effort)):
        # The curvature may not hold as far as a residual is off: Huber's, of numbers that delta is a rounding error of.
        # Then the slopes of a few points are in doubt, each on its own. For a constant that is enough to know.
        some, aside = problem.take(doubtful), off[doubtful, None]
        pred = some.predict(theta[doubtful])
        here, around = some.slope(pred), (some.slope(pred + aside), some.slope(pred - aside))
        change = (some.weights * np.maximum(*(np.abs(there - here) for there in around))).sum(axis=-1)
        certain = change if theta.shape[1] == 1 else 0.0
        noise[doubtful] = np.where(change < 0.5 * noise[doubtful], certain, noise[doubtful])
    return left <= noise


def newton(problem: Problem, start: np.ndarray) -> Descent:
    """Downhill from start [P, k]."""
    ended = Descent(start.copy(), np.zeros(len(start), dtype=bool), np.zeros(len(start), dtype=bool))
    rows, steps = np.arange(len(start)), 4
    while rows.size and steps <= STEPS:
        # Most rows need few steps. Those that need more are gathered, so that their arrays are worth a call again.
        left = problem if rows.size == len(start) else problem.take(rows)
        for part in left.chunks():
            on = rows[part]
            for whole, piece in zip(ended, descend(left.take(part), ended.theta[on], steps), strict=True):
                whole[on] = piece
        rows, steps = np.flatnonzero(~ended.met), 4 * steps
    return ended


def descend(problem: Problem, start: np.ndarray, limit: int) -> Descent:
    """At most `limit` steps from start [P, k], tried ones included."""
    ended = Descent(start.copy(), np.zeros(len(start), dtype=bool), np.zeros(len(start), dtype=bool))
    rows, here, refused = np.arange(len(start)), start.copy(), np.zeros(len(start), dtype=int)
    at = moments(problem, here)
    for tried in range(limit + 1):
        zero = stationary(problem, here, at)
        ended.theta[rows], ended.met[rows], ended.curved[rows] = here, zero, definite(at.curvature)
        if np.any(zero):
            on = np.flatnonzero(~zero)
            problem, at = problem.take(on), Moments(*(array[on] for array in at))
            rows, here, refused = rows[on], here[on], refused[on]
        if rows.size == 0 or tried == limit:
            break
        stride = step(problem, here, at, refused)
        there = here - stride
        ahead = moments(problem, there)
        # Lower by a share of what the slope promises, or two steps could swap places for ever. Near the minimum the
        # value stops changing before the gradient is zero: there, lower but for rounding is low enough.
        promised = np.einsum("pk,pk->p", at.gradient, stride)
        lower = ahead.value <= at.value - ENOUGH * promised + 4 * np.finfo(float).eps * np.abs(at.value)
        for old, new in zip((here, *at), (there, *ahead), strict=True):
            np.copyto(old, new, where=lower if old.ndim == 1 else lower[:, None])
        refused = np.where(lower, 0, refused + 1)
    return ended


def step(problem: Problem, theta: np.ndarray, at: Moments, refused: np.ndarray) -> np.ndarray:
    """Newton's [P, k], or where there is none or it was refused a blended one, nearer to the secant's each time."""
    stride = solve(at.curvature, at.gradient)
    if np.any(careful := (refused > 0) | ~definite(at.curvature)):
        on = np.flatnonzero(careful)
        tries = refused[on]
        matrix = blended(problem.take(on), theta[on], SECANT[np.minimum(tries, len(SECANT) - 1)])
        stride[on] = solve(matrix, at.gradient[on]) * 0.5 ** np.maximum(tries - len(SECANT) + 1, 0)[:, None]
    return stride
