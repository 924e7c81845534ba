"""The lowest of several minima, for a loss that is not convex.

No method is certain to find the global minimum of such a loss. This one looks at the objective at many constants, or
lines, that are spread as the points are, and descends from the best few. So it finds the minimum that holds most of the
points; one that is narrower than the gaps between the candidates, and not as low at any of them, could be missed.
"""

from __future__ import annotations

import numpy as np

from core.models.newton import newton
from core.models.problem import Problem

LEVELS = np.arange(0.5, 64) / 64  # quantiles of the targets that are candidates for a constant
SIDE_LEVELS = np.arange(0.5, 7) / 7  # of the points to the left and to the right: a line through each pair
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
    heights = np.stack([problem.total(problem.predict(start)) for start in starts])
    promising = np.argsort(heights, axis=0, kind="stable")[:DESCENTS]
    descents = [newton(problem, starts[rank, each]) for rank in promising]
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
    u = np.broadcast_to(problem.basis[..., 1], problem.target.shape)
    side = u > quantiles(u, problem.weights, np.array([0.5]))[0][:, None]
    # u has mean 0, but a median that is its largest value would leave the right side empty
    side = np.where((side & (problem.weights > 0)).any(axis=1, keepdims=True), side, u > 0)
    weights = [problem.weights * ~side, problem.weights * side]
    at = [(share * u).sum(axis=1) / share.sum(axis=1) for share in weights]
    heights = [quantiles(problem.target, share, SIDE_LEVELS) for share in weights]
    slopes = (heights[1][None, :] - heights[0][:, None]) / (at[1] - at[0])
    lines = np.stack([heights[0][:, None] - slopes * at[0], slopes], axis=-1).reshape(-1, *squares.shape)
    return np.concatenate([squares[None], lines])


def quantiles(values: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Weighted quantiles [L, P] of values [P, n]: the first value that at least a share `level` lies at or below."""
    order = np.argsort(values, axis=1)
    share = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    ranks = np.stack([(share < level * share[:, -1:]).sum(axis=1) for level in levels])
    return np.take_along_axis(np.take_along_axis(values, order, axis=1), ranks.T, axis=1).T
