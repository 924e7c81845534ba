"""Logistic regression on linear or quadratic features, trained to its minimum under any objective.

The answer says how far the training got: a loss that is not convex may have lower minima elsewhere, and without a
penalty weights may grow for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.models.classifier_problem import (
    ROUGH,
    ZERO_GRADIENT,
    ClassifierProblem,
    Solution,
    smooth_minima,
    smooth_minimum,
    trust_region,
)
from core.models.interior_point import interior_point_minimum
from core.models.objectives import OBJECTIVES, Objective
from core.record import BINARY, NON_NEGATIVE, REAL, numbers
from core.sentences import number_text

COLUMNS = {"linear": 3, "quadratic": 6}  # of the basis, by kind
FAR = 1e4  # a score that is as good as infinite


@dataclass(frozen=True, eq=False)
class Features:
    """The map from points [..., 2] to a basis [..., k]: 1, u, v and, if quadratic, u^2, u v, v^2.

    u and v are the coordinates, standardised by the mean and the deviation of the points that the features were made
    `of`: the training set's, for the test set too. A coordinate that is constant there becomes 0.
    """

    kind: str
    centre: np.ndarray  # [2]
    spread: np.ndarray  # [2]

    @classmethod
    def of(cls, points: Any, kind: str = "linear") -> Features:
        """The features of these points [n, 2].

        Raises ValueError for an unknown kind, for points that are not finite and for none at all.
        """
        if kind not in COLUMNS:
            raise ValueError(f"kind must be one of {', '.join(COLUMNS)}, got {kind!r:.40}")
        points = _pairs(points)
        if points.ndim != 2 or len(points) == 0:
            raise ValueError(f"points must be [n, 2] with at least one point, got shape {points.shape}")
        same = points.min(axis=0) == points.max(axis=0)
        return cls(kind, np.where(same, points[0], points.mean(axis=0)), np.where(same, 1.0, points.std(axis=0)))

    def basis(self, points: Any) -> np.ndarray:
        """The basis [..., k] of points [..., 2]. ValueError for points that are not finite or not pairs."""
        u, v = np.moveaxis((_pairs(points) - self.centre) / self.spread, -1, 0)
        columns = [np.ones_like(u), u, v]
        if self.kind == "quadratic":
            columns += [u * u, u * v, v * v]
        return np.stack(columns, axis=-1)


@dataclass(frozen=True, eq=False)
class ClassifierFit:
    """A trained classifier."""

    weights: np.ndarray  # [k], the intercept first
    value: float  # of the objective and the penalty
    gradient: float  # relative, as ClassifierProblem defines it: 0 at a minimum, up to rounding at 1e-16
    steps: int  # of all descents
    converged: bool  # at a minimum
    summary: str  # how that is known, or what is the matter: one short sentence


def fit_classifier(
    objective: Objective, basis: Any, target: Any, *, penalty: float = 1e-4, start: Any = None, **params: Any
) -> ClassifierFit:
    """The weights w [k] that minimise objective(basis @ w, target) + penalty |w without the intercept|^2.

    basis: [n, k], as `Features` makes it: column 0 is 1, the intercept's.
    target: [n], 0 or 1.
    start: [k], where to begin: best the weights of a similar problem. 0 without it.
    params: the objective's own parameters, one number each.

    An objective that is not convex is minimised from several starts, and the lowest minimum is taken.

    Raises ValueError for what is not finite or outside its domain, for shapes that do not belong together and for
    examples of one class only, TypeError for an unknown parameter.
    """
    problem, w, used = _checked_problem(objective, basis, target, penalty, start, params)
    if not objective.convex:
        found = smooth_minima(problem, _starts(problem, [w] if start is not None else []))
    else:
        found = (smooth_minimum(problem, w) if objective.smooth else interior_point_minimum(problem, w),)
    best = min(found, key=lambda solution: (not solution.converged, solution.value))
    weights = np.zeros(len(used))
    weights[used] = best.weights
    steps = sum(solution.steps for solution in found)
    summary = _summary(problem, best, steps, len(found))
    return ClassifierFit(weights, best.value, best.gradient, steps, best.converged, summary)


def _starts(problem: ClassifierProblem, given: list[np.ndarray]) -> list[np.ndarray]:
    """Starts: near the minimum of plain cross-entropy, near that of the balanced one, half of that, and the given ones.

    Weighting the positives raises the scores by the logarithm of the weight, or nearly so.
    """
    plain_problem = replace(problem, objective=OBJECTIVES["binary_cross_entropy"], params={})
    plain, _ = trust_region(plain_problem, given[0] if given else np.zeros(problem.basis.shape[1]), ROUGH)
    positives = problem.target.sum()
    balanced = plain.copy()
    balanced[0] += np.log((problem.target.size - positives) / positives)
    return [plain, balanced, 0.5 * balanced, *(start for start in given if not np.array_equal(start, plain))]


def _summary(problem: ClassifierProblem, best: Solution, steps: int, starts: int) -> str:
    """The words for how good a solution is, and how that is known."""
    score = problem.basis @ best.weights
    parted = score[problem.target == 1].min() > score[problem.target == 0].max()
    shape = "line" if problem.basis.shape[1] <= COLUMNS["linear"] else "curve"
    if not best.converged:
        limit, sign = _limit(problem)
        if limit <= best.value and not problem.objective.convex:
            return f"no minimum: it falls towards {number_text(limit, 3)} as all scores go to {sign}∞ together"
        if parted and not problem.penalty:
            return f"no minimum found: a {shape} separates the classes, and no penalty keeps the weights finite"
        if best.gradient <= ZERO_GRADIENT:
            return f"no minimum found: the weights still grow after {steps} steps"
        return f"no minimum found in {steps} steps: the relative gradient is {number_text(best.gradient)}"
    known = np.isfinite(best.gap)
    gap, gradient = map(number_text, (best.gap, best.gradient))
    how = f"within {gap} of the minimum" if known else f"relative gradient {gradient}"
    summary = f"converged in {steps} steps ({how})" + f", lowest of {starts} starts" * (starts > 1)
    if parted and problem.penalty:
        summary += f"; a {shape} separates the classes, so only the penalty keeps the weights finite"
    return summary


def _limit(problem: ClassifierProblem) -> tuple[float, str]:
    """The objective as all scores go to minus or plus infinity together, whichever is lower, and that sign."""
    ends = ((np.full(problem.target.shape, end), sign) for end, sign in ((-FAR, "−"), (FAR, "+")))
    return min(
        (float(problem.objective.value_of(score, problem.target, **problem.params)), sign) for score, sign in ends
    )


def _checked_problem(
    objective: Objective, basis: Any, target: Any, penalty: Any, start: Any, params: dict[str, Any]
) -> tuple[ClassifierProblem, np.ndarray, np.ndarray]:
    """The problem of checked arguments, where to begin, and which columns of the basis are used: those not all 0."""
    basis, target = numbers("basis", basis, REAL, of=objective.key), numbers("target", target, BINARY, of=objective.key)
    if basis.ndim != 2 or target.shape != basis.shape[:1] or basis.size == 0:
        raise ValueError(f"basis must be [n, k] and target [n], got {basis.shape} and {target.shape} ({objective})")
    if np.any(basis[:, 0] != 1):
        raise ValueError(f"column 0 of basis must be 1, the intercept's, got {basis[:, 0].min():g} ({objective})")
    for name, there in (("positive", target.max() == 1), ("negative", target.min() == 0)):
        if not there:
            raise ValueError(f"the training set has no {name}: there is nothing to learn ({objective})")
    penalty = numbers("penalty", penalty, NON_NEGATIVE, of=objective.key)
    w = numbers("start", np.zeros(basis.shape[1]) if start is None else start, REAL, of=objective.key)
    if penalty.ndim or w.shape != basis.shape[1:]:
        raise ValueError(f"penalty must be one number and start [k], got {penalty.shape} and {w.shape} ({objective})")
    used = basis.any(axis=0)
    values = objective.formula_params(target, params)
    return ClassifierProblem(objective, basis[:, used], target, values, float(penalty)), w[used], used


def _pairs(points: Any) -> np.ndarray:
    array = numbers("points", points, REAL)
    if array.ndim == 0 or array.shape[-1] != 2:
        raise ValueError(f"points must be pairs, [..., 2], got shape {array.shape}")
    return array
