"""A curve as it was given, and a training curve averaged up to each validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.record import numbers


@dataclass(frozen=True, eq=False)
class Points:
    """Values [n], finite or not, at rising places x [n]; `row` int [n] is where each stands in what was given."""

    x: np.ndarray
    value: np.ndarray
    row: np.ndarray

    @classmethod
    def of(cls, name: str, given: Any) -> Points | None:
        """From a pair (x, values), or None. Raises ValueError for anything else, and for places that do not rise."""
        if given is None:
            return None
        try:
            x, values = given
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} must be a pair (x, values), got {given!r:.80}") from error
        values = one_row(name, values)
        x = one_row(f"x of {name}", x, len(values), name)
        check_rising(f"x of {name}", x)
        return cls(x, values, np.arange(len(values)))

    def __len__(self) -> int:
        return len(self.value)

    def take(self, keep: np.ndarray) -> Points:
        return Points(self.x[keep], self.value[keep], self.row[keep])

    @property
    def finite(self) -> Points:
        return self.take(np.isfinite(self.value))

    @property
    def lost(self) -> int:
        """How many values at the end are infinite or not a number: the run is lost there.

        None where values that are not a number are as frequent before: some tools write one into each row in which
        another curve was logged.
        """
        good = np.flatnonzero(np.isfinite(self.value))
        if not len(good):
            return len(self)
        tail = len(self) - 1 - int(good[-1])
        longest = int(np.diff(good, prepend=-1).max()) - 1
        return tail if tail > longest or np.isinf(self.value[len(self) - tail :]).any() else 0


def one_row(name: str, given: Any, count: int | None = None, other: str = "train") -> np.ndarray:
    """The numbers as float64 [n]; ValueError unless they are as many as `other` has."""
    array = numbers(name, given) if np.size(given) else np.empty(0)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one row of numbers, got the shape {array.shape}")
    if count is not None and len(array) != count:
        raise ValueError(f"{name} must be as long as {other} ({count}), got {len(array)}")
    return array


def check_rising(name: str, x: np.ndarray) -> None:
    if not np.isfinite(x).all() or (np.diff(x) <= 0).any():
        raise ValueError(f"{name} must be finite and rise from row to row")


def averaged(dense: Points, sparse: Points) -> Points:
    """The mean of `dense` over the interval up to each place of `sparse`, both finite.

    An interval without a value has none; what comes after the last place of `sparse` is left out.
    """
    dense = dense.take(dense.x <= sparse.x[-1])
    interval = np.searchsorted(sparse.x, dense.x)
    count = np.bincount(interval, minlength=len(sparse))
    # The sum of x/n over n values: sums of losses of a run that blew up would overflow.
    mean = np.bincount(interval, dense.value / count[interval], minlength=len(sparse))
    return Points(sparse.x, mean, sparse.row).take(count > 0)
