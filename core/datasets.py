"""Data to fit: real measurements and made ones, as read-only arrays with the names and units of their axes.

A dataset is a function that returns a `Dataset`; DATASETS lists them for pickers. Made data takes a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import index
from types import MappingProxyType
from typing import Any

import numpy as np
import plotly.data

from core.catalogue import Source

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


@lru_cache(maxsize=1)
def tips() -> Dataset:
    """244 restaurant bills and the tips given on them, in the order in which they were recorded."""
    columns = TIPS
    return Dataset(
        name="Restaurant tips",
        x=columns["total_bill"],
        target=columns["tip"],
        x_axis=Axis("Total bill", "$"),
        target_axis=Axis("Tip", "$"),
        about="One waiter's tips over a few months. A few guests gave far more, or less, than their bill suggests.",
        source=Source(
            "Bryant, Smith",
            1995,
            "Practical Data Analysis: Case Studies in Business Statistics",
            "https://vincentarelbundock.github.io/Rdatasets/doc/reshape2/tips.html",
        ),
    )


@lru_cache(maxsize=1)
def income() -> Dataset:
    """Life expectancy against income in 142 countries, 2007."""
    rows = GAPMINDER[GAPMINDER["year"] == 2007]
    return Dataset(
        name="Life expectancy and income",
        x=np.log10(rows["gdpPercap"]),
        target=rows["lifeExp"],
        x_axis=Axis("log10 of income per head", "$"),
        target_axis=Axis("Life expectancy", "years"),
        about="142 countries in 2007. In a few, in southern Africa, people die far younger than income suggests.",
        source=GAPMINDER_SOURCE,
    )


def made(seed: int = 0) -> Dataset:
    """40 points around a straight line, target = 2 + 0.8 x + normal noise of deviation 1, x even on [0, 10].

    Raises ValueError for a seed that is not a whole number from 0 to 999.
    """
    return _made(checked_seed(seed))


@lru_cache(maxsize=32)
def _made(seed: int) -> Dataset:
    noise = np.random.default_rng(seed).normal(size=40)
    x = np.linspace(0.0, 10.0, 40)
    return Dataset(
        name="A line with noise",
        x=x,
        target=2.0 + 0.8 * x + noise,
        x_axis=Axis("x"),
        target_axis=Axis("y"),
        about="Points around the line y = 2 + 0.8 x with normal noise of deviation 1: no outlier but the ones you add.",
        source=Source("Lossarium", 2025, f"Made by numpy.random.default_rng({seed})"),
    )


def checked_seed(seed: Any) -> int:
    try:
        whole = index(seed)
    except TypeError:
        whole = -1
    if whole not in SEEDS:
        raise ValueError(f"seed must be a whole number from {SEEDS[0]} to {SEEDS[-1]}, got {seed!r:.80}")
    return whole


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


@lru_cache(maxsize=1)
def iris_pair() -> Classes:
    """The two kinds of iris that are hard to tell apart, 50 flowers each."""
    rows = IRIS[IRIS["species"] != "setosa"]
    return Classes(
        name="Two kinds of iris",
        features=rows[["petal_length", "petal_width"]],
        target=rows["species"] == "virginica",
        axes=(Axis("Petal length", "cm"), Axis("Petal width", "cm")),
        positive="virginica",
        about="100 flowers, of which a few stand on the wrong side of every straight boundary.",
        source=Source(
            "Fisher",
            1936,
            "The use of multiple measurements in taxonomic problems",
            "doi:10.1111/j.1469-1809.1936.tb02137.x",
        ),
    )


def blobs(seed: int = 0) -> Classes:
    """Two round clouds that overlap, 100 points each, 2 deviations apart. Raises ValueError for a seed out of range."""
    return _blobs(checked_seed(seed), 1.0, "Two clouds that overlap", "Two round clouds that overlap.")


def separable(seed: int = 0) -> Classes:
    """The same clouds, 8 deviations apart: a straight line parts them. Raises ValueError for a seed out of range."""
    return _blobs(checked_seed(seed), 4.0, "Two clouds apart", "Two clouds with clear ground between them.")


@lru_cache(maxsize=32)
def _blobs(seed: int, half: float, name: str, about: str) -> Classes:
    random = np.random.default_rng(seed)
    target = np.repeat([0.0, 1.0], 100)
    centres = np.outer(2 * target - 1, [half * 0.8, half * 0.6])
    return _plane(name, centres + random.normal(size=(200, 2)), target, about, seed)


def moons(seed: int = 0) -> Classes:
    """Two half circles that reach into each other, 100 points each, noise 0.15. ValueError for a seed out of range."""
    return _moons(checked_seed(seed))


@lru_cache(maxsize=32)
def _moons(seed: int) -> Classes:
    random, angle = np.random.default_rng(seed), np.pi * np.arange(100) / 99
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=-1)
    points = np.concatenate([upper, lower]) + 0.15 * random.normal(size=(200, 2)) - [0.5, 0.25]
    return _plane("Two moons", points, np.repeat([0.0, 1.0], 100), "Two half moons that reach into each other.", seed)


def circles(seed: int = 0) -> Classes:
    """A ring around a disc, 100 points each, noise 0.12. ValueError for a seed out of range."""
    return _circles(checked_seed(seed))


@lru_cache(maxsize=32)
def _circles(seed: int) -> Classes:
    random, angle = np.random.default_rng(seed), 2 * np.pi * np.arange(100) / 100
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    points = np.concatenate([1.3 * ring, 0.5 * ring]) + 0.12 * random.normal(size=(200, 2))
    return _plane("Circles", points, np.repeat([0.0, 1.0], 100), "A small circle inside a large one.", seed)


def spirals(seed: int = 0) -> Classes:
    """Two arms of a spiral, one turn each, 100 points each, noise 0.05. ValueError for a seed out of range."""
    return _spirals(checked_seed(seed))


@lru_cache(maxsize=32)
def _spirals(seed: int) -> Classes:
    random, along = np.random.default_rng(seed), np.linspace(0.15, 1.0, 100)
    angle = 2 * np.pi * along
    arm = 1.6 * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    points = np.concatenate([arm, -arm]) + 0.05 * random.normal(size=(200, 2))
    return _plane("Spirals", points, np.repeat([0.0, 1.0], 100), "Two arms of a spiral, wound around each other.", seed)


def _plane(name: str, points: np.ndarray, target: np.ndarray, about: str, seed: int) -> Classes:
    source = Source("Lossarium", 2026, f"Made by numpy.random.default_rng({seed})")
    return Classes(name, points, target, (Axis("x"), Axis("y")), "class 1", about, source)


DATASETS: Mapping[str, Callable[..., Dataset]] = MappingProxyType({"tips": tips, "income": income, "made": made})
CLASSES: Mapping[str, Callable[..., Classes]] = MappingProxyType(
    {
        "iris": iris_pair,
        "blobs": blobs,
        "separable": separable,
        "moons": moons,
        "circles": circles,
        "spirals": spirals,
    }
)
