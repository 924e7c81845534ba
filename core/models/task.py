"""What a classifier's training makes small, and the way down where the slope does not jump."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from core.models.objectives import Objective

STEPS = 300
# Of the pulls: from here on Newton's own steps go on, for values no longer tell which point is lower. Where the
# curvature jumps they may need to begin nearer.
NEAR = (1e-6, 1e-9)
ROUGH = 1e-2  # of the pulls: near enough to begin another descent from, or to see where one will end
GONE = 1e-60  # of the value at the start: a gradient that fades to this is that of weights that run away
POLISH = 6
ZERO = 1e-9  # of the pulls
STILL = 1e-6  # of the scores: what another Newton step would change
FLAT = 1e-13  # of the curvatures: less is rounding


@dataclass(frozen=True)
class Task:
    """objective(basis @ w, target) + penalty |w without the level|^2, in w [k]; column 0 of the basis is the level's 1.

    Nothing is checked here any more.
    """

    objective: Objective
    basis: np.ndarray  # [n, k]
    target: np.ndarray  # [n]
    params: Mapping[str, float]  # of the objective's formulas
    penalty: float

    @cached_property
    def held(self) -> np.ndarray:
        """The penalty of each weight, [k]."""
        return np.where(np.arange(self.basis.shape[1]) == 0, 0.0, self.penalty)

    def value(self, w: np.ndarray) -> float:
        return float(self.objective.value_of(self.basis @ w, self.target, **self.params)) + self.penalty * w[1:] @ w[1:]

    def slope(self, score: np.ndarray) -> np.ndarray:
        """Of the objective in each score, [n]."""
        return self.objective.slope_of(score, self.target, **self.params)

    def gradient(self, w: np.ndarray) -> tuple[np.ndarray, float]:
        """[k], and how large its largest component is, of what it would be were all that adds up to it of one sign."""
        return self.summed(self.slope(self.basis @ w), w)

    def summed(self, slope: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, float]:
        """The same of the slopes in each score [n]."""
        pull = 2 * self.held * w
        gradient = slope @ self.basis + pull
        largest = np.abs(gradient).max()
        return gradient, float(largest / (np.abs(slope) @ self.sizes + np.abs(pull)).max()) if largest else 0.0

    @cached_property
    def sizes(self) -> np.ndarray:
        return np.abs(self.basis)

    def hessian(self, w: np.ndarray) -> np.ndarray:
        turned = self.objective.turned_of(self.basis @ w, self.target, self.basis, **self.params)
        return self.basis.T @ turned + 2 * np.diag(self.held)


class End(NamedTuple):
    """Where a descent ended."""

    weights: np.ndarray  # [k]
    value: float
    gradient: float  # of the pulls
    met: bool  # a minimum
    steps: int
    gap: float = np.inf  # no weights around have a value that is lower by more, where that is proven


def down(task: Task, start: np.ndarray, until: float) -> tuple[np.ndarray, int]:
    """Downhill by a trust region with the exact second derivative, and the number of steps."""

    def gradient(w: np.ndarray) -> np.ndarray:
        found, share = task.gradient(w)
        return found / size if share > until else np.zeros_like(found)  # so that SciPy stops where we have enough

    size = task.value(start) or 1.0  # a weight of 1e300 must not overflow where SciPy squares what comes of it
    if not gradient(start).any():
        return start, 0
    found = minimize(
        lambda w: task.value(w) / size,
        start,
        jac=gradient,
        hess=lambda w: task.hessian(w) / size,
        method="trust-exact",
        options={"gtol": GONE, "maxiter": STEPS},
    )
    return found.x, found.nit


def descend(task: Task, start: np.ndarray) -> End:
    """To a gradient of zero, up to rounding, wherever there is one below the start."""
    w, steps = start, 0
    for until in NEAR:
        w, more = down(task, w, until)
        steps += more
        gradient, share = task.gradient(w)
        stride = newton(task, w, gradient)
        for _ in range(POLISH):
            if stride is None or not share:
                break
            there = w - stride
            gradient, pull = task.gradient(there)
            if pull >= share:
                break
            w, share, steps = there, pull, steps + 1
            stride = newton(task, w, gradient)
        met = stride is not None and share <= ZERO and still(task, w, stride)
        if met or stride is None:
            break
    return End(w, task.value(w), share, met, steps)


def newton(task: Task, w: np.ndarray, gradient: np.ndarray) -> np.ndarray | None:
    """Newton's step [k], to be taken off the weights; None where the second derivative is not positive definite.

    Each weight is measured in units in which its own curvature is 1, so that only directions are compared, not units.
    """
    hessian = task.hessian(w)
    own = np.diag(hessian)
    if not np.all(own > 0):
        return None
    unit = 1 / np.sqrt(own)
    curvatures, axes = np.linalg.eigh(hessian * unit[:, None] * unit)
    if curvatures[0] <= FLAT * curvatures[-1]:
        return None
    return unit * (axes @ (axes.T @ (unit * gradient) / curvatures))


def still(task: Task, w: np.ndarray, stride: np.ndarray) -> bool:
    """Whether another step would change no score.

    Weights that run away have a gradient that fades to zero as well, but Newton's step stays as long as it was.
    """
    return bool(np.abs(task.basis @ stride).max() <= STILL * (1 + np.abs(task.basis @ w).max()))


def ends_from(task: Task, starts: Sequence[np.ndarray]) -> tuple[End, ...]:
    """Where descents from each start end. One that comes to where nothing rises on the way to an end known is left."""
    ends = [descend(task, starts[0])]
    for start in starts[1:]:
        w, steps = down(task, start, ROUGH)
        here = task.value(w)
        for end in ends:
            if end.met and max(end.value, task.value(0.5 * (w + end.weights))) <= here:
                ends.append(end._replace(steps=steps))
                break
        else:
            end = descend(task, w)
            ends.append(end._replace(steps=steps + end.steps))
    return tuple(ends)
