"""Points of two classes, as many of the one as of the other."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.datasets.dataset import IRIS, Axis, Classes, checked_seed
from core.record import Source


@lru_cache(maxsize=1)
def iris_pair() -> Classes:
    """The two kinds of iris that are hard to tell apart, 50 flowers each."""
    rows = IRIS[IRIS["species"] != "setosa"]
    return Classes(
        name="Two iris species",
        features=rows[["petal_length", "petal_width"]],
        target=rows["species"] == "virginica",
        axes=(Axis("Petal length", "cm"), Axis("Petal width", "cm")),
        positive="virginica",
        about="100 flowers; every straight boundary leaves a few on the wrong side.",
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
    return _blobs(checked_seed(seed), 4.0, "Two separable clouds", "Two clouds with a gap between them.")


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
