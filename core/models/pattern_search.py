"""The lowest minimum that a search without slopes finds, for a loss about which nothing is known.

A pattern search (Hooke, Jeeves 1961, doi:10.1145/321062.321069) tries a step to each side and halves it where none is
lower. In two dimensions the sides turn from try to try, so that it also follows a valley with a sharp floor, which a
fixed pair of directions may miss (Audet, Dennis 2006, doi:10.1137/040603371).
"""

from __future__ import annotations

import numpy as np

from core.models.fit_problem import FitProblem
from core.models.multistart import BETTER, FEW_POINTS, best_of, candidates, objective_values

SEARCHES = 4
TURN = np.pi * (np.sqrt(5) - 1)  # radians from one try to the next: no two tries have the same sides
SHRINK = {1: 0.5, 2: 0.85}  # of a step that found nothing lower, by the number of dimensions
FIRST, COARSE, LAST = 0.05, 1e-4, 1e-10  # steps, as shares of the targets' spread
TRIES = 500
AWAY = 100.0  # spreads from the targets: a minimum so far away is none


def lowest_found(problem: FitProblem, starts: np.ndarray | None = None, last: float = LAST) -> np.ndarray:
    """The lowest that searches find, theta [P, k]; NaN where the objective is not finite, or falls without end.

    starts: where they begin, [S, P, k]; else at the best of many places. last: the step at which they end, as a share
    of the targets' spread.
    """
    theta = np.empty((len(problem.target), problem.basis.shape[-1]))
    for rows in problem.chunks():
        part = problem.take(rows)
        begin = promising(part) if starts is None else starts[:, rows]
        ends, values = map(np.stack, zip(*(search(part, start, last) for start in begin), strict=True))
        best, row = values.argmin(axis=0), np.arange(len(part.target))
        found, value = ends[best, row], values[best, row]
        far = np.abs(found).sum(axis=1) > AWAY * (spread(part) + np.abs(part.target).max(axis=1))
        theta[rows] = np.where((far | ~np.isfinite(value))[:, None], np.nan, found)
    return theta


def promising(problem: FitProblem) -> np.ndarray:
    """The best of many places [SEARCHES, P, k]: first on some of the points, then the better ones on all."""
    some, _ = best_of(problem.subsample(FEW_POINTS), candidates(problem), BETTER)
    return best_of(problem, some, SEARCHES)[0]


def search(problem: FitProblem, start: np.ndarray, last: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the searches from a start [P, k] end, and the objective there [P]."""
    theta, size = start.copy(), spread(problem)
    value = finite_or_infinite(objective_values(problem, theta[None])[0])
    if not np.isfinite(value).any():
        return theta, value
    step, dimensions = FIRST * size, theta.shape[1]
    for turn in range(TRIES):
        trials = theta + step[:, None] * sides(dimensions, turn * TURN)[:, None]
        values = finite_or_infinite(objective_values(problem, trials))
        best = values.argmin(axis=0)
        lowest = values[best, np.arange(len(best))]
        lower = lowest < value
        theta = np.where(lower[:, None], trials[best, np.arange(len(best))], theta)
        value = np.where(lower, lowest, value)
        step = step * np.where(lower, 2.0, SHRINK[dimensions])
        if np.all(step <= last * size):
            break
    return theta, value


def sides(dimensions: int, angle: float) -> np.ndarray:
    """The unit steps of a try, [2 dimensions, dimensions]."""
    if dimensions == 1:
        return np.array([[1.0], [-1.0]])
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    return np.stack([along, -along, across, -across])


def spread(problem: FitProblem) -> np.ndarray:
    """The size of the targets' range [P], or of the targets where all are the same; 1 where they are 0."""
    low, high = problem.target.min(axis=1), problem.target.max(axis=1)
    size = np.where(high > low, high - low, np.abs(high))
    return np.where(size > 0, size, 1.0)


def finite_or_infinite(values: np.ndarray) -> np.ndarray:
    """The values, with infinity where there is none."""
    return np.where(np.isnan(values), np.inf, values)
