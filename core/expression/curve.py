"""A loss along one line, the residual or the score, sampled near, far, and at its corners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from core.expression.crossings import crossings
from core.expression.expression import Expression

WINDOW = 10.0  # what a picture shows, on both sides of 0
NEAR_POINTS = 2001
DECADES = 5  # beyond the window, up to a million
FAR_POINTS = 26
SIDE = 1e-6  # how far beside a corner its sides are looked at, relative to the place
STEPS = np.array([1e-11, 1e-8, 1e-5])  # towards a place, relative to it


class Corner(NamedTuple):
    """Where the value, the slope or the curvature jumps, and what it is on both sides."""

    place: float
    kind: str  # "pole" or "jump" of the value, "corner" where the slope jumps, or "curvature"
    left: float
    right: float


@dataclass(frozen=True, eq=False)
class LossLine:
    """A formula as a function of x: its value, slope and curvature there.

    `given(x)` is what the names of the formula are at x, arrays as long as x; `name` is the one to derive in, which
    grows as x does.
    """

    expression: Expression
    name: str
    given: Callable[[np.ndarray], dict[str, np.ndarray]]

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.expression.value(**self.given(np.asarray(x, dtype=float)))

    def slope(self, x: np.ndarray) -> np.ndarray:
        return self.expression.derivative(self.name).value(**self.given(np.asarray(x, dtype=float)))

    def curvature(self, x: np.ndarray) -> np.ndarray:
        second = self.expression.derivative(self.name).derivative(self.name)
        return second.value(**self.given(np.asarray(x, dtype=float)))

    @cached_property
    def grid(self) -> np.ndarray:
        """Points near and far, rising, 0 among them."""
        near = np.linspace(-WINDOW, WINDOW, NEAR_POINTS)
        far = np.geomspace(WINDOW, WINDOW * 10.0**DECADES, FAR_POINTS)[1:]
        return np.concatenate([-far[::-1], near, far])

    @cached_property
    def x(self) -> np.ndarray:
        """The grid, with points at and beside each place where something may jump."""
        places = self.suspects
        beside = SIDE * np.maximum(1.0, np.abs(places))
        return np.unique(np.concatenate([self.grid, places, places - beside, places + beside]))

    @cached_property
    def values(self) -> np.ndarray:
        return self.value(self.x)

    @cached_property
    def slopes(self) -> np.ndarray:
        return self.slope(self.x)

    @cached_property
    def suspects(self) -> np.ndarray:
        """Where one of the formula's `kinks` is 0: by bisection between points where its sign changes."""
        kinks = [crossings(partial(self.kink_value, kink), self.grid) for kink in self.expression.kinks]
        found = np.concatenate([np.empty(0), *(one.ravel() for one in kinks)])
        places = np.unique(found[np.isfinite(found)])
        apart = np.diff(places, prepend=-np.inf) > 10 * SIDE * np.maximum(1.0, np.abs(places))
        return places[apart]

    def kink_value(self, kink: Expression, x: np.ndarray) -> np.ndarray:
        """What is 0 at x where the value, the slope or the curvature may jump."""
        return kink.value(**self.given(x))

    @cached_property
    def corners(self) -> tuple[Corner, ...]:
        """The places where the value, the slope or the curvature does jump."""
        return tuple(corner for place in self.suspects.tolist() if (corner := self.corner(place)))

    def corner(self, place: float) -> Corner | None:
        for kind, function in (("jump", self.value), ("corner", self.slope), ("curvature", self.curvature)):
            (left, one), (right, other) = (self.approach(function, place, side) for side in (-1.0, 1.0))
            if np.isnan(left) or np.isnan(right):
                return None
            if np.isinf(left) or np.isinf(right):
                return Corner(place, "pole" if kind == "jump" else kind, left, right)
            # What still changes on the way to the place is steep there, but need not jump.
            if abs(right - left) > 10 * max(one, other) + 1e-6 * (1e-3 + abs(left) + abs(right)):
                return Corner(place, kind, left, right)
        return None

    def limit(self, function: Callable[[np.ndarray], np.ndarray], place: float, side: float) -> float:
        """What a function comes to as x nears a place from one side: infinite if it has no limit, NaN if no values."""
        return self.approach(function, place, side)[0]

    def approach(self, function: Callable[[np.ndarray], np.ndarray], place: float, side: float) -> tuple[float, float]:
        """The limit, and by how much the function still changes over the last steps towards it."""
        nearest, near, far = function(place + side * max(1.0, abs(place)) * STEPS).tolist()
        if not np.isfinite([nearest, near, far]).all():
            return float(np.nan), 0.0
        # A thousand times nearer it changes a thousand times less, if it is smooth; a root changes 30 times less.
        change, before = abs(nearest - near), abs(near - far)
        if change > 0.5 * before and change > 1e-6 * (1 + abs(far)):
            return float(np.copysign(np.inf, nearest)), 0.0
        return float(nearest), change
