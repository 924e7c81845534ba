"""The quadratic that fits a landscape at a point, and the landscape in units of its window with its known points.

Points are in window widths from the middle of the window, gradients and curvatures in heights per window width. So one
set of thresholds serves every landscape, whatever its axes and heights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from core.landscapes.critical import MINIMUM, SADDLE, CriticalPoints, eigen
from core.landscapes.landscape import Landscape

# Lengths, in window widths.
CLOSE = 0.05  # a point this close to a saddle is near it
SHORT_STEP = 1e-9  # a Newton step this short is rounding
# Ratios.
ZERO_CURVATURE = 1e-7  # of the larger curvature: a smaller one is rounding, as in `critical`
SADDLE_RATIO = 1e-3  # of the larger curvature: a saddle's other one, of the opposite sign, is at least this large
CONVERGING = 0.1  # of a Newton step: the next one is at most this long if Newton's method converges


@dataclass(frozen=True, eq=False)
class KnownPoints:
    """K known critical points of one kind, then one that is infinitely far away and high: there is always a nearest."""

    points: np.ndarray  # [K + 1, 2]
    heights: np.ndarray  # [K + 1]
    in_frame: np.ndarray  # bool [N, K + 1], or [1, K + 1] for all runs: whether the point is one of the run's frame

    def of_runs(self, runs: np.ndarray) -> np.ndarray:
        """`in_frame` of these runs, bool [n or 1, K + 1]."""
        return self.in_frame if len(self.in_frame) == 1 else self.in_frame[runs]

    def distances(self, x: np.ndarray, runs: np.ndarray) -> np.ndarray:
        """The distance [n, K + 1] of points [n, 2] of these runs to each known point; infinite in other frames."""
        squares = np.square(x[:, :1] - self.points[:, 0]) + np.square(x[:, 1:] - self.points[:, 1])
        return np.where(self.of_runs(runs), np.sqrt(squares), np.inf)

    def nearest(self, x: np.ndarray, runs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The distance [n] to the nearest known point, and its index [n]."""
        distances = self.distances(x, runs)
        return distances.min(axis=1), distances.argmin(axis=1)

    def lowest(self, runs: np.ndarray) -> np.ndarray:
        """The smallest height [n or 1] in the frames of these runs; infinite where there is none."""
        return np.where(self.of_runs(runs), self.heights, np.inf).min(axis=1)


