"""Softmax regression: K scores that are linear in a basis, trained under any loss of class scores.

Many problems are solved as one batch. A minimum is found by Newton's steps; how far each got is in the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from core.losses import Loss
from core.losses.link import SOFTMAX
from core.numerics import length
from core.optimizers import OPTIMIZERS
from core.optimizers.iterate import iterate
from core.record import NON_NEGATIVE, REAL, Labels, numbers, one_number
from core.sentences import number_text

PENALTY = 1e-4  # of the squared weights, as in a classifier of two classes: separable data have a minimum then
MOST_STEPS = 200
ZERO_GRADIENT = 1e-9  # gradient norm at which Newton's steps end
CONVERGED = 1e-8  # gradient norm of a minimum
DIFFERENCE = 1e-4  # of a score, to either side, for the curvature
FLAT = 1e-8  # of a curvature: less is rounding
LONGEST = 10.0  # a step of the weights
HALVINGS = 30
SUFFICIENT = 1e-4  # of what the slope promises
ROUNDING = 1e-14  # of the value
START_FACTORS = (0.0, 0.5, 1.0, 2.0)  # times the weights at the minimum of cross-entropy


def is_trainable(loss: Loss) -> bool:
    """Whether a softmax regression can be trained under it: a smooth loss of class scores, finite for every label,
    whose scores become probabilities."""
    if loss.family != "multi-class" or loss.link is None or loss.subgradient:
        return False
    return bool(np.isfinite(loss.value(np.array([[1.0, 0.0, -1.0]] * 3), np.arange(3.0), **loss.starts)).all())


@dataclass(frozen=True, eq=False)
class SoftmaxProblem:
    """P problems: minimise mean loss(scores, target) + penalty |weights without the intercepts|^2.

    The scores of a problem are basis @ weights.T; its weights [K, k] are one row of theta [P, K k]. Column 0 of the
    basis is 1, the intercepts'. Make it with `of`, which checks.
    """

    loss: Loss
    basis: np.ndarray  # [n, k]
    target: np.ndarray  # [P, n, K], 1 at the label and 0 elsewhere
    params: Mapping[str, np.ndarray]  # [P, 1, 1] by name
    penalty: float

    @classmethod
    def of(
        cls,
        loss: Loss,
        basis: Any,
        target: Any,
        *,
        classes: int,
        params: Mapping[str, Any] | None = None,
        penalty: float = PENALTY,
    ) -> SoftmaxProblem:
        """The problems of a basis [n, k], of labels [P, n] or [n], and of the loss's own parameters, [P] or numbers.

        Raises ValueError for what is not finite or outside its domain, and for shapes that do not belong together.
        """
        basis, target = numbers("basis", basis, REAL), numbers("target", target, Labels(classes))
        if basis.ndim != 2 or target.ndim not in (1, 2) or target.shape[-1:] != basis.shape[:1] or not basis.size:
            raise ValueError(f"basis must be [n, k] and target [P, n] or [n], got {basis.shape} and {target.shape}")
        if np.any(basis[:, 0] != 1):
            raise ValueError(f"column 0 of basis must be 1, the intercepts', got {basis[:, 0].min():g}")
        values = loss.with_defaults(params or {})
        count = np.broadcast_shapes(target.shape[:-1], (1,), *(value.shape for value in values.values()))
        labels = np.broadcast_to(target, (*count, len(basis)))
        one_hot = np.eye(classes)[labels.astype(int)]
        wide = {name: np.broadcast_to(value, count)[:, None, None] for name, value in values.items()}
        return cls(loss, basis, one_hot, wide, one_number("penalty", penalty, NON_NEGATIVE))

    def __len__(self) -> int:
        """The number of problems."""
        return len(self.target)

    @property
    def shape(self) -> tuple[int, int]:
        """Of the weights of one problem: K, k."""
        return self.target.shape[-1], self.basis.shape[-1]

    def take(self, rows: np.ndarray) -> SoftmaxProblem:
        """Some of the problems."""
        return replace(self, target=self.target[rows], params={name: own[rows] for name, own in self.params.items()})

    @cached_property
    def penalties(self) -> np.ndarray:
        """The penalty of each weight [K k]: 0 for the intercepts."""
        classes, columns = self.shape
        return np.tile(np.where(np.arange(columns) == 0, 0.0, self.penalty), classes)

    @cached_property
    def products(self) -> np.ndarray:
        """Of each example, the products of all pairs of its basis, divided by n: [n, k k]."""
        return (self.basis[:, :, None] * self.basis[:, None, :]).reshape(len(self.basis), -1) / len(self.basis)

    def scores(self, theta: np.ndarray) -> np.ndarray:
        """The scores [P, n, K]."""
        return scores(theta, self.basis, self.shape[0])

    def value(self, theta: np.ndarray) -> np.ndarray:
        """What is minimised [P]."""
        each = self.loss.value_of(self.scores(theta), self.target, **self.params)
        return each.mean(axis=-1) + (self.penalties * theta**2).sum(axis=-1)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """Its gradient [P, K k]."""
        each = self.loss.grad_of(self.scores(theta), self.target, **self.params)
        of_loss = np.swapaxes(each, -1, -2) @ self.basis / len(self.basis)
        return of_loss.reshape(theta.shape) + 2 * self.penalties * theta

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """Its second derivatives [P, K k, K k], from differences of the loss's gradient in the scores."""
        (classes, columns), z = self.shape, self.scores(theta)
        steps = DIFFERENCE * np.eye(classes)
        ahead, behind = (
            np.stack([self.loss.grad_of(z + sign * step, self.target, **self.params) for step in steps], axis=1)
            for sign in (1, -1)
        )
        curvature = (ahead - behind) / (2 * DIFFERENCE)  # [P, K, n, K]
        blocks = np.moveaxis(curvature, 2, 3) @ self.products  # [P, K, K, k k]
        parts = blocks.reshape(len(z), classes, classes, columns, columns).transpose(0, 1, 3, 2, 4)
        found = parts.reshape(len(z), classes * columns, -1)
        return (found + np.swapaxes(found, -1, -2)) / 2 + 2 * np.diag(self.penalties)

    @cached_property
    def unseen(self) -> np.ndarray:
        """The direction [K k] in which a softmax does not change: all intercepts together. 0 if there is none."""
        classes, columns = self.shape
        together = np.tile(np.arange(columns) == 0, classes) / np.sqrt(classes)
        return together if self.loss.link is SOFTMAX else np.zeros_like(together)


