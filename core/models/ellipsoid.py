"""The ellipsoid method: the minimum of any convex function of one or two numbers, from subgradients alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

# Points [P, k] -> values [P] and subgradients [P, k], each of P functions at its own point.
Oracle = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def minimise(
    oracle: Oracle, centre: np.ndarray, radii: np.ndarray, *, rounds: int, tolerance: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """The lowest points found [P, k], and whether each is proven to be lowest, within the relative tolerance [P].

    centre, radii: [P, k], an ellipsoid around each minimum, its axes along the coordinates. A function whose minimum
        lies outside gets a point at the edge.
    rounds: of the method at most. In two dimensions each shrinks the radius by an eighth on average.

    An ellipsoid that holds the minimum is cut through its centre by a subgradient, and the smallest ellipsoid around
    the half that remains takes its place (Shor 1977; Yudin, Nemirovskii 1976). How much lower the minimum can be than
    the centre is known in each round: that is the proof.
    """
    k = centre.shape[1]
    # The ellipsoid is centre + axes @ ball. Its axes stay well conditioned where the square of them would not.
    axes = radii[:, :, None] * np.eye(k)
    narrower = np.sqrt((k - 1) / (k + 1)) - 1
    best, least = centre, np.full(len(centre), np.inf)
    proven, scale = np.zeros(len(centre), dtype=bool), None
    for _ in range(rounds if len(centre) else 0):
        value, gradient = oracle(centre)
        scale = np.abs(value) + (value == 0) if scale is None else scale
        lower = value < least
        best, least = np.where(lower[:, None], centre, best), np.where(lower, value, least)
        seen = np.einsum("pij,pi->pj", axes, gradient)
        drop = np.hypot.reduce(seen, axis=1)  # the minimum is lower than the centre by no more
        proven |= value - drop >= least - tolerance * (np.abs(least) + tolerance * scale)
        if proven.all():
            break
        seen = np.where(proven[:, None], 0.0, seen / np.where(drop == 0, 1.0, drop)[:, None])
        along = np.einsum("pij,pj->pi", axes, seen)
        centre = centre - along / (k + 1)
        # k / sqrt(k^2 - 1) of the axes across the cut, and k / (k + 1) of the one along it
        cut = axes + narrower * along[:, :, None] * seen[:, None, :]
        axes = axes / 2 if k == 1 else np.where(proven[:, None, None], axes, k / np.sqrt(k**2 - 1) * cut)
    return best, proven
