"""Two classes of which one may be rare, parted into a half to learn from and a half to be judged by.

Made classes keep their points when the share of the positives changes: only how many of each are taken does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from core.datasets.dataset import GAPMINDER, GAPMINDER_SOURCE, Axis, Classes, checked_seed
from core.record import Interval, Source, numbers

SHORT = 40.0  # years of life expectancy under which a country's year counts as positive
POINTS = range(1, 100_001)
SHARES = Interval(0.0, 0.5)
# From the common class's middle to the rare one's, in deviations. "None" is wide enough for the most points.
DISTANCES: Mapping[str, float] = MappingProxyType({"much": 1.5, "some": 2.5, "little": 4.0, "none": 10.0})
BEYOND = 1.0  # by so much a ring is farther: a round cloud has few points in its very middle


@dataclass(frozen=True, eq=False)
class Halves:
    """One set of points in two halves, each with half of either class; an odd one is learned from."""

    train: Classes
    test: Classes

    @property
    def share(self) -> float:
        """Of the positives in all; NaN of no points."""
        both = np.concatenate([self.train.target, self.test.target])
        return float(both.mean()) if len(both) else float("nan")


def clouds(share: float = 0.01, overlap: str = "some", seed: int = 0, points: int = 4000) -> Halves:
    """Two round clouds of deviation 1: the best boundary is straight.

    `share` of the `points` are positive, rounded to whole points; `overlap` names how near the clouds are. Raises
    ValueError for what is outside its range.
    """
    return _made("clouds", *checked(share, overlap, points), checked_seed(seed))


def ring(share: float = 0.01, overlap: str = "some", seed: int = 0, points: int = 4000) -> Halves:
    """A round cloud, and the positives on a ring around it, noise 0.5: no straight boundary parts them.

    Takes and raises what `clouds` does.
    """
    return _made("ring", *checked(share, overlap, points), checked_seed(seed))


def short_lives(seed: int = 0) -> Halves:
    """Country-years of which 7.3 % have a life expectancy under 40. `seed` parts them; ValueError out of its range."""
    return _short_lives(checked_seed(seed))


def checked(share: Any, overlap: Any, points: Any) -> tuple[float, str, int]:
    share = numbers("share", share, SHARES)
    if share.ndim:
        raise ValueError(f"share must be one number, got shape {share.shape}")
    if not isinstance(overlap, str) or overlap not in DISTANCES:
        raise ValueError(f"overlap must be one of {', '.join(DISTANCES)}, got {overlap!r:.40}")
    if not isinstance(points, int | np.integer) or points not in POINTS:
        raise ValueError(f"points must be a whole number from {POINTS[0]} to {POINTS[-1]}, got {points!r:.40}")
    return float(share), overlap, int(points)


@lru_cache(maxsize=32)  # of up to 1 MB
def _made(shape: str, share: float, overlap: str, points: int, seed: int) -> Halves:
    common, rare = _pool(shape, overlap, points, seed)
    count = round(share * points)
    about = {
        "clouds": "Two round clouds of standard deviation 1: the best possible boundary is a straight line.",
        "ring": "The positives lie on a ring around the others: a straight boundary cannot separate them.",
    }
    source = Source("Lossarium", 2026, f"Made by numpy.random.default_rng({seed})")
    names = {"clouds": "Two clouds", "ring": "A ring around a cloud"}
    axes, told = (Axis("x"), Axis("y")), (names[shape], about[shape])
    features, target = _joined(common[: points - count], rare[:count])
    return _halves(features, target, axes, "positive", told, source)


@lru_cache(maxsize=8)
def _pool(shape: str, overlap: str, points: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """As many points of the common class as there could be, and of the rare one."""
    random = np.random.default_rng([seed, 0])
    common, rare = random.normal(size=(points, 2)), np.random.default_rng([seed, 1]).normal(size=(points, 2))
    distance = DISTANCES[overlap]
    if shape == "clouds":
        return common, rare + distance * np.array([0.8, 0.6])
    angle = np.random.default_rng([seed, 2]).uniform(0, 2 * np.pi, points)
    return common, 0.5 * rare + (distance + BEYOND) * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


@lru_cache(maxsize=8)
def _short_lives(seed: int) -> Halves:
    order = np.random.default_rng(seed).permutation(len(GAPMINDER))
    rows = GAPMINDER.iloc[order]
    features = np.stack([np.log10(rows["gdpPercap"]), rows["year"]], axis=-1).astype(float)
    short = rows["lifeExp"].to_numpy() < SHORT
    axes = (Axis("log10 of income per head", "$"), Axis("Year"))
    told = (
        "Life expectancy under 40",
        "1,704 years of 142 countries, 1952 to 2007. A country has years in both the training and the test set, so "
        "the test set is easier than new countries would be.",
    )
    features, target = _joined(features[~short], features[short])
    return _halves(features, target, axes, "life expectancy under 40", told, GAPMINDER_SOURCE)


def _joined(common: np.ndarray, rare: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([common, rare]), np.repeat([0.0, 1.0], [len(common), len(rare)])


def _halves(
    features: np.ndarray,
    target: np.ndarray,
    axes: tuple[Axis, Axis],
    positive: str,
    told: tuple[str, str],
    source: Source,
) -> Halves:
    """Every other point of either class, so that both halves have their share of it."""
    place = np.where(target == 1, np.cumsum(target == 1), np.cumsum(target == 0))
    name, about = told
    first, second = (
        Classes(name, features[place % 2 == odd], target[place % 2 == odd], axes, positive, about, source)
        for odd in (1, 0)
    )
    return Halves(train=first, test=second)


RARE: Mapping[str, Callable[..., Halves]] = MappingProxyType(
    {"clouds": clouds, "ring": ring, "short_lives": short_lives}
)
