"""The lowest of several minima, for a loss that is not convex.

No method is certain to find the global minimum of such a loss. This one looks at the objective at many constants, or
lines, that lie as the points do: first on some of the points, then the better ones on all. From the best it descends,
and from others that have a rise between them and it. That finds the minimum that holds most of the points. When the
loss is much narrower than the spread of the points, there are about as many minima as lines through two points, and one
that is almost as low may be found.
"""

from __future__ import annotations

import numpy as np

from core.models.newton import newton
from core.models.problem import Problem

LEVELS = np.arange(0.5, 40) / 40  # quantiles of the targets that are candidates for a constant
PICKED = np.arange(0.5, 20) / 20  # quantiles of x: a line through each two of the points there
GLANCE, SEEN = 64, 24  # points looked at first, and the candidates then looked at with all of them
KEPT, DESCENTS = 10, 4  # candidates that a descent may begin from, and how many do
ELEMENTS = 16_000  # in one array: 128 kB, which C's library has at hand; more it asks of the system each time


def lowest_of_several(problem: Problem) -> np.ndarray:
    """theta [P, k]. Raises ArithmeticError where no descent ended at a gradient of zero."""
    theta = np.empty((len(problem.target), problem.basis.shape[-1]))
    for rows in problem.chunks():
        theta[rows] = _lowest(problem.take(rows))
    return theta


def _lowest(problem: Problem) -> np.ndarray:
    starts, _ = best_of(problem.thinned(GLANCE), candidates(problem), SEEN)
    starts, values = best_of(problem, starts, KEPT)
    # Where the objective does not rise on the way from the best one, a descent would end where that one's does.
    apart = heights(problem, 0.5 * (starts[0] + starts)) > values
    apart[0] = True
    begun = apart & (np.cumsum(apart, axis=0) <= DESCENTS)
    ends, reached = descents(problem, starts, begun)
    if np.any(lost := np.isinf(reached).all(axis=0)):  # by rounding: another way down may end at a gradient of zero
        others, reached_there = descents(problem, starts, lost & ~begun)
        ends, reached = np.concatenate([ends, others]), np.concatenate([reached, reached_there])
    if np.any(lost := np.isinf(reached).all(axis=0)):
        raise ArithmeticError(
            f"no minimum could be confirmed for {lost.sum()} of {lost.size} fits ({problem.loss.key})"
        )
    return ends[reached.argmin(axis=0), np.arange(lost.size)]


def descents(problem: Problem, starts: np.ndarray, begun: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where descents from some of the starts [S, P, k] end, and how low [S, P]: infinite where a gradient is not 0."""
    which, rows = np.nonzero(begun)
    own = problem.take(rows)
    end = newton(own, starts[which, rows])
    ends, reached = np.zeros_like(starts), np.full(begun.shape, np.inf)
    ends[which, rows] = end.theta
    reached[which, rows] = np.where(end.met, own.total(own.predict(end.theta)), np.inf)
    return ends, reached


def best_of(problem: Problem, starts: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The lowest of candidates [S, P, k], the best one first: [count, P, k], and their heights [count, P]."""
    found = heights(problem, starts)
    order = np.argsort(found, axis=0, kind="stable")[:count]
    return np.take_along_axis(starts, order[:, :, None], axis=0), np.take_along_axis(found, order, axis=0)


def heights(problem: Problem, starts: np.ndarray) -> np.ndarray:
    """The objective at candidates [S, P, k]: [S, P]."""
    size = max(1, ELEMENTS // problem.target.size)
    parts = [starts[first : first + size] for first in range(0, len(starts), size)]
    return np.concatenate([problem.total(problem.predict(part)) for part in parts])


def candidates(problem: Problem) -> np.ndarray:
    """[S, P, k]: least squares, and constants or lines through quantiles of the points."""
    squares = problem.least_squares()
    through = constants_through_points if squares.shape[1] == 1 else lines_through_points
    return np.concatenate([squares[None], through(problem)])


def constants_through_points(problem: Problem) -> np.ndarray:
    """[S, P, 1]: quantiles of the targets."""
    order = np.argsort(problem.target, axis=1)
    index = ranked(order, problem.weights, LEVELS)
    return np.take_along_axis(problem.target, index, axis=1).T[:, :, None]


def lines_through_points(problem: Problem) -> np.ndarray:
    """[S, P, 2]: through each two of a few points that are spread over u; level where the two have one u."""
    u = np.broadcast_to(problem.basis[..., 1], problem.target.shape)
    # Points of one u are in the order of their targets, so that those picked are spread over these too.
    index = ranked(np.lexsort((problem.target, u), axis=1), problem.weights, PICKED)
    first, second = np.triu_indices(len(PICKED), k=1)
    x, y = (np.take_along_axis(array, index, axis=1).T for array in (u, problem.target))
    run = x[second] - x[first]
    slopes = np.where(run == 0, 0.0, (y[second] - y[first]) / np.where(run == 0, 1.0, run))
    return np.stack([y[first] - slopes * x[first], slopes], axis=-1)


def ranked(order: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Weighted quantiles of points that are in such an order [P, n]: [P, L], the first point up to which there is at
    least a share `level` of the weight."""
    share = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    ranks = np.stack([(share < level * share[:, -1:]).sum(axis=1) for level in levels], axis=1)
    return np.take_along_axis(order, ranks, axis=1)