def scores(theta: np.ndarray, basis: np.ndarray, classes: int) -> np.ndarray:
    """The scores [..., n, K] of weights theta [..., K k] on a basis [n, k]."""
    return basis @ np.swapaxes(theta.reshape(*theta.shape[:-1], classes, -1), -1, -2)


class Minima(NamedTuple):
    """Where the minimisation of P problems ended."""

    theta: np.ndarray  # [P, K k]
    value: np.ndarray  # [P]
    gradient: np.ndarray  # [P], the norm
    curvature: np.ndarray  # [P], the least of all directions that change a probability
    starts: int  # tried for each

    @property
    def converged(self) -> np.ndarray:
        """Whether it is at a minimum [P]: no gradient, and curvature in every direction."""
        return (self.gradient <= CONVERGED) & (self.curvature > 0)

    def summaries(self, loss: Loss) -> list[str]:
        """Of each problem, how it is known that the end is a minimum, or what is the matter."""
        how = "the loss is convex" if loss.convex else f"all curvatures are positive, lowest of {self.starts} starts"
        return [
            f"Minimum: gradient norm {norm}, {how}" if found else f"No minimum found: gradient norm {norm}"
            for norm, found in zip(map(number_text, self.gradient), self.converged, strict=True)
        ]


def fit(problem: SoftmaxProblem, nearby: np.ndarray | None = None) -> Minima:
    """The minimum of each problem. Of a loss that is not convex, the lowest of those below several starts.

    nearby: theta [P, K k] of the minima of cross-entropy for the same labels, of which the starts are multiples.
    """
    if problem.loss.convex:
        return minima_below(problem, np.zeros((len(problem), problem.shape[0] * problem.shape[1])))
    if nearby is None:
        raise ValueError(f"{problem.loss.key} is not convex: fit needs the minima of cross-entropy to begin near them")
    found = [minima_below(problem, times * nearby) for times in START_FACTORS]
    return lowest(found)


