"""The constant and the straight line that a loss fits, exactly and in batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from core.losses import Loss
from core.models import ellipsoid, flat_minimum, newton, pattern_search, piecewise_linear
from core.models.fit_problem import FitProblem, checked_problem, distinct_params, place_of_first, weighted_sums
from core.models.multistart import multistart_minimum
from core.record import NON_NEGATIVE, REAL, numbers

LARGE = 2.0**332  # about 1e100
EVERY_SIZE, SMALL = np.arange(-1000.0, 1000.0, 90.0), np.arange(-1000.0, -320.0, 90.0)  # powers of 2
UNIT = 1024.0
REFINING_STEPS, FINE_SEARCHES = 16, 2  # for a loss about which nothing is known
ROUNDS, CERTIFIED = 2_000, 1e-12  # of the ellipsoid method, and its relative tolerance


@np.errstate(over="ignore")  # squares of 1e300 are infinite
def fit_constant(loss: Loss, target: Any, weights: Any = 1.0, **params: Any) -> np.ndarray:
    """The number whose weighted sum of losses over the last axis is least, float64 [...].

    `target` [..., n] holds the points; `weights` [..., n], or one number, are at least 0, and a point of weight 0 is
    absent. `params` are the loss's parameters, numbers or arrays of the batch's shape [...]; a missing one takes its
    default. All of them broadcast over the batch axes [...]. The answer is in the units of the target.

    A convex loss gets its minimum: by weighted quantiles when it is piecewise linear, else by Newton's method to a
    gradient that is zero up to rounding. When every number of an interval is a minimum (the median of an even number of
    points), the answer is the middle of the interval. A loss that is not convex gets the lowest of the minima that are
    reached from the most promising of many places spread over the targets (`multistart`).

    Raises ValueError for a loss that is not a regression loss for predictions on the whole line, for arguments that are
    outside their domain or not finite, for shapes that do not broadcast and for a problem without a point of positive
    weight, TypeError for an unknown parameter, and ArithmeticError if a minimum could not be confirmed.
    """
    problem, batch = checked_problem(loss, target, weights, params)
    return minimise(problem)[:, 0].reshape(batch)


@np.errstate(over="ignore")
def fit_line(loss: Loss, x: Any, target: Any, weights: Any = 1.0, **params: Any) -> np.ndarray:
    """The line whose weighted sum of losses over the last axis is least: float64 [..., 2], intercept and slope.

    As `fit_constant`, with `x` [n] or [..., n]. When several lines are equally good, a piecewise linear loss gets the
    middle one of the slopes that occur among them, and the middle one of the intercepts that go with it; another loss
    gets the one that Newton's method reaches from the least-squares line.

    Raises what `fit_constant` raises, and ValueError for a problem with fewer than two different x of positive weight.
    """
    x = np.atleast_1d(numbers("x", x, REAL, of=loss.key))
    present = np.atleast_1d(numbers("weights", weights, NON_NEGATIVE, of=loss.key)) > 0
    u, centre, spread, unit = standardised_x(loss, x, present)
    problem, batch = checked_problem(loss, target, weights, params, u)
    intercept, slope = np.moveaxis(minimise(problem).reshape(*batch, 2), -1, 0)
    slope = slope / spread
    return np.stack([intercept - slope * centre, slope / unit], axis=-1)


def minimise(problem: FitProblem) -> np.ndarray:
    """The minimisers theta [P, k], found in another unit where targets are too large or too small for their squares."""
    if len(problem.target) == 0:
        return np.zeros((0, problem.basis.shape[-1]))
    there = problem.weights > 0
    size = np.abs(problem.target).max(axis=1, keepdims=True, where=there, initial=0.0)
    heavy = problem.weights.max(axis=1, keepdims=True)
    if np.any(is_extreme(heavy)):
        problem = replace(problem, weights=problem.weights / np.where(is_extreme(heavy), power_below(heavy), 1.0))
    if not np.any(is_extreme(size)):
        return minimise_in_unit(problem)
    moved = is_extreme(size)
    if not is_homogeneous(problem, EVERY_SIZE):
        moved &= (size < 1) & is_homogeneous(problem, SMALL)  # most losses are a square near 0
    unit = np.where(moved, power_below(size) * np.where(size < 1, LARGE, 1 / LARGE), 1.0)
    inside = problem.loss.target_domain.mask(problem.target / unit)  # 1e-300 becomes 0, which MAPE cannot take
    unit = np.where(np.all(inside, axis=1, keepdims=True), unit, 1.0)
    return unit * minimise_in_unit(replace(problem, target=problem.target / unit))


def is_extreme(size: np.ndarray) -> np.ndarray:
    """Whether sizes are so large or small that squares of such numbers, and their sums, may leave float64."""
    return (size > LARGE) | ((size < 1 / LARGE) & (size > 0))


def power_below(size: np.ndarray) -> np.ndarray:
    """The largest power of 2 that is no larger: dividing by it changes no digit. 1/2 for 0."""
    return 2.0 ** (np.frexp(size)[1] - 1)


def is_homogeneous(problem: FitProblem, powers: np.ndarray) -> bool:
    """Whether a change of unit multiplies the loss's slopes by one factor, among numbers of these powers of 2."""
    size = 2.0**powers
    pred, target = np.concatenate([3 * size, size]), np.concatenate([2 * size, 2 * size])
    params = {name: value[distinct_params(problem)[0]] for name, value in problem.params.items()}
    here, there = (problem.loss.grad_of(unit * pred, unit * target, **params) for unit in (1.0, UNIT))
    return any(np.array_equal(there, here * factor) for factor in (1 / UNIT, 1.0, UNIT))