@dataclass(frozen=True, eq=False)
class ScaledLandscape:
    """A landscape in units of its window, the parameters of N runs on it, and its known minima and saddles.

    Its methods take points [n, 2] of some of the runs, and the indices [n] of these runs.
    """

    landscape: Landscape
    params: Mapping[str, np.ndarray]  # each [N]
    middle: np.ndarray  # [2], of the window, in the landscape's own units
    span: np.ndarray  # [2], width and height of the window
    minima: KnownPoints
    saddles: KnownPoints

    @classmethod
    def of(
        cls,
        landscape: Landscape,
        shape: tuple[int, ...],
        critical: CriticalPoints | None,
        frame: Any,
        params: Mapping[str, Any],
    ) -> ScaledLandscape:
        """For runs of this shape [...]; `critical`, `frame` and `params` as `classify` takes them."""
        low, high = np.array(landscape.window).T
        middle, span = (low + high) / 2, high - low
        flat_params = {name: np.broadcast_to(value, shape).ravel() for name, value in params.items()}
        frames = None if frame is None else np.broadcast_to(frame, shape).ravel()

        def known(kind: str) -> KnownPoints:
            chosen = critical.take(np.flatnonzero(critical.kind == kind)) if critical else None
            points, heights = (chosen.points, chosen.values) if chosen else (np.empty((0, 2)), np.empty(0))
            in_frame = np.ones((1, len(points) + 1), dtype=bool)
            if chosen and frames is not None:
                in_frame = np.pad(frames[:, None] == chosen.frame, ((0, 0), (0, 1)), constant_values=True)
            scaled = (points - middle) / span
            return KnownPoints(np.vstack([scaled, [np.inf, np.inf]]), np.append(heights, np.inf), in_frame)

        return cls(landscape, flat_params, middle, span, known(MINIMUM), known(SADDLE))

    def gradient(self, x: np.ndarray, runs: np.ndarray) -> np.ndarray:
        """Gradients [n, 2]."""
        return self.landscape.grad(self.middle + x * self.span, **self._params(runs)) * self.span

    def hessian(self, x: np.ndarray, runs: np.ndarray) -> np.ndarray:
        """Hessians [n, 2, 2] in the landscape's own units."""
        return self.landscape.hessian(self.middle + x * self.span, **self._params(runs))

    def quadratic(self, x: np.ndarray, gradient: np.ndarray, runs: np.ndarray) -> LocalQuadratic:
        """The quadratics that fit at the points, where the gradients are known."""
        curvatures, directions = eigen(self.hessian(x, runs) * self.span[:, None] * self.span)
        along = np.einsum("nij,nj->ni", directions, gradient)
        return LocalQuadratic(
            gradient, curvatures, directions, -np.einsum("ni,nij->nj", along / curvatures, directions)
        )

    def newton_converges(self, x: np.ndarray, quadratic: LocalQuadratic, runs: np.ndarray) -> np.ndarray:
        """Whether Newton's method converges from each point [n] to a critical point of the kind of its quadratic.

        It does if its second step is short compared to its first, and the curvatures have the same signs after it.
        """
        after = x + quadratic.newton_step
        then = self.quadratic(after, self.gradient(after, runs), runs)
        shorter = (then.newton_length <= CONVERGING * quadratic.newton_length) | (then.newton_length <= SHORT_STEP)
        return shorter & (then.convex == quadratic.convex) & (then.saddle == quadratic.saddle)

    def nearest_saddle(
        self, x: np.ndarray, quadratic: LocalQuadratic, runs: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The distance [n] to a saddle within CLOSE, infinite where there is none, and the saddle [n, 2].

        The saddle is a known one, or one that Newton's method converges to.
        """
        distance, which = self.saddles.nearest(x, runs)
        distance = np.where(quadratic.convex, np.inf, distance)  # where the landscape is convex, no saddle is near
        own = np.flatnonzero(quadratic.saddle & (quadratic.newton_length <= CLOSE) & (distance > CLOSE))
        own = own[self.newton_converges(x[own], quadratic.take(own), runs[own])]
        saddle = self.saddles.points[which]
        distance[own], saddle[own] = quadratic.newton_length[own], x[own] + quadratic.newton_step[own]
        return np.where(distance <= CLOSE, distance, np.inf), saddle

    def _params(self, runs: np.ndarray) -> dict[str, np.ndarray]:
        return {name: values[runs] for name, values in self.params.items()}


@dataclass(frozen=True, eq=False)
class LocalQuadratic:
    """The quadratics that fit a landscape at n points: gradient and Hessian, the latter as its eigenvectors."""

    gradient: np.ndarray  # [n, 2]
    curvatures: np.ndarray  # [n, 2], the eigenvalues of the Hessian, rising
    directions: np.ndarray  # [n, 2, 2], the unit eigenvectors in rows
    newton_step: np.ndarray  # [n, 2], from the point to the critical point of the quadratic

    def take(self, index: np.ndarray) -> LocalQuadratic:
        """The quadratics at some of the points."""
        return LocalQuadratic(*(getattr(self, field.name)[index] for field in fields(self)))

    @cached_property
    def newton_length(self) -> np.ndarray:
        """Length of the Newton step [n]."""
        return length(self.newton_step)

    @cached_property
    def convex(self) -> np.ndarray:
        """Whether both curvatures are positive [n]."""
        return self.curvatures[:, 0] > ZERO_CURVATURE * self.curvatures[:, 1]

    @cached_property
    def saddle(self) -> np.ndarray:
        """Whether the curvatures have opposite signs [n], neither of them just by rounding."""
        low, high = self.curvatures.T
        return (low < 0) & (high > 0) & (np.minimum(-low, high) >= SADDLE_RATIO * np.maximum(-low, high))

    @cached_property
    def concave(self) -> np.ndarray:
        """Whether both curvatures are negative [n]."""
        return self.curvatures[:, 1] < ZERO_CURVATURE * self.curvatures[:, 0]


def length(vectors: np.ndarray) -> np.ndarray:
    """Euclidean norms [...] of vectors [..., 2]; faster than `numerics.length`, and overflows beyond 1e154."""
    return np.sqrt(np.square(vectors[..., 0]) + np.square(vectors[..., 1]))
