"""Points of two classes, as many of one as of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from core.datasets.dataset import (
    IRIS,
    PLANE,
    SPLIT_POINTS,
    VALIDATION,
    BinaryData,
    Dataset,
    TrainValidation,
    Variable,
    checked_seed,
    checked_split,
)  # fmt: skip
from core.kept import kept
from core.record import Source


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassDataset(Dataset):
    """Two classes for a straight boundary: a logistic model is fitted to them.

    `points_of(random)` returns features [n, 2] and target [n], 0 or 1; measured data do not use the generator.
    `weights` are the farthest ones from 0 in the picture of their landscape, the features in units of standard
    deviations.
    """

    points_of: Callable[[np.random.Generator], tuple[Any, Any]]
    variables: tuple[Variable, Variable] = PLANE
    positive: str = "class 1"
    weights: tuple[float, float]

    def load(self, seed: int = 0) -> BinaryData:
        """The points, shared and read-only. Measured data are the same for every seed.

        Raises ValueError for a seed that is not a whole number from 0 to 999.
        """
        return _classes(self, checked_seed(seed) if self.generated else 0)


@kept
def _classes(dataset: ClassDataset, seed: int) -> BinaryData:
    features, target = dataset.points_of(np.random.default_rng(seed))
    return BinaryData(
        dataset.name, features, target, dataset.variables, dataset.about, dataset.drawn_by(seed), dataset.positive
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class ShapeDataset(Dataset):
    """Two classes, each along a curve: a network is trained on them.

    `place(along, target)` returns the points [n, 2] of the curves: `along` [n] goes from 0 at the beginning of a
    curve to 1 at its end, `target` [n] is 0 or 1. Normal noise is added to them.
    """

    place: Callable[[np.ndarray, np.ndarray], np.ndarray]
    noise: float  # standard deviation
    closed: bool = False  # the end of each curve is its beginning
    noises: tuple[float, ...] = ()  # frames of the noise's slider on /training-curves; () keeps it off that page

    def load(self, seed: int = 0) -> BinaryData:
        """100 points of each class at even distances, shared and read-only. Raises ValueError for a bad seed."""
        return _shape(self, checked_seed(seed))

    def split(
        self, points: int = 100, noise: float | None = None, seed: int = 0, corrupted: float = 0.0
    ) -> TrainValidation[BinaryData]:
        """A training set of so many points, of both classes by turns, and a validation set of 200.

        A share `corrupted` of the training set's labels is wrong. A smaller training set is the beginning of a larger
        one, and noise scales the same draws. Raises ValueError for what is out of range.
        """
        return _shape_split(self, *checked_split(points, self.noise if noise is None else noise, seed, corrupted))

    def data(self, features: np.ndarray, target: np.ndarray, seed: object) -> BinaryData:
        """These points as this data set's."""
        return BinaryData(self.name, features, target, PLANE, self.about, self.drawn_by(seed), "class 1")


@kept
def _shape(dataset: ShapeDataset, seed: int) -> BinaryData:
    along, target = np.linspace(0.0, 1.0, 100, endpoint=not dataset.closed), np.repeat([0.0, 1.0], 100)
    noise = np.random.default_rng(seed).normal(size=(200, 2))
    return dataset.data(dataset.place(np.tile(along, 2), target) + dataset.noise * noise, target, seed)


@kept
def _shape_split(
    dataset: ShapeDataset, points: int, noise: float, seed: int, corrupted: float
) -> TrainValidation[BinaryData]:
    def part(number: int, count: int, share: float) -> BinaryData:
        random = np.random.default_rng([seed, number])
        target = np.arange(SPLIT_POINTS[-1]) % 2.0
        along, drawn = random.uniform(size=target.size), random.normal(size=(target.size, 2))
        wrong = random.uniform(size=target.size) < share
        features = dataset.place(along, target) + noise * drawn
        return dataset.data(features[:count], np.where(wrong, 1 - target, target)[:count], [seed, number])

    return TrainValidation(part(0, points, corrupted), part(1, VALIDATION, 0.0))


def polar(radius, angle):
    """Points [n, 2] at these distances from the origin and angles."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


_pair = IRIS[IRIS["species"] != "setosa"]

iris = ClassDataset(
    name="Two iris species",
    about="100 flowers; every straight boundary leaves a few on the wrong side.",
    points_of=lambda _: (_pair[["petal_length", "petal_width"]], _pair["species"] == "virginica"),
    variables=(Variable("Petal length", "cm"), Variable("Petal width", "cm")),
    positive="virginica",
    weights=(12.0, 12.0),
    source=Source(
        "Fisher",
        1936,
        "The use of multiple measurements in taxonomic problems",
        "doi:10.1111/j.1469-1809.1936.tb02137.x",
    ),
)


def _clouds(random, *, distance):
    """Two round clouds of standard deviation 1, 100 points each, their centres this far apart."""
    target = np.repeat([0.0, 1.0], 100)
    centres = np.outer(2 * target - 1, [distance / 2 * 0.8, distance / 2 * 0.6])
    return centres + random.normal(size=(200, 2)), target


blobs = ClassDataset(
    name="Overlapping clouds",
    about="Two round clouds that overlap.",
    points_of=partial(_clouds, distance=2.0),
    weights=(6.0, 6.0),
)

separable = ClassDataset(
    name="Separable clouds",
    about="Two clouds with a gap between them.",
    points_of=partial(_clouds, distance=8.0),
    weights=(12.0, 12.0),
)

moons = ShapeDataset(
    name="Two moons",
    about="Two half moons that reach into each other.",
    # The lower moon is the upper one turned by half a turn about the middle, which is moved to 0.
    place=lambda along, target: (1 - 2 * target[:, None]) * (polar(1.0, np.pi * along) - [0.5, 0.25]),
    noise=0.15,
    noises=(0.05, 0.1, 0.15, 0.2, 0.3, 0.45),
)

circles = ShapeDataset(
    name="Circles",
    about="A small circle inside a large one.",
    place=lambda along, target: polar(np.where(target, 0.5, 1.3), 2 * np.pi * along),
    noise=0.12,
    closed=True,
)


def _spirals(along, target):
    turn = 0.15 + 0.85 * along  # an arm begins outside the middle, where both would meet
    return (1 - 2 * target[:, None]) * polar(1.6 * turn, 2 * np.pi * turn)


spirals = ShapeDataset(
    name="Spirals",
    about="Two arms of a spiral, wound around each other.",
    place=_spirals,
    noise=0.05,
)