def minimise_in_unit(problem: FitProblem) -> np.ndarray:
    """The minimisers theta [P, k], by the method that suits the loss's shape."""
    if not problem.loss.fits_confirmed:
        return lowest_minimum(problem)
    return convex_minimum(problem, certified_minimum) if problem.loss.convex else multistart_minimum(problem)


def lowest_minimum(problem: FitProblem) -> np.ndarray:
    """The lowest theta [P, k] that is found under a loss about which nothing is known; NaN where there is none."""

    def refined(part: FitProblem, starts: np.ndarray | None = None) -> np.ndarray:
        theta = pattern_search.lowest_found(part, starts, pattern_search.COARSE)
        there = np.flatnonzero(np.isfinite(theta).all(axis=1))
        end = newton.damped_newton(part.take(there), theta[there], REFINING_STEPS)
        theta[there[end.converged]] = end.theta[end.converged]
        rest = there[~end.converged]  # the slope jumps there: in a narrow valley a search may stop early
        for _ in range(FINE_SEARCHES if len(rest) else 0):
            theta[rest] = pattern_search.lowest_found(part.take(rest), theta[None, rest])
        return theta

    with np.errstate(all="ignore"):  # it may be infinite anywhere
        if not problem.loss.convex:
            return refined(problem)
        theta = np.empty((len(problem.target), problem.basis.shape[-1]))
        finite = np.isfinite(problem.total(problem.predict(problem.least_squares())))
        if np.any(finite):
            part = problem.take(np.flatnonzero(finite))
            theta[finite] = convex_minimum(part, lambda rest, reached: refined(rest, reached[None]), REFINING_STEPS)
        if not np.all(finite):
            theta[~finite] = refined(problem.take(np.flatnonzero(~finite)))
        return theta


def convex_minimum(
    problem: FitProblem,
    otherwise: Callable[[FitProblem, np.ndarray], np.ndarray],
    most_steps: int = newton.MAX_NEWTON_STEPS,
) -> np.ndarray:
    """The minimisers theta [P, k] of a convex loss.

    otherwise: where the slope jumps at the minimum, or there is none; from a problem and the place [P, k] reached.
    """
    if piecewise_linear.is_piecewise_linear(problem):
        best = piecewise_linear.best_constant if problem.basis.shape[-1] == 1 else piecewise_linear.best_line
        return np.concatenate([best(problem.take(rows)) for rows in problem.chunks(elements=32_768)])
    found = newton.newton_minimum(problem, problem.least_squares(), most_steps)
    theta = flat_minimum.middle_of_minimum(problem, found) if problem.basis.shape[-1] == 1 else found.theta
    if np.any(~found.converged):
        rest = np.flatnonzero(~found.converged)
        theta[rest] = otherwise(problem.take(rest), theta[rest])
    return theta


def certified_minimum(problem: FitProblem, start: np.ndarray) -> np.ndarray:
    """theta [P, k] whose objective is within 1e-12, relative, of the least one, for any convex loss.

    Slower than the other ways, but no more than a subgradient is asked for. `start` [P, k] says how far to look.
    Raises ArithmeticError when the rounds do not suffice, or the minimum lies outside the first ellipsoid.
    """

    def value_and_grad(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pred = problem.predict(theta)
        return problem.total(pred), weighted_sums(problem.weights * problem.slope(pred), problem.basis)

    span = np.abs(problem.target).max(axis=1) + np.abs(start).sum(axis=1)
    radii = np.broadcast_to(100.0 * (span + (span == 0))[:, None], start.shape)
    best, proven = ellipsoid.minimise(value_and_grad, start, radii, rounds=ROUNDS, tolerance=CERTIFIED)
    lost = ~proven | (np.hypot.reduce(best - start, axis=1) > 0.99 * radii[:, 0])
    if np.any(lost):
        raise ArithmeticError(
            f"no minimum could be confirmed for {lost.sum()} of {lost.size} fits ({problem.loss.key})"
        )
    return best


def standardised_x(
    loss: Loss, x: np.ndarray, present: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x shifted and scaled to mean 0 and deviation 1: u [..., n], then mean, deviation and the unit of both [...].

    The two columns of a line, 1 and u, are then well apart. A point that is not present does not count. The batch axes
    are those of x. Raises ValueError for x that does not broadcast with `present` or has fewer than two values there.
    """
    try:
        shape = np.broadcast_shapes(x.shape, present.shape)
    except ValueError as error:
        raise ValueError(f"x and weights must broadcast, got {x.shape} and {present.shape} ({loss.key})") from error
    points, there = np.broadcast_to(x, shape), np.broadcast_to(present, shape)
    low = np.min(points, axis=-1, where=there, initial=np.inf)
    high = np.max(points, axis=-1, where=there, initial=-np.inf)
    if np.any(single := low >= high):
        raise ValueError(
            f"x must hold 2 different values of positive weight, got fewer{place_of_first(single)} ({loss.key})"
        )
    if x.ndim == 1:  # one x for all: a point counts if any problem of the batch has it
        points, there = x, np.logical_or.reduce(there.reshape(-1, x.size), axis=0)
    size = np.max(np.abs(points), axis=-1, where=there, initial=0.0, keepdims=True)
    unit = power_below(size)  # so that no square leaves float64
    points = np.where(there, points / unit, 0.0)
    centre = np.mean(points, axis=-1, where=there, keepdims=True)
    spread = np.std(points, axis=-1, where=there, keepdims=True)
    return (points - centre) / spread, centre[..., 0], spread[..., 0], unit[..., 0]
