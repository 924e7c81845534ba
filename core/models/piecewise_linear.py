"""Exact fits of piecewise linear losses, written as sums of hinges.

A convex loss that is straight between its kinks is, up to a constant, s p + sum_j jump_j max(0, p - place_j), with s
its slope to the left of every kink and a jump of the slope at each. So a problem is a weighted sum of hinges in theta.
Its minimum is at a weighted quantile of the places for a constant, and at a line through two of them for a line.

The search for that line goes along the edges of the objective, each time to the lowest point of the steepest edge
(Barrodale, Roberts 1973, doi:10.1137/0710069, is the classical algorithm of this kind). Every edge goes strictly down
and there are finitely many such lines, so it ends; it stops where no edge goes down, which for a convex function that
is linear between its edges is the condition of optimality, degenerate or not. Should rounding keep a row from meeting
it, linear programming takes over.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import eye_array, hstack

from core.models.fit_problem import FitProblem, distinct_params, kinks
from core.numerics import midpoint

ZERO_SLOPE = 1e-13  # slopes this small, as a share of all slopes together, are zero: what is left of sums that cancel
TOUCH = 1e-11  # distances this small, as a share of the numbers they come from, are zero
MAX_EDGES = 300
DOWN, STEEPER, FLATTER = 0, 1, -1


def is_piecewise_linear(problem: FitProblem) -> bool:
    """Whether the loss has kinks and no curvature between them, as tried at several places for all its parameters."""
    tried = problem.take(distinct_params(problem)[0])
    ends = kinks(tried)
    if ends.shape[1] == 0:
        return False
    margin = 10 * (1 + np.abs(ends).max(axis=1, keepdims=True)) + np.abs(reference_targets(tried)[:, :1])
    knots = np.hstack([ends[:, :1] - margin, ends, ends[:, -1:] + margin])
    shares = np.array([0.03, 0.21, 0.5, 0.71, 0.95, 0.999])
    inner = (knots[:, :-1, None] + shares * np.diff(knots, axis=1)[:, :, None]).reshape(len(ends), -1)
    target = np.broadcast_to(reference_targets(tried)[:, :1], inner.shape)
    return not np.any(replace(tried, target=target).curvature(target + inner))


def reference_targets(problem: FitProblem) -> np.ndarray:
    """Targets [P, n] at which slopes are read off: 0 if only the residual counts, since 1e20 + 1 is 1e20."""
    return np.zeros_like(problem.target) if problem.loss.of_residual else problem.target


@dataclass(frozen=True)
class HingeSum:
    """P sums of N hinges: left_slope[p] . theta + sum_j jump[p, j] max(0, theta . (1, u[p, j]) - place[p, j])."""

    u: np.ndarray  # [P, N], zeros for a constant
    place: np.ndarray  # [P, N]
    jump: np.ndarray  # [P, N], at least 0, and 0 for an absent point
    left_slope: np.ndarray  # [P, 2], the slope of the objective in theta to the left of every hinge
    zero_slope: np.ndarray  # [P], the size of a slope of the objective that counts as zero
    reach: np.ndarray  # [P], the largest |u|

    def take(self, rows: np.ndarray) -> HingeSum:
        """Only these sums."""
        return HingeSum(*(getattr(self, field.name)[rows] for field in fields(self)))

    def in_order(self) -> HingeSum:
        """The same sums with u rising."""
        order = np.argsort(self.u, axis=1, kind="stable")
        u, place, jump = (np.take_along_axis(array, order, axis=1) for array in (self.u, self.place, self.jump))
        return replace(self, u=u, place=place, jump=jump)

    def at_slope(self, slope: np.ndarray) -> HingeSum:
        """The same sums as those of an intercept alone, with the line's slope [P] fixed."""
        return replace(self, place=self.place - slope[:, None] * self.u)


