"""The record of a data set, and the arrays that it gives: read-only, with the names and units of their variables."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import plotly.data

from core.record import NON_NEGATIVE, Interval, Source, one_number

SEEDS = range(1000)
SPLIT_POINTS = range(1, 1001)  # of a training set beside a validation set
VALIDATION = 200  # points of a validation set
SHARE = Interval(0.0, 1.0)
# Read at import: this brings pandas along, which has to be there before the first visitor.
TIPS, GAPMINDER, IRIS = plotly.data.tips(), plotly.data.gapminder(), plotly.data.iris()
GAPMINDER_SOURCE = Source("Gapminder", 2008, "Life expectancy and income, 1952-2007", "https://www.gapminder.org/data/")


@dataclass(frozen=True)
class Variable:
    """A column's name and unit; no unit for a bare number."""

    name: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


PLANE = (Variable("x"), Variable("y"))


def freeze(data: Any, *columns: str) -> None:
    """Makes these columns of a record float64 and read-only: everybody shares them."""
    for column in columns:
        values = np.array(getattr(data, column), dtype=np.float64)
        values.flags.writeable = False
        object.__setattr__(data, column, values)


@dataclass(frozen=True, eq=False)
class RegressionData:
    """Points whose `target` is predicted from `x`, or by a constant. Both are float64 [n]."""

    name: str
    x: np.ndarray
    target: np.ndarray
    x_variable: Variable
    target_variable: Variable
    about: str  # one sentence: what a point is and what to look for
    source: Source

    def __post_init__(self) -> None:
        freeze(self, "x", "target")

    def __len__(self) -> int:
        return len(self.target)

    @property
    def inputs(self) -> np.ndarray:
        """The inputs of a model, [n, 1]."""
        return self.x[:, None]


@dataclass(frozen=True, eq=False)
class ClassPoints:
    """Points of classes: `features` float64 [n, 2], and `target` float64 [n], their labels 0, 1 ..."""

    name: str
    features: np.ndarray
    target: np.ndarray
    variables: tuple[Variable, Variable]
    about: str
    source: Source

    def __post_init__(self) -> None:
        freeze(self, "features", "target")

    def __len__(self) -> int:
        return len(self.target)

    @property
    def inputs(self) -> np.ndarray:
        """The inputs of a model, [n, 2]."""
        return self.features


@dataclass(frozen=True, eq=False)
class BinaryData(ClassPoints):
    """Points of two classes, 0 and 1, and what 1 stands for."""

    positive: str


Data = TypeVar("Data", RegressionData, BinaryData)


class TrainValidation(NamedTuple, Generic[Data]):
    """A training set and a validation set."""

    train: Data
    validation: Data


@dataclass(frozen=True, eq=False)
class TrainTest:
    """A training set and a test set, with half of either class each; of an odd number the training set has more."""

    train: BinaryData
    test: BinaryData

    @property
    def share(self) -> float:
        """The share of the positives in both together; NaN where there are no points."""
        both = np.concatenate([self.train.target, self.test.target])
        return float(both.mean()) if len(both) else float("nan")


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """One data set: what it is called and what is known of it. Its kind says how its points are made.

    Measured data have a source. Without one the points are drawn by `numpy.random.default_rng` and a seed, 0 to 999.
    """

    name: str
    about: str  # one sentence: what a point is and what to look for
    short: str = ""  # in a picker, where the name is too long for it
    source: Source | None = None
    key: str = ""

    @property
    def label(self) -> str:
        """Its name in a picker."""
        return self.short or self.name

    @property
    def generated(self) -> bool:
        return self.source is None

    def drawn_by(self, seed: object) -> Source:
        """The source of the points; `seed` is what the generator was given."""
        return self.source or Source("Lossarium", 2026, f"Made by numpy.random.default_rng({seed})")

    def __str__(self) -> str:
        return self.key


def checked_seed(seed: Any) -> int:
    """The seed as an int. Raises ValueError unless it is a whole number from 0 to 999."""
    try:
        whole = index(seed)
    except TypeError:
        whole = -1
    if whole not in SEEDS:
        raise ValueError(f"seed must be a whole number from {SEEDS[0]} to {SEEDS[-1]}, got {seed!r:.80}")
    return whole


def checked_split(points: Any, noise: Any, seed: Any, corrupted: Any) -> tuple[int, float, int, float]:
    """The arguments of `split` as plain numbers. Raises ValueError for what is out of range."""
    if not isinstance(points, int | np.integer) or points not in SPLIT_POINTS:
        raise ValueError(f"points must be a whole number from 1 to {SPLIT_POINTS[-1]}, got {points!r:.40}")
    noise, corrupted = one_number("noise", noise, NON_NEGATIVE), one_number("corrupted", corrupted, SHARE)
    return int(points), noise, checked_seed(seed), corrupted
