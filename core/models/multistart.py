"""The lowest of several minima, for a loss that is not convex.

No method is certain to find the global minimum of such a loss. This one looks at the objective at many constants, or
lines, that lie as the points do: first on some of the points, then the better ones on all. From the best it descends,
and from others that have a rise between them and it. That finds the minimum that holds most of the points. When the
loss is much narrower than the spread of the points, there are about as many minima as lines through two points, and one
that is almost as low may be found.
"""

from __future__ import annotations

import numpy as np

from core.models.fit_problem import FitProblem
from core.models.newton import newton_minimum

QUANTILES = np.arange(0.5, 40) / 40  # quantiles of the targets that are candidates for a constant
X_QUANTILES = np.arange(0.5, 20) / 20  # quantiles of x: a line through each two of the points there
FEW_POINTS, BETTER = 64, 24  # points that all candidates are tried on, and how many are then tried on all points
STARTS, DESCENTS = 10, 4  # candidates that a descent may begin from, and how many descents there are
ELEMENTS = 16_000  # in one array: 128 kB, which C's library has at hand; more it asks of the system each time


def multistart_minimum(problem: FitProblem) -> np.ndarray:
    """The lowest minimum found of each problem, theta [P, k].

    Raises ArithmeticError where no descent ended at a gradient of zero.
    """
    theta = np.empty((len(problem.target), problem.basis.shape[-1]))
    for rows in problem.chunks():
        theta[rows] = _minimum(problem.take(rows))
    return theta


def _minimum(problem: FitProblem) -> np.ndarray:
    starts, _ = best_of(problem.subsample(FEW_POINTS), candidates(problem), BETTER)
    starts, values = best_of(problem, starts, STARTS)
    # Where the objective does not rise on the way from the best one, a descent would end where that one's does.
    apart = objective_values(problem, 0.5 * (starts[0] + starts)) > values
    apart[0] = True
    chosen = apart & (np.cumsum(apart, axis=0) <= DESCENTS)
    ends, reached = descents(problem, starts, chosen)
    if np.any(lost := np.isinf(reached).all(axis=0)):  # by rounding: another way down may end at a gradient of zero
        others, reached_there = descents(problem, starts, lost & ~chosen)
        ends, reached = np.concatenate([ends, others]), np.concatenate([reached, reached_there])
    if np.any(lost := np.isinf(reached).all(axis=0)):
        raise ArithmeticError(
            f"no minimum could be confirmed for {lost.sum()} of {lost.size} fits ({problem.loss.key})"
        )
    return ends[reached.argmin(axis=0), np.arange(lost.size)]


def descents(problem: FitProblem, starts: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where descents from the chosen [S, P] of the starts [S, P, k] end [S, P, k], and the objective there [S, P].

    The objective is infinite where there was no descent, or where it did not end at a gradient of zero.
    """
    which, rows = np.nonzero(chosen)
    own = problem.take(rows)
    end = newton_minimum(own, starts[which, rows])
    ends, reached = np.zeros_like(starts), np.full(chosen.shape, np.inf)
    ends[which, rows] = end.theta
    reached[which, rows] = np.where(end.converged, own.total(own.predict(end.theta)), np.inf)
    return ends, reached


def best_of(problem: FitProblem, starts: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The lowest of candidates [S, P, k], the best one first: [count, P, k], and their objective [count, P]."""
    found = objective_values(problem, starts)
    order = np.argsort(found, axis=0, kind="stable")[:count]
    return np.take_along_axis(starts, order[:, :, None], axis=0), np.take_along_axis(found, order, axis=0)


def objective_values(problem: FitProblem, starts: np.ndarray) -> np.ndarray:
    """The objective at candidates [S, P, k]: [S, P]."""
    size = max(1, ELEMENTS // problem.target.size)
    parts = [starts[first : first + size] for first in range(0, len(starts), size)]
    return np.concatenate([problem.total(problem.predict(part)) for part in parts])


def candidates(problem: FitProblem) -> np.ndarray:
    """Candidates [S, P, k]: least squares, and constants or lines through quantiles of the points."""
    squares = problem.least_squares()
    through = constants_through_points if squares.shape[1] == 1 else lines_through_points
    return np.concatenate([squares[None], through(problem)])


def constants_through_points(problem: FitProblem) -> np.ndarray:
    """Constants [S, P, 1]: quantiles of the targets."""
    order = np.argsort(problem.target, axis=1)
    index = weighted_quantiles(order, problem.weights, QUANTILES)
    return np.take_along_axis(problem.target, index, axis=1).T[:, :, None]


def lines_through_points(problem: FitProblem) -> np.ndarray:
    """Lines [S, P, 2] through each two of a few points that are spread over u; horizontal where the two have one u."""
    u = np.broadcast_to(problem.basis[..., 1], problem.target.shape)
    # Points of one u are in the order of their targets, so that those picked are spread over these too.
    index = weighted_quantiles(np.lexsort((problem.target, u), axis=1), problem.weights, X_QUANTILES)
    first, second = np.triu_indices(len(X_QUANTILES), k=1)
    x, y = (np.take_along_axis(array, index, axis=1).T for array in (u, problem.target))
    run = x[second] - x[first]
    slopes = np.where(run == 0, 0.0, (y[second] - y[first]) / np.where(run == 0, 1.0, run))
    return np.stack([y[first] - slopes * x[first], slopes], axis=-1)


def weighted_quantiles(order: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The numbers of the points [P, L] that are the weighted quantiles at `levels` [L] of points in an order [P, n].

    Each is the first point up to which there is at least a share `level` of the weight.
    """
    share = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    ranks = np.stack([(share < level * share[:, -1:]).sum(axis=1) for level in levels], axis=1)
    return np.take_along_axis(order, ranks, axis=1)