def hinge_sum(problem: FitProblem) -> HingeSum:
    """The problem as sums of hinges, its slopes read off between the kinks, where they are not in doubt."""
    ends = kinks(problem)
    target, seen = problem.target[:, :, None], reference_targets(problem)[:, :, None]
    beyond = np.broadcast_to(1 + 0.5 * np.abs(seen), target.shape)  # near enough for the target's own size
    left, right = ends[:, None, :1] - beyond, ends[:, None, -1:] + beyond
    between = np.broadcast_to((ends[:, 1:] + ends[:, :-1]) / 2, (len(ends), ends.shape[1] - 1))[:, None, :]
    middles = np.concatenate([left, np.broadcast_to(between, (*target.shape[:2], between.shape[-1])), right], axis=-1)
    params = {name: value[:, :, None] for name, value in problem.params.items()}
    gradients = problem.loss.grad_of(seen + middles, seen, **params) * problem.weights[:, :, None]
    rows, points = problem.target.shape
    column = problem.basis[..., -1] if problem.basis.shape[-1] == 2 else np.zeros(points)
    u = np.broadcast_to(column, (rows, points))
    jump = np.diff(gradients, axis=-1).reshape(rows, -1)
    place = (target + ends[:, None, :]).reshape(rows, -1)
    left = gradients[:, :, 0]
    reach = np.abs(u).max(axis=1)
    return HingeSum(
        u=np.repeat(u, ends.shape[1], axis=1),
        # An absent point's hinges go where another's are, so that no place is ever taken from them.
        place=np.where(jump > 0, place, np.min(place, axis=1, keepdims=True, where=jump > 0, initial=np.inf)),
        jump=jump,
        left_slope=np.stack([left.sum(axis=1), (left * u).sum(axis=1)], axis=-1),
        zero_slope=ZERO_SLOPE * (np.abs(left).sum(axis=1) + jump.sum(axis=1)) * (1 + reach),
        reach=reach,
    )


def lowest_intercepts(sums: HingeSum) -> tuple[np.ndarray, np.ndarray]:
    """The ends [P], [P] of the interval of minimisers, for sums of the intercept alone; both are places of hinges."""
    order = np.argsort(sums.place, axis=-1)
    slope = sums.left_slope[:, :1] + np.cumsum(np.take_along_axis(sums.jump, order, axis=-1), axis=-1)
    last = slope.shape[1] - 1
    ends = [(slope < -sums.zero_slope[:, None]).sum(axis=1), (slope <= sums.zero_slope[:, None]).sum(axis=1)]
    picked = [np.take_along_axis(order, np.minimum(end, last)[:, None], axis=-1) for end in ends]
    low, high = (np.take_along_axis(sums.place, index, axis=-1)[:, 0] for index in picked)
    return low, high


def best_constant(problem: FitProblem) -> np.ndarray:
    """The middle of the minimisers [P, 1]."""
    low, high = lowest_intercepts(hinge_sum(problem))
    return midpoint(low, high)[:, None]


def best_line(problem: FitProblem) -> np.ndarray:
    """Lines [P, 2]: the middle of the optimal slopes, with the middle of the intercepts that are optimal for it."""
    sums = hinge_sum(problem).in_order()
    slope = problem.least_squares()[:, 1]
    line, converged = follow_edges(sums, np.stack([lowest_intercepts(sums.at_slope(slope))[0], slope], axis=-1), DOWN)
    for row in np.flatnonzero(~converged):
        line[row] = by_linear_program(sums.take(np.array([row])))
    # Other minimisers lie along edges of slope zero: follow them to the largest and to the smallest slope.
    ends = [follow_edges(sums, line, goal)[0][:, 1] for goal in (STEEPER, FLATTER)]
    slope = midpoint(*ends)
    return np.stack([midpoint(*lowest_intercepts(sums.at_slope(slope))), slope], axis=-1)


def follow_edges(sums: HingeSum, start: np.ndarray, goal: int) -> tuple[np.ndarray, np.ndarray]:
    """Lines [P, 2] reached along edges of the objective from `start` [P, 2], and whether each search ended [P].

    goal: DOWN goes on until no edge goes down. From a lowest line, STEEPER and FLATTER follow the edges of slope zero
        to the largest and the smallest slope of a line.
    """
    line, converged, rows = start.copy(), np.zeros(len(start), dtype=bool), np.arange(len(start))
    for _ in range(MAX_EDGES):
        gap, touching = gaps(sums, line[rows])
        pivot, sign, slope = best_edge(sums, gap, touching, goal)
        done = slope >= -sums.zero_slope if goal == DOWN else slope > sums.zero_slope
        converged[rows[done]] = True
        if np.any(done):
            on = np.flatnonzero(~done)
            rows, sums, gap, touching = rows[on], sums.take(on), gap[on], touching[on]
            pivot, sign, slope = pivot[on], sign[on], slope[on]
        if rows.size == 0:
            break
        line[rows] = end_of_edge(sums, gap, touching, pivot, sign, slope)
    return line, converged


