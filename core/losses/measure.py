"""Numbers that carry their slopes with them: the value of a formula and its gradient come from one writing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Measure:
    """A number of each example [...], and its slope in each of some inputs [inputs, ...]; a constant has slope 0.0.

    Where two numbers of which one is taken are equal, the slope is the mean of both.
    """

    value: Any
    slope: Any = 0.0

    def __add__(self, other: Measure) -> Measure:
        return Measure(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: Measure) -> Measure:
        return Measure(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: Measure) -> Measure:
        return Measure(self.value * other.value, self._times(other) + other._times(self))

    def _times(self, other: Measure) -> Any:
        """The slope of this times a number that no input moves."""
        return self.slope * other.value

    def larger(self, than: np.ndarray) -> Measure:
        """The larger of this and some numbers [...]."""
        return Measure(np.maximum(self.value, than), self.slope * _share(self.value - than))

    def smaller(self, than: np.ndarray) -> Measure:
        """The smaller of this and some numbers [...]."""
        return Measure(np.minimum(self.value, than), self.slope * _share(than - self.value))

    def where(self, condition: np.ndarray) -> Measure:
        """This where a condition [...] holds, else 0."""
        return Measure(np.where(condition, self.value, 0.0), np.where(condition, self.slope, 0.0))

    def angle(self, beside: Measure) -> Measure:
        """arctan(this / beside), in [0, pi/2] for two lengths; the slope at 0/0 is 0."""
        size = self.value**2 + beside.value**2
        size = np.where(size > 0, size, 1.0)
        across, down = constant(beside.value / size), constant(-self.value / size)
        return Measure(np.arctan2(self.value, beside.value), self._times(across) + beside._times(down))


def _share(ahead: np.ndarray) -> np.ndarray:
    """1 where a number is ahead of another, 0 where it is behind, one half where both are equal."""
    return (np.sign(ahead) + 1) / 2  # several times as fast as np.heaviside


def constant(value: Any) -> Measure:
    """Numbers [...] that no input moves."""
    return Measure(value)


def ratio(above: Measure, below: Measure) -> Measure:
    """above / below; 0, with slope 0, where below is 0."""
    there = below.value > 0
    share = np.divide(above.value, below.value, out=np.zeros(np.shape(below.value)), where=there)
    inverse = constant(np.divide(1.0, below.value, out=np.zeros(np.shape(below.value)), where=there))
    return Measure(share, (above - below * constant(share))._times(inverse))
