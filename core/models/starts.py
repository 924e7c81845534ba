"""The lowest of several minima, for a loss that is not convex.

No method is certain to find the global minimum of such a loss. This one looks at the objective at many constants, or
lines, that lie as the points do: first on some of the points, then the better ones on all, and it descends from the
best few. That finds the minimum that holds most of the points. When the loss is much narrower than the spread of the
points, there are about as many minima as lines through two points, and one that is almost as low may be found.
"""

from __future__ import annotations

import numpy as np

from core.models.newton import newton
from core.models.problem import Problem

LEVELS = np.arange(0.5, 64) / 64  # quantiles of the targets that are candidates for a constant
SIDE_LEVELS = np.arange(0.5, 7) / 7  # of the points to the left and to the right: a line through each pair
PICKED = np.arange(0.5, 16) / 16  # quantiles of x: a line through each two of the points there
GLANCE = 64  # points looked at first
SEEN = 24  # candidates looked at with all the points
DESCENTS = 4


def lowest_of_several(problem: Problem) -> np.ndarray:
    """theta [P, k]. Raises ArithmeticError where no descent ended at a gradient of zero."""
    theta = np.empty((len(problem.target), problem.basis.shape[-1]))
    for rows in problem.chunks():
        theta[rows] = _lowest(problem.take(rows))
    return theta


def _lowest(problem: Problem) -> np.ndarray:
    each = np.arange(len(problem.target))
    starts = candidates(problem)
    for looked_at, kept in ((problem.thinned(GLANCE), SEEN), (problem, DESCENTS)):
        heights = np.stack([looked_at.total(looked_at.predict(start)) for start in starts])
        starts = starts[np.argsort(heights, axis=0, kind="stable")[:kept], each]
    descents = [newton(problem, start) for start in starts]
    values = np.stack([np.where(end.met, problem.total(problem.predict(end.theta)), np.inf) for end in descents])
    if np.any(lost := np.isinf(values).all(axis=0)):
        raise ArithmeticError(
            f"no minimum could be confirmed for {lost.sum()} of {lost.size} fits ({problem.loss.key})"
        )
    return np.stack([end.theta for end in descents])[values.argmin(axis=0), each]


def candidates(problem: Problem) -> np.ndarray:
    """[S, P, k]: least squares, and constants or lines through quantiles of the points."""
    squares = problem.least_squares()
    if squares.shape[1] == 1:
        return np.concatenate([squares[None], quantiles(problem.target, problem.weights, LEVELS)[:, :, None]])
    return np.concatenate([squares[None], lines_through_sides(problem), lines_through_points(problem)])


def lines_through_sides(problem: Problem) -> np.ndarray:
    """[S, P, 2]: from quantiles of the points in the left half of u, at their mean u, to those in the right half."""
    u = np.broadcast_to(problem.basis[..., 1], problem.target.shape)
    side = u > quantiles(u, problem.weights, np.array([0.5]))[0][:, None]
    # When the median is the largest u there is no right half: then the mean parts them, which no u can be all above.
    side = np.where((side & (problem.weights > 0)).any(axis=1, keepdims=True), side, u > middle(u, problem.weights))
    halves = [problem.weights * ~side, problem.weights * side]
    left, right = (middle(u, half)[:, 0] for half in halves)
    low, high = (quantiles(problem.target, half, SIDE_LEVELS) for half in halves)
    slopes = (high[None, :] - low[:, None]) / (right - left)
    return np.stack([low[:, None] - slopes * left, slopes], axis=-1).reshape(-1, len(u), 2)


def lines_through_points(problem: Problem) -> np.ndarray:
    """[S, P, 2]: through each two of a few points that are spread over u; level where the two have one u."""
    u = np.broadcast_to(problem.basis[..., 1], problem.target.shape)
    index = ranked(u, problem.weights, PICKED)[1]
    first, second = np.triu_indices(len(PICKED), k=1)
    x, y = (np.take_along_axis(array, index.T, axis=1).T for array in (u, problem.target))
    run = x[second] - x[first]
    slopes = np.where(run == 0, 0.0, (y[second] - y[first]) / np.where(run == 0, 1.0, run))
    return np.stack([y[first] - slopes * x[first], slopes], axis=-1)


def middle(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted means [P, 1]."""
    return (weights * values).sum(axis=1, keepdims=True) / weights.sum(axis=1, keepdims=True)


def quantiles(values: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Weighted quantiles [L, P] of values [P, n]: the first value that at least a share `level` lies at or below."""
    return ranked(values, weights, levels)[0]


def ranked(values: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The weighted quantiles [L, P] and which points they are [L, P]."""
    order = np.argsort(values, axis=1, kind="stable")
    share = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    ranks = np.stack([(share < level * share[:, -1:]).sum(axis=1) for level in levels], axis=1)
    index = np.take_along_axis(order, ranks, axis=1)
    return np.take_along_axis(values, index, axis=1).T, index.T