def gaps(sums: HingeSum, line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far each line [P, 2] lies above each hinge [P, N], and whether it touches it up to rounding [P, N]."""
    gap = line[:, :1] + line[:, 1:] * sums.u - sums.place
    size = np.abs(line[:, 0]) + np.abs(line[:, 1]) * sums.reach + np.abs(sums.place).max(axis=1)
    return gap, (np.abs(gap) <= TOUCH * size[:, None]) & (sums.jump > 0)


def best_edge(
    sums: HingeSum, gap: np.ndarray, touching: np.ndarray, goal: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The edge to take: pivot [P], sign [P] and slope [P].

    The line turns about the hinge `pivot`; `sign` says whether its slope grows (1) or falls (-1). `slope` is that of
    the objective, per unit of the line's slope.
    """
    above = np.where((gap > 0) & ~touching, sums.jump, 0.0)
    level = sums.left_slope[:, :1] + above.sum(axis=1, keepdims=True)
    tilt = sums.left_slope[:, 1:] + (above * sums.u).sum(axis=1, keepdims=True)
    # Turning about a touched place lifts the line off the touched places to one side of it, with u in rising order.
    touched = np.where(touching, sums.jump, 0.0)
    left, left_tilt = np.cumsum(touched, axis=1), np.cumsum(touched * sums.u, axis=1)
    lifted_left = sums.u * left - left_tilt
    lifted_right = lifted_left - sums.u * left[:, -1:] + left_tilt[:, -1:]
    turn = tilt - level * sums.u
    rising = np.where(touching, turn + lifted_right, np.inf)
    falling = np.where(touching, lifted_left - turn, np.inf)
    if goal == STEEPER:
        falling = np.full_like(falling, np.inf)
    if goal == FLATTER:
        rising = np.full_like(rising, np.inf)
    slopes = np.hstack([rising, falling])
    best = slopes.argmin(axis=1)
    points = sums.u.shape[1]
    return best % points, np.where(best < points, 1.0, -1.0), slopes[np.arange(len(best)), best]


def end_of_edge(
    sums: HingeSum, gap: np.ndarray, touching: np.ndarray, pivot: np.ndarray, sign: np.ndarray, slope: np.ndarray
) -> np.ndarray:
    """The lines [P, 2] at the end of each edge: through `pivot` and the hinge beyond which the objective rises."""
    each = np.arange(len(pivot))
    speed = sign[:, None] * (sums.u - sums.u[each, pivot][:, None])
    ahead = (gap * speed < 0) & (sums.jump > 0) & ~touching
    turn = np.full_like(gap, np.inf)
    np.divide(-gap, speed, out=turn, where=ahead)
    order = np.argsort(turn, axis=1)
    rise = np.take_along_axis(np.where(ahead, sums.jump * np.abs(speed), 0.0), order, axis=1)
    passed = (slope[:, None] + np.cumsum(rise, axis=1) <= sums.zero_slope[:, None]).sum(axis=1)
    hit = order[each, np.minimum(passed, np.maximum(ahead.sum(axis=1) - 1, 0))]
    run = sums.u[each, hit] - sums.u[each, pivot]
    steepness = (sums.place[each, hit] - sums.place[each, pivot]) / np.where(run == 0, 1.0, run)
    return np.stack([sums.place[each, pivot] - steepness * sums.u[each, pivot], steepness], axis=-1)


def by_linear_program(one: HingeSum) -> np.ndarray:
    """A lowest line [2] of a single problem by HiGHS: heights h >= 0 above the hinges, h >= line - place."""
    count = one.u.shape[1]
    line = np.stack([np.ones(count), one.u[0]], axis=-1)
    answer = linprog(
        np.concatenate([one.left_slope[0], one.jump[0]]),
        A_ub=hstack([line, -eye_array(count)]),
        b_ub=one.place[0],
        bounds=[(None, None)] * 2 + [(0, None)] * count,
        method="highs",
    )
    if not answer.success:
        raise ArithmeticError(f"no lowest line was found: {answer.message}")
    return answer.x[:2]
