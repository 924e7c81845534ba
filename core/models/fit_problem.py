"""The arguments of a fit, checked once, as a flat batch of problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.losses import Loss
from core.losses.arguments import check_arguments
from core.record import NON_NEGATIVE, numbers


@dataclass(frozen=True)
class FitProblem:
    """P fits of n points: make sum_i weights[p, i] loss(basis[i] @ theta[p], target[p, i]) least in theta [P, k].

    k is 1 for a constant and 2 for a line. The basis is [n, k] when all rows share it, [P, n, k] when they do not.
    """

    loss: Loss
    basis: np.ndarray  # 1, or 1 and u
    powers: np.ndarray  # 1, or 1, u and u^2: their weighted sums are the entries of a normal matrix
    target: np.ndarray  # [P, n]
    weights: np.ndarray  # [P, n], 0 where a point is absent
    params: Mapping[str, np.ndarray]  # each [P, 1]

    def take(self, rows: slice | np.ndarray) -> FitProblem:
        """Only these problems."""
        shared = self.basis.ndim == 2
        return replace(
            self,
            basis=self.basis if shared else self.basis[rows],
            powers=self.powers if shared else self.powers[rows],
            target=self.target[rows],
            weights=self.weights[rows],
            params={name: value[rows] for name, value in self.params.items()},
        )

    def subsample(self, points: int) -> FitProblem:
        """The same problems on at least `points` of their points, evenly picked, or on all when they are few."""
        pick = slice(None, None, max(1, self.target.shape[1] // points))
        return replace(
            self,
            basis=self.basis[..., pick, :],
            powers=self.powers[..., pick, :],
            target=self.target[:, pick],
            weights=self.weights[:, pick],
        )

    def chunks(self, elements: int = 32_768) -> list[slice]:
        """Slices of rows whose arrays stay in a core's cache (256 kB), and so bound the memory of a large batch."""
        rows, points = self.target.shape
        size = max(1, elements // points)
        return [slice(start, start + size) for start in range(0, rows, size)]

    def predict(self, theta: np.ndarray) -> np.ndarray:
        """Predictions [..., P, n] of theta [..., P, k]."""
        if self.basis.ndim == 2:
            return theta @ self.basis.T
        return np.einsum("pnk,...pk->...pn", self.basis, theta)

    def total(self, pred: np.ndarray) -> np.ndarray:
        """The objective [..., P] at predictions [..., P, n]: the weighted sum of the loss."""
        return np.einsum("pn,...pn->...p", self.weights, self.loss.value_of(pred, self.target, **self.params))

    def slope(self, pred: np.ndarray) -> np.ndarray:
        """The slope [P, n] of each point's loss, without its weight, at predictions [P, n]."""
        return self.loss.grad_of(pred, self.target, **self.params)

    def curvature(self, pred: np.ndarray) -> np.ndarray:
        """The second derivative [P, n] of each point's loss, without its weight, at predictions [P, n]."""
        assert self.loss.curvature_of is not None, "every regression loss has one"
        return self.loss.curvature_of(pred, self.target, **self.params)

    def least_squares(self) -> np.ndarray:
        """The weighted least-squares solution [P, k]: the start that every other loss begins from."""
        parts = [self.take(rows) for rows in self.chunks()]
        return np.concatenate(
            [
                solve(weighted_sums(part.weights, part.powers), weighted_sums(part.weights * part.target, part.basis))
                for part in parts
            ]
        )


def weighted_sums(values: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The sums [P, m] over points of values [P, n] times columns [n, m] or [P, n, m]."""
    if columns.ndim == 2:
        return values @ columns
    return np.einsum("pn,pnm->pm", values, columns)


def is_definite(matrix: np.ndarray) -> np.ndarray:
    """Which normal matrices, given by power sums [P, 2k - 1], are positive definite beyond rounding [P]."""
    if matrix.shape[-1] == 1:
        return matrix[:, 0] > 0
    s0, s1, s2 = matrix.T
    return (s0 > 0) & (s0 * s2 - s1 * s1 > 1e-12 * s0 * s2)


def solve(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Solutions [P, k] of the normal equations with power sums [P, 2k - 1]; 0 where not `is_definite`."""
    safe = is_definite(matrix)[:, None]
    if vector.shape[-1] == 1:
        return np.where(safe, vector / np.where(safe, matrix, 1.0), 0.0)
    s0, s1, s2 = matrix.T
    v0, v1 = vector.T
    adjugate = np.stack([s2 * v0 - s1 * v1, s0 * v1 - s1 * v0], axis=-1)
    return np.where(safe, adjugate / np.where(safe, (s0 * s2 - s1 * s1)[:, None], 1.0), 0.0)


def kinks(problem: FitProblem) -> np.ndarray:
    """The kinks of each problem's loss, as residuals, rising [P, m]. A row with fewer kinks repeats its last."""
    firsts, which = distinct_params(problem)
    places = problem.loss.kinks_at({name: value[firsts, 0] for name, value in problem.params.items()}, len(firsts))
    if not places.size:
        return np.zeros((len(which), places.shape[1]))
    # A place that is no kink does no harm: there the slope on its left and on its right are the same.
    last = np.nan_to_num(np.nanmax(places, axis=1, keepdims=True, initial=-np.inf), neginf=0.0)
    return np.where(np.isnan(places), last, places)[which]


def distinct_params(problem: FitProblem) -> tuple[np.ndarray, np.ndarray]:
    """The different values of the parameters: the first problem that has each [S], and which each problem has [P]."""
    if not problem.params:
        return np.zeros(1, dtype=int), np.zeros(len(problem.target), dtype=int)
    _, firsts, which = np.unique(
        np.hstack(list(problem.params.values())), axis=0, return_index=True, return_inverse=True
    )
    return firsts, which.ravel()


def checked_problem(
    loss: Loss, target: Any, weights: Any, params: Mapping[str, Any], u: np.ndarray | None = None
) -> tuple[FitProblem, tuple[int, ...]]:
    """The flat problem, and the shape [...] of the batch that it came from.

    u: the second column of a line [..., n], finite already; without it a constant is fitted.

    Raises what `fit_line` lists.
    """
    if not loss.fits("line"):
        raise ValueError(f"loss must be a regression loss whose prediction may be any number, got {loss.key}")
    loss.with_defaults(params)  # as they were given, so that a complaint names the place where the number stands
    given = {name: np.asarray(value)[..., None] for name, value in params.items()}
    _, target, values = check_arguments(loss, 0.0, target, given)
    weights = np.atleast_1d(numbers("weights", weights, NON_NEGATIVE, of=loss.key))
    if target.ndim == 0 or target.shape[-1] == 0:
        raise ValueError(f"target must hold at least one point on its last axis, got shape {target.shape} ({loss.key})")
    sized = {"target": target, "weights": weights} | ({} if u is None else {"x": u})
    shape = joint_shape(loss, sized, values)
    if np.any(absent := ~np.any(weights > 0, axis=-1)):
        raise ValueError(
            f"weights must have one above 0 in each problem, got none{place_of_first(absent)} ({loss.key})"
        )

    def rows(array: np.ndarray, points: int) -> np.ndarray:
        return np.broadcast_to(array, (*shape[:-1], points)).reshape(-1, points)

    if u is None:
        basis = powers = np.ones((shape[-1], 1))
    else:
        shared = u.ndim == 1
        u = u if shared else rows(u, shape[-1])
        powers = np.stack([np.ones_like(u), u, u * u], axis=-1)
        basis = np.ascontiguousarray(powers[..., :2])
    problem = FitProblem(
        loss=loss,
        basis=basis,
        powers=powers,
        target=rows(target, shape[-1]),
        weights=rows(weights, shape[-1]),
        params={name: rows(value, 1) for name, value in values.items()},
    )
    return problem, shape[:-1]


def joint_shape(loss: Loss, points: Mapping[str, np.ndarray], params: Mapping[str, np.ndarray]) -> tuple[int, ...]:
    """The joint shape (*batch, n) of points [..., n] and parameters [..., 1]. ValueError where there is none.

    Only `weights` may be one number for all points.
    """
    given = ", ".join(
        [f"{name} {array.shape}" for name, array in points.items()]
        + [f"{name} {array.shape[:-1]}" for name, array in params.items()]
    )
    try:
        shape = np.broadcast_shapes(*(array.shape for array in (*points.values(), *params.values())))
    except ValueError as error:
        raise ValueError(f"the batch axes of the arguments must broadcast, got {given} ({loss.key})") from error
    if any(array.shape[-1] != shape[-1] for name, array in points.items() if name != "weights"):
        raise ValueError(f"target, x and weights must hold the same points, got {given} ({loss.key})")
    return shape


def place_of_first(flags: np.ndarray) -> str:
    """The place of the first true flag, for an error message: " at [0, 2]"; "" for one flag alone."""
    place = np.argwhere(flags)[0].tolist()
    return f" at {place}" if place else ""
