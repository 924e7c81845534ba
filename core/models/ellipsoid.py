"""A certified minimum of any convex objective of one or two numbers: slower, asking for no more than a subgradient."""

from __future__ import annotations

import numpy as np

from core.models.problem import Problem, summed

ROUNDS = 2_000
CERTIFIED = 1e-12


def minimise(problem: Problem, start: np.ndarray) -> np.ndarray:
    """theta [P, k] whose objective is within 1e-12, relative, of the least one.

    The ellipsoid method (Shor 1977; Yudin, Nemirovskii 1976): an ellipsoid that holds the minimum is cut through its
    centre by a subgradient, and the smallest ellipsoid around the half that remains takes its place. How much lower the
    minimum can be than the centre is known at each round, so the answer comes with its proof.
    Raises ArithmeticError when the rounds do not suffice, or the minimum lies outside the first ellipsoid.
    """
    k = start.shape[1]
    span = np.abs(problem.target).max(axis=1) + np.abs(start).sum(axis=1)
    radius = 100.0 * (span + (span == 0))
    # The ellipsoid is centre + axes @ ball. Its axes stay well conditioned where the square of them would not.
    axes = radius[:, None, None] * np.eye(k)
    narrower = np.sqrt((k - 1) / (k + 1)) - 1
    centre, best, least = start.copy(), start.copy(), problem.total(problem.predict(start))
    certified = np.zeros(len(start), dtype=bool)
    size = np.abs(least) + (least == 0)
    for _ in range(ROUNDS):
        pred = problem.predict(centre)
        value = problem.total(pred)
        lower = value < least
        best, least = np.where(lower[:, None], centre, best), np.where(lower, value, least)
        gradient = summed(problem.weights * problem.slope(pred), problem.basis)
        seen = np.einsum("pij,pi->pj", axes, gradient)
        drop = np.hypot.reduce(seen, axis=1)
        certified |= value - drop >= least - CERTIFIED * np.minimum(size, np.abs(least) + CERTIFIED * size)
        if certified.all():
            break
        seen = np.where(certified[:, None], 0.0, seen / np.where(drop == 0, 1.0, drop)[:, None])
        along = np.einsum("pij,pj->pi", axes, seen)
        centre = centre - along / (k + 1)
        # k / sqrt(k^2 - 1) of the axes across the cut, and k / (k + 1) of the one along it
        cut = axes + narrower * along[:, :, None] * seen[:, None, :]
        axes = axes / 2 if k == 1 else np.where(certified[:, None, None], axes, k / np.sqrt(k**2 - 1) * cut)
    lost = ~certified | (np.hypot.reduce(best - start, axis=1) > 0.99 * radius)
    if np.any(lost):
        raise ArithmeticError(
            f"no minimum could be confirmed for {lost.sum()} of {lost.size} fits ({problem.loss.key})"
        )
    return best
