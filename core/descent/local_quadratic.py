"""How the ground lies under a descent: known points, and the quadratic that fits at a place.

Places are counted in windows from the middle of the window, and slopes and curvatures in heights a window, so that one
set of thresholds serves every landscape whatever its axes and heights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from core.landscapes.critical import MINIMUM, SADDLE, Critical, eigen
from core.landscapes.landscape import Landscape

# Lengths, in windows.
CLOSE = 0.05  # this near a saddle is beside it
ROUNDING = 1e-9  # a step of Newton's method so short is rounding
# Shares of curvatures and of slopes.
FLAT = 1e-7  # of the larger curvature: a smaller one is rounding, as in `critical`
BENT = 1e-3  # of the larger curvature: what the other, of the opposite sign, must be to make a saddle
TRUE = 0.1  # of a step of Newton's method: the next one, if there is a critical point where it leads


@dataclass(frozen=True, eq=False)
class Marks:
    """Known points of one kind, and behind them one that is infinitely far and high, so that there always is one."""

    places: np.ndarray  # [K + 1, 2]
    heights: np.ndarray  # [K + 1]
    own: np.ndarray  # bool [N or 1, K + 1]: which belong to each lane's frame

    def apart(self, x: np.ndarray, lanes: np.ndarray) -> np.ndarray:
        """The distance [n, K + 1] from places [n, 2] of these lanes to each mark of their own frames."""
        gaps = np.square(x[:, :1] - self.places[:, 0]) + np.square(x[:, 1:] - self.places[:, 1])
        return np.where(self.owned(lanes), np.sqrt(gaps), np.inf)

    def owned(self, lanes: np.ndarray) -> np.ndarray:
        return self.own if len(self.own) == 1 else self.own[lanes]

    def nearest(self, x: np.ndarray, lanes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The distance [n] to the nearest mark and its number."""
        apart = self.apart(x, lanes)
        return apart.min(axis=1), apart.argmin(axis=1)


@dataclass(frozen=True, eq=False)
class Ground:
    """A landscape under N lanes, and what is known of it."""

    landscape: Landscape
    params: Mapping[str, np.ndarray]  # each [N]
    middle: np.ndarray  # [2], in the landscape's own units
    span: np.ndarray  # [2]
    minima: Marks
    saddles: Marks

    @classmethod
    def of(
        cls,
        landscape: Landscape,
        lanes: tuple[int, ...],
        critical: Critical | None,
        frame: Any,
        params: Mapping[str, Any],
    ) -> Ground:
        low, high = np.array(landscape.window).T
        middle, span = (low + high) / 2, high - low
        own = {name: np.broadcast_to(value, lanes).ravel() for name, value in params.items()}
        frames = None if frame is None else np.broadcast_to(frame, lanes).ravel()

        def marks(kind: str) -> Marks:
            chosen = critical.take(np.flatnonzero(critical.kind == kind)) if critical else None
            points, heights = (chosen.points, chosen.values) if chosen else (np.empty((0, 2)), np.empty(0))
            theirs = np.ones((1, len(points) + 1), dtype=bool)
            if chosen and frames is not None:
                theirs = np.pad(frames[:, None] == chosen.frame, ((0, 0), (0, 1)), constant_values=True)
            places = (points - middle) / span
            return Marks(np.vstack([places, [np.inf, np.inf]]), np.append(heights, np.inf), theirs)

        return cls(landscape, own, middle, span, marks(MINIMUM), marks(SADDLE))

    def slope(self, x: np.ndarray, lanes: np.ndarray) -> np.ndarray:
        """[n, 2] at the places [n, 2] of these lanes."""
        return self.landscape.grad(self.middle + x * self.span, **self._of(lanes)) * self.span

    def curvatures(self, x: np.ndarray, lanes: np.ndarray) -> np.ndarray:
        """[n, 2], rising, in the landscape's own units."""
        return eigen(self.landscape.hessian(self.middle + x * self.span, **self._of(lanes)))[0]

    def curvature_along(self, x: np.ndarray, direction: np.ndarray, lanes: np.ndarray) -> np.ndarray:
        """[n] along unit vectors [n, 2], in the landscape's own units."""
        bend = self.landscape.hessian(self.middle + x * self.span, **self._of(lanes))
        return np.einsum("ni,nij,nj->n", direction, bend, direction)

    def lie(self, x: np.ndarray, slope: np.ndarray, lanes: np.ndarray) -> Lie:
        bend = self.landscape.hessian(self.middle + x * self.span, **self._of(lanes))
        curvature, directions = eigen(bend * self.span[:, None] * self.span)
        along = np.einsum("nij,nj->ni", directions, slope)
        return Lie(slope, curvature, directions, -np.einsum("ni,nij->nj", along / curvature, directions))

    def _of(self, lanes: np.ndarray) -> dict[str, np.ndarray]:
        return {name: values[lanes] for name, values in self.params.items()}

    def leads_there(self, x: np.ndarray, lie: Lie, lanes: np.ndarray) -> np.ndarray:
        """Whether Newton's method leads from each place [n] to a point of the kind that the quadratic there has: its
        second step is short beside its first, and the ground bends as before."""
        place = x + lie.newton
        then = self.lie(place, self.slope(place, lanes), lanes)
        closer = (then.reach <= TRUE * lie.reach) | (then.reach <= ROUNDING)
        return closer & (then.bowl == lie.bowl) & (then.saddle == lie.saddle)

    def to_saddle(self, x: np.ndarray, lie: Lie, lanes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The distance [n] to a saddle close by, a known one or one that Newton's method leads to, and where it is
        [n, 2]; infinite where there is none."""
        near, which = self.saddles.nearest(x, lanes)
        near = np.where(lie.bowl, np.inf, near)  # a bowl holds none, however near the next one is
        own = np.flatnonzero(lie.saddle & (lie.reach <= CLOSE) & (near > CLOSE))
        own = own[self.leads_there(x[own], lie.take(own), lanes[own])]
        place = self.saddles.places[which]
        near[own], place[own] = lie.reach[own], x[own] + lie.newton[own]
        return np.where(near <= CLOSE, near, np.inf), place


@dataclass(frozen=True, eq=False)
class Lie:
    """How the ground lies at places [n]: the quadratic that fits there."""

    slope: np.ndarray  # [n, 2]
    curvature: np.ndarray  # [n, 2], rising
    directions: np.ndarray  # [n, 2, 2], their unit vectors in the rows
    newton: np.ndarray  # [n, 2]: the step to its critical point

    def take(self, index: np.ndarray) -> Lie:
        return Lie(*(getattr(self, field.name)[index] for field in fields(self)))

    @cached_property
    def reach(self) -> np.ndarray:
        return length(self.newton)

    @cached_property
    def bowl(self) -> np.ndarray:
        return self.curvature[:, 0] > FLAT * self.curvature[:, 1]

    @cached_property
    def saddle(self) -> np.ndarray:
        low, high = self.curvature.T
        return (low < 0) & (high > 0) & (np.minimum(-low, high) >= BENT * np.maximum(-low, high))

    @cached_property
    def summit(self) -> np.ndarray:
        return self.curvature[:, 1] < FLAT * self.curvature[:, 0]


def length(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(vectors[..., 0]) + np.square(vectors[..., 1]))


def after_last(mask: np.ndarray) -> np.ndarray:
    """The step after the last at which it holds, 0 where it never does: [steps + 1, n] -> [n]."""
    return np.where(mask.any(axis=0), len(mask) - np.argmax(mask[::-1], axis=0), 0)
