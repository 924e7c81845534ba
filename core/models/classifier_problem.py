"""The objective of a classifier's training, and its minimum by a trust region and Newton steps where it is smooth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

from core.losses.loss import formula_in
from core.models.objectives import Objective

TRUST_REGION_STEPS = 300
FEW_STEPS = 40  # where the slope jumps: the Hessian does not tell of it, and further steps hardly help
# Relative gradients at which Newton's own steps take over, for values no longer tell which point is lower. Where the
# curvature jumps they may need to begin nearer.
NEWTON_FROM = (1e-6, 1e-9)
ROUGH = 1e-2  # relative gradient: near enough to begin another descent from, or to see where one will end
VANISHED = 1e-60  # of the value at the start: a gradient that fades to this is that of weights that run away
NEWTON_STEPS = 6
ZERO_GRADIENT = 1e-9  # relative
SAME_SCORE = 1e-6  # of the scores: what another Newton step may change at a minimum
SINGULAR = 1e-13  # of the largest curvature: less is rounding


@dataclass(frozen=True)
class ClassifierProblem:
    """Minimise objective(basis @ w, target) + penalty |w without the intercept|^2 over weights w [k].

    Column 0 of the basis is 1, the intercept's. Nothing is checked here.

    A relative gradient is the largest component of the gradient, divided by the largest that there would be if all
    examples' parts and the penalty's had one sign.
    """

    objective: Objective
    basis: np.ndarray  # [n, k]
    target: np.ndarray  # [n]
    params: Mapping[str, float]  # of the objective's formulas
    penalty: float

    @cached_property
    def penalties(self) -> np.ndarray:
        """The penalty of each weight [k]: 0 for the intercept."""
        return np.where(np.arange(self.basis.shape[1]) == 0, 0.0, self.penalty)

    def value(self, w: np.ndarray) -> float:
        """The objective and the penalty at weights w."""
        return float(self.objective.value_of(self.basis @ w, self.target, **self.params)) + self.penalty * w[1:] @ w[1:]

    def score_grad(self, score: np.ndarray) -> np.ndarray:
        """Derivative of the objective in each score [n]."""
        return self.objective.grad_of(score, self.target, **self.params)

    def gradient(self, w: np.ndarray) -> tuple[np.ndarray, float]:
        """The gradient [k] at weights w, and the relative gradient."""
        return self.gradient_from(self.score_grad(self.basis @ w), w)

    def gradient_from(self, score_grad: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, float]:
        """The same from the derivatives in each score [n]."""
        of_penalty = 2 * self.penalties * w
        gradient = score_grad @ self.basis + of_penalty
        largest = np.abs(gradient).max()
        one_sign = np.abs(score_grad) @ self.basis_size + np.abs(of_penalty)
        return gradient, float(largest / one_sign.max()) if largest else 0.0

    @cached_property
    def basis_size(self) -> np.ndarray:
        """The absolute values of the basis [n, k]."""
        return np.abs(self.basis)

    def hessian(self, w: np.ndarray) -> np.ndarray:
        """Second derivatives [k, k]."""
        product = self.objective.hessian_product_of(self.basis @ w, self.target, self.basis, **self.params)
        return self.basis.T @ product + 2 * np.diag(self.penalties)


class Solution(NamedTuple):
    """The end of a minimisation."""

    weights: np.ndarray  # [k]
    value: float
    gradient: float  # relative
    converged: bool  # at a minimum
    steps: int
    gap: float = np.inf  # no weights around have a value that is lower by more, where that is proven


def trust_region(problem: ClassifierProblem, start: np.ndarray, until: float) -> tuple[np.ndarray, int]:
    """Weights [k] whose relative gradient is at most `until`, and the number of steps: a trust region with the Hessian.

    It may end with a larger gradient, after TRUST_REGION_STEPS or where weights run away.
    """

    def value(w: np.ndarray) -> float:
        found = problem.value(w) / size
        if found < lowest[0]:
            lowest[:] = found, w
        return found

    def gradient(w: np.ndarray) -> np.ndarray:
        found, relative = problem.gradient(w)
        return found / size if relative > until else np.zeros_like(found)  # zero makes SciPy stop

    size = problem.value(start) or 1.0  # a weight of 1e300 must not overflow where SciPy squares what comes of it
    if not gradient(start).any():
        return start, 0
    lowest: list[Any] = [np.inf, start]
    try:
        found = minimize(
            value,
            start,
            jac=gradient,
            hess=lambda w: problem.hessian(w) / size,
            method="trust-exact",
            options={"gtol": VANISHED, "maxiter": TRUST_REGION_STEPS if problem.objective.smooth else FEW_STEPS},
        )
    except (UnboundLocalError, ValueError):  # of SciPy, where no second derivative is a number
        if not formula_in(problem.objective.key):  # only under a typed loss may that be
            raise
        return lowest[1], 0
    return found.x, found.nit


def smooth_minimum(problem: ClassifierProblem, start: np.ndarray) -> Solution:
    """The minimum below the start, with a gradient of zero up to rounding, if there is one."""
    w, steps = start, 0
    for until in NEWTON_FROM:
        w, more = trust_region(problem, w, until)
        steps += more
        gradient, relative = problem.gradient(w)
        step = newton_step(problem, w, gradient)
        for _ in range(NEWTON_STEPS):
            if step is None or not relative:
                break
            next_w = w - step
            gradient, next_relative = problem.gradient(next_w)
            if next_relative >= relative:
                break
            w, relative, steps = next_w, next_relative, steps + 1
            step = newton_step(problem, w, gradient)
        converged = step is not None and relative <= ZERO_GRADIENT and leaves_scores(problem, w, step)
        if converged or step is None:
            break
    return Solution(w, problem.value(w), relative, converged, steps)


def newton_step(problem: ClassifierProblem, w: np.ndarray, gradient: np.ndarray) -> np.ndarray | None:
    """Newton's step [k], to be subtracted from the weights; None where the Hessian is not positive definite.

    Each weight is measured in units in which its own curvature is 1, so that only directions are compared, not units.
    """
    hessian = problem.hessian(w)
    own = np.diag(hessian)
    if not np.all(own > 0):
        return None
    unit = 1 / np.sqrt(own)
    curvatures, axes = np.linalg.eigh(hessian * unit[:, None] * unit)
    if curvatures[0] <= SINGULAR * curvatures[-1]:
        return None
    return unit * (axes @ (axes.T @ (unit * gradient) / curvatures))


def leaves_scores(problem: ClassifierProblem, w: np.ndarray, step: np.ndarray) -> bool:
    """Whether a step changes no score.

    Weights that run away have a gradient that fades to zero as well, but Newton's step stays as long as it was.
    """
    return bool(np.abs(problem.basis @ step).max() <= SAME_SCORE * (1 + np.abs(problem.basis @ w).max()))


def smooth_minima(problem: ClassifierProblem, starts: Sequence[np.ndarray]) -> tuple[Solution, ...]:
    """The minimum below each start.

    A descent is given up once its way to a minimum that is known already does not rise: it would end there.
    """
    found = [smooth_minimum(problem, starts[0])]
    for start in starts[1:]:
        w, steps = trust_region(problem, start, ROUGH)
        value = problem.value(w)
        for known in found:
            if known.converged and max(known.value, problem.value(0.5 * (w + known.weights))) <= value:
                found.append(known._replace(steps=steps))
                break
        else:
            solution = smooth_minimum(problem, w)
            found.append(solution._replace(steps=steps + solution.steps))
    return tuple(found)
