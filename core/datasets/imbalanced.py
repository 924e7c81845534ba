"""Two classes of which one may be rare, split into a training set and a test set.

Generated classes keep their points when the share of the positives changes: only how many of each are taken does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from core.datasets.dataset import (
    GAPMINDER,
    GAPMINDER_SOURCE,
    PLANE,
    BinaryData,
    Dataset,
    TrainTest,
    Variable,
    checked_seed,
)  # fmt: skip
from core.kept import kept
from core.record import Interval, numbers

UNDER = 40.0  # years of life expectancy under which a country's year counts as positive
POINTS = range(1, 100_001)
SHARES = Interval(0.0, 0.5)
# From the common class's middle to the rare one's, in deviations. "None" is wide enough for the most points.
DISTANCES: Mapping[str, float] = MappingProxyType({"much": 1.5, "some": 2.5, "little": 4.0, "none": 10.0})


@dataclass(frozen=True, kw_only=True, eq=False)
class ImbalancedDataset(Dataset):
    """Two classes of which the positive one may be rare.

    Generated: the common class is a round cloud of standard deviation 1 around 0, and `rare(stream, points, distance)`
    returns the rare class [points, 2]. `stream(number)` is a random generator, another for each number from 1 on;
    `distance` is how far the classes are apart, in standard deviations.
    Measured: `rows()` returns features [n, 2] and target [n], 0 or 1.
    """

    rare: Callable[[Callable[[int], np.random.Generator], int, float], np.ndarray] | None = None
    rows: Callable[[], tuple[Any, Any]] | None = None
    variables: tuple[Variable, Variable] = PLANE
    positive: str = "positive"

    def __post_init__(self) -> None:
        if (self.rare is None) == (self.rows is None):
            raise ValueError(f"an imbalanced data set takes either rare or rows ({self.name})")

    def split(self, share: float = 0.01, overlap: str = "some", seed: int = 0, points: int = 4000) -> TrainTest:
        """A training set and a test set.

        `share` of the `points` are positive, rounded to whole points; `overlap` names how near the classes are.
        Measured data have their own share and number of points: only the seed counts, by which they are split.
        Raises ValueError for what is out of range.
        """
        own = (*checked(share, overlap, points), checked_seed(seed))
        return _measured(self, own[-1]) if self.rows else _generated(self, *own)


def checked(share: Any, overlap: Any, points: Any) -> tuple[float, str, int]:
    share = numbers("share", share, SHARES)
    if share.ndim:
        raise ValueError(f"share must be one number, got shape {share.shape}")
    if not isinstance(overlap, str) or overlap not in DISTANCES:
        raise ValueError(f"overlap must be one of {', '.join(DISTANCES)}, got {overlap!r:.40}")
    if not isinstance(points, int | np.integer) or points not in POINTS:
        raise ValueError(f"points must be a whole number from {POINTS[0]} to {POINTS[-1]}, got {points!r:.40}")
    return float(share), overlap, int(points)


@kept
def _generated(dataset: ImbalancedDataset, share: float, overlap: str, points: int, seed: int) -> TrainTest:
    common, rare = _pool(dataset, overlap, points, seed)
    count = round(share * points)
    return _split(dataset, common[: points - count], rare[:count], seed)


@kept
def _pool(dataset: ImbalancedDataset, overlap: str, points: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """As many points of the common class as there could be, and of the rare one."""

    def stream(number: int) -> np.random.Generator:
        return np.random.default_rng([seed, number])

    assert dataset.rare
    return stream(0).normal(size=(points, 2)), dataset.rare(stream, points, DISTANCES[overlap])


@kept
def _measured(dataset: ImbalancedDataset, seed: int) -> TrainTest:
    assert dataset.rows
    features, target = map(np.asarray, dataset.rows())
    order = np.random.default_rng(seed).permutation(len(target))
    features, positive = features[order], target[order] == 1
    return _split(dataset, features[~positive], features[positive], seed)


def _split(dataset: ImbalancedDataset, common: np.ndarray, rare: np.ndarray, seed: int) -> TrainTest:
    """Every other point of either class, so that both sets have their share of it."""

    def part(first: int) -> BinaryData:
        classes = common[first::2], rare[first::2]
        features, target = np.concatenate(classes), np.repeat([0.0, 1.0], [len(one) for one in classes])
        source = dataset.drawn_by(seed)
        return BinaryData(dataset.name, features, target, dataset.variables, dataset.about, source, dataset.positive)

    return TrainTest(train=part(0), test=part(1))


clouds = ImbalancedDataset(
    name="Two clouds",
    short="Clouds",
    about="Two round clouds of standard deviation 1: the best possible boundary is a straight line.",
    rare=lambda stream, points, distance: stream(1).normal(size=(points, 2)) + distance * np.array([0.8, 0.6]),
)


def _ring(stream, points, distance):
    angle = stream(2).uniform(0, 2 * np.pi, points)
    radius = distance + 1  # farther than a cloud would be: a round cloud has few points in its very middle
    return 0.5 * stream(1).normal(size=(points, 2)) + radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


ring = ImbalancedDataset(
    name="A ring around a cloud",
    short="Ring",
    about="The positives lie on a ring around the others: a straight boundary cannot separate them.",
    rare=_ring,
)

short_lives = ImbalancedDataset(
    name="Life expectancy under 40",
    short="Low life expectancy",
    about="1,704 years of 142 countries, 1952 to 2007. A country has years in both the training and the test set, so "
    "the test set is easier than new countries would be.",
    rows=lambda: (
        np.stack([np.log10(GAPMINDER["gdpPercap"]), GAPMINDER["year"]], axis=-1),
        GAPMINDER["lifeExp"] < UNDER,
    ),
    variables=(Variable("log10 of income per head", "$"), Variable("Year")),
    positive="life expectancy under 40",
    source=GAPMINDER_SOURCE,
)
