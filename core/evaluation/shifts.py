"""What a constant added to every prediction does to a loss: is a model biased, as this loss sees it?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

ROUNDING = 1e-13  # of the largest error
HALVINGS = 64  # of the interval that holds the best shift: then it is as small as float64 can tell


@dataclass(frozen=True, eq=False)
class Shifts:
    """The errors of a model, residuals [n] (prediction less truth), when a constant is added to its predictions.

    Every loss here is a sum of powers of the errors on either side of a place. With the errors sorted such sums take
    no time at all, however many rows there are.
    """

    residuals: np.ndarray

    @cached_property
    def centre(self) -> float:
        """The median error."""
        return float(np.median(self.residuals))

    @cached_property
    def errors(self) -> np.ndarray:
        """Sorted, and counted from the median: so that sums of squares lose no digits."""
        return np.sort(self.residuals - self.centre)

    @cached_property
    def totals(self) -> np.ndarray:
        """Sums of the first errors, and of their squares, [2, n + 1]."""
        powers = np.stack([self.errors, self.errors**2])
        return np.concatenate([np.zeros((2, 1)), np.cumsum(powers, axis=1)], axis=1)

    def means_below(self, place: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Over the rows with an error below a place [...]: their share, and the means over all rows of their distance
        from it and of its square. Places are counted from the median error, as `errors` are."""
        place = np.asarray(place, dtype=float)
        count = np.searchsorted(self.errors, place)
        first, second = self.totals[:, count] / len(self.errors)
        share = count / len(self.errors)
        return share, place * share - first, np.maximum(place * (place * share - 2 * first) + second, 0.0)

    def means_above(self, place: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As `means_below`, of the rows with an error at this place or above it."""
        share, distance, square = self.means_below(place)
        place = np.asarray(place, dtype=float)
        first, second = self.totals[:, -1] / len(self.errors)
        all_squares = place * (place - 2 * first) + second
        return 1 - share, first - place + distance, np.maximum(all_squares - square, 0.0)

    def quantile(self, shift: Any, tau: Any) -> np.ndarray:
        """The mean quantile loss after a shift, [...]: tau on what is too low, 1 - tau on what is too high."""
        place = -self.centre - np.asarray(shift, dtype=float)
        return np.asarray(tau) * self.means_below(place)[1] + (1 - np.asarray(tau)) * self.means_above(place)[1]

    def squares(self, shift: Any, too_low: Any = 1.0, too_high: Any = 1.0) -> np.ndarray:
        """The mean squared error after a shift, [...], with a weight on what is too low and one on what is too high."""
        place = -self.centre - np.asarray(shift, dtype=float)
        return too_low * self.means_below(place)[2] + too_high * self.means_above(place)[2]

    def huber(self, shift: Any, delta: Any) -> np.ndarray:
        """The mean Huber loss after a shift, [...]."""
        place, delta = -self.centre - np.asarray(shift, dtype=float), np.asarray(delta, dtype=float)
        far_low, far_high = self.means_below(place - delta), self.means_above(place + delta)
        inside = self.squares(shift) - self._squares_from(far_low, delta) - self._squares_from(far_high, delta)
        linear = [delta * (distance + share * delta / 2) for share, distance, _ in (far_low, far_high)]
        return np.maximum(inside, 0.0) / 2 + linear[0] + linear[1]

    @staticmethod
    def _squares_from(far: tuple[np.ndarray, ...], delta: np.ndarray) -> np.ndarray:
        """The mean square of distances that are `delta` more than these."""
        share, distance, square = far
        return square + delta * (2 * distance + share * delta)

    def best_quantile(self, tau: Any) -> np.ndarray:
        """The shift with the least quantile loss, [...]; the middle one where an interval of them has it."""
        level = 1 - np.asarray(tau, dtype=float)
        return self.shift_at(np.quantile(self.errors, level, method="averaged_inverted_cdf"))

    def best_squares(self, too_low: Any = 1.0, too_high: Any = 1.0) -> np.ndarray:
        """The shift with the least weighted squared error, [...]."""
        low, high = np.broadcast_arrays(np.asarray(too_low, dtype=float), np.asarray(too_high, dtype=float))
        return self._root(lambda place: low * self.means_below(place)[1] - high * self.means_above(place)[1], low.shape)

    def best_huber(self, delta: Any) -> np.ndarray:
        """The shift with the least Huber loss, [...]; one of them where several have it."""
        delta = np.asarray(delta, dtype=float)

        def slope(place: np.ndarray) -> np.ndarray:  # of each error, what is beyond delta counts as delta
            below = self.means_below(place)[1] - self.means_below(place - delta)[1]
            return below - (self.means_above(place)[1] - self.means_above(place + delta)[1])

        return self._root(slope, delta.shape)

    def _root(self, slope: Callable[[np.ndarray], np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
        """The shift at whose place a slope, which rises with the place, is 0."""
        low, high = np.full(shape, self.errors[0]), np.full(shape, self.errors[-1])
        for _ in range(HALVINGS):
            middle = low + (high - low) / 2
            too_low = slope(middle) < 0
            low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
        return self.shift_at(low + (high - low) / 2)

    def shift_at(self, place: np.ndarray) -> np.ndarray:
        """The shift that brings a place to 0; 0 itself where rounding alone is left of it."""
        found, size = -self.centre - place, np.abs(self.residuals).max()
        return np.where(np.abs(found) < ROUNDING * size, 0.0, found)
