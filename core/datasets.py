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
TIPS = plotly.data.tips()  # read at import: it brings pandas along, which has to be there before the first visitor


@dataclass(frozen=True)
class Axis:
    """What a column holds, and its unit; no unit for a bare number."""

    name: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


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
        for column in ("x", "target"):
            values = np.array(getattr(self, column), dtype=np.float64)
            values.flags.writeable = False
            object.__setattr__(self, column, values)

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


DATASETS: Mapping[str, Callable[..., Dataset]] = MappingProxyType({"tips": tips, "made": made})
