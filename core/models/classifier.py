"""Logistic regression on linear or quadratic features, trained to its minimum under any objective.

How far the training got is part of the answer: a loss that is not convex may have lower minima elsewhere, and weights
that nothing holds run away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.models import interior_point as kinked
from core.models.objectives import OBJECTIVES, Objective
from core.models.task import ROUGH, ZERO, End, Task, descend, down, ends_from
from core.record import BINARY, NON_NEGATIVE, REAL, numbers

KINDS = {"linear": 3, "quadratic": 6}  # columns of the basis
FAR = 1e4  # a score that is as good as infinite


@dataclass(frozen=True, eq=False)
class Features:
    """From points [..., 2] to a basis [..., k]: 1, u, v and, if quadratic, u^2, u v, v^2 of the standardised points.

    They are moved and scaled by the mean and the deviation of the points that the features were made `of`, so that
    other points are seen as those were. A column that does not change there becomes 0.
    """

    kind: str
    centre: np.ndarray  # [2]
    spread: np.ndarray  # [2]

    @classmethod
    def of(cls, points: Any, kind: str = "linear") -> Features:
        """Raises ValueError for an unknown kind, and for points that are not finite, not [n, 2] or none."""
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r:.40}")
        points = _pairs(points)
        if points.ndim != 2 or len(points) == 0:
            raise ValueError(f"points must be [n, 2] with at least one point, got shape {points.shape}")
        same = points.min(axis=0) == points.max(axis=0)
        return cls(kind, np.where(same, points[0], points.mean(axis=0)), np.where(same, 1.0, points.std(axis=0)))

    def basis(self, points: Any) -> np.ndarray:
        """[..., k] of points [..., 2]; ValueError for points that are not finite or not pairs."""
        u, v = np.moveaxis((_pairs(points) - self.centre) / self.spread, -1, 0)
        columns = [np.ones_like(u), u, v]
        if self.kind == "quadratic":
            columns += [u * u, u * v, v * v]
        return np.stack(columns, axis=-1)


@dataclass(frozen=True, eq=False)
class Fit:
    """What came of a training.

    `gradient` is its largest component at the end, as a share of what it would be were everything that adds up to it,
    each example's part and the penalty's, of one sign: it is 0 at a minimum, up to rounding at 1e-16.
    """

    weights: np.ndarray  # [k], the level first
    value: float  # of the objective, and the penalty with it
    gradient: float
    steps: int  # of all descents
    converged: bool  # at a minimum
    said: str  # how that is known, or what is the matter: one short sentence


def train(
    objective: Objective, basis: Any, target: Any, *, penalty: float = 1e-4, start: Any = None, **params: Any
) -> Fit:
    """The weights w [k] that make objective(basis @ w, target) + penalty |w without the level|^2 least.

    `basis` [n, k] has the level's 1 as its column 0, as `Features` makes it; `start` [k] is where to begin, best the
    weights of a similar problem. An objective that is not convex is descended from several places, and the lowest
    minimum is taken.

    Raises ValueError for what is not finite or outside its domain, for shapes that do not belong together and for
    examples of one class only, TypeError for an unknown parameter.
    """
    task, w, live = _task(objective, basis, target, penalty, start, params)
    if not objective.convex:
        ends = ends_from(task, _starts(task, [w] if start is not None else []))
    else:
        ends = (descend(task, w) if objective.smooth else kinked.descend(task, w),)
    best = min(ends, key=lambda end: (not end.met, end.value))
    weights = np.zeros(len(live))
    weights[live] = best.weights
    steps = sum(end.steps for end in ends)
    return Fit(weights, best.value, best.gradient, steps, best.met, _said(task, best, steps, len(ends)))


def _starts(task: Task, given: list[np.ndarray]) -> list[np.ndarray]:
    """About the minimum of the plain cross-entropy, that of the balanced one and half its scores; and what is given.

    Weighting the positives raises the scores by the logarithm of the weight, or nearly so.
    """
    plain_task = replace(task, objective=OBJECTIVES["binary_cross_entropy"], params={})
    plain, _ = down(plain_task, given[0] if given else np.zeros(task.basis.shape[1]), ROUGH)
    positives = task.target.sum()
    balanced = plain.copy()
    balanced[0] += np.log((task.target.size - positives) / positives)
    return [plain, balanced, 0.5 * balanced, *(start for start in given if not np.array_equal(start, plain))]


def _said(task: Task, best: End, steps: int, descents: int) -> str:
    """How good an end is, and why."""
    score = task.basis @ best.weights
    parted = score[task.target == 1].min() > score[task.target == 0].max()
    shape = "line" if task.basis.shape[1] <= KINDS["linear"] else "curve"
    if not best.met:
        limit, sign = _far_off(task)
        if limit <= best.value and not task.objective.convex:
            return f"no minimum: it falls towards {limit:.3g} as all scores go to {sign}∞ together"
        if parted and not task.penalty:
            return f"no minimum found: a {shape} separates the classes, and no penalty keeps the weights finite"
        if best.gradient <= ZERO:
            return f"no minimum found: the weights still grow after {steps} steps"
        return f"no minimum found in {steps} steps: the relative gradient is {best.gradient:.0e}"
    known = np.isfinite(best.gap)
    how = f"within {best.gap:.0e} of the minimum" if known else f"relative gradient {best.gradient:.0e}"
    said = f"converged in {steps} steps ({how})" + f", lowest of {descents} starts" * (descents > 1)
    if parted and task.penalty:
        said += f"; a {shape} separates the classes, so only the penalty keeps the weights finite"
    return said


def _far_off(task: Task) -> tuple[float, str]:
    """The objective as all scores go to one end together, where that is lower, and the sign of that end."""
    ends = ((np.full(task.target.shape, end), sign) for end, sign in ((-FAR, "−"), (FAR, "+")))
    return min((float(task.objective.value_of(score, task.target, **task.params)), sign) for score, sign in ends)


def _task(
    objective: Objective, basis: Any, target: Any, penalty: Any, start: Any, params: dict[str, Any]
) -> tuple[Task, np.ndarray, np.ndarray]:
    """The arguments, checked once, where to begin, and which columns hold anything; the others are left out."""
    basis, target = numbers("basis", basis, REAL, of=objective.key), numbers("target", target, BINARY, of=objective.key)
    if basis.ndim != 2 or target.shape != basis.shape[:1] or basis.size == 0:
        raise ValueError(f"basis must be [n, k] and target [n], got {basis.shape} and {target.shape} ({objective})")
    if np.any(basis[:, 0] != 1):
        raise ValueError(f"column 0 of basis must be 1, the level's, got {basis[:, 0].min():g} ({objective})")
    for name, there in (("positive", target.max() == 1), ("negative", target.min() == 0)):
        if not there:
            raise ValueError(f"the training set has no {name}: there is nothing to learn ({objective})")
    penalty = numbers("penalty", penalty, NON_NEGATIVE, of=objective.key)
    w = numbers("start", np.zeros(basis.shape[1]) if start is None else start, REAL, of=objective.key)
    if penalty.ndim or w.shape != basis.shape[1:]:
        raise ValueError(f"penalty must be one number and start [k], got {penalty.shape} and {w.shape} ({objective})")
    live = basis.any(axis=0)
    values = objective.formula_params(target, params)
    return Task(objective, basis[:, live], target, values, float(penalty)), w[live], live


def _pairs(points: Any) -> np.ndarray:
    array = numbers("points", points, REAL)
    if array.ndim == 0 or array.shape[-1] != 2:
        raise ValueError(f"points must be pairs, [..., 2], got shape {array.shape}")
    return array
