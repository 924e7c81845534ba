"""A loss along one line, the residual or the score, sampled so that nothing on it is missed: near, far and at corners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.expression.expression import Expression

WINDOW = 10.0  # what a picture shows, on both sides of 0
NEAR_POINTS = 2001
DECADES = 5  # beyond the window, up to a million
FAR_POINTS = 26
BISECTIONS = 60
SIDE = 1e-6  # how far beside a corner its sides are looked at, relative to the place
NOISE = 1e-9  # a difference that rounding may make, relative to the numbers


class Corner(NamedTuple):
    """Where the value, the slope or the curvature jumps ("jump", "corner", "bend of the slope"), and both sides of it."""

    place: float
    kind: str
    left: float  # of the value at a jump, of the slope at a corner, else of the curvature
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
        found = []
        for kink in self.expression.kinks:
            at = kink.value(**self.given(self.grid))
            sign = np.sign(at)
            # A kink that is 0 all along, such as of r - r, has no place.
            found += self.grid[(sign == 0) & (np.roll(sign, 1) != 0)].tolist()
            found += self.grid[(sign == 0) & (np.roll(sign, -1) != 0)].tolist()
            crossed = np.flatnonzero(sign[:-1] * sign[1:] < 0)
            low, high, below = self.grid[crossed], self.grid[crossed + 1], sign[crossed]
            for _ in range(BISECTIONS):
                middle = 0.5 * (low + high)
                before = np.sign(kink.value(**self.given(middle))) == below
                low, high = np.where(before, middle, low), np.where(before, high, middle)
            found += high.tolist()
        places = np.unique(np.array(found))
        apart = np.diff(places, prepend=-np.inf) > 10 * SIDE * np.maximum(1.0, np.abs(places))
        return places[apart]

    @cached_property
    def corners(self) -> tuple[Corner, ...]:
        """The places where the value, the slope or the curvature does jump."""
        return tuple(corner for place in self.suspects.tolist() if (corner := self.corner(place)))

    def corner(self, place: float) -> Corner | None:
        step = SIDE * max(1.0, abs(place))
        sides = place + step * np.array([-1.0, 1.0])
        further = place + step * np.array([-2.0, 2.0])
        for kind, function in (("jump", self.value), ("corner", self.slope), ("curvature jump", self.curvature)):
            left, right = function(sides).tolist()
            if not (np.isfinite(left) and np.isfinite(right)):
                return None
            # What it changes by on either side within one step is no jump.
            change = np.abs(function(further) - np.array([left, right])).max()
            if abs(right - left) > 3 * change + 1e-7 * (1 + abs(left) + abs(right)):
                return Corner(place, kind, left, right)
        return None