def lowest(found: Sequence[Minima]) -> Minima:
    """Of several minima of each problem the lowest."""
    values = np.array([np.where(one.converged, one.value, np.inf) for one in found])
    best = values.argmin(axis=0)
    theta, value, gradient, curvature = (
        np.stack([one[column] for one in found])[best, np.arange(len(best))] for column in range(4)
    )
    return Minima(theta, value, gradient, curvature, starts=len(found))


def minima_below(problem: SoftmaxProblem, start: np.ndarray) -> Minima:
    """The minimum below each start [P, K k], by Newton's steps, each as short as it has to be to go down.

    Where the curvature is negative, a step goes down all the same: it is divided by the curvature's size.
    """
    count = len(start)
    ended = Minima(start.copy(), np.zeros(count), np.zeros(count), np.zeros(count), starts=1)
    rows, theta = np.arange(count), start.copy()
    for tried in range(MOST_STEPS + 1):
        value, gradient = problem.value(theta), problem.gradient(theta)
        curvatures, axes = np.linalg.eigh(problem.hessian(theta) + np.outer(problem.unseen, problem.unseen))
        for whole, part in zip(ended[:-1], (theta, value, length(gradient), curvatures[:, 0]), strict=True):
            whole[rows] = part
        left = np.flatnonzero(length(gradient) > ZERO_GRADIENT)
        if not len(left) or tried == MOST_STEPS:
            break
        along = np.einsum("pij,pi->pj", axes[left], gradient[left]) / np.maximum(np.abs(curvatures[left]), FLAT)
        step = np.einsum("pij,pj->pi", axes[left], along)
        step *= np.minimum(1.0, LONGEST / length(step))[:, None]
        rows, problem = rows[left], problem.take(left)
        theta = gone_down(problem, theta[left], value[left], gradient[left], step)
    return ended


def gone_down(
    problem: SoftmaxProblem, theta: np.ndarray, value: np.ndarray, gradient: np.ndarray, step: np.ndarray
) -> np.ndarray:
    """Theta less the step, or the largest half, quarter ... of it that goes down as far as the slope promises."""
    promised = SUFFICIENT * np.einsum("pi,pi->p", gradient, step)
    ended, share, rows = theta - step, np.ones(len(theta)), np.arange(len(theta))
    for _ in range(HALVINGS):
        ahead = problem.take(rows).value(ended[rows])
        refused = ahead > value[rows] - share[rows] * promised[rows] + ROUNDING * np.abs(value[rows])
        rows = rows[refused]
        if not len(rows):
            break
        share[rows] /= 2
        ended[rows] = theta[rows] - share[rows, None] * step[rows]
    return ended


def descend(
    problem: SoftmaxProblem, start: np.ndarray, *, optimizer: str, steps: int, every: int, **params: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Theta [P, frames, K k] and the gradient norm [P, frames] of the steps 0, every, 2 every ... of an optimizer.

    start: [P, K k]. optimizer: a key of OPTIMIZERS, and `params` its own, numbers or [P].
    """
    with np.errstate(all="ignore"):  # what diverges becomes infinite
        path = iterate(OPTIMIZERS[optimizer], start, lambda _, theta: problem.gradient(theta), steps, **params)
        kept = [theta for number, (theta, _) in enumerate(path) if number % every == 0]
        norms = [length(problem.gradient(theta)) for theta in kept]
    return np.stack(kept, axis=1), np.stack(norms, axis=1)
