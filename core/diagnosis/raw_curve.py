"""A curve as it was given, and the means of a dense curve over the intervals of a sparse one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.record import numbers


@dataclass(frozen=True, eq=False)
class RawCurve:
    """Values [n], finite or not, at rising x [n]; `row` int [n] is the index of each in the caller's array."""

    x: np.ndarray
    value: np.ndarray
    row: np.ndarray

    @classmethod
    def of(cls, name: str, given: Any) -> RawCurve | None:
        """The curve of a pair (x, values); None for None. ValueError for anything else or x that does not rise."""
        if given is None:
            return None
        try:
            x, values = given
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} must be a pair (x, values), got {given!r:.80}") from error
        values = number_row(name, values)
        x = number_row(f"x of {name}", x, len(values), name)
        check_rising(f"x of {name}", x)
        return cls(x, values, np.arange(len(values)))

    def __len__(self) -> int:
        return len(self.value)

    def take(self, keep: np.ndarray) -> RawCurve:
        return RawCurve(self.x[keep], self.value[keep], self.row[keep])

    @property
    def finite(self) -> RawCurve:
        return self.take(np.isfinite(self.value))

    @property
    def nonfinite_end(self) -> int:
        """How many values at the end are infinite or not a number.

        0 where values that are not a number are as frequent before: some tools write one into each row in which
        another curve was logged.
        """
        good = np.flatnonzero(np.isfinite(self.value))
        if not len(good):
            return len(self)
        tail = len(self) - 1 - int(good[-1])
        longest = int(np.diff(good, prepend=-1).max()) - 1
        return tail if tail > longest or np.isinf(self.value[len(self) - tail :]).any() else 0


def number_row(name: str, given: Any, count: int | None = None, other: str = "train") -> np.ndarray:
    """The numbers as float64 [n]. Raises ValueError unless they are one row, as long as `other` (`count`)."""
    array = numbers(name, given) if np.size(given) else np.empty(0)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one row of numbers, got the shape {array.shape}")
    if count is not None and len(array) != count:
        raise ValueError(f"{name} must be as long as {other} ({count}), got {len(array)}")
    return array


def check_rising(name: str, x: np.ndarray) -> None:
    """Raises ValueError for x that is not finite or does not rise."""
    if not np.isfinite(x).all() or (np.diff(x) <= 0).any():
        raise ValueError(f"{name} must be finite and rise from row to row")


def interval_means(dense: RawCurve, sparse: RawCurve) -> RawCurve:
    """The mean of `dense` over the interval up to each x of `sparse`; both are finite.

    Intervals without a value, and values after the last x of `sparse`, are left out.
    """
    dense = dense.take(dense.x <= sparse.x[-1])
    interval = np.searchsorted(sparse.x, dense.x)
    count = np.bincount(interval, minlength=len(sparse))
    # The sum of x/n over n values: sums of losses of a run that blew up would overflow.
    mean = np.bincount(interval, dense.value / count[interval], minlength=len(sparse))
    return RawCurve(sparse.x, mean, sparse.row).take(count > 0)
