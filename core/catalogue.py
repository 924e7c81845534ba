"""What every record is made of, and how a family module's records become one read-only mapping.

A record lives in a module of its family as a plain variable; the variable's name is its key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar

import numpy as np

Record = TypeVar("Record")


@dataclass(frozen=True)
class Interval:
    """A range of real numbers. Infinite ends are always open, so an interval holds finite numbers only."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def holds(self, values: np.ndarray) -> bool:
        """True when every value lies inside; NaN never does, and of no values at all each one does."""
        above = values > self.low if self._opens_low else values >= self.low
        below = values < self.high if self._opens_high else values <= self.high
        return bool(np.all(above & below))

    @property
    def _opens_low(self) -> bool:
        return self.low_open or math.isinf(self.low)

    @property
    def _opens_high(self) -> bool:
        return self.high_open or math.isinf(self.high)

    def __str__(self) -> str:
        if math.isinf(self.low) and math.isinf(self.high):
            return "finite"
        if math.isinf(self.high):
            return f"{'greater than' if self.low_open else 'at least'} {self.low:g}"
        if math.isinf(self.low):
            return f"{'less than' if self.high_open else 'at most'} {self.high:g}"
        return f"in {'(' if self.low_open else '['}{self.low:g}, {self.high:g}{')' if self.high_open else ']'}"


REAL = Interval()
POSITIVE = Interval(low=0.0, low_open=True)


@dataclass(frozen=True)
class Param:
    """A number that a person turns: where its slider starts and ends, and what the maths allows.

    `low`, `high` and `step` are the slider's; `domain` is wider, and is what a call is checked against.
    `latex` is how the number is written inside a formula, `symbol` how it is written in a sentence.
    """

    name: str
    symbol: str
    default: float
    low: float
    high: float
    step: float
    latex: str = ""
    domain: Interval = POSITIVE

    @property
    def frames(self) -> np.ndarray:
        """Every value the slider can take, float64, rising; `default` is one of them."""
        count = round((self.high - self.low) / self.step) + 1
        return np.round(np.linspace(self.low, self.high, count), 10)


@dataclass(frozen=True)
class Source:
    """Where a definition was first written down, or is best read."""

    authors: str
    year: int
    title: str
    link: str = ""

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}), {self.title}"

    @property
    def url(self) -> str:
        """The link as an address: a `doi:` becomes the resolver's."""
        return self.link.replace("doi:", "https://doi.org/", 1) if self.link.startswith("doi:") else self.link


def collect(kind: type[Record], *modules: ModuleType) -> Mapping[str, Record]:
    """The records of `kind` that the modules define, in reading order, each named by its variable.

    Raises ValueError when two modules use one key.
    """
    records: dict[str, Any] = {}
    for module in modules:
        for key, value in vars(module).items():
            if not isinstance(value, kind):
                continue
            if key in records:
                raise ValueError(f"two records are named {key!r}; the second is in {module.__name__}")
            records[key] = replace(value, key=key)  # type: ignore[type-var]
    return MappingProxyType(records)
