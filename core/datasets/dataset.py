"""What data are made of: points with the names and units of their axes, as read-only arrays that everybody shares."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index
from typing import Any

import numpy as np
import plotly.data

from core.record import Source

SEEDS = range(1000)
# Read at import: this brings pandas along, which has to be there before the first visitor.
TIPS, GAPMINDER, IRIS = plotly.data.tips(), plotly.data.gapminder(), plotly.data.iris()
GAPMINDER_SOURCE = Source("Gapminder", 2008, "Life expectancy and income, 1952-2007", "https://www.gapminder.org/data/")


@dataclass(frozen=True)
class Axis:
    """What a column holds, and its unit; no unit for a bare number."""

    name: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


def freeze(data: Any, *columns: str) -> None:
    """Makes these columns of a record float64 and read-only: everybody shares them."""
    for column in columns:
        values = np.array(getattr(data, column), dtype=np.float64)
        values.flags.writeable = False
        object.__setattr__(data, column, values)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Points to fit: `target` is to be guessed, from `x` by a line or without it by a constant. Both float64 [n]."""

    name: str
    x: np.ndarray
    target: np.ndarray
    x_axis: Axis
    target_axis: Axis
    about: str  # one sentence: what a point is and what to look for
    source: Source

    def __post_init__(self) -> None:
        freeze(self, "x", "target")

    def __len__(self) -> int:
        return len(self.target)


@dataclass(frozen=True, eq=False)
class Classes:
    """Points of two classes: `features` float64 [n, 2], `target` float64 [n], 0 or 1, and what 1 stands for."""

    name: str
    features: np.ndarray
    target: np.ndarray
    axes: tuple[Axis, Axis]
    positive: str
    about: str
    source: Source

    def __post_init__(self) -> None:
        freeze(self, "features", "target")

    def __len__(self) -> int:
        return len(self.target)


def checked_seed(seed: Any) -> int:
    try:
        whole = index(seed)
    except TypeError:
        whole = -1
    if whole not in SEEDS:
        raise ValueError(f"seed must be a whole number from {SEEDS[0]} to {SEEDS[-1]}, got {seed!r:.80}")
    return whole
